//! What is left of deleted tenants, and its removal a few rows at a time.

use diesel::prelude::*;
use domain::{CompanyId, GroupId, TenantId, Timestamp, UserId};
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::books;
use super::schema::{companies, erasures, external_ids, group_members, partners, tenant_heads, user_groups, users};

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

/// Removes up to `rows` users, groups or companies with what hangs on them; says how many.
pub async fn sweep(tx: &mut Tx, tenant: TenantId, rows: i64) -> StoreResult<usize> {
    let some = users::table.filter(users::tenant.eq(tenant)).limit(rows).select(users::id);
    let ids: Vec<UserId> = on_conn!(tx, |c| some.load(c).await)?;
    if !ids.is_empty() {
        books::forget(tx, ids.clone()).await?;
        on_conn!(tx, |c| {
            let ids = || ids.clone();
            diesel::delete(external_ids::table.filter(external_ids::user_id.eq_any(ids()))).execute(c).await?;
            diesel::delete(group_members::table.filter(group_members::user_id.eq_any(ids()))).execute(c).await?;
            diesel::delete(partners::table.filter(partners::user_id.eq_any(ids()))).execute(c).await?;
            diesel::delete(users::table.filter(users::id.eq_any(ids()))).execute(c).await
        })?;
        return Ok(ids.len());
    }
    let some = user_groups::table.filter(user_groups::tenant.eq(tenant)).limit(rows).select(user_groups::id);
    let ids: Vec<GroupId> = on_conn!(tx, |c| some.load(c).await)?;
    on_conn!(tx, |c| {
        diesel::delete(group_members::table.filter(group_members::group_id.eq_any(ids.clone()))).execute(c).await?;
        diesel::delete(user_groups::table.filter(user_groups::id.eq_any(ids.clone()))).execute(c).await
    })?;
    if !ids.is_empty() {
        return Ok(ids.len());
    }
    let some = companies::table.filter(companies::tenant.eq(tenant)).limit(rows).select(companies::id);
    let ids: Vec<CompanyId> = on_conn!(tx, |c| some.load(c).await)?;
    Ok(on_conn!(tx, |c| diesel::delete(companies::table.filter(companies::id.eq_any(ids))).execute(c).await)?)
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
