//! A consumer group at work: batches, one transaction each, on both buses.
//!
//! A batch holds events of several partitions, each partition's in order. All go into one transaction: inbox, handlers,
//! commit; only then are they acknowledged. If one of them has to be retried, each partition goes on its own, so that
//! the failing one waits alone. A rejected event is parked, and so is what follows it under the same key.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use domain::{Clock, EventId};
use store::{Db, StoreError};
use tokio::try_join;
use tracing::{debug, warn};

use crate::envelope::Delivery;
use crate::handler::{Consumers, Failure, Pace};
use crate::{inbox, metrics, parked};

/// Events in one transaction at most.
pub(crate) const BATCH: usize = 256;

/// After a batch of fewer events than fit in one the next one is gathered for so long: under a steady trickle a transaction
/// (and its fsync) less for many events, and no delay at all for the first one after a pause.
pub(crate) const GATHER: Duration = Duration::from_millis(10);

/// Once more than [`BUSY`] events came at once, a group that takes whole batches gathers for so long: each of its transactions
/// then costs others disk time, and a batch costs it little more than an event.
const GATHER_BUSY: Duration = Duration::from_millis(40);
/// See [`Consumers::lazily`].
const GATHER_LAZY: Duration = Duration::from_millis(250);
/// The same while few events come at once.
const GATHER_TRICKLE: Duration = Duration::from_millis(50);
/// See [`Consumers::lazily`].
const BATCH_LAZY: usize = 2048;
/// See [`GATHER_BUSY`].
const BUSY: usize = 32;
/// See [`Group::head_start`].
const HEAD_START: Duration = Duration::from_millis(5);

/// A transaction that takes longer is given up and tried anew.
const TIME_LIMIT: Duration = Duration::from_mins(1);

/// A group, with what it needs to apply events.
#[derive(Clone)]
pub(crate) struct Group {
    pub db: Db,
    pub consumers: Consumers,
    pub clock: Clock,
    /// Whether its events are kept until its work is on the disk: then a COMMIT need not wait for that.
    pub kept: bool,
}

/// Some deliveries of one partition, in order.
pub(crate) struct Part<'a> {
    pub partition: u8,
    pub deliveries: Vec<&'a Delivery>,
}

/// What became of a [`Part`].
pub(crate) struct Outcome {
    pub partition: u8,
    /// So many of its deliveries, from the first, are committed.
    pub done: usize,
    /// The rest has to wait.
    pub waits: bool,
}

/// Why a transaction was not committed.
enum Stopped {
    /// This event, by its place in the batch, says so.
    Retry(usize, anyhow::Error),
    /// This event can never succeed.
    Reject(EventId, anyhow::Error),
    /// The database, for all of them.
    Store(StoreError),
    /// It took longer than [`TIME_LIMIT`].
    Slow,
    /// It was to be committed without a wait for the disk, and must not be.
    ToLast,
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Group {
    pub(crate) fn name(&self) -> &str {
        self.consumers.group()
    }

    /// Events in one transaction at most.
    pub(crate) fn batch(&self) -> usize {
        if self.consumers.pace() == Pace::Lazy { BATCH_LAZY } else { BATCH }
    }

    /// How long to gather after a batch of `done` events, fewer than fit in one.
    pub(crate) fn gather(&self, done: usize) -> Duration {
        match self.consumers.pace() {
            _ if self.consumers.hurries() => Duration::ZERO,
            Pace::Batches if done > BUSY => GATHER_BUSY,
            Pace::Lazy if done > BUSY => GATHER_LAZY,
            Pace::Lazy => GATHER_TRICKLE,
            Pace::Steady | Pace::Batches => GATHER,
        }
    }

    /// How long to leave the disk to others that hear of the same events, and whom somebody waits for.
    pub(crate) fn head_start(&self) -> Duration {
        if self.consumers.pace() == Pace::Lazy { HEAD_START } else { Duration::ZERO }
    }

    /// Applies what can be applied.
    pub(crate) async fn consume(&self, parts: &[Part<'_>]) -> Vec<Outcome> {
        let all: Vec<&Delivery> = parts.iter().flat_map(|p| p.deliveries.iter().copied()).collect();
        if parts.len() > 1 && self.settle(&all).await.is_ok() {
            return parts.iter().map(Part::done).collect();
        }
        let mut outcomes = Vec::with_capacity(parts.len());
        for part in parts {
            outcomes.push(self.consume_alone(part).await);
        }
        outcomes
    }

    async fn consume_alone(&self, part: &Part<'_>) -> Outcome {
        let waiting = |done| Outcome { partition: part.partition, done, waits: true };
        let stopped = match self.settle(&part.deliveries).await {
            Ok(()) => return part.done(),
            Err(stopped) => stopped,
        };
        metrics::retried(self.name());
        match stopped {
            Stopped::Retry(place, cause) => {
                let event = &part.deliveries[place].envelope;
                warn!(group = self.name(), event.id = %event.event, event.r#type = event.event_type, partition = part.partition,
                    error.cause_chain = ?cause, "an event could not be applied yet; its partition waits");
                let before = &part.deliveries[..place];
                let ready = !before.is_empty() && self.settle(before).await.is_ok();
                waiting(if ready { place } else { 0 })
            }
            Stopped::Store(cause) => {
                warn!(group = self.name(), partition = part.partition, error.cause_chain = ?cause,
                    "events could not be stored yet; their partition waits");
                waiting(0)
            }
            Stopped::Slow => {
                warn!(group = self.name(), partition = part.partition, "applying events took more than a minute");
                waiting(0)
            }
            Stopped::Reject(..) | Stopped::ToLast => waiting(0),
        }
    }

    /// All of `batch` or nothing, with rejected events parked: each one found means another try without it. So does work that turns
    /// out to have to last.
    async fn settle(&self, batch: &[&Delivery]) -> Result<(), Stopped> {
        let mut rejected = BTreeMap::new();
        let mut synced = !(self.kept && self.consumers.can_be_redone());
        loop {
            let attempt = tokio::time::timeout(TIME_LIMIT, self.attempt(batch, &rejected, synced));
            match attempt.await.unwrap_or(Err(Stopped::Slow)) {
                Err(Stopped::ToLast) => synced = true,
                Err(Stopped::Reject(event, cause)) => {
                    let reason = format!("{cause:#}");
                    warn!(group = self.name(), event.id = %event, reason, "an event is parked");
                    rejected.insert(event, reason);
                }
                other => return other,
            }
        }
    }

    async fn attempt(
        &self,
        batch: &[&Delivery],
        rejected: &BTreeMap<EventId, String>,
        synced: bool,
    ) -> Result<(), Stopped> {
        let now = self.clock.now();
        self.consumers.prepare(batch).await;
        let begin = if synced { self.db.begin() } else { self.db.begin_unsynced() };
        let mut tx = begin.await?;
        let events = batch.iter().map(|d| d.envelope.event).collect();
        let keys = batch.iter().map(|d| d.envelope.key).collect();
        let new = inbox::first_time(&tx, self.name(), events, now);
        let (mut new, mut parked_keys) = try_join!(new, parked::held_keys(&tx, self.name(), keys))?;

        let (mut ready, mut aside) = (Vec::with_capacity(batch.len()), 0);
        for (place, delivery) in batch.iter().enumerate() {
            let meta = &delivery.envelope;
            if !new.remove(&meta.event) {
                debug!(event.id = %meta.event, "delivered again");
                continue;
            }
            let reason = match rejected.get(&meta.event) {
                Some(reason) => reason,
                None if parked_keys.contains(&meta.key) => parked::BEHIND,
                None => {
                    ready.push(place);
                    continue;
                }
            };
            parked::park(&mut tx, self.name(), delivery, reason, now).await?;
            parked_keys.insert(meta.key);
            aside += 1;
        }
        let deliveries: Vec<&Delivery> = ready.iter().map(|place| batch[*place]).collect();
        let committed = self.consumers.apply(&mut tx, &deliveries).await.map_err(|(at, failure)| {
            let place = ready.get(at).copied().unwrap_or_default();
            match failure {
                Failure::Retry(cause) => Stopped::Retry(place, cause),
                Failure::Reject(cause) => Stopped::Reject(batch[place].envelope.event, cause),
            }
        })?;
        if committed.is_to_last() && !tx.waits_for_disk() {
            tx.rollback().await?;
            return Err(Stopped::ToLast);
        }
        tx.commit().await?;
        committed.run();
        metrics::consumed(self.name(), ready.len());
        metrics::applied(self.name(), deliveries.iter().map(|d| d.envelope.occurred_at), self.clock.now());
        metrics::parked(self.name(), aside);
        metrics::duplicates(self.name(), batch.len() - ready.len() - aside);
        Ok(())
    }
}

impl Part<'_> {
    fn done(&self) -> Outcome {
        Outcome { partition: self.partition, done: self.deliveries.len(), waits: false }
    }
}

/// Pauses; not at all for no time, which a timer makes a millisecond.
pub(crate) async fn pause(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

/// Waiting times after failures: 100 ms, doubled up to a limit, until something succeeds.
#[derive(Debug)]
pub(crate) struct Backoff {
    failures: u32,
    limit: Duration,
    until: Option<Instant>,
}

impl Backoff {
    /// For events that fail.
    pub(crate) const EVENTS: Duration = Duration::from_secs(30);
    /// For connections that fail.
    pub(crate) const CONNECTIONS: Duration = Duration::from_secs(2);

    pub(crate) const fn new(limit: Duration) -> Self {
        Self { failures: 0, limit, until: None }
    }

    /// Notes a failure; answers how long to wait.
    pub(crate) fn failed(&mut self) -> Duration {
        let wait = Duration::from_millis(100).saturating_mul(1 << self.failures.min(16)).min(self.limit);
        self.failures += 1;
        self.until = Some(Instant::now() + wait);
        wait
    }

    pub(crate) fn succeeded(&mut self) {
        self.failures = 0;
        self.until = None;
    }

    /// When the wait ends, if it has not ended.
    pub(crate) fn waits_until(&self) -> Option<Instant> {
        self.until.filter(|until| *until > Instant::now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_limit_and_start_over() {
        let mut backoff = Backoff::new(Backoff::CONNECTIONS);
        let waits: Vec<u128> = (0..7).map(|_| backoff.failed().as_millis()).collect();
        assert_eq!(waits, [100, 200, 400, 800, 1600, 2000, 2000]);
        assert!(backoff.waits_until().is_some());
        backoff.succeeded();
        assert!(backoff.waits_until().is_none());
        assert_eq!(backoff.failed().as_millis(), 100);
    }
}
