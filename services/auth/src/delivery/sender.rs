//! The task that sends what waits.

use std::sync::Arc;
use std::time::Duration;

use domain::{Clock, CodeId, Timestamp};
use store::{Db, StoreResult};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{Parcel, Routes, SECRET, SecretOf, Undelivered};
use crate::config::Settings;
use crate::secrets::{self, Origin};
use crate::store::outgoing;
use crate::store::rows::OutgoingRow;
use host::keys::InstanceKeys;

/// A lease outlasts the attempt it is for by this, so that its outcome can be written.
const LEASE_MARGIN: Duration = Duration::from_secs(30);

/// Sends what waits, several at a time.
#[derive(Clone)]
pub(crate) struct Sender {
    db: Db,
    clock: Clock,
    keys: InstanceKeys,
    routes: Routes,
    wake: Arc<Notify>,
    poll: Duration,
    parallel: usize,
    timeout: Duration,
    first: Duration,
    longest: Duration,
    give_up: Duration,
}

impl Sender {
    pub(crate) fn new(
        db: Db,
        clock: Clock,
        keys: InstanceKeys,
        routes: Routes,
        wake: Arc<Notify>,
        settings: &Settings,
    ) -> Self {
        Self {
            db,
            clock,
            keys,
            routes,
            wake,
            poll: settings.poll(),
            parallel: settings.send_parallel.max(1),
            timeout: Duration::from_millis(settings.send_timeout_ms.max(1)),
            first: Duration::from_millis(settings.send_retry_first_ms.max(1)),
            longest: Duration::from_millis(settings.send_retry_longest_ms.max(1)),
            give_up: Duration::from_secs(u64::from(settings.send_give_up_h) * 3600),
        }
    }

    /// Goes on until `stop`; then ends when what is being sent has been.
    pub(crate) async fn run(self, stop: CancellationToken) {
        metrics::counter!("auth_logins_failed_total").increment(0);
        if self.routes.open().is_empty() {
            tracing::warn!("neither mail nor SMS leads anywhere: what is to be sent waits");
            return;
        }
        // There from the start, so that the first time is an increase.
        for channel in ["mail", "sms"] {
            metrics::counter!("auth_outgoing_total", "channel" => channel, "outcome" => "sent").increment(0);
            metrics::counter!("auth_outgoing_total", "channel" => channel, "outcome" => "given_up").increment(0);
        }
        let mut sending = JoinSet::new();
        while !stop.is_cancelled() {
            let claimed = self.claim(self.parallel - sending.len()).await.unwrap_or_else(|e| {
                tracing::warn!(error = %e, "could not look for mail and SMS to send");
                Vec::new()
            });
            let idle = claimed.is_empty();
            for row in claimed {
                let sender = self.clone();
                sending.spawn(async move { sender.attempt(row).await });
            }
            if idle || sending.len() >= self.parallel {
                tokio::select! {
                    () = stop.cancelled() => {}
                    Some(_) = sending.join_next() => {}
                    () = self.wake.notified(), if sending.len() < self.parallel => {}
                    () = tokio::time::sleep(self.poll), if sending.len() < self.parallel => {}
                }
            }
        }
        while sending.join_next().await.is_some() {}
    }

    async fn claim(&self, limit: usize) -> StoreResult<Vec<OutgoingRow>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let now = self.clock.now();
        let lease = plus(now, self.timeout + LEASE_MARGIN);
        if !self.any_due(now).await? {
            return Ok(Vec::new());
        }
        let mut tx = self.db.begin().await?;
        let claimed = outgoing::claim(&mut tx, &self.routes.open(), now, lease, limit).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    /// Asked first, so that an idle sender does not take SQLite's turn to write again and again.
    async fn any_due(&self, now: Timestamp) -> StoreResult<bool> {
        let conn = self.db.read().await?;
        outgoing::any_due(&conn, &self.routes.open(), now).await
    }

    async fn attempt(&self, row: OutgoingRow) {
        let (id, attempts, channel) = (row.id, row.attempts, row.channel.clone());
        let age_limit = plus(row.created_at, self.give_up);
        let outcome = match self.parcel(row) {
            Ok(parcel) => timeout(self.timeout, self.routes.send(&channel, parcel, self.clock.now()))
                .await
                .unwrap_or_else(|_| Err(Undelivered::NotNow("it took too long".to_owned()))),
            Err(e) => Err(Undelivered::NotNow(e.to_string())),
        };
        let now = self.clock.now();
        let (word, due) = match outcome {
            Ok(()) => ("sent", None),
            Err(Undelivered::Never(why)) => {
                tracing::warn!(%id, channel, why, "cannot be sent, ever");
                ("refused", None)
            }
            Err(Undelivered::NotNow(why)) if now < age_limit => {
                tracing::warn!(%id, channel, why, attempts, "could not be sent; trying again later");
                ("failed", Some(plus(now, self.pause(attempts))))
            }
            Err(Undelivered::NotNow(why)) => {
                tracing::error!(%id, channel, why, attempts, "could not be sent for too long; given up");
                ("given_up", None)
            }
        };
        metrics::counter!("auth_outgoing_total", "channel" => channel, "outcome" => word).increment(1);
        if let Err(e) = self.settle(id, attempts, due).await {
            tracing::warn!(error = %e, %id, "could not write down the outcome; it will be tried again");
        }
    }

    async fn settle(&self, id: domain::MessageId, attempts: i64, due: Option<Timestamp>) -> StoreResult<()> {
        let mut tx = self.db.begin().await?;
        match due {
            Some(due) => outgoing::postpone(&mut tx, id, attempts, due).await?,
            None => outgoing::done(&mut tx, id, attempts).await?,
        }
        tx.commit().await
    }

    fn parcel(&self, row: OutgoingRow) -> StoreResult<Parcel> {
        let secret = if row.secret_of == SecretOf::Code.as_str() {
            secrets::code(&self.keys, &row.key_id, CodeId::from_uuid(row.invitation_id.uuid()))?
        } else {
            let origin = Origin { key_id: &row.key_id, generation: row.generation };
            origin.invitation(&self.keys, row.invitation_id)?
        };
        Ok(Parcel {
            id: row.id.to_string(),
            to: row.recipient,
            subject: row.subject,
            text: row.body.replace(SECRET, &secret),
        })
    }

    /// Doubles with each attempt.
    fn pause(&self, attempts: i64) -> Duration {
        let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(20);
        self.first.saturating_mul(1 << doublings).min(self.longest)
    }
}

fn plus(at: Timestamp, more: Duration) -> Timestamp {
    at.plus_micros(i64::try_from(more.as_micros()).unwrap_or(i64::MAX))
}
