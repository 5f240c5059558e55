//! Heads: the last place of each chat.

use diesel::prelude::*;
use domain::{ChatId, TenantId};
use store::{Conn, Engine, RunQueryDsl, StoreResult, Tx, on_conn};

use super::schema::heads;

/// The last places of those of `chats` that have one.
pub(crate) async fn last_seqs(conn: &Conn, tenant: TenantId, chats: &[ChatId]) -> StoreResult<Vec<(ChatId, i64)>> {
    let wanted = heads::table
        .filter(heads::chat.eq_any(chats.to_vec()))
        .filter(heads::tenant.eq(tenant))
        .select((heads::chat, heads::last_seq));
    Ok(on_conn!(conn, |c| wanted.load(c).await)?)
}

/// The last place of `chat`; 0 when nothing was said.
pub(crate) async fn last_seq(conn: &Conn, tenant: TenantId, chat: ChatId) -> StoreResult<i64> {
    Ok(last_seqs(conn, tenant, &[chat]).await?.into_iter().next().map_or(0, |(_, seq)| seq))
}

/// Locks the head of `chat` until `tx` ends, so that the chat's events are written in the order of their commits.
pub(crate) async fn lock(tx: &mut Tx, chat: ChatId) -> StoreResult<()> {
    if let Engine::Pg(c) = tx.engine() {
        let head = heads::table.find(chat).select(heads::last_seq).for_update();
        head.execute(c).await?;
    }
    Ok(())
}

/// Draws a number from those of messages.
pub(crate) async fn draw_number(tx: &mut Tx) -> StoreResult<i64> {
    let sql = match tx.engine() {
        Engine::Pg(_) => "SELECT nextval('message_numbers') AS drawn",
        Engine::Sqlite(_) => "UPDATE message_numbers SET last = last + 1 RETURNING last AS drawn",
    };
    let Drawn { drawn } = on_conn!(tx, |c| diesel::sql_query(sql).get_result(c).await)?;
    Ok(drawn)
}

#[derive(QueryableByName)]
struct Drawn {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    drawn: i64,
}
