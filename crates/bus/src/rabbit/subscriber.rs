//! The subscriber: takes a group's events from the partitions it holds a lease on, and acknowledges what is committed.
//!
//! Each partition has a channel of its own. Giving a partition up, or waiting too long in it, closes its channel: the
//! broker takes back what was not acknowledged, in order. An acknowledgement is bound to the channel of its delivery;
//! after a reconnect it goes nowhere, the event comes again, and the inbox knows it.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use domain::trace::Step;
use futures_util::StreamExt as _;
use lapin::Acker;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Consumer};
use secrecy::ExposeSecret as _;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::LinkError;
use super::link::{Link, close, within};
use super::message;
use super::topology::{declare, queue};
use crate::consumer::{BATCH, Backoff, Group, Outcome, Part, pause};
use crate::envelope::{Delivery, consuming};
use crate::leases::{Held, Leases};
use crate::metrics;
use crate::settings::BusSettings;
use crate::topology::Topology;

const ANSWER: Duration = Duration::from_secs(30);
/// How often leases and waiting partitions are looked at when nothing happens.
const TICK: Duration = Duration::from_millis(500);
/// What is committed is acknowledged within this time, all partitions together: each acknowledgement is an entry in its
/// queue's log, and those that come at once are written to the broker's disk at once.
const ACKNOWLEDGE: Duration = Duration::from_millis(200);

/// Consumes one group's events.
pub(crate) struct Subscriber {
    pub group: Group,
    pub settings: BusSettings,
    pub topology: Topology,
}

/// A partition's subscription.
struct Lane {
    /// Tells this subscription's deliveries from those of an earlier one.
    serial: u64,
    channel: Channel,
    queue: VecDeque<Item>,
    /// The last event that is committed and not acknowledged yet, and how many there are up to it.
    committed: Option<(Acker, usize)>,
    backoff: Backoff,
}

struct Item {
    delivery: Delivery,
    acker: Acker,
    since: Instant,
    /// From when it came until it is applied.
    _step: Option<Step>,
}

/// What a subscription reports.
struct Report {
    partition: u8,
    serial: u64,
    news: News,
}

enum News {
    Delivery(Box<lapin::message::Delivery>),
    Ended(Option<lapin::Error>),
}

/// One connection, with the lanes on it.
struct Session<'a> {
    subscriber: &'a Subscriber,
    link: Link,
    lanes: BTreeMap<u8, Lane>,
    reports: (mpsc::Sender<Report>, mpsc::Receiver<Report>),
    serials: u64,
    /// Since when something is committed and not acknowledged.
    unacknowledged: Option<Instant>,
}

impl Subscriber {
    pub(crate) async fn run(self, shutdown: CancellationToken) {
        let scope = format!("group:{}", self.group.name());
        let leases = Leases::start(self.group.db.clone(), scope, self.settings.lease());
        let mut backoff = Backoff::new(Backoff::CONNECTIONS);
        while let Err(cause) = self.session(leases.held(), &mut backoff, &shutdown).await {
            metrics::disconnected("consumer", self.group.name());
            warn!(group = self.group.name(), error.cause_chain = ?cause, "the consumer connects anew");
            tokio::select! {
                () = shutdown.cancelled() => break,
                () = tokio::time::sleep(backoff.failed()) => {}
            }
        }
        leases.release().await;
    }

    async fn session(
        &self,
        mut held: Held,
        backoff: &mut Backoff,
        shutdown: &CancellationToken,
    ) -> Result<(), LinkError> {
        let name = format!("{} consumer", self.group.name());
        let link = tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            link = Link::open(self.settings.url.expose_secret(), &name) => link?,
        };
        declare(&link.channel, &self.topology).await?;
        backoff.succeeded();
        info!(group = self.group.name(), "the consumer is connected");
        metrics::connected("consumer", self.group.name(), true);

        let lanes = BTreeMap::new();
        let mut session = Session {
            subscriber: self,
            link,
            lanes,
            reports: mpsc::channel(4 * BATCH),
            serials: 0,
            unacknowledged: None,
        };
        while !shutdown.is_cancelled() {
            session.keep_lanes(&held).await?;
            while let Ok(report) = session.reports.1.try_recv() {
                session.take(report).await?;
            }
            let delivered = session.work().await?;
            session.acknowledge_due().await?;
            if delivered > 0 {
                if delivered < BATCH {
                    pause(self.group.gather(delivered)).await;
                }
                continue;
            }
            let idle = session.pause();
            tokio::select! {
                () = shutdown.cancelled() => {}
                () = held.changed() => {}
                () = tokio::time::sleep(idle) => {}
                Some(report) = session.reports.1.recv() => {
                    session.take(report).await?;
                    pause(self.group.head_start()).await;
                }
            }
        }
        session.acknowledge().await?;
        session.link.close().await;
        Ok(())
    }
}

impl Session<'_> {
    /// Subscribes to what is held, gives up what is not, and renews subscriptions on which something waits for long.
    async fn keep_lanes(&mut self, held: &Held) -> Result<(), LinkError> {
        // Said here, too: a subscription that is made while the connection dies may never hear of it.
        self.link.alive()?;
        let (wanted, patience) = (held.partitions(), self.subscriber.settings.patience());
        let lost = |lane: &Lane| lane.is_stale(patience) || !lane.channel.status().connected();
        let given_up: Vec<u8> =
            self.lanes.iter().filter(|(p, lane)| !wanted.contains(p) || lost(lane)).map(|(p, _)| *p).collect();
        for partition in given_up {
            if let Some(mut lane) = self.lanes.remove(&partition) {
                lane.acknowledge().await?;
                close(&lane.channel).await;
                if wanted.contains(&partition) {
                    metrics::resubscribed(self.subscriber.group.name());
                    // Still ours: subscribe anew, but go on waiting where we were.
                    self.subscribe(partition, lane.backoff).await?;
                }
            }
        }
        for partition in wanted {
            if !self.lanes.contains_key(&partition) {
                self.subscribe(partition, Backoff::new(Backoff::EVENTS)).await?;
            }
        }
        Ok(())
    }

    async fn subscribe(&mut self, partition: u8, backoff: Backoff) -> Result<(), LinkError> {
        self.serials += 1;
        let serial = self.serials;
        let channel = self.link.another_channel().await?;
        let consumer = within("subscribe", ANSWER, async {
            channel.basic_qos(self.subscriber.settings.prefetch.max(1), BasicQosOptions::default()).await?;
            let queue = queue(self.subscriber.group.name(), partition);
            let (tag, options) = (format!("{queue}.{serial}"), BasicConsumeOptions::default());
            Ok(channel.basic_consume(queue.into(), tag.into(), options, FieldTable::default()).await?)
        })
        .await?;
        tokio::spawn(forward(consumer, self.reports.0.clone(), partition, serial));
        self.lanes.insert(partition, Lane { serial, channel, queue: VecDeque::new(), committed: None, backoff });
        Ok(())
    }

    async fn take(&mut self, report: Report) -> Result<(), LinkError> {
        let Some(lane) = self.lanes.get_mut(&report.partition).filter(|lane| lane.serial == report.serial) else {
            return Ok(());
        };
        match report.news {
            News::Ended(Some(error)) => Err(error.into()),
            News::Ended(None) => {
                let queue = queue(self.subscriber.group.name(), report.partition);
                Err(LinkError::Ended(format!("the subscription to {queue}")))
            }
            News::Delivery(mut message) => {
                let acker = message.acker.clone();
                if let Some(mut delivery) = message::read(&mut message) {
                    let step = consuming(&mut delivery, self.subscriber.group.name());
                    lane.queue.push_back(Item { delivery, acker, since: Instant::now(), _step: step });
                } else {
                    // Nobody but us publishes here; there is no key to park it under.
                    error!(key = message.routing_key.as_str(), "a message that is no event is dropped");
                    metrics::malformed(self.subscriber.group.name());
                    acker.ack(BasicAckOptions::default()).await?;
                }
                Ok(())
            }
        }
    }

    /// Applies and acknowledges one batch; answers how large it was.
    async fn work(&mut self) -> Result<usize, LinkError> {
        let waiting = self.lanes.values().filter_map(|lane| lane.queue.front());
        let oldest = waiting.map(|item| item.delivery.envelope.occurred_at).min();
        let group = &self.subscriber.group;
        metrics::consumer_lag(group.name(), "broker", oldest, group.clock.now());
        let parts = self.batch();
        if parts.is_empty() {
            return Ok(0);
        }
        let size = parts.iter().map(|part| part.deliveries.len()).sum();
        let outcomes = self.subscriber.group.consume(&parts).await;
        drop(parts);
        let enough = usize::from(self.subscriber.settings.prefetch / 2);
        for Outcome { partition, done, waits } in outcomes {
            let Some(lane) = self.lanes.get_mut(&partition) else { continue };
            let last = lane.queue.drain(..done).next_back();
            if let Some(Item { acker, .. }) = last {
                let before = lane.committed.take().map_or(0, |(_, n)| n);
                lane.committed = Some((acker, before + done));
                self.unacknowledged.get_or_insert_with(Instant::now);
                // The broker sends no more than are unacknowledged.
                if before + done >= enough {
                    lane.acknowledge().await?;
                }
            }
            if waits {
                lane.backoff.failed();
            } else {
                lane.backoff.succeeded();
            }
        }
        Ok(size)
    }

    /// Acknowledges what is committed, if it was not lately.
    async fn acknowledge_due(&mut self) -> Result<(), LinkError> {
        if self.unacknowledged.is_some_and(|since| since.elapsed() >= ACKNOWLEDGE) {
            self.acknowledge().await?;
        }
        Ok(())
    }

    /// Acknowledges what is committed.
    async fn acknowledge(&mut self) -> Result<(), LinkError> {
        self.unacknowledged = None;
        for lane in self.lanes.values_mut() {
            lane.acknowledge().await?;
        }
        Ok(())
    }

    /// The oldest deliveries of every partition that does not wait, shared out evenly.
    fn batch(&self) -> Vec<Part<'_>> {
        let ready =
            || self.lanes.iter().filter(|(_, lane)| !lane.queue.is_empty() && lane.backoff.waits_until().is_none());
        let each = BATCH.div_ceil(ready().count().max(1));
        let part = |(partition, lane): (&u8, &'_ Lane)| -> (u8, usize) { (*partition, lane.queue.len().min(each)) };
        ready()
            .map(part)
            .filter_map(|(partition, n)| {
                let lane = self.lanes.get(&partition)?;
                Some(Part { partition, deliveries: lane.queue.iter().take(n).map(|item| &item.delivery).collect() })
            })
            .collect()
    }

    /// Until a waiting partition may go on, or something is to be acknowledged.
    fn pause(&self) -> Duration {
        let waiting = self.lanes.values().filter(|l| !l.queue.is_empty()).filter_map(|l| l.backoff.waits_until());
        let next = waiting.chain(self.unacknowledged.map(|since| since + ACKNOWLEDGE)).min();
        next.map_or(TICK, |at| at.saturating_duration_since(Instant::now())).min(TICK)
    }
}

impl Lane {
    async fn acknowledge(&mut self) -> Result<(), LinkError> {
        if let Some((acker, _)) = self.committed.take()
            && self.channel.status().connected()
        {
            let all = BasicAckOptions { multiple: true };
            within("acknowledge", ANSWER, async { Ok(acker.ack(all).await?) }).await?;
        }
        Ok(())
    }

    fn is_stale(&self, patience: Duration) -> bool {
        self.queue.front().is_some_and(|item| item.since.elapsed() > patience)
    }
}

/// Hands on what a subscription yields, until it ends or nobody listens.
async fn forward(mut consumer: Consumer, reports: mpsc::Sender<Report>, partition: u8, serial: u64) {
    loop {
        let (news, last) = match consumer.next().await {
            Some(Ok(message)) => (News::Delivery(Box::new(message)), false),
            Some(Err(error)) => (News::Ended(Some(error)), true),
            None => (News::Ended(None), true),
        };
        if reports.send(Report { partition, serial, news }).await.is_err() || last {
            return;
        }
    }
}
