//! What is left of deleted tenants, and its removal a few rows at a time.

use std::sync::Arc;

use domain::TenantId;
use futures_util::future::BoxFuture;
use host::erase::Sweep;
use store::{StoreResult, Tx};

use super::{feed, members, presence};
use crate::heads::Heads;

/// What this service has of a tenant.
pub struct Rows(pub Arc<Heads>);

impl Sweep for Rows {
    fn some<'a>(&'a self, tx: &'a mut Tx, tenant: TenantId, rows: i64) -> BoxFuture<'a, StoreResult<usize>> {
        Box::pin(sweep(tx, tenant, rows))
    }
    fn rest<'a>(&'a self, tx: &'a mut Tx, tenant: TenantId) -> BoxFuture<'a, StoreResult<()>> {
        Box::pin(feed::erase_head(tx, tenant))
    }
    fn forget(&self, tenant: TenantId) {
        self.0.forget(tenant);
    }
}

async fn sweep(tx: &mut Tx, tenant: TenantId, rows: i64) -> StoreResult<usize> {
    let gone = feed::erase(tx, tenant, rows).await?;
    if gone > 0 {
        return Ok(gone);
    }
    let gone = members::erase(tx, tenant, rows).await?;
    if gone > 0 { Ok(gone) } else { presence::erase(tx, tenant, rows).await }
}
