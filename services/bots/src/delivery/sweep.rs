//! What goes on beside sending: old deliveries are forgotten, secrets come under the newest key.

use std::time::Duration;

use store::StoreResult;
use tokio_util::sync::CancellationToken;

use super::Delivery;
use crate::store::{deliveries, endpoints};

/// Tenants looked at in one step.
const TENANTS: i64 = 500;

impl Delivery {
    /// Forgets old deliveries, now and then, until `stop`.
    pub(super) async fn sweep(&self, stop: &CancellationToken) {
        let every = Duration::from_secs(self.0.settings.sweep_s.max(1).into());
        let work = async {
            loop {
                match self.0.known.reseal().await {
                    Ok(0) => {}
                    Ok(left) => tracing::error!(left, "secrets are encrypted under keys that are not configured"),
                    Err(error) => tracing::warn!(error = %error, "could not put secrets under the newest key"),
                }
                if let Err(error) = self.forget().await {
                    tracing::warn!(error = %error, "could not forget old deliveries; trying again");
                }
                tokio::time::sleep(every).await;
            }
        };
        // Every step is a transaction of its own: stopping between two of them leaves nothing half done.
        stop.run_until_cancelled(work).await;
    }

    /// Forgets the settled deliveries that are older than is said.
    ///
    /// # Errors
    /// The store's.
    pub async fn forget(&self) -> StoreResult<()> {
        let before = self.0.clock.now().plus_seconds(-86_400 * i64::from(self.0.settings.kept_days.max(1)));
        let rows = i64::from(self.0.settings.sweep_rows.max(1));
        let mut after = None;
        loop {
            let tenants = endpoints::tenants(&self.0.db.read().await?, after, TENANTS).await?;
            let Some(last) = tenants.last() else { return Ok(()) };
            after = Some(*last);
            for tenant in tenants {
                loop {
                    let mut tx = self.0.db.begin().await?;
                    let gone = deliveries::forget(&mut tx, tenant, before, rows).await?;
                    tx.commit().await?;
                    if gone == 0 {
                        break;
                    }
                }
            }
        }
    }
}
