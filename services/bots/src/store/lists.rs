//! Interactions, many at a time.

use contracts::bots::{InteractionHash, InteractionKey, ListInteractions};
use diesel::prelude::*;
use domain::{ChatId, InteractionId, InteractionState, TenantId};
use store::RunQueryDsl;
use store::{Conn, StoreResult, on_conn};

use super::rows::InteractionRow;
use super::schema::interactions;

/// A page of interactions by id, and one more than the limit if there is one.
pub async fn page(conn: &Conn, wanted: &ListInteractions) -> StoreResult<Vec<InteractionRow>> {
    let hash = wanted.hash.clone().map(|hash| InteractionKey::Hash(hash).id());
    if hash == Some(None) {
        return Ok(Vec::new());
    }
    Ok(on_conn!(conn, |c| {
        let mut page = interactions::table.filter(interactions::tenant.eq(wanted.by.tenant)).into_boxed();
        if let Some(id) = hash.flatten() {
            page = page.filter(interactions::id.eq(id));
        }
        if let Some(state) = wanted.state {
            page = page.filter(interactions::state.eq(state));
        }
        if let Some(chat) = wanted.chat {
            page = page.filter(interactions::chat.eq(chat));
        }
        if let Some(after) = wanted.after {
            page = page.filter(interactions::id.gt(after));
        }
        let page = page.order(interactions::id).limit(wanted.limit.plus_one());
        page.select(InteractionRow::as_select()).load(c).await
    })?)
}

/// The latest interaction of each of these chats.
pub async fn latest(conn: &Conn, chats: Vec<ChatId>) -> StoreResult<Vec<InteractionRow>> {
    let mut rows: Vec<InteractionRow> = on_conn!(conn, |c| interactions::table
        .filter(interactions::chat.eq_any(chats))
        .order((interactions::chat, interactions::id.desc()))
        .select(InteractionRow::as_select())
        .load(c)
        .await)?;
    rows.dedup_by_key(|row| row.chat);
    Ok(rows)
}

/// The latest interaction of each of these chats of the tenant.
pub async fn of_chats(conn: &Conn, tenant: TenantId, chats: Vec<ChatId>) -> StoreResult<Vec<InteractionHash>> {
    let rows: Vec<(ChatId, InteractionId, InteractionState)> = on_conn!(conn, |c| interactions::table
        .filter(interactions::chat.eq_any(chats))
        .filter(interactions::tenant.eq(tenant))
        .order((interactions::chat, interactions::id.desc()))
        .select((interactions::chat, interactions::id, interactions::state))
        .load(c)
        .await)?;
    let mut latest = Vec::<InteractionHash>::new();
    for (chat, id, state) in rows {
        if latest.last().is_none_or(|last| last.chat != chat) {
            latest.push(InteractionHash { chat, id, state });
        }
    }
    Ok(latest)
}
