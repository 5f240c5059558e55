//! Chats, one at a time.

use std::collections::HashMap;

use contracts::chats::{Chat, ChatKey, Located, Record};
use diesel::prelude::*;
use domain::{ChatId, ChatKind, TenantId, UserId};
use sha2::{Digest as _, Sha256};
use store::{Conn, Engine, RunQueryDsl, StoreResult, Tx, on_conn};

use super::rows::{ChatChange, ChatRow, NewChat};
use super::schema::{chats, participants};
use super::{documents, stays};

/// Under which key a tenant's people, sorted, have a chat. `kind` keeps pairs apart from other sets.
pub fn match_key(kind: &str, tenant: TenantId, sorted: &[UserId]) -> Vec<u8> {
    let mut hash = Sha256::new().chain_update(kind).chain_update(tenant.bytes());
    for user in sorted {
        hash.update(user.bytes());
    }
    hash.finalize().to_vec()
}

/// The key of those who have `key`, about a record.
pub fn record_key(key: &[u8], record: &Record) -> Vec<u8> {
    let hash = Sha256::new().chain_update("record").chain_update(key).chain_update(record.id.to_be_bytes());
    hash.chain_update(&record.model).finalize().to_vec()
}

/// The chat, deleted or not.
pub async fn find(conn: &Conn, tenant: TenantId, key: ChatKey) -> StoreResult<Option<Chat>> {
    let row: Option<ChatRow> = on_conn!(conn, |c| {
        let of_tenant = chats::table.filter(chats::tenant.eq(tenant)).into_boxed();
        let named = match key {
            ChatKey::Id(id) => of_tenant.filter(chats::id.eq(id)),
            ChatKey::Number(number) => of_tenant.filter(chats::number.eq(number)),
        };
        named.select(ChatRow::as_select()).first(c).await.optional()
    })?;
    match row {
        Some(row) => Ok(with_participants(conn, vec![row]).await?.pop()),
        None => Ok(None),
    }
}

/// The living chat with this number, in whichever tenant.
pub async fn locate(conn: &Conn, number: i64) -> StoreResult<Option<Located>> {
    let found: Option<(TenantId, ChatId)> = on_conn!(conn, |c| chats::table
        .find(number)
        .filter(chats::deleted_at.is_null())
        .select((chats::tenant, chats::id))
        .first(c)
        .await
        .optional())?;
    Ok(found.map(|(tenant, id)| Located { tenant, id }))
}

/// Those of the chats that the tenant has and that live.
pub async fn by_ids(conn: &Conn, tenant: TenantId, ids: Vec<ChatId>) -> StoreResult<Vec<Chat>> {
    let rows: Vec<ChatRow> = on_conn!(conn, |c| chats::table
        .filter(chats::id.eq_any(ids))
        .filter(chats::tenant.eq(tenant))
        .filter(chats::deleted_at.is_null())
        .select(ChatRow::as_select())
        .load(c)
        .await)?;
    with_participants(conn, rows).await
}

/// The chat, deleted or not, locked until `tx` ends: its events leave in the order of its changes.
pub async fn lock(tx: &mut Tx, tenant: TenantId, id: ChatId) -> StoreResult<Option<Chat>> {
    let wanted = chats::table.filter(chats::id.eq(id)).filter(chats::tenant.eq(tenant));
    let row: Option<ChatRow> = match tx.engine() {
        Engine::Pg(c) => wanted.select(ChatRow::as_select()).for_update().first(c).await.optional()?,
        // The whole database is this transaction's.
        Engine::Sqlite(c) => wanted.select(ChatRow::as_select()).first(c).await.optional()?,
    };
    match row {
        Some(row) => Ok(with_participants(tx, vec![row]).await?.pop()),
        None => Ok(None),
    }
}

/// The chat these people have.
pub async fn of_people(conn: &Conn, match_key: &[u8]) -> StoreResult<Option<Chat>> {
    let row: Option<ChatRow> = on_conn!(conn, |c| chats::table
        .filter(chats::match_key.eq(match_key))
        .select(ChatRow::as_select())
        .first(c)
        .await
        .optional())?;
    match row {
        Some(row) => Ok(with_participants(conn, vec![row]).await?.pop()),
        None => Ok(None),
    }
}

/// Adds a chat, without participants.
pub async fn insert(tx: &mut Tx, new: &NewChat<'_>) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::insert_into(chats::table).values(new).execute(c).await)?;
    Ok(())
}

/// Changes a chat.
pub async fn update(tx: &mut Tx, id: ChatId, change: ChatChange) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::update(chats::table.filter(chats::id.eq(id))).set(change).execute(c).await)?;
    Ok(())
}

/// Gives up the keys of a user's chats: nobody can ask for these people again.
pub async fn unmatch(tx: &mut Tx, tenant: TenantId, user: UserId) -> StoreResult<()> {
    let theirs = participants::table
        .filter(participants::user_id.eq(user))
        .filter(participants::left_at.is_null())
        .select(participants::chat);
    on_conn!(tx, |c| diesel::update(
        chats::table
            .filter(chats::id.eq_any(theirs))
            .filter(chats::tenant.eq(tenant))
            .filter(chats::match_key.is_not_null())
            // A group's chat is the group's, whoever is in it.
            .filter(chats::group_id.is_null())
    )
    .set(chats::match_key.eq(None::<Vec<u8>>))
    .execute(c)
    .await)?;
    Ok(())
}

/// The chats of these rows, in their order, with who takes part now and what they are about: two queries more, however many
/// they are.
pub(super) async fn with_participants(conn: &Conn, rows: Vec<ChatRow>) -> StoreResult<Vec<Chat>> {
    let mut stays = stays::living(conn, rows.iter().map(|row| row.id).collect()).await?;
    // Direct chats are about nothing: mostly there is nothing to ask.
    let others = rows.iter().filter(|row| row.kind != ChatKind::Direct).map(|row| row.id).collect::<Vec<_>>();
    let mut documents = if others.is_empty() { HashMap::new() } else { documents::of(conn, others).await? };
    let with = |row: ChatRow| {
        let participants = stays.remove(&row.id).unwrap_or_default();
        let documents = documents.remove(&row.id).unwrap_or_default();
        row.with(participants, documents)
    };
    rows.into_iter().map(with).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_belongs_to_one_kind_tenant_and_set() {
        let (tenant, ann, bob) = (TenantId::new(), UserId::new(), UserId::new());
        let pair = match_key("direct", tenant, &[ann, bob]);
        assert_eq!(pair.len(), 32);
        assert_ne!(pair, match_key("set", tenant, &[ann, bob]));
        assert_ne!(pair, match_key("direct", TenantId::new(), &[ann, bob]));
        assert_ne!(pair, match_key("direct", tenant, &[ann]));
    }
}
