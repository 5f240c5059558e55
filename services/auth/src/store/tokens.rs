//! Credentials.

use diesel::prelude::*;
use domain::{Limit, TenantId, Timestamp, TokenId, TokenKind, UserId};
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::rows::TokenRow;
use super::schema::{tenants, tokens};

/// Those of the hashes that belong to credentials of living tenants, each with its tenant's first admin.
pub(crate) async fn by_hashes(conn: &Conn, hashes: Vec<Vec<u8>>) -> StoreResult<Vec<(TokenRow, UserId)>> {
    Ok(on_conn!(conn, |c| tokens::table
        .inner_join(tenants::table.on(tenants::id.eq(tokens::tenant_id)))
        .filter(tokens::secret_hash.eq_any(hashes))
        .filter(tenants::deleted_at.is_null())
        .select((TokenRow::as_select(), tenants::admin_id))
        .load(c)
        .await)?)
}

/// One credential of a tenant.
pub(crate) async fn find(conn: &Conn, tenant: TenantId, id: TokenId) -> StoreResult<Option<TokenRow>> {
    Ok(on_conn!(conn, |c| tokens::table
        .find(id)
        .filter(tokens::tenant_id.eq(tenant))
        .select(TokenRow::as_select())
        .first(c)
        .await
        .optional())?)
}

/// Which credentials a list shows.
pub(crate) struct Filter<'a> {
    pub tenant: TenantId,
    /// Empty: all.
    pub kinds: &'a [TokenKind],
    pub user: Option<UserId>,
    pub before: Option<Timestamp>,
    pub limit: Limit,
}

/// Credentials that are not revoked, newest first.
pub(crate) async fn page(conn: &Conn, filter: Filter<'_>) -> StoreResult<Vec<TokenRow>> {
    Ok(on_conn!(conn, |c| {
        let mut query =
            tokens::table.filter(tokens::tenant_id.eq(filter.tenant)).filter(tokens::revoked_at.is_null()).into_boxed();
        if !filter.kinds.is_empty() {
            query = query.filter(tokens::kind.eq_any(filter.kinds));
        }
        if let Some(user) = filter.user {
            query = query.filter(tokens::user_id.eq(user));
        }
        if let Some(before) = filter.before {
            query = query.filter(tokens::created_at.lt(before));
        }
        query
            .order(tokens::created_at.desc())
            .limit(filter.limit.plus_one())
            .select(TokenRow::as_select())
            .load(c)
            .await
    })?)
}

/// Adds a credential.
pub(crate) async fn insert(tx: &mut Tx, row: &TokenRow) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::insert_into(tokens::table).values(row).execute(c).await)?;
    Ok(())
}

/// Gives a credential that is not revoked another name.
pub(crate) async fn rename(
    tx: &mut Tx,
    tenant: TenantId,
    id: TokenId,
    name: &str,
    detail: &str,
    now: Timestamp,
) -> StoreResult<Option<TokenRow>> {
    let living = tokens::table
        .filter(tokens::id.eq(id))
        .filter(tokens::tenant_id.eq(tenant))
        .filter(tokens::revoked_at.is_null());
    Ok(on_conn!(tx, |c| diesel::update(living)
        .set((tokens::name.eq(name), tokens::detail.eq(detail), tokens::updated_at.eq(now)))
        .returning(TokenRow::as_returning())
        .get_result(c)
        .await
        .optional())?)
}

/// Revokes a credential; `None` if it is revoked already, or none of this tenant's.
pub(crate) async fn revoke(
    tx: &mut Tx,
    tenant: TenantId,
    id: TokenId,
    now: Timestamp,
) -> StoreResult<Option<TokenRow>> {
    let living = tokens::table
        .filter(tokens::id.eq(id))
        .filter(tokens::tenant_id.eq(tenant))
        .filter(tokens::revoked_at.is_null());
    Ok(on_conn!(tx, |c| diesel::update(living)
        .set((tokens::revoked_at.eq(now), tokens::updated_at.eq(now)))
        .returning(TokenRow::as_returning())
        .get_result(c)
        .await
        .optional())?)
}

/// Revokes up to `limit` credentials of a user; says which.
pub(crate) async fn revoke_some(
    tx: &mut Tx,
    tenant: TenantId,
    user: UserId,
    now: Timestamp,
    limit: i64,
) -> StoreResult<Vec<TokenId>> {
    let living = tokens::table
        .filter(tokens::user_id.eq(user))
        .filter(tokens::tenant_id.eq(tenant))
        .filter(tokens::revoked_at.is_null())
        .order(tokens::id)
        .limit(limit)
        .select(tokens::id);
    let some: Vec<TokenId> = on_conn!(tx, |c| living.load(c).await)?;
    let them = tokens::table.filter(tokens::id.eq_any(&some)).filter(tokens::revoked_at.is_null());
    Ok(on_conn!(tx, |c| diesel::update(them)
        .set((tokens::revoked_at.eq(now), tokens::updated_at.eq(now)))
        .returning(tokens::id)
        .get_results(c)
        .await)?)
}

/// Revokes a user's credentials of a kind; says which.
pub(crate) async fn revoke_kind(
    tx: &mut Tx,
    tenant: TenantId,
    user: UserId,
    kind: TokenKind,
    now: Timestamp,
) -> StoreResult<Vec<TokenId>> {
    let living = tokens::table
        .filter(tokens::user_id.eq(user))
        .filter(tokens::tenant_id.eq(tenant))
        .filter(tokens::kind.eq(kind))
        .filter(tokens::revoked_at.is_null());
    Ok(on_conn!(tx, |c| diesel::update(living)
        .set((tokens::revoked_at.eq(now), tokens::updated_at.eq(now)))
        .returning(tokens::id)
        .get_results(c)
        .await)?)
}

/// Writes down that these were used.
pub(crate) async fn used(tx: &mut Tx, ids: &[TokenId], now: Timestamp) -> StoreResult<()> {
    let them = tokens::table.filter(tokens::id.eq_any(ids));
    on_conn!(tx, |c| diesel::update(them).set(tokens::last_used_at.eq(now)).execute(c).await)?;
    Ok(())
}

/// Up to `limit` credentials of a tenant, with the idempotency keys they were made under.
pub(crate) async fn some_of_tenant(
    conn: &Conn,
    tenant: TenantId,
    limit: i64,
) -> StoreResult<Vec<(TokenId, Option<Vec<u8>>)>> {
    let some = tokens::table
        .filter(tokens::tenant_id.eq(tenant))
        .order(tokens::id)
        .limit(limit)
        .select((tokens::id, tokens::request_key));
    Ok(on_conn!(conn, |c| some.load(c).await)?)
}

/// Removes these credentials.
pub(crate) async fn erase(tx: &mut Tx, ids: &[TokenId]) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::delete(tokens::table.filter(tokens::id.eq_any(ids))).execute(c).await)?;
    Ok(())
}
