//! What is seen to when nobody asks: in turns, and at once when there is something to tell `chats`.

use std::future::Future;
use std::sync::Arc;

use contracts::bots::BotsError;
use store::Fault;
use tokio_util::sync::CancellationToken;

use crate::service::Bots;

impl Bots {
    /// Hands over, assigns, tells and erases until `stop`. Several instances may be at it: whoever comes second finds less.
    pub(crate) async fn see_to_interactions(self: Arc<Self>, stop: CancellationToken) {
        let mut next = tokio::time::Instant::now();
        while !stop.is_cancelled() {
            let woken = tokio::select! {
                () = stop.cancelled() => return,
                () = self.untold().notified() => true,
                () = tokio::time::sleep_until(next) => false,
            };
            self.tried("tell chats of handovers", self.tell_all()).await;
            if woken {
                continue;
            }
            self.tried("hand over customers of bots that are gone", self.hand_over_orphans()).await;
            self.tried("hand over customers of bots that cannot be reached", self.hand_over_unreachable()).await;
            self.tried("assign customers who wait", self.assign_all()).await;
            self.tried("erase deleted tenants", async { Ok(self.eraser().round(&stop).await?) }).await;
            next = tokio::time::Instant::now() + self.poll();
        }
    }

    async fn tried(&self, what: &str, work: impl Future<Output = Result<(), Fault<BotsError>>>) {
        if let Err(error) = work.await {
            tracing::warn!(error = %error, "could not {what}; trying again");
        }
    }
}
