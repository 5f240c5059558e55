//! Erases deleted tenants chat by chat, a bounded number of rows per transaction, so that nobody waits long for a large
//! one; and once more a little later, for requests that were under way.
//!
//! Each step can be repeated; two instances at the same tenant do no harm.

use std::sync::Arc;
use std::time::Duration;

use domain::{ChatId, Clock, TenantId, Timestamp};
use store::{Db, StoreResult};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::store::{days, erase};

pub(crate) struct Eraser {
    db: Db,
    clock: Clock,
    wake: Arc<Notify>,
    poll: Duration,
    rows: i64,
    again_s: i64,
}

impl Eraser {
    pub(crate) fn new(db: Db, clock: Clock, wake: Arc<Notify>, settings: &Settings) -> Self {
        let rows = i64::from(settings.erase_rows.max(1));
        Self { db, clock, wake, poll: settings.poll(), rows, again_s: i64::from(settings.erase_again_s) }
    }

    /// Works until `stop`. A transaction in which it is stopped rolls back.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let work = async {
            loop {
                if let Err(e) = self.round().await {
                    tracing::warn!(error = %e, "could not erase; trying again");
                }
                // Whether woken or not: the transaction that woke us may not have been committed yet.
                let _ = tokio::time::timeout(self.poll, self.wake.notified()).await;
            }
        };
        stop.run_until_cancelled(work).await;
    }

    async fn round(&self) -> StoreResult<()> {
        let asked = erase::asked(&self.db.read().await?).await?;
        for (tenant, since) in asked {
            self.tenant(tenant, since).await?;
        }
        Ok(())
    }

    async fn tenant(&self, tenant: TenantId, since: Timestamp) -> StoreResult<()> {
        // Asked before the sweep: what is written during it is swept once more.
        let last = self.clock.now() >= since.plus_seconds(self.again_s);
        while let Some(chat) = erase::next_chat(&self.db.read().await?, tenant).await? {
            while self.some_of(chat).await? {}
        }
        let mut tx = self.db.begin().await?;
        days::erase(&mut tx, tenant).await?;
        if last {
            erase::done(&mut tx, tenant).await?;
        }
        tx.commit().await?;
        if last {
            tracing::info!(tenant.id = %tenant, "erased tenant {tenant}");
        }
        Ok(())
    }

    /// Whether something of the chat is left.
    async fn some_of(&self, chat: ChatId) -> StoreResult<bool> {
        let mut tx = self.db.begin().await?;
        let messages = erase::messages_of(&mut tx, chat, self.rows).await?;
        let keys = erase::keys_of(&mut tx, chat, self.rows).await?;
        let left = messages + keys > 0;
        if !left {
            erase::head_of(&mut tx, chat).await?;
        }
        tx.commit().await?;
        Ok(left)
    }
}
