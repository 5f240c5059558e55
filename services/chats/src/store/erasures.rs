//! What is left of deleted tenants, and its removal a few rows at a time.

use diesel::prelude::*;
use domain::{ChatId, TenantId, UserId};
use futures_util::future::BoxFuture;
use host::erase::Sweep;
use store::{RunQueryDsl, StoreResult, Tx, on_conn};

use super::schema::{chats, documents, participants, tenant_heads, user_heads};

/// What this service has of a tenant.
pub struct Rows;

impl Sweep for Rows {
    fn some<'a>(&'a self, tx: &'a mut Tx, tenant: TenantId, rows: i64) -> BoxFuture<'a, StoreResult<usize>> {
        Box::pin(sweep(tx, tenant, rows))
    }
    fn rest<'a>(&'a self, tx: &'a mut Tx, tenant: TenantId) -> BoxFuture<'a, StoreResult<()>> {
        Box::pin(sweep_rest(tx, tenant))
    }
}

/// Removes up to `rows` chats, with who took part, or heads of users; says how many.
async fn sweep(tx: &mut Tx, tenant: TenantId, rows: i64) -> StoreResult<usize> {
    let some = chats::table.filter(chats::tenant.eq(tenant)).limit(rows).select(chats::id);
    let ids: Vec<ChatId> = on_conn!(tx, |c| some.load(c).await)?;
    if !ids.is_empty() {
        on_conn!(tx, |c| {
            diesel::delete(participants::table.filter(participants::chat.eq_any(ids.clone()))).execute(c).await?;
            diesel::delete(documents::table.filter(documents::chat.eq_any(ids.clone()))).execute(c).await?;
            diesel::delete(chats::table.filter(chats::id.eq_any(ids.clone()))).execute(c).await
        })?;
        return Ok(ids.len());
    }
    let some = user_heads::table.filter(user_heads::tenant.eq(tenant)).limit(rows).select(user_heads::user_id);
    let users: Vec<UserId> = on_conn!(tx, |c| some.load(c).await)?;
    let gone = user_heads::table.filter(user_heads::user_id.eq_any(users));
    Ok(on_conn!(tx, |c| diesel::delete(gone).execute(c).await)?)
}

/// Removes the tenant's head and its kept answers.
async fn sweep_rest(tx: &mut Tx, tenant: TenantId) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::delete(tenant_heads::table.find(tenant)).execute(c).await)?;
    host::once::forget(tx, tenant).await
}
