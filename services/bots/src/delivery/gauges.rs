//! What waits, for `/metrics`: looked up at an interval, so that a scrape costs nothing.

use std::time::Duration;

use domain::DeliveryState;
use store::StoreResult;
use tokio_util::sync::CancellationToken;

use super::Delivery;
use crate::store::lanes;

/// How often what waits is counted.
const EVERY: Duration = Duration::from_secs(10);
/// Lanes looked at: more than so many are a fire whose exact size matters to nobody.
const LANES: i64 = 5_000;

impl Delivery {
    /// Counts what waits, now and then, until `stop`.
    pub(super) async fn gauges(&self, stop: &CancellationToken) {
        register();
        let work = async {
            loop {
                if let Err(error) = self.count_waiting().await {
                    tracing::warn!(error = %error, "could not count what waits to be delivered; trying again");
                }
                tokio::time::sleep(EVERY).await;
            }
        };
        stop.run_until_cancelled(work).await;
    }

    async fn count_waiting(&self) -> StoreResult<()> {
        let (waiting, failing) = lanes::backlog(&self.0.db.read().await?, LANES).await?;
        #[expect(clippy::cast_precision_loss, reason = "a gauge; far below 2^53")]
        let (waiting, failing) = (waiting as f64, failing as f64);
        metrics::gauge!("bots_deliveries_waiting").set(waiting);
        metrics::gauge!("bots_lanes_failing").set(failing);
        Ok(())
    }
}

/// What counts what goes wrong is there from the start, so that its first time is an increase.
fn register() {
    metrics::gauge!("bots_breakers_open").set(0.0);
    metrics::gauge!("bots_due_lag_seconds").set(0.0);
    metrics::counter!("bots_webhooks_disabled_total").increment(0);
    metrics::counter!("bots_deliveries_queued_total").increment(0);
    metrics::counter!("bots_attempts_failed_total", "why" => "timeout").increment(0);
    for state in [DeliveryState::Delivered, DeliveryState::Rejected, DeliveryState::Parked, DeliveryState::Cancelled] {
        metrics::counter!("bots_deliveries_total", "state" => state.as_str()).increment(0);
    }
}
