//! What is left of deleted tenants, and its removal a few rows at a time.

use diesel::prelude::*;
use domain::{ChatId, TenantId, Timestamp, UserId};
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::schema::{chats, documents, erasures, participants, tenant_heads, user_heads};

/// Asks for the erasure of a tenant.
pub async fn ask(tx: &mut Tx, tenant: TenantId, now: Timestamp) -> StoreResult<()> {
    let row = (erasures::tenant.eq(tenant), erasures::due_at.eq(now), erasures::swept.eq(false));
    on_conn!(tx, |c| diesel::insert_into(erasures::table)
        .values(row)
        .on_conflict(erasures::tenant)
        .do_nothing()
        .execute(c)
        .await)?;
    Ok(())
}

/// The tenants to erase now, and whether they were swept once before.
pub async fn due(conn: &mut Conn, now: Timestamp) -> StoreResult<Vec<(TenantId, bool)>> {
    Ok(on_conn!(conn, |c| erasures::table
        .filter(erasures::due_at.le(now))
        .order(erasures::due_at)
        .limit(16)
        .select((erasures::tenant, erasures::swept))
        .load(c)
        .await)?)
}

/// Removes up to `rows` chats, with who took part, or heads of users; says how many.
pub async fn sweep(tx: &mut Tx, tenant: TenantId, rows: i64) -> StoreResult<usize> {
    let some = chats::table.filter(chats::tenant.eq(tenant)).limit(rows).select(chats::id);
    let ids: Vec<ChatId> = on_conn!(tx, |c| some.load(c).await)?;
    if !ids.is_empty() {
        on_conn!(tx, |c| {
            diesel::delete(participants::table.filter(participants::chat.eq_any(ids.clone()))).execute(c).await?;
            diesel::delete(documents::table.filter(documents::chat.eq_any(ids.clone()))).execute(c).await?;
            diesel::delete(chats::table.filter(chats::id.eq_any(ids.clone()))).execute(c).await
        })?;
        return Ok(ids.len());
    }
    let some = user_heads::table.filter(user_heads::tenant.eq(tenant)).limit(rows).select(user_heads::user_id);
    let users: Vec<UserId> = on_conn!(tx, |c| some.load(c).await)?;
    let gone = user_heads::table.filter(user_heads::user_id.eq_any(users));
    Ok(on_conn!(tx, |c| diesel::delete(gone).execute(c).await)?)
}

/// Removes the tenant's head and its kept answers.
pub async fn sweep_rest(tx: &mut Tx, tenant: TenantId) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::delete(tenant_heads::table.find(tenant)).execute(c).await)?;
    host::once::forget(tx, tenant).await
}

/// Comes back to the tenant at `due_at`, for what was under way while it was swept.
pub async fn again(tx: &mut Tx, tenant: TenantId, due_at: Timestamp) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::update(erasures::table.find(tenant))
        .set((erasures::due_at.eq(due_at), erasures::swept.eq(true)))
        .execute(c)
        .await)?;
    Ok(())
}

/// The tenant is gone.
pub async fn done(tx: &mut Tx, tenant: TenantId) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::delete(erasures::table.find(tenant)).execute(c).await)?;
    Ok(())
}
