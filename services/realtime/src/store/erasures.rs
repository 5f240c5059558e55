//! What is left of deleted tenants, and its removal a few rows at a time.

use diesel::prelude::*;
use domain::{TenantId, Timestamp};
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::schema::erasures;
use super::{feed, members, presence};

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

/// Removes up to `rows` rows of the tenant; says how many.
pub async fn sweep(tx: &mut Tx, tenant: TenantId, rows: i64) -> StoreResult<usize> {
    let gone = feed::erase(tx, tenant, rows).await?;
    if gone > 0 {
        return Ok(gone);
    }
    let gone = members::erase(tx, tenant, rows).await?;
    if gone > 0 { Ok(gone) } else { presence::erase(tx, tenant, rows).await }
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
