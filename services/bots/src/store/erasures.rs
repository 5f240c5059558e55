//! What is left of deleted tenants, and its removal a few rows at a time.

use diesel::prelude::*;
use domain::{DepartmentId, InteractionId, ParticipationId, TenantId, Timestamp};
use store::RunQueryDsl;
use store::{Conn, StoreResult, Tx, on_conn};

use super::schema::{department_agents, departments, erasures, interaction_changes, interactions, seats};
use super::{deliveries, endpoints, lanes};

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

/// Removes up to `rows` interactions with how they changed hands, or seats, or departments; says how many.
pub async fn sweep(tx: &mut Tx, tenant: TenantId, rows: i64) -> StoreResult<usize> {
    for gone in [
        deliveries::erase(tx, tenant, rows).await?,
        lanes::erase(tx, tenant, rows).await?,
        endpoints::erase(tx, tenant, rows).await?,
    ] {
        if gone > 0 {
            return Ok(gone);
        }
    }
    let some = interactions::table.filter(interactions::tenant.eq(tenant)).limit(rows).select(interactions::id);
    let ids: Vec<InteractionId> = on_conn!(tx, |c| some.load(c).await)?;
    if !ids.is_empty() {
        let changes = interaction_changes::table.filter(interaction_changes::interaction.eq_any(ids.clone()));
        let gone = interactions::table.filter(interactions::id.eq_any(ids.clone()));
        on_conn!(tx, |c| {
            diesel::delete(changes).execute(c).await?;
            diesel::delete(gone).execute(c).await
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
