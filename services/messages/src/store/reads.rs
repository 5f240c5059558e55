//! Read marks.

use contracts::messages::ReadMark;
use diesel::prelude::*;
use domain::{ChatId, TenantId, Timestamp, UserId};
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::schema::{heads, reads};

/// The marks of `chats`.
pub(crate) async fn of_chats(conn: &Conn, tenant: TenantId, chats: &[ChatId]) -> StoreResult<Vec<ReadMark>> {
    let marks = reads::table
        .inner_join(heads::table)
        .filter(heads::tenant.eq(tenant))
        .filter(reads::chat_id.eq_any(chats.to_vec()))
        .order((reads::chat_id, reads::user_id))
        .select((reads::chat_id, reads::user_id, reads::seq));
    let rows: Vec<(ChatId, UserId, i64)> = on_conn!(conn, |c| marks.load(c).await)?;
    Ok(rows.into_iter().map(|(chat, user, seq)| ReadMark { chat, user, seq }).collect())
}

/// How far `user` has read `chat`; 0 is nothing.
pub(crate) async fn get(conn: &Conn, chat: ChatId, user: UserId) -> StoreResult<i64> {
    let seq: Option<i64> =
        on_conn!(conn, |c| reads::table.find((chat, user)).select(reads::seq).first(c).await.optional())?;
    Ok(seq.unwrap_or(0))
}

/// Moves the mark to `seq`. Says whether that was forward; else nothing changes.
pub(crate) async fn advance(tx: &mut Tx, chat: ChatId, user: UserId, seq: i64, at: Timestamp) -> StoreResult<bool> {
    let mark = (reads::chat_id.eq(chat), reads::user_id.eq(user), reads::seq.eq(seq), reads::at.eq(at));
    let write = diesel::insert_into(reads::table)
        .values(mark)
        .on_conflict((reads::chat_id, reads::user_id))
        .do_update()
        .set((reads::seq.eq(seq), reads::at.eq(at)));
    let write = diesel::query_dsl::methods::FilterDsl::filter(write, reads::seq.lt(seq));
    let moved = on_conn!(tx, |c| write.execute(c).await)?;
    Ok(moved == 1)
}
