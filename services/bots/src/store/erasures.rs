//! What is left of deleted tenants, and its removal a few rows at a time.

use diesel::prelude::*;
use domain::{DepartmentId, InteractionId, ParticipationId, TenantId};
use futures_util::future::BoxFuture;
use host::erase::Sweep;
use store::RunQueryDsl;
use store::{StoreResult, Tx, on_conn};

use super::schema::{department_agents, departments, interaction_changes, interactions, seats};
use super::{deliveries, endpoints, lanes};

/// What this service has of a tenant.
pub struct Rows;

impl Sweep for Rows {
    fn some<'a>(&'a self, tx: &'a mut Tx, tenant: TenantId, rows: i64) -> BoxFuture<'a, StoreResult<usize>> {
        Box::pin(sweep(tx, tenant, rows))
    }
    fn rest<'a>(&'a self, tx: &'a mut Tx, tenant: TenantId) -> BoxFuture<'a, StoreResult<()>> {
        host::once::forget(tx, tenant)
    }
}

/// Removes up to `rows` interactions with how they changed hands, or seats, or departments; says how many.
async fn sweep(tx: &mut Tx, tenant: TenantId, rows: i64) -> StoreResult<usize> {
    // Lanes first: whoever delivers writes an attempt down only while the lane is there.
    let mut gone = lanes::erase(tx, tenant, rows).await?;
    if gone == 0 {
        gone = deliveries::erase(tx, tenant, rows).await?;
    }
    if gone == 0 {
        gone = endpoints::erase(tx, tenant, rows).await?;
    }
    if gone > 0 {
        return Ok(gone);
    }
    let some = interactions::table.filter(interactions::tenant.eq(tenant)).limit(rows).select(interactions::id);
    let ids: Vec<InteractionId> = on_conn!(tx, |c| some.load(c).await)?;
    if !ids.is_empty() {
        let changes = interaction_changes::table.filter(interaction_changes::interaction.eq_any(ids.clone()));
        let gone = interactions::table.filter(interactions::id.eq_any(ids.clone()));
        on_conn!(tx, |c| {
            // Whoever moves one now is waited for, and then known.
            diesel::delete(gone).execute(c).await?;
            diesel::delete(changes).execute(c).await
        })?;
        return Ok(ids.len());
    }
    let some = seats::table.filter(seats::tenant.eq(tenant)).limit(rows).select(seats::participation);
    let ids: Vec<ParticipationId> = on_conn!(tx, |c| some.load(c).await)?;
    if !ids.is_empty() {
        let gone = seats::table.filter(seats::participation.eq_any(ids));
        return Ok(on_conn!(tx, |c| diesel::delete(gone).execute(c).await)?);
    }
    let some = departments::table.filter(departments::tenant.eq(tenant)).limit(rows).select(departments::id);
    let ids: Vec<DepartmentId> = on_conn!(tx, |c| some.load(c).await)?;
    let agents = department_agents::table.filter(department_agents::department.eq_any(ids.clone()));
    let gone = departments::table.filter(departments::id.eq_any(ids));
    Ok(on_conn!(tx, |c| {
        diesel::delete(agents).execute(c).await?;
        diesel::delete(gone).execute(c).await
    })?)
}
