//! Standing credentials.

use diesel::prelude::*;
use domain::{TenantId, TokenKind, UserId};
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::rows::{StandingRow, TokenRow};
use super::schema::{standing_tokens, tenants, tokens};

/// A user's standing credential of a kind with its token, unless the tenant is deleted.
pub(crate) async fn find(
    conn: &Conn,
    tenant: TenantId,
    user: UserId,
    kind: TokenKind,
) -> StoreResult<Option<(StandingRow, TokenRow)>> {
    Ok(on_conn!(conn, |c| standing_tokens::table
        .inner_join(tokens::table.on(tokens::id.eq(standing_tokens::token_id)))
        .inner_join(tenants::table.on(tenants::id.eq(standing_tokens::tenant_id)))
        .filter(standing_tokens::tenant_id.eq(tenant))
        .filter(standing_tokens::user_id.eq(user))
        .filter(standing_tokens::kind.eq(kind))
        .filter(tenants::deleted_at.is_null())
        .select((StandingRow::as_select(), TokenRow::as_select()))
        .first(c)
        .await
        .optional())?)
}

/// Writes down which token stands now.
pub(crate) async fn put(tx: &mut Tx, row: &StandingRow) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::insert_into(standing_tokens::table)
        .values(row)
        .on_conflict((standing_tokens::tenant_id, standing_tokens::user_id, standing_tokens::kind))
        .do_update()
        .set((standing_tokens::token_id.eq(row.token_id), standing_tokens::generation.eq(row.generation)))
        .execute(c)
        .await)?;
    Ok(())
}

/// Removes a user's standing credentials.
pub(crate) async fn delete(tx: &mut Tx, tenant: TenantId, user: UserId) -> StoreResult<()> {
    let theirs =
        standing_tokens::table.filter(standing_tokens::tenant_id.eq(tenant)).filter(standing_tokens::user_id.eq(user));
    on_conn!(tx, |c| diesel::delete(theirs).execute(c).await)?;
    Ok(())
}

/// Removes the standing credentials of up to `limit` users of a tenant; says how many.
pub(crate) async fn erase_some(tx: &mut Tx, tenant: TenantId, limit: i64) -> StoreResult<usize> {
    let some = standing_tokens::table
        .filter(standing_tokens::tenant_id.eq(tenant))
        .order(standing_tokens::user_id)
        .limit(limit)
        .select(standing_tokens::user_id);
    let users: Vec<UserId> = on_conn!(tx, |c| some.load(c).await)?;
    let theirs = standing_tokens::table
        .filter(standing_tokens::tenant_id.eq(tenant))
        .filter(standing_tokens::user_id.eq_any(users));
    Ok(on_conn!(tx, |c| diesel::delete(theirs).execute(c).await)?)
}
