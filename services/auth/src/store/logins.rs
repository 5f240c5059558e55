//! Logins.

use diesel::prelude::*;
use domain::{TenantId, Timestamp, UserId};
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::rows::LoginRow;
use super::schema::{logins, tenants};

/// The login with this key, of a living tenant.
pub(crate) async fn by_key(conn: &Conn, key: &str) -> StoreResult<Option<LoginRow>> {
    Ok(on_conn!(conn, |c| logins::table
        .inner_join(tenants::table.on(tenants::id.eq(logins::tenant_id)))
        .filter(logins::login_key.eq(key))
        .filter(tenants::deleted_at.is_null())
        .select(LoginRow::as_select())
        .first(c)
        .await
        .optional())?)
}

/// The login of a user of this tenant, unless the tenant is deleted.
pub(crate) async fn of_living(conn: &Conn, tenant: TenantId, user: UserId) -> StoreResult<Option<LoginRow>> {
    Ok(on_conn!(conn, |c| logins::table
        .inner_join(tenants::table.on(tenants::id.eq(logins::tenant_id)))
        .filter(logins::user_id.eq(user))
        .filter(logins::tenant_id.eq(tenant))
        .filter(tenants::deleted_at.is_null())
        .select(LoginRow::as_select())
        .first(c)
        .await
        .optional())?)
}

/// The login that holds this key, in a deleted tenant too.
pub(crate) async fn holding(conn: &Conn, key: &str) -> StoreResult<Option<LoginRow>> {
    Ok(on_conn!(conn, |c| logins::table
        .filter(logins::login_key.eq(key))
        .select(LoginRow::as_select())
        .first(c)
        .await
        .optional())?)
}

/// The logins of these users of a tenant.
pub(crate) async fn of(conn: &Conn, tenant: TenantId, users: &[UserId]) -> StoreResult<Vec<LoginRow>> {
    Ok(on_conn!(conn, |c| logins::table
        .filter(logins::tenant_id.eq(tenant))
        .filter(logins::user_id.eq_any(users))
        .order(logins::user_id)
        .select(LoginRow::as_select())
        .load(c)
        .await)?)
}

/// Adds a login unless the user has one or the login is taken. Whether it was added.
pub(crate) async fn insert(tx: &mut Tx, row: &LoginRow) -> StoreResult<bool> {
    let added =
        on_conn!(tx, |c| diesel::insert_into(logins::table).values(row).on_conflict_do_nothing().execute(c).await)?;
    Ok(added == 1)
}

/// Gives a user's login another name.
///
/// # Errors
/// [`store::StoreError::Unique`] if somebody has it.
pub(crate) async fn rename(tx: &mut Tx, user: UserId, login: &str, key: &str, now: Timestamp) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::update(logins::table.find(user))
        .set((logins::login.eq(login), logins::login_key.eq(key), logins::updated_at.eq(now)))
        .execute(c)
        .await)?;
    Ok(())
}

/// Gives a user another password, which is the next generation.
pub(crate) async fn set_password(tx: &mut Tx, user: UserId, hash: &str, now: Timestamp) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::update(logins::table.find(user))
        .set((
            logins::password_hash.eq(hash),
            logins::generation.eq(logins::generation + 1),
            logins::updated_at.eq(now),
        ))
        .execute(c)
        .await)?;
    Ok(())
}

/// Removes a user's login.
pub(crate) async fn delete(tx: &mut Tx, tenant: TenantId, user: UserId) -> StoreResult<()> {
    let theirs = logins::table.filter(logins::user_id.eq(user)).filter(logins::tenant_id.eq(tenant));
    on_conn!(tx, |c| diesel::delete(theirs).execute(c).await)?;
    Ok(())
}

/// Keys of up to `limit` logins of a tenant.
pub(crate) async fn some_of_tenant(conn: &Conn, tenant: TenantId, limit: i64) -> StoreResult<Vec<(UserId, String)>> {
    let some = logins::table
        .filter(logins::tenant_id.eq(tenant))
        .order(logins::user_id)
        .limit(limit)
        .select((logins::user_id, logins::login_key));
    Ok(on_conn!(conn, |c| some.load(c).await)?)
}

/// Removes the logins of these users.
pub(crate) async fn erase(tx: &mut Tx, users: &[UserId]) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::delete(logins::table.filter(logins::user_id.eq_any(users))).execute(c).await)?;
    Ok(())
}
