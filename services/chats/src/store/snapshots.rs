//! Chats with everybody who ever took part.

use std::collections::HashMap;

use contracts::chats::{Participant, Snapshot};
use diesel::prelude::*;
use domain::{ChatId, TenantId};
use store::{Conn, RunQueryDsl, StoreResult, on_conn};

use super::documents;
use super::rows::{ChatRow, StayRow};
use super::schema::{chats, participants};

/// The chats among `asked`, deleted or not. The stays are read last: they are never older than the chat's version.
pub async fn of(conn: &Conn, asked: &[(TenantId, ChatId)]) -> StoreResult<Vec<Snapshot>> {
    let ids: Vec<ChatId> = asked.iter().map(|(_, chat)| *chat).collect();
    let rows: Vec<ChatRow> =
        on_conn!(conn, |c| chats::table.filter(chats::id.eq_any(ids)).select(ChatRow::as_select()).load(c).await)?;
    let rows: Vec<ChatRow> = rows.into_iter().filter(|row| asked.contains(&(row.tenant, row.id))).collect();
    let found: Vec<ChatId> = rows.iter().map(|row| row.id).collect();
    let mut documents = documents::of(conn, found.clone()).await?;
    let mut stays = stays(conn, found).await?;
    let with = |row: ChatRow| {
        let all = stays.remove(&row.id).unwrap_or_default();
        let (past, present) = all.into_iter().partition(|stay: &Participant| stay.left_at.is_some());
        let documents = documents.remove(&row.id).unwrap_or_default();
        Ok(Snapshot { chat: row.with(present, documents)?, past })
    };
    rows.into_iter().map(with).collect()
}

/// All stays in these chats, by position.
async fn stays(conn: &Conn, chats: Vec<ChatId>) -> StoreResult<HashMap<ChatId, Vec<Participant>>> {
    let rows: Vec<StayRow> = on_conn!(conn, |c| participants::table
        .filter(participants::chat.eq_any(chats))
        .order(participants::position)
        .select(StayRow::as_select())
        .load(c)
        .await)?;
    let mut of_chat = HashMap::<_, Vec<_>>::new();
    for row in rows {
        of_chat.entry(row.chat).or_default().push(row.into());
    }
    Ok(of_chat)
}
