//! What is left of deleted tenants, and its removal a few rows at a time.

use diesel::prelude::*;
use domain::{CompanyId, GroupId, TenantId, UserId};
use futures_util::future::BoxFuture;
use host::erase::Sweep;
use store::{RunQueryDsl, StoreResult, Tx, on_conn};

use super::books;
use super::schema::{companies, external_ids, group_members, partners, tenant_heads, user_groups, users};

/// What this service has of a tenant.
pub struct Rows;

impl Sweep for Rows {
    fn some<'a>(&'a self, tx: &'a mut Tx, tenant: TenantId, rows: i64) -> BoxFuture<'a, StoreResult<usize>> {
        Box::pin(sweep(tx, tenant, rows))
    }
    fn rest<'a>(&'a self, tx: &'a mut Tx, tenant: TenantId) -> BoxFuture<'a, StoreResult<()>> {
        Box::pin(sweep_rest(tx, tenant))
    }
}

/// Removes up to `rows` users, groups or companies with what hangs on them; says how many.
async fn sweep(tx: &mut Tx, tenant: TenantId, rows: i64) -> StoreResult<usize> {
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
async fn sweep_rest(tx: &mut Tx, tenant: TenantId) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::delete(tenant_heads::table.find(tenant)).execute(c).await)?;
    host::once::forget(tx, tenant).await
}
