//! The relay: publishes a service's outbox, with pipelined confirms, and marks what was confirmed.
//!
//! While a batch is published, the one before it is being confirmed, those before that are marked and the next one is
//! read. While nothing is left to publish, what is written is read at once, whatever is still being confirmed. Rows are published
//! in the order of their ids within each partition, and only while this instance holds the partition's lease. Should two relays overlap all the same, both send the same rows in the same order: consumers see the
//! first of each, in order.
//!
//! **The first event of a routing key goes alone.** The broker's side of a channel registers with a quorum queue when it
//! first publishes to it. While the queue has no leader yet, it refuses that event, and takes the next: in a pipeline they would
//! change places. So in each session nothing of a partition follows the first event of a routing key before that is confirmed;
//! other partitions go on.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use domain::Clock;
use domain::trace::{Step, StepKind};
use futures_util::future::BoxFuture;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{Confirmation, PublisherConfirm};
use secrecy::ExposeSecret as _;
use store::{Db, StoreResult};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::LinkError;
use super::link::{Link, within};
use super::message::{properties, routing_key};
use super::topology::declare;
use crate::consumer::{BATCH, Backoff, GATHER};
use crate::envelope::Delivery;
use crate::leases::{Held, Leases};
use crate::metrics;
use crate::outbox::{self, Outbox};
use crate::settings::BusSettings;
use crate::topology::Topology;

/// For a batch to be published and confirmed.
const CONFIRM: Duration = Duration::from_secs(30);

/// Fewer rows at once than this come too seldom to be worth a wait for more: whoever waits for one would wait for that, too.
const TRICKLE: usize = 8;

/// What was confirmed is marked within this time, together with what is confirmed meanwhile.
const MARK: Duration = Duration::from_millis(50);

/// An unpublished row.
type Row = (i64, Delivery);

/// Publishes one service's outbox.
pub(crate) struct Relay {
    pub service: String,
    pub db: Db,
    pub outbox: Outbox,
    pub settings: BusSettings,
    pub topology: Topology,
    pub clock: Clock,
}

/// A batch that was sent.
#[derive(Default)]
struct Sent {
    rows: Vec<Flying>,
    /// When the last of them was sent.
    at: Option<Instant>,
}

/// A batch on its way, until the broker has answered.
struct Flight {
    ids: Vec<i64>,
    /// Partition and routing key of each.
    to: Vec<(u8, String)>,
    answered: BoxFuture<'static, Confirmed>,
}

/// An event on its way.
struct Flying {
    id: i64,
    partition: u8,
    key: String,
    confirm: PublisherConfirm,
    /// Ends with the confirm.
    step: Option<Step>,
}

impl From<Sent> for Flight {
    fn from(sent: Sent) -> Self {
        let ids = sent.rows.iter().map(|row| row.id).collect();
        let to = sent.rows.iter().map(|row| (row.partition, row.key.clone())).collect();
        Self { ids, to, answered: Box::pin(confirm(sent)) }
    }
}

impl Flight {
    /// The partitions in which a routing key's first event is on its way.
    fn first(&self, known: &HashSet<String>) -> HashSet<u8> {
        self.to.iter().filter(|(_, key)| !known.contains(key)).map(|(partition, _)| *partition).collect()
    }
}

/// What was confirmed and is not marked yet.
#[derive(Default)]
struct Settled {
    ids: Vec<i64>,
    /// When it is to be.
    due_at: Option<Instant>,
}

impl Settled {
    fn add(&mut self, ids: Vec<i64>) {
        if !ids.is_empty() {
            self.due_at.get_or_insert_with(|| Instant::now() + MARK);
            self.ids.extend(ids);
        }
    }

    /// How long until it is to be marked.
    fn due_in(&self) -> Duration {
        self.due_at.map_or(MARK, |at| at.saturating_duration_since(Instant::now()))
    }
}

/// How far a batch got.
struct Confirmed {
    /// Confirmed rows, from the first without a gap.
    ids: Vec<i64>,
    /// Their routing keys.
    keys: Vec<String>,
    /// Since they were sent.
    took: Option<Duration>,
    result: Result<(), LinkError>,
}

impl Relay {
    pub(crate) async fn run(self, shutdown: CancellationToken) {
        let leases = Leases::start(self.db.clone(), format!("relay:{}", self.service), self.settings.lease());
        let mut backoff = Backoff::new(Backoff::CONNECTIONS);
        // Confirmed but not marked yet. Outlives connections: what is in here is not published again.
        let mut settled = Settled::default();
        while let Err(cause) = self.session(leases.held(), &mut settled, &mut backoff, &shutdown).await {
            metrics::disconnected("relay", &self.service);
            warn!(service = self.service, error.cause_chain = ?cause, "the relay connects anew");
            tokio::select! {
                () = shutdown.cancelled() => break,
                () = tokio::time::sleep(backoff.failed()) => {}
            }
        }
        self.mark(&mut settled).await;
        leases.release().await;
    }

    /// Works until shutdown or until something is wrong with the broker.
    async fn session(
        &self,
        mut held: Held,
        settled: &mut Settled,
        backoff: &mut Backoff,
        shutdown: &CancellationToken,
    ) -> Result<(), LinkError> {
        let name = format!("{} relay", self.service);
        let link = tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            link = Link::open(self.settings.url.expose_secret(), &name) => link?,
        };
        declare(&link.channel, &self.topology).await?;
        link.channel.confirm_select(ConfirmSelectOptions::default()).await?;
        backoff.succeeded();
        info!(service = self.service, "the relay is connected");
        metrics::connected("relay", &self.service, true);

        let mut woken = self.outbox.woken();
        let (mut rows, mut flying, mut known) = (Vec::new(), Flight::from(Sent::default()), HashSet::new());
        // Whether there may be rows that were not read, and whether there are some that wait for what is on its way.
        let (mut more, mut held_back) = (true, false);
        while !shutdown.is_cancelled() {
            let busy = [settled.ids.as_slice(), &flying.ids, &ids(&rows)].concat();
            if flying.ids.is_empty() {
                more |= std::mem::take(&mut held_back);
            }
            if rows.is_empty() && more {
                woken.mark_unchanged();
                rows = self.read(&held, &busy).await;
                more = false;
                continue;
            }
            if rows.is_empty() {
                tokio::select! {
                    () = shutdown.cancelled() => {}
                    confirmed = &mut flying.answered, if !flying.ids.is_empty() => {
                        known.extend(self.confirmed(confirmed, settled)?);
                        flying = Sent::default().into();
                    }
                    _ = woken.changed() => more = true,
                    () = held.changed() => more = true,
                    () = tokio::time::sleep(settled.due_in()), if !settled.ids.is_empty() => self.mark(settled).await,
                    () = tokio::time::sleep(self.settings.poll()) => more = true,
                }
                continue;
            }
            let next = async {
                if (TRICKLE..BATCH).contains(&rows.len()) {
                    tokio::time::sleep(GATHER).await;
                }
                if rows.len() < self.settings.batch() && !woken.has_changed().unwrap_or(true) {
                    return Vec::new();
                }
                woken.mark_unchanged();
                self.read(&held, &busy).await
            };
            let mark = async {
                if settled.due_in().is_zero() {
                    self.mark(settled).await;
                }
            };
            let publish = self.publish(&link, &held, &rows, &known, flying.first(&known));
            let publish = within("publish", CONFIRM, publish);
            // The queries first: while the database works on them, events are published.
            let (next, (), confirmed, sent) = tokio::join!(next, mark, flying.answered, publish);
            known.extend(self.confirmed(confirmed, settled)?);
            flying = sent?.into();
            // What was held back comes before what was read meanwhile.
            held_back = flying.ids.len() < rows.len();
            rows = if held_back { Vec::new() } else { next };
        }
        self.confirmed(flying.answered.await, settled)?;
        self.mark(settled).await;
        link.close().await;
        Ok(())
    }

    /// Notes what was confirmed; its routing keys.
    fn confirmed(&self, confirmed: Confirmed, settled: &mut Settled) -> Result<Vec<String>, LinkError> {
        let Confirmed { ids, keys, took, result } = confirmed;
        if let Some(took) = took {
            metrics::confirmed(&self.service, took);
        }
        metrics::published(&self.service, ids.len());
        settled.add(ids);
        result.inspect_err(|_| metrics::confirm_failed(&self.service))?;
        Ok(keys)
    }

    /// The next rows; none if the database does not answer.
    async fn read(&self, held: &Held, skip: &[i64]) -> Vec<Row> {
        let partitions = held.partitions();
        if partitions.is_empty() {
            return Vec::new();
        }
        let read = async {
            let conn = self.db.read().await?;
            outbox::unpublished(&conn, &partitions, skip, self.settings.batch()).await
        };
        let rows: StoreResult<Vec<Row>> = read.await;
        let rows = rows.unwrap_or_else(|cause| {
            warn!(service = self.service, error.cause_chain = ?cause, "could not read the outbox");
            Vec::new()
        });
        metrics::lag(&self.service, rows.first().map(|(_, d)| d.envelope.occurred_at), self.clock.now());
        rows
    }

    /// Marks what was confirmed; if that fails, it stays for the next time.
    async fn mark(&self, settled: &mut Settled) {
        match outbox::mark(&self.db, &settled.ids, self.clock.now()).await {
            Ok(()) => *settled = Settled::default(),
            Err(cause) => {
                warn!(service = self.service, error.cause_chain = ?cause, "could not mark published events");
                settled.due_at = Some(Instant::now() + self.settings.poll());
            }
        }
    }

    /// Sends `rows`, except those of partitions that are no longer held, and those behind the first event of a routing key.
    /// `known`: the routing keys under which something was confirmed in this session; `waiting`: the partitions that wait for
    /// a first one.
    async fn publish(
        &self,
        link: &Link,
        held: &Held,
        rows: &[Row],
        known: &HashSet<String>,
        mut waiting: HashSet<u8>,
    ) -> Result<Sent, LinkError> {
        let mut sent = Sent::default();
        // `mandatory`: an event without a queue is told apart from one that is stored.
        let options = BasicPublishOptions { mandatory: true, ..Default::default() };
        for (place, (id, delivery)) in rows.iter().enumerate() {
            let meta = &delivery.envelope;
            if waiting.contains(&meta.partition) || !held.holds(meta.partition) {
                // For the whole batch, even if it is held again in a moment: later rows may not overtake.
                waiting.insert(meta.partition);
                continue;
            }
            let (exchange, key) = (self.topology.exchange().into(), routing_key(meta));
            let to = key.as_str().into();
            let parent = meta.traceparent.as_deref();
            let step = Step::begin(StepKind::Producer, "publish", format_args!("{}", meta.event_type), parent);
            let trace = step.as_ref().map(Step::context).or(parent);
            let confirm =
                link.channel.basic_publish(exchange, to, options, &delivery.payload, properties(meta, trace)).await?;
            if !known.contains(&key) {
                waiting.insert(meta.partition);
            }
            sent.rows.push(Flying { id: *id, partition: meta.partition, key, confirm, step });
            if place % 32 == 31 {
                tokio::task::yield_now().await;
            }
        }
        sent.at = Some(Instant::now());
        Ok(sent)
    }
}

fn ids(rows: &[Row]) -> Vec<i64> {
    rows.iter().map(|(id, _)| *id).collect()
}

/// Waits for the broker's answers, in order, up to the first that is not a plain ack.
async fn confirm(sent: Sent) -> Confirmed {
    let Sent { rows, at } = sent;
    let (mut ids, mut keys) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
    let answers = async {
        for Flying { id, key, confirm, step, .. } in rows {
            taken(confirm, &key).await?;
            drop(step);
            ids.push(id);
            keys.push(key);
        }
        Ok(())
    };
    let result = within("confirm", CONFIRM, answers).await;
    let took = at.filter(|_| !ids.is_empty()).map(|at| at.elapsed());
    Confirmed { ids, keys, took, result }
}

/// Waits for the broker's answer to one event.
///
/// # Errors
/// Anything but a plain ack.
async fn taken(confirm: PublisherConfirm, key: &str) -> Result<(), LinkError> {
    let answer = match confirm.await? {
        Confirmation::Ack(None) => return Ok(()),
        // An ack, says the protocol; the message is gone.
        Confirmation::Ack(Some(_)) => "returned: no queue is bound to it",
        Confirmation::Nack(_) => "refused",
        Confirmation::NotRequested => "not confirmed",
    };
    Err(LinkError::NotTaken { key: key.to_owned(), answer })
}
