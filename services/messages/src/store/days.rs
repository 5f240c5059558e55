//! How many messages each tenant has posted on a day.

use std::collections::BTreeMap;

use diesel::prelude::*;
use domain::TenantId;
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::schema::tenant_days;

/// What these tenants have posted on `day`; those that have posted nothing are left out.
pub(crate) async fn posted(conn: &Conn, tenants: Vec<TenantId>, day: i64) -> StoreResult<Vec<(TenantId, i64)>> {
    Ok(on_conn!(conn, |c| tenant_days::table
        .filter(tenant_days::tenant.eq_any(tenants))
        .filter(tenant_days::day.eq(day))
        .select((tenant_days::tenant, tenant_days::messages))
        .load(c)
        .await)?)
}

/// Adds to what tenants have posted on `day`, in the order of their ids, so that no two batches wait for each other; forgets
/// the days before.
pub(crate) async fn add(tx: &mut Tx, day: i64, counts: BTreeMap<TenantId, i64>) -> StoreResult<()> {
    for (tenant, count) in counts {
        let first = (tenant_days::tenant.eq(tenant), tenant_days::day.eq(day), tenant_days::messages.eq(count));
        let past = tenant_days::table.filter(tenant_days::tenant.eq(tenant)).filter(tenant_days::day.lt(day));
        on_conn!(tx, |c| {
            diesel::insert_into(tenant_days::table)
                .values(first)
                .on_conflict((tenant_days::tenant, tenant_days::day))
                .do_update()
                .set(tenant_days::messages.eq(tenant_days::messages + count))
                .execute(c)
                .await?;
            diesel::delete(past).execute(c).await
        })?;
    }
    Ok(())
}

/// Erases a tenant's counts.
pub(crate) async fn erase(tx: &mut Tx, tenant: TenantId) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::delete(tenant_days::table.filter(tenant_days::tenant.eq(tenant))).execute(c).await)?;
    Ok(())
}
