//! Erases deleted tenants: a few rows per transaction, so that nobody else waits long; and once more a little later, for
//! requests that were under way.

use domain::{Clock, TenantId};
use store::{Db, StoreResult};
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::store::erasures;

/// Two instances may sweep the same tenant: whoever comes second finds less.
pub struct Eraser {
    db: Db,
    clock: Clock,
    rows: i64,
    again_s: i64,
}

impl Eraser {
    pub fn new(db: Db, clock: Clock, settings: &Settings) -> Self {
        let (rows, again_s) = (i64::from(settings.erase_rows.max(1)), settings.erase_again_s.into());
        Self { db, clock, rows, again_s }
    }

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
            host::once::forget(&mut tx, tenant).await?;
            if swept {
                erasures::done(&mut tx, tenant).await?;
            } else {
                erasures::again(&mut tx, tenant, self.clock.now().plus_seconds(self.again_s)).await?;
            }
            tx.commit().await?;
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
