//! The head rows of tenants and users: who holds a tenant's makes chats and adds people alone in that tenant.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::{TenantId, Timestamp, UserId};
use store::{Engine, RunQueryDsl, StoreError, StoreResult, Tx, on_conn};

use super::schema::{tenant_heads, user_heads};

/// Before anything happened.
fn never() -> Timestamp {
    Timestamp::from_micros(0)
}

/// Takes the tenant's turn, until `tx` ends; answers the newest chat's `created_at`.
pub async fn lock(tx: &mut Tx, tenant: TenantId) -> StoreResult<Timestamp> {
    if let Some(last) = held(tx, tenant).await? {
        return Ok(last);
    }
    let first = (tenant_heads::tenant.eq(tenant), tenant_heads::last_created_at.eq(never()));
    on_conn!(tx, |c| diesel::insert_into(tenant_heads::table)
        .values(first)
        .on_conflict(tenant_heads::tenant)
        .do_nothing()
        .execute(c)
        .await)?;
    held(tx, tenant).await?.ok_or_else(|| StoreError::Retry("the tenant was erased meanwhile".into()))
}

/// Notes the newest chat's `created_at`.
pub async fn advance(tx: &mut Tx, tenant: TenantId, at: Timestamp) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::update(tenant_heads::table.find(tenant))
        .set(tenant_heads::last_created_at.eq(at))
        .execute(c)
        .await)?;
    Ok(())
}

/// When each of `users` joins, if they join `now`: later than ever before. Wants the tenant's turn.
pub async fn joinings(
    tx: &mut Tx,
    tenant: TenantId,
    users: &[UserId],
    now: Timestamp,
) -> StoreResult<HashMap<UserId, Timestamp>> {
    let known: Vec<(UserId, Timestamp)> = on_conn!(tx, |c| user_heads::table
        .filter(user_heads::user_id.eq_any(users.to_vec()))
        .select((user_heads::user_id, user_heads::last_joined_at))
        .load(c)
        .await)?;
    let known: HashMap<UserId, Timestamp> = known.into_iter().collect();
    insert(tx, tenant, users.iter().filter(|u| !known.contains_key(u)).copied().collect(), now).await?;

    let at = |user: &UserId| now.after(known.get(user).copied());
    let (plain, late): (Vec<UserId>, Vec<UserId>) = known.keys().partition(|user| at(user) == now);
    set(tx, plain, now).await?;
    for user in late {
        set(tx, vec![user], at(&user)).await?;
    }
    Ok(users.iter().map(|user| (*user, at(user))).collect())
}

async fn insert(tx: &mut Tx, tenant: TenantId, new: Vec<UserId>, now: Timestamp) -> StoreResult<()> {
    let row = |user| (user_heads::user_id.eq(user), user_heads::tenant.eq(tenant), user_heads::last_joined_at.eq(now));
    let rows: Vec<_> = new.into_iter().map(row).collect();
    if rows.is_empty() {
        return Ok(());
    }
    match tx.engine() {
        Engine::Pg(c) => diesel::insert_into(user_heads::table).values(rows).execute(c).await?,
        // diesel's asynchronous batch does not exist for SQLite, the other one does.
        Engine::Sqlite(c) => {
            c.spawn_blocking(move |c| {
                diesel::RunQueryDsl::execute(diesel::insert_into(user_heads::table).values(rows), c)
            })
            .await?
        }
    };
    Ok(())
}

async fn set(tx: &mut Tx, users: Vec<UserId>, at: Timestamp) -> StoreResult<()> {
    if !users.is_empty() {
        on_conn!(tx, |c| diesel::update(user_heads::table.filter(user_heads::user_id.eq_any(users)))
            .set(user_heads::last_joined_at.eq(at))
            .execute(c)
            .await)?;
    }
    Ok(())
}

async fn held(tx: &mut Tx, tenant: TenantId) -> StoreResult<Option<Timestamp>> {
    let head = tenant_heads::table.find(tenant).select(tenant_heads::last_created_at);
    Ok(match tx.engine() {
        Engine::Pg(c) => head.for_update().first(c).await.optional()?,
        // The whole database is this transaction's.
        Engine::Sqlite(c) => head.first(c).await.optional()?,
    })
}
