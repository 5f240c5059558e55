//! Ids that vendors' clients chose themselves.

use diesel::prelude::*;
use domain::{Surface, TenantId, UserId};
use store::{RunQueryDsl, StoreResult, Tx, on_conn};

use super::keys;
use super::schema::external_ids;

/// Notes that the tenant's clients of `surface` know `user` as `external`.
pub async fn insert(tx: &mut Tx, tenant: TenantId, surface: Surface, external: &str, user: UserId) -> StoreResult<()> {
    let row = (
        external_ids::tenant.eq(tenant),
        external_ids::surface.eq(surface),
        external_ids::external_key.eq(keys::external(external).to_vec()),
        external_ids::user_id.eq(user),
    );
    on_conn!(tx, |c| diesel::insert_into(external_ids::table).values(row).execute(c).await)?;
    Ok(())
}

/// Forgets all ids of a user: the next who comes with one is somebody new.
pub async fn forget(tx: &mut Tx, user: UserId) -> StoreResult<()> {
    let theirs = external_ids::table.filter(external_ids::user_id.eq(user));
    on_conn!(tx, |c| diesel::delete(theirs).execute(c).await)?;
    Ok(())
}
