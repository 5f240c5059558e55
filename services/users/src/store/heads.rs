//! A tenant's head row: who holds it writes alone in that tenant, and sees what all before committed.

use diesel::prelude::*;
use domain::{TenantId, Timestamp};
use store::{Engine, RunQueryDsl, StoreError, StoreResult, Tx, on_conn};

use super::schema::tenant_heads;

/// Takes the tenant's turn, until `tx` ends; answers the newest user's `created_at`.
pub async fn lock(tx: &mut Tx, tenant: TenantId) -> StoreResult<Option<Timestamp>> {
    if let Some(last) = held(tx, tenant).await? {
        return Ok(Some(last).filter(|last| last.micros() > 0));
    }
    let first = (tenant_heads::tenant.eq(tenant), tenant_heads::last_created_at.eq(Timestamp::from_micros(0)));
    on_conn!(tx, |c| diesel::insert_into(tenant_heads::table)
        .values(first)
        .on_conflict(tenant_heads::tenant)
        .do_nothing()
        .execute(c)
        .await)?;
    let last = held(tx, tenant).await?.ok_or_else(|| StoreError::Retry("the tenant was erased meanwhile".into()))?;
    Ok(Some(last).filter(|last| last.micros() > 0))
}

/// Notes the newest user's `created_at`.
pub async fn advance(tx: &mut Tx, tenant: TenantId, at: Timestamp) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::update(tenant_heads::table.find(tenant))
        .set(tenant_heads::last_created_at.eq(at))
        .execute(c)
        .await)?;
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
