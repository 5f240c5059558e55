//! What is still to be erased.

use diesel::prelude::*;
use domain::{EventId, TenantId};
use store::{Conn, StoreResult, Tx, on_conn};
use store::{RunQueryDsl, idempotency::idempotency};

use super::rows::ErasureRow;
use super::schema::erasures;

/// Writes down an erasure.
pub(crate) async fn insert(tx: &mut Tx, row: &ErasureRow) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::insert_into(erasures::table).values(row).on_conflict_do_nothing().execute(c).await)?;
    Ok(())
}

/// The oldest ones.
pub(crate) async fn oldest(conn: &Conn, limit: i64) -> StoreResult<Vec<ErasureRow>> {
    Ok(on_conn!(conn, |c| erasures::table
        .order((erasures::created_at, erasures::id))
        .limit(limit)
        .select(ErasureRow::as_select())
        .load(c)
        .await)?)
}

/// Removes one that is done.
pub(crate) async fn done(tx: &mut Tx, id: EventId) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::delete(erasures::table.find(id)).execute(c).await)?;
    Ok(())
}

/// Removes all of a tenant: its last trace.
pub(crate) async fn done_with(tx: &mut Tx, tenant: TenantId) -> StoreResult<()> {
    let its = erasures::table.filter(erasures::tenant_id.eq(tenant));
    on_conn!(tx, |c| diesel::delete(its).execute(c).await)?;
    Ok(())
}

/// Forgets the answers kept under these idempotency keys.
pub(crate) async fn forget_requests(tx: &mut Tx, keys: Vec<Vec<u8>>) -> StoreResult<()> {
    if !keys.is_empty() {
        let them = idempotency::table.filter(idempotency::key.eq_any(keys));
        on_conn!(tx, |c| diesel::delete(them).execute(c).await)?;
    }
    Ok(())
}
