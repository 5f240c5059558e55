//! Interactions, one at a time, and how they change hands.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::{ChatId, DepartmentId, HandoverReason, InteractionId, InteractionState, TenantId, UserId};
use store::RunQueryDsl;
use store::{Conn, Engine, Shared, StoreError, StoreResult, Tx, on_conn};

use super::rows::{ChangeRow, HandsChange, InteractionRow, NotesChange};
use super::schema::{departments, interaction_changes, interactions};

/// One interaction of the tenant.
pub async fn find(conn: &Conn, tenant: TenantId, id: InteractionId) -> StoreResult<Option<InteractionRow>> {
    Ok(on_conn!(conn, |c| interactions::table
        .find(id)
        .filter(interactions::tenant.eq(tenant))
        .select(InteractionRow::as_select())
        .first(c)
        .await
        .optional())?)
}

/// One interaction, held until `tx` ends: whoever holds it alone changes it.
pub async fn lock(tx: &mut Tx, id: InteractionId) -> StoreResult<Option<InteractionRow>> {
    let wanted = interactions::table.find(id);
    Ok(match tx.engine() {
        Engine::Pg(c) => wanted.select(InteractionRow::as_select()).for_update().first(c).await.optional()?,
        // The whole database is this transaction's.
        Engine::Sqlite(c) => wanted.select(InteractionRow::as_select()).first(c).await.optional()?,
    })
}

/// The interactions of these chats that are not finished.
pub async fn open(conn: &Conn, chats: Vec<ChatId>) -> StoreResult<HashMap<ChatId, InteractionRow>> {
    if chats.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<InteractionRow> = on_conn!(conn, |c| interactions::table
        .filter(interactions::chat.eq_any(chats))
        .filter(interactions::finished_at.is_null())
        .select(InteractionRow::as_select())
        .load(c)
        .await)?;
    Ok(rows.into_iter().map(|row| (row.chat, row)).collect())
}

/// The same, held until `tx` ends.
pub async fn lock_open(tx: &Tx, chats: Vec<ChatId>) -> StoreResult<HashMap<ChatId, InteractionRow>> {
    if chats.is_empty() {
        return Ok(HashMap::new());
    }
    let wanted = interactions::table
        .filter(interactions::chat.eq_any(chats))
        .filter(interactions::finished_at.is_null())
        .order(interactions::id);
    let rows: Vec<InteractionRow> = match tx.shared().await {
        Shared::Pg(mut c) => wanted.select(InteractionRow::as_select()).for_update().load(&mut c).await?,
        Shared::Sqlite(mut c) => wanted.select(InteractionRow::as_select()).load(&mut *c).await?,
    };
    Ok(rows.into_iter().map(|row| (row.chat, row)).collect())
}

/// The latest interaction of a chat, finished or not.
pub async fn last_of(conn: &Conn, chat: ChatId) -> StoreResult<Option<InteractionRow>> {
    Ok(on_conn!(conn, |c| interactions::table
        .filter(interactions::chat.eq(chat))
        .order(interactions::id.desc())
        .select(InteractionRow::as_select())
        .first(c)
        .await
        .optional())?)
}

/// Adds an interaction; `false` if its chat has one that is not finished.
pub async fn insert(tx: &mut Tx, row: &InteractionRow) -> StoreResult<bool> {
    let added = on_conn!(tx, |c| diesel::insert_into(interactions::table)
        .values(row.clone())
        .on_conflict_do_nothing()
        .execute(c)
        .await)?;
    Ok(added == 1)
}

/// Changes hands, if the interaction is still of version `old`.
///
/// # Errors
/// [`StoreError::Retry`] if it is not.
pub async fn hand(tx: &mut Tx, id: InteractionId, old: i64, change: HandsChange) -> StoreResult<()> {
    let row = interactions::table.find(id).filter(interactions::version.eq(old));
    match on_conn!(tx, |c| diesel::update(row).set(change).execute(c).await)? {
        1 => Ok(()),
        _ => Err(StoreError::Retry(format!("interaction {id} changed hands meanwhile").into())),
    }
}

/// Notes what is known about an interaction.
pub async fn note(tx: &mut Tx, id: InteractionId, change: NotesChange) -> StoreResult<()> {
    if change.is_empty() {
        return Ok(());
    }
    on_conn!(tx, |c| diesel::update(interactions::table.find(id)).set(change).execute(c).await)?;
    Ok(())
}

/// Whose interaction it is.
pub async fn meet(tx: &mut Tx, id: InteractionId, customer: UserId) -> StoreResult<()> {
    let row = interactions::table.find(id);
    on_conn!(tx, |c| diesel::update(row).set(interactions::customer.eq(customer)).execute(c).await)?;
    Ok(())
}

/// `chats` was told of this version.
pub async fn told(tx: &mut Tx, id: InteractionId, version: i64) -> StoreResult<()> {
    let row = interactions::table.find(id).filter(interactions::told_version.lt(version));
    on_conn!(tx, |c| diesel::update(row).set(interactions::told_version.eq(version)).execute(c).await)?;
    Ok(())
}

/// Writes down a change of hands.
pub async fn log(tx: &mut Tx, change: &ChangeRow) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::insert_into(interaction_changes::table).values(change.clone()).execute(c).await)?;
    Ok(())
}

/// How an interaction changed hands, oldest first.
pub async fn changes(conn: &Conn, id: InteractionId) -> StoreResult<Vec<ChangeRow>> {
    Ok(on_conn!(conn, |c| interaction_changes::table
        .filter(interaction_changes::interaction.eq(id))
        .order(interaction_changes::version)
        .select(ChangeRow::as_select())
        .load(c)
        .await)?)
}

/// Some interactions of whose last change `chats` was not told, the oldest first.
pub async fn untold(conn: &Conn, limit: i64) -> StoreResult<Vec<InteractionRow>> {
    Ok(on_conn!(conn, |c| interactions::table
        .filter(interactions::told_version.lt(interactions::version))
        .order(interactions::changed_at)
        .limit(limit)
        .select(InteractionRow::as_select())
        .load(c)
        .await)?)
}

/// What `user` serves.
pub async fn served_by(conn: &Conn, tenant: TenantId, user: UserId) -> StoreResult<Vec<InteractionId>> {
    Ok(on_conn!(conn, |c| interactions::table
        .filter(interactions::user_id.eq(user))
        .filter(interactions::finished_at.is_null())
        .filter(interactions::tenant.eq(tenant))
        .order(interactions::id)
        .select(interactions::id)
        .load(c)
        .await)?)
}

/// The interactions of a customer that are not finished, with their chats.
pub async fn of_customer(conn: &Conn, tenant: TenantId, user: UserId) -> StoreResult<Vec<(InteractionId, ChatId)>> {
    Ok(on_conn!(conn, |c| interactions::table
        .filter(interactions::customer.eq(user))
        .filter(interactions::finished_at.is_null())
        .filter(interactions::tenant.eq(tenant))
        .order(interactions::id)
        .select((interactions::id, interactions::chat))
        .load(c)
        .await)?)
}

/// The agent who gave up an interaction that waits, if that is why it does.
pub async fn given_up_by(conn: &Conn, row: &InteractionRow) -> StoreResult<Option<UserId>> {
    let change: Option<ChangeRow> = on_conn!(conn, |c| interaction_changes::table
        .find((row.id, row.version))
        .select(ChangeRow::as_select())
        .first(c)
        .await
        .optional())?;
    Ok(change.filter(|change| change.why == HandoverReason::AgentGone).and_then(|change| change.by_user))
}

/// Some interactions that wait although their department is active and has agents, the longest first.
pub async fn assignable(conn: &Conn, limit: i64) -> StoreResult<Vec<(TenantId, InteractionId)>> {
    use super::schema::department_agents;
    let staffed = department_agents::table.select(department_agents::department).distinct();
    let open = departments::table
        .filter(departments::active.eq(true))
        .filter(departments::id.eq_any(staffed))
        .select(departments::id);
    let open: Vec<DepartmentId> = {
        let waiting = interactions::table.filter(interactions::state.eq(InteractionState::Queued));
        let waiting = waiting.select(interactions::department).distinct();
        on_conn!(conn, |c| open.filter(departments::id.eq_any(waiting)).load(c).await)?
    };
    if open.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_conn!(conn, |c| interactions::table
        .filter(interactions::state.eq(InteractionState::Queued))
        .filter(interactions::department.eq_any(open))
        .order((interactions::changed_at, interactions::id))
        .limit(limit)
        .select((interactions::tenant, interactions::id))
        .load(c)
        .await)?)
}
