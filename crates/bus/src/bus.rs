//! The bus of a process: which services are on it, and what runs for them.

use futures_util::future::BoxFuture;
use std::collections::BTreeMap;
use std::sync::Arc;

use domain::Clock;
use store::Db;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::consumer::Group;
use crate::handler::Consumers;
use crate::memory::{Acks, Marker, Pump};
use crate::metrics;
use crate::outbox::{self, Outbox};
use crate::parked::EventsAdmin;
use crate::rabbit::{Relay, Subscriber};
use crate::retention;
use crate::settings::BusSettings;
use crate::topology::Topology;

/// The bus of a process. Services join it; then it is started once.
pub struct Bus {
    settings: BusSettings,
    topology: Topology,
    clock: Clock,
    members: Vec<Member>,
}

struct Member {
    service: String,
    db: Db,
    outbox: Outbox,
    consumers: Consumers,
}

/// A service that cannot be on the bus as it is.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// The subscription list and the handlers do not agree.
    #[error("{group} hears {heard:?} by the subscription list but has handlers for {handled:?}")]
    Handlers {
        /// The group.
        group: String,
        /// What the list says.
        heard: Vec<&'static str>,
        /// What there is.
        handled: Vec<&'static str>,
    },
    /// It is on the bus already.
    #[error("{0} has joined before")]
    Twice(String),
}

impl Bus {
    /// A bus nobody has joined yet. With `bus.url` it goes through RabbitMQ, else it stays within the process.
    pub fn new(settings: BusSettings, topology: Topology, clock: Clock) -> Self {
        Self { settings, topology, clock, members: Vec::new() }
    }

    /// An outbox for a service that is about to join.
    pub fn outbox(&self) -> Outbox {
        Outbox::new(self.topology.clone())
    }

    /// Puts a service on the bus: the events in `outbox` are sent, `consumers` get what their group hears. The group's
    /// name is the service's.
    pub fn join(&mut self, db: Db, outbox: Outbox, consumers: Consumers) -> Result<EventsAdmin, JoinError> {
        let service = consumers.group().to_owned();
        let mut heard = self.topology.heard_by(&service);
        heard.sort_unstable();
        let handled = consumers.types();
        if heard != handled {
            return Err(JoinError::Handlers { group: service, heard, handled });
        }
        if self.members.iter().any(|m| m.service == service) {
            return Err(JoinError::Twice(service));
        }
        let admin = EventsAdmin::new(db.clone(), consumers.clone(), self.clock.clone());
        self.members.push(Member { service, db, outbox, consumers });
        Ok(admin)
    }

    /// Starts everything, on the current runtime, until `shutdown`.
    pub fn start(self, shutdown: CancellationToken) -> Running {
        let tasks = TaskTracker::new();
        for member in &self.members {
            let Member { db, service, .. } = member;
            metrics::register(service, self.settings.is_rabbit());
            tasks.spawn(retention::run(db.clone(), self.settings.retention_h, self.clock.clone(), shutdown.clone()));
        }
        if self.settings.is_rabbit() {
            self.start_rabbit(&tasks, &shutdown);
        } else {
            self.start_memory(&tasks, &shutdown);
        }
        tasks.close();
        Running { tasks, shutdown }
    }

    fn start_rabbit(self, tasks: &TaskTracker, shutdown: &CancellationToken) {
        for Member { service, db, outbox, consumers } in self.members {
            let (settings, topology, clock) = (self.settings.clone(), self.topology.clone(), self.clock.clone());
            if !topology.heard_by(&service).is_empty() {
                let group = Group { db: db.clone(), consumers, clock: clock.clone(), kept: false };
                let subscriber = Subscriber { group, settings: settings.clone(), topology: topology.clone() };
                tasks.spawn(subscriber.run(shutdown.clone()));
            }
            tasks.spawn(Relay { service, db, outbox, settings, topology, clock }.run(shutdown.clone()));
        }
    }

    fn start_memory(self, tasks: &TaskTracker, shutdown: &CancellationToken) {
        let groups: Vec<String> = self.members.iter().map(|m| m.service.clone()).collect();
        let heard: Vec<_> = groups.iter().flat_map(|group| self.topology.heard_by(group)).collect();
        let turns: BTreeMap<String, Arc<Mutex<()>>> =
            groups.iter().map(|group| (group.clone(), Arc::default())).collect();
        for source in &self.members {
            let acks = Arc::new(Acks::new(&self.topology, &source.service, &groups));
            let (db, clock) = (source.db.clone(), self.clock.clone());
            tasks.spawn(forget_unheard(db.clone(), heard.clone(), clock.clone()));
            let listens = |member: &&Member| !self.topology.heard_from(&source.service, &member.service).is_empty();
            let hearing = self.members.iter().filter(listens);
            let marker = Marker {
                service: source.service.clone(),
                db,
                hearers: hearing.clone().map(|member| member.db.clone()).collect(),
                acks: acks.clone(),
                clock,
            };
            tasks.spawn(marker.run(shutdown.clone()));
            for Member { service, db, consumers, .. } in hearing {
                let types = self.topology.heard_from(&source.service, service);
                let (consumers, clock) = (consumers.clone(), self.clock.clone());
                let group = Group { db: db.clone(), consumers, clock, kept: true };
                let pump = Pump {
                    service: source.service.clone(),
                    source: source.db.clone(),
                    outbox: source.outbox.clone(),
                    types,
                    group,
                    acks: acks.clone(),
                    turn: turns.get(service).cloned().unwrap_or_default(),
                    poll: self.settings.poll(),
                };
                tasks.spawn(pump.run(shutdown.clone()));
            }
        }
    }
}

/// Events left by an earlier run that nobody hears any more would stay unpublished for ever.
async fn forget_unheard(db: Db, heard: Vec<&'static str>, clock: Clock) {
    match outbox::mark_unheard(&db, &heard, clock.now()).await {
        Ok(0) => {}
        Ok(rows) => tracing::info!(database = db.name(), rows, "marked events that nobody hears"),
        Err(cause) => tracing::warn!(error.cause_chain = ?cause, "could not mark events that nobody hears"),
    }
}

/// A bus at work.
pub struct Running {
    tasks: TaskTracker,
    shutdown: CancellationToken,
}

impl Running {
    /// Returns once everything has stopped, after the token given to [`Bus::start`] was cancelled: batches are finished,
    /// confirmed rows marked, leases given back.
    pub fn stopped(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.tasks.wait().await;
        })
    }

    /// Stops everything and waits for it.
    pub fn stop(self) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            self.shutdown.cancel();
            self.tasks.wait().await;
        })
    }
}
