//! Moves one outbox's events to one group.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use store::{Db, StoreResult};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use super::Acks;
use crate::consumer::{Backoff, Group, Part, pause};
use crate::envelope::{Delivery, consuming};
use crate::metrics;
use crate::outbox::{self, Outbox};

/// With so many rows done here and not marked (another group is stuck), the oldest of them are no longer read again and
/// again: reading begins above the [`Floor`].
const MANY_DONE: u64 = 10_000;
/// How long after a row was read lower ids may still be committed, in other chats. Far longer than any transaction.
const LATECOMERS: Duration = Duration::from_mins(1);
/// While there is always something new behind the last row, what a waiting partition left is looked for this often.
const SWEEP: Duration = Duration::from_millis(100);

/// Moves the events of `service`'s outbox that `group` hears.
pub(crate) struct Pump {
    pub service: String,
    /// The outbox's database.
    pub source: Db,
    pub outbox: Outbox,
    pub types: Vec<&'static str>,
    pub group: Group,
    pub acks: Arc<Acks>,
    /// One batch of a group at a time, whichever outbox it is of, as on RabbitMQ: what a handler looked up before is still so
    /// when it goes by it. On PostgreSQL nothing else would hold two batches with events of one chat apart.
    pub turn: Arc<Mutex<()>>,
    pub poll: Duration,
}

/// How far a pump has come.
#[derive(Default)]
struct Progress {
    blocked: BTreeMap<u8, Blocked>,
    floor: Floor,
    /// Up to which row everything was done when it was last looked for, and when that was; `None` while something is known to be
    /// left, and always on PostgreSQL.
    ///
    /// SQLite has one writer at a time, so what is new is behind that row. On PostgreSQL a row may get its id sooner and be
    /// committed later; whoever reads on from the last row then finds what follows it in its chat, and not the row itself.
    swept: Option<(i64, Instant)>,
}

/// A partition in which an event has to be retried.
struct Blocked {
    /// The row it stands at.
    at: i64,
    backoff: Backoff,
}

/// Up to where everything is done for good.
#[derive(Default)]
struct Floor {
    reached: VecDeque<(Instant, i64)>,
}

impl Pump {
    pub(crate) async fn run(self, shutdown: CancellationToken) {
        let mut woken = self.outbox.woken();
        let mut progress = Progress::default();
        let mut database = Backoff::new(Backoff::CONNECTIONS);
        while !shutdown.is_cancelled() {
            woken.mark_unchanged();
            let idle = match self.round(&mut progress).await {
                Ok(done) if done > 0 => {
                    database.succeeded();
                    if done < self.group.batch() {
                        pause(self.group.gather(done)).await;
                    }
                    continue;
                }
                Ok(_) => {
                    let next = progress.blocked.values().filter_map(|b| b.backoff.waits_until()).min();
                    next.map_or(self.poll, |at| at.saturating_duration_since(Instant::now())).min(self.poll)
                }
                Err(cause) => {
                    progress.swept = None;
                    tracing::warn!(service = self.service, group = self.group.name(), error.cause_chain = ?cause,
                        "could not read the outbox");
                    database.failed()
                }
            };
            let woken = tokio::select! {
                () = shutdown.cancelled() => false,
                _ = woken.changed() => true,
                () = tokio::time::sleep(idle) => false,
            };
            if woken {
                pause(self.group.head_start()).await;
            }
        }
    }

    /// Reads a batch and has it applied; answers how many events were.
    async fn round(&self, progress: &mut Progress) -> StoreResult<usize> {
        let mut rows = match self.behind(progress).await? {
            new if new.is_empty() => self.sweep(progress).await?,
            new => new,
        };
        let steps: Vec<_> = rows.iter_mut().map(|(_, delivery)| consuming(delivery, self.group.name())).collect();
        let blocked = &mut progress.blocked;
        // What a waiting partition stands at keeps the age it had when it was tried last.
        if !rows.is_empty() || blocked.is_empty() {
            let oldest = rows.iter().map(|(_, d)| d.envelope.occurred_at).min();
            metrics::consumer_lag(self.group.name(), &self.service, oldest, self.group.clock.now());
        }
        let parts = divide(&rows);
        let deliveries = |rows: &[&(i64, Delivery)]| rows.iter().map(|row| row.0).collect::<Vec<_>>();
        let ids: BTreeMap<u8, Vec<i64>> = parts.iter().map(|(p, rows)| (*p, deliveries(rows))).collect();
        let parts: Vec<Part<'_>> = parts
            .into_iter()
            .map(|(partition, rows)| Part { partition, deliveries: rows.into_iter().map(|(_, d)| d).collect() })
            .collect();
        let mut applied = 0;
        let outcomes = {
            let _turn = self.turn.lock().await;
            self.group.consume(&parts).await
        };
        for (part, outcome) in parts.iter().zip(outcomes) {
            let ids = &ids[&part.partition];
            let done = ids.iter().copied().zip(part.deliveries.iter().map(|d| d.envelope.event_type.as_str()));
            self.acks.ack(self.group.name(), done.take(outcome.done));
            applied += outcome.done;
            if outcome.waits {
                let entry = blocked.entry(part.partition);
                let at = ids.get(outcome.done).copied().unwrap_or_default();
                let entry = entry.or_insert_with(|| Blocked { at, backoff: Backoff::new(Backoff::EVENTS) });
                entry.at = at;
                entry.backoff.failed();
            } else {
                blocked.remove(&part.partition);
            }
        }
        drop(steps);
        if !blocked.is_empty() {
            progress.swept = None;
        }
        Ok(applied)
    }

    /// What is new behind the last row, where that is all there can be.
    async fn behind(&self, progress: &mut Progress) -> StoreResult<Vec<(i64, Delivery)>> {
        let Some((last, at)) = progress.swept.filter(|(_, at)| at.elapsed() < SWEEP) else { return Ok(Vec::new()) };
        let rows = outbox::behind(&self.source.read().await?, &self.types, last, self.group.batch()).await?;
        if let Some((last, _)) = rows.last() {
            progress.swept = Some((*last, at));
        }
        Ok(rows)
    }

    /// The oldest rows that this group has not done yet, outside partitions that wait.
    async fn sweep(&self, progress: &mut Progress) -> StoreResult<Vec<(i64, Delivery)>> {
        let Progress { blocked, floor, swept } = progress;
        // Taken before the query: what is marked meanwhile is then known as done, or not read.
        let done = self.acks.of(self.group.name());
        let above = if done.len() > MANY_DONE { floor.now(blocked) } else { 0 };
        let waiting: Vec<u8> =
            blocked.iter().filter(|(_, b)| b.backoff.waits_until().is_some()).map(|(p, _)| *p).collect();
        let batch = self.group.batch();
        let limit = batch + usize::try_from(done.len()).unwrap_or(usize::MAX - batch);
        let conn = self.source.read().await?;
        let ids = outbox::waiting(&conn, &self.types, &waiting, above, limit).await?;
        let last = ids.last().copied();
        let new: Vec<i64> = ids.into_iter().filter(|id| !done.contains(id.unsigned_abs())).take(batch).collect();
        let before = swept.take().map_or(0, |(last, _)| last);
        if new.len() < batch && blocked.is_empty() && !self.source.is_postgres() {
            *swept = Some((last.unwrap_or_default().max(before), Instant::now()));
        }
        if new.is_empty() {
            floor.reach(last);
            return Ok(Vec::new());
        }
        outbox::rows(&conn, &new).await
    }
}

impl Floor {
    /// Everything up to `id` is done, as far as it is visible.
    fn reach(&mut self, id: Option<i64>) {
        let lately = self.reached.back().is_some_and(|(at, _)| at.elapsed() < LATECOMERS / 12);
        if let Some(id) = id.filter(|_| !lately) {
            self.reached.push_back((Instant::now(), id));
        }
    }

    /// The highest id below which nothing can appear any more and no partition waits.
    fn now(&mut self, blocked: &BTreeMap<u8, Blocked>) -> i64 {
        while self.reached.get(1).is_some_and(|(at, _)| at.elapsed() > LATECOMERS) {
            self.reached.pop_front();
        }
        let settled = self.reached.front().filter(|(at, _)| at.elapsed() > LATECOMERS).map_or(0, |(_, id)| *id);
        blocked.values().map(|b| b.at - 1).fold(settled, i64::min)
    }
}

/// The rows by partition, each in order.
fn divide(rows: &[(i64, Delivery)]) -> BTreeMap<u8, Vec<&(i64, Delivery)>> {
    let mut parts = BTreeMap::<u8, Vec<_>>::new();
    for row in rows {
        parts.entry(row.1.envelope.partition).or_default().push(row);
    }
    parts
}
