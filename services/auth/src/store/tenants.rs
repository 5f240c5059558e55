//! Tenants, and their head.

use diesel::dsl::case_when;
use diesel::prelude::*;
use domain::{Limit, TenantId, Timestamp};
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::rows::TenantRow;
use super::schema::tenants;

/// The tenant, deleted or not.
pub(crate) async fn find(conn: &Conn, id: TenantId) -> StoreResult<Option<TenantRow>> {
    Ok(on_conn!(conn, |c| tenants::table.find(id).select(TenantRow::as_select()).first(c).await.optional())?)
}

/// The living tenant with this name, without case.
pub(crate) async fn by_name(conn: &Conn, name_key: &str) -> StoreResult<Option<TenantRow>> {
    Ok(on_conn!(conn, |c| tenants::table
        .filter(tenants::name_key.eq(name_key))
        .filter(tenants::deleted_at.is_null())
        .select(TenantRow::as_select())
        .first(c)
        .await
        .optional())?)
}

/// Living tenants by id, behind `after`.
pub(crate) async fn page(conn: &Conn, after: Option<TenantId>, limit: Limit) -> StoreResult<Vec<TenantRow>> {
    Ok(on_conn!(conn, |c| {
        let mut query = tenants::table.filter(tenants::deleted_at.is_null()).into_boxed();
        if let Some(after) = after {
            query = query.filter(tenants::id.gt(after));
        }
        query.order(tenants::id).limit(limit.plus_one()).select(TenantRow::as_select()).load(c).await
    })?)
}

/// Adds a tenant unless its id or name is taken. Whether it was added.
pub(crate) async fn insert(tx: &mut Tx, row: &TenantRow) -> StoreResult<bool> {
    let added =
        on_conn!(tx, |c| diesel::insert_into(tenants::table).values(row).on_conflict_do_nothing().execute(c).await)?;
    Ok(added == 1)
}

/// Holds a living tenant until `tx` ends, so that nothing is added to one that is being erased. Whether it lives.
pub(crate) async fn hold(tx: &mut Tx, id: TenantId) -> StoreResult<bool> {
    let living = tenants::table.filter(tenants::id.eq(id)).filter(tenants::deleted_at.is_null());
    let held = on_conn!(tx, |c| diesel::update(living)
        .set(tenants::last_token_us.eq(tenants::last_token_us))
        .execute(c)
        .await)?;
    Ok(held == 1)
}

/// [`hold`], and the next `created_at` of a token: later than all before it, also when the clock steps back.
pub(crate) async fn next_token_at(tx: &mut Tx, id: TenantId, now: Timestamp) -> StoreResult<Option<Timestamp>> {
    let living = tenants::table.filter(tenants::id.eq(id)).filter(tenants::deleted_at.is_null());
    let now = now.micros();
    let next = case_when(tenants::last_token_us.ge(now), tenants::last_token_us + 1).otherwise(now);
    let micros: Option<i64> = on_conn!(tx, |c| diesel::update(living)
        .set(tenants::last_token_us.eq(next))
        .returning(tenants::last_token_us)
        .get_result(c)
        .await
        .optional())?;
    Ok(micros.map(Timestamp::from_micros))
}

/// Marks a living tenant deleted and frees its name.
pub(crate) async fn delete(tx: &mut Tx, id: TenantId, now: Timestamp) -> StoreResult<Option<TenantRow>> {
    let living = tenants::table.filter(tenants::id.eq(id)).filter(tenants::deleted_at.is_null());
    Ok(on_conn!(tx, |c| diesel::update(living)
        .set((tenants::deleted_at.eq(now), tenants::name_key.eq(None::<String>)))
        .returning(TenantRow::as_returning())
        .get_result(c)
        .await
        .optional())?)
}

/// Removes a tenant's row.
pub(crate) async fn erase(tx: &mut Tx, id: TenantId) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::delete(tenants::table.find(id)).execute(c).await)?;
    Ok(())
}
