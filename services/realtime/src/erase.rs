//! Erases deleted tenants: a few rows per transaction, so that nobody else waits long; and once more a little later, for
//! events that were under way.

use std::sync::Arc;

use domain::{Clock, TenantId};
use store::{Db, StoreResult};
use tokio_util::sync::CancellationToken;

use crate::heads::Heads;
use crate::store::{erasures, feed};

/// Two instances may sweep the same tenant: whoever comes second finds less.
pub struct Eraser {
    pub db: Db,
    pub clock: Clock,
    pub heads: Arc<Heads>,
    pub rows: i64,
    pub again_s: i64,
}

impl Eraser {
    /// Erases what is due.
    pub async fn round(&self, stop: &CancellationToken) -> StoreResult<()> {
        let due = erasures::due(&mut self.db.read().await?, self.clock.now()).await?;
        for (tenant, swept) in due {
            while self.some(tenant).await? > 0 {
                if stop.is_cancelled() {
                    return Ok(());
                }
            }
            let mut tx = self.db.begin().await?;
            feed::erase_head(&mut tx, tenant).await?;
            if swept {
                erasures::done(&mut tx, tenant).await?;
            } else {
                erasures::again(&mut tx, tenant, self.clock.now().plus_seconds(self.again_s)).await?;
            }
            tx.commit().await?;
            self.heads.forget(tenant);
            tracing::info!(%tenant, last = swept, "erased a deleted tenant");
        }
        Ok(())
    }

    async fn some(&self, tenant: TenantId) -> StoreResult<usize> {
        let mut tx = self.db.begin().await?;
        let gone = erasures::sweep(&mut tx, tenant, self.rows).await?;
        tx.commit().await?;
        Ok(gone)
    }
}
