//! Erases deleted tenants and users, a batch per transaction, so that nobody waits long for a large one.
//!
//! Each step can be repeated; two instances at the same erasure do no harm.

use std::sync::Arc;
use std::time::Duration;

use bus::Outbox;
use domain::{Clock, TenantId, UserId};
use proto_events::TokenRevoked;
use store::{Db, StoreResult};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::service::account;
use crate::store::rows::ErasureRow;
use crate::store::{doors, erasures, failures, invitations, logins, outgoing, standing, tenants, tokens};

/// Rows per transaction.
const BATCH: i64 = 500;
/// Erasures looked at in one round.
const ROUND: i64 = 100;

pub(crate) struct Eraser {
    db: Db,
    outbox: Outbox,
    clock: Clock,
    wake: Arc<Notify>,
    poll: Duration,
}

impl Eraser {
    pub(crate) fn new(db: Db, outbox: Outbox, clock: Clock, wake: Arc<Notify>, poll: Duration) -> Self {
        Self { db, outbox, clock, wake, poll }
    }

    pub(crate) async fn run(self, stop: CancellationToken) {
        let work = async {
            loop {
                match self.round().await {
                    Ok(true) => {}
                    Ok(false) => self.rest().await,
                    Err(e) => {
                        tracing::warn!(error = %e, "could not erase; trying again");
                        tokio::time::sleep(self.poll).await;
                    }
                }
            }
        };
        // A transaction in which it is stopped rolls back.
        stop.run_until_cancelled(work).await;
    }

    async fn rest(&self) {
        // Whether woken or not: the transaction that woke us may not have been committed yet.
        let _ = tokio::time::timeout(self.poll, self.wake.notified()).await;
    }

    /// Whether there was anything to erase.
    async fn round(&self) -> StoreResult<bool> {
        let waiting = {
            let conn = self.db.read().await?;
            erasures::oldest(&conn, ROUND).await?
        };
        for erasure in &waiting {
            match erasure.user_id {
                Some(user) => self.user(erasure, user).await?,
                None => self.tenant(erasure).await?,
            }
        }
        Ok(!waiting.is_empty())
    }

    /// Revokes what a user held, and forgets their invitations.
    async fn user(&self, erasure: &ErasureRow, user: UserId) -> StoreResult<()> {
        let tenant = erasure.tenant_id;
        while self.revoke_some(tenant, user).await? {}
        loop {
            let mut tx = self.db.begin().await?;
            let erased = outgoing::erase_some(&mut tx, tenant, Some(user), BATCH).await?
                + invitations::erase_some(&mut tx, tenant, Some(user), BATCH).await?
                + doors::erase_codes(&mut tx, tenant, Some(user), BATCH).await?;
            if erased == 0 {
                // Once more, in case something was made while the user's end was on its way here.
                logins::delete(&mut tx, tenant, user).await?;
                standing::delete(&mut tx, tenant, user).await?;
                erasures::done(&mut tx, erasure.id).await?;
            }
            tx.commit().await?;
            if erased == 0 {
                return Ok(());
            }
        }
    }

    async fn revoke_some(&self, tenant: TenantId, user: UserId) -> StoreResult<bool> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let revoked = tokens::revoke_some(&mut tx, tenant, user, now, BATCH).await?;
        let told = revoked.iter().map(|&token| self.outbox.row(&TokenRevoked { tenant, token }, now, None));
        self.outbox.append_many(&tx, told.collect()).await?;
        tx.commit().await?;
        self.outbox.wake();
        Ok(!revoked.is_empty())
    }

    /// Removes every row of a tenant, its own last.
    async fn tenant(&self, erasure: &ErasureRow) -> StoreResult<()> {
        while self.some_of(erasure.tenant_id).await? {}
        let mut tx = self.db.begin().await?;
        host::once::forget(&mut tx, erasure.tenant_id).await?;
        tenants::erase(&mut tx, erasure.tenant_id).await?;
        erasures::done_with(&mut tx, erasure.tenant_id).await?;
        tx.commit().await?;
        tracing::info!(tenant.id = %erasure.tenant_id, "erased tenant {}", erasure.tenant_id);
        Ok(())
    }

    /// Whether something of the tenant was there, and is gone now.
    async fn some_of(&self, tenant: TenantId) -> StoreResult<bool> {
        let mut tx = self.db.begin().await?;
        let held = tokens::some_of_tenant(&tx, tenant, BATCH).await?;
        let (ids, requests): (Vec<_>, Vec<_>) = held.into_iter().unzip();
        erasures::forget_requests(&mut tx, requests.into_iter().flatten().collect()).await?;
        tokens::erase(&mut tx, &ids).await?;

        let held = logins::some_of_tenant(&tx, tenant, BATCH).await?;
        let (users, keys): (Vec<_>, Vec<_>) = held.into_iter().unzip();
        failures::erase(&mut tx, keys.iter().map(|key| account(key).to_vec()).collect()).await?;
        logins::erase(&mut tx, &users).await?;

        let others = standing::erase_some(&mut tx, tenant, BATCH).await?
            + outgoing::erase_some(&mut tx, tenant, None, BATCH).await?
            + invitations::erase_some(&mut tx, tenant, None, BATCH).await?
            + doors::erase_codes(&mut tx, tenant, None, BATCH).await?
            + doors::erase_passwords(&mut tx, tenant, BATCH).await?;
        tx.commit().await?;
        Ok(ids.len() + users.len() + others > 0)
    }
}
