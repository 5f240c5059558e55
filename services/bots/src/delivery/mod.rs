//! What is told outside: to whom, in which order, until it is taken.
//!
//! Handovers and the consumer say what there is to tell by an [`Outgoing`], in order; it is written down within their
//! transaction ([`Delivery::write`]), and sent once that is committed ([`Delivery::send`]).
//!
//! The deliverer claims *lanes* (an endpoint and an interaction, or a chat), sends each one's first delivery, writes down
//! what came of it and goes on with the next, as long as the lane's lease is its own. So a lane has one call under way and
//! keeps its order, while lanes go side by side, in any number of instances. A lane on which nothing waits is claimed in the
//! transaction that adds to it: then sending begins at once, with no other transaction in between.
//!
//! Not promised: exactly once. A process that dies between a call and its being written down leaves the call to be made
//! again, by whoever claims the lane when the lease is over; `webhook-id` is the same then. So it is when a machine with SQLite
//! crashes: what was decided, sent and answered just before may not be on its disk.

mod attempt;
mod breaker;
mod decide;
mod endpoints;
mod gauges;
mod health;
mod known;
mod outcome;
mod outgoing;
mod run;
mod schedule;
mod sealed;
mod sender;
mod settings;
mod sign;
mod sweep;
mod views;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bus::Outbox;
use contracts::{ChatsApi, MessagesApi, UsersApi};
use domain::{ClaimId, Clock, InteractionId, TenantId, Timestamp};
use host::keys::InstanceKeys;
use runtime::http_client::EgressClient;
use store::{Conn, Db, StoreResult, Tx};
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio_util::task::TaskTracker;

use crate::ids;
use crate::store::lanes::{self, Claim, Head, NewDelivery, Settled};
use breaker::{Breakers, Limits};
pub(crate) use endpoints::{secret, signs};
use known::{Endpoint, Known};
pub use outgoing::{BotNews, LaneOf, Outgoing, Post, ToBot};
use sender::Sender;
pub use settings::DeliverySettings;
pub use sign::SigningSecret;
use views::Views;

/// Time to write down what came of a call.
const MARGIN: Duration = Duration::from_secs(2);
/// See [`Delivery::is_busy`].
const LATELY: Duration = Duration::from_secs(1);

/// What was written down and is to be sent once the transaction is committed.
#[derive(Debug, Default)]
#[must_use = "lanes that were claimed wait for `send`, or for the end of their lease"]
pub struct Written {
    /// Lanes that are held already.
    heads: Vec<Head>,
    /// Whether some are to be claimed.
    waiting: bool,
}

/// Whom delivery asks for what is told of.
#[derive(Clone)]
pub struct Sources {
    /// Chats and who takes part.
    pub chats: Arc<dyn ChatsApi>,
    /// Messages and who read them.
    pub messages: Arc<dyn MessagesApi>,
    /// People's names.
    pub users: Arc<dyn UsersApi>,
}

/// Decides and delivers. Cheap to clone.
#[derive(Clone)]
pub struct Delivery(Arc<Inner>);

struct Inner {
    db: Db,
    outbox: Outbox,
    clock: Clock,
    settings: DeliverySettings,
    sender: Sender,
    /// What a call, and writing down what came of it, can take.
    longest_call: Duration,
    known: Known,
    views: Views,
    breakers: Breakers,
    slots: Arc<Semaphore>,
    wake: Notify,
    tasks: TaskTracker,
    /// When something to be delivered came last.
    asked: Mutex<Option<Instant>>,
    results: mpsc::UnboundedSender<Settled>,
    settled: Mutex<Option<mpsc::UnboundedReceiver<Settled>>>,
}

impl Delivery {
    /// Over the service's database. `client`: for calls to URLs that others chose; `keys`: what secrets are kept under.
    ///
    /// # Errors
    /// A lease that a call could outlast.
    pub fn new(
        db: Db,
        outbox: Outbox,
        clock: Clock,
        sources: Sources,
        client: EgressClient,
        keys: InstanceKeys,
        settings: &DeliverySettings,
    ) -> anyhow::Result<Self> {
        let longest_call = client.timeout() + MARGIN;
        anyhow::ensure!(
            Duration::from_secs(settings.lease_s.into()) > longest_call,
            "bots.delivery.lease_s must be more than egress.timeout_ms and {} s",
            MARGIN.as_secs()
        );
        let (results, settled) = mpsc::unbounded_channel();
        let limits = Limits {
            failures: settings.breaker_failures.max(1),
            first: Duration::from_millis(settings.breaker_first_ms),
            longest: Duration::from_millis(settings.breaker_longest_ms),
            at_once: settings.calls_per_endpoint.max(1),
        };
        Ok(Self(Arc::new(Inner {
            known: Known::new(db.clone(), keys),
            views: Views::new(db.clone(), sources),
            sender: Sender::new(client, clock.clone()),
            longest_call,
            db,
            outbox,
            clock,
            breakers: Breakers::new(limits),
            slots: Arc::new(Semaphore::new(settings.calls.max(1) as usize)),
            wake: Notify::new(),
            tasks: TaskTracker::new(),
            asked: Mutex::default(),
            results,
            settled: Mutex::new(Some(settled)),
            settings: settings.clone(),
        })))
    }

    /// Writes down what there is to tell.
    ///
    /// # Errors
    /// The store's.
    pub async fn write(&self, tx: &mut Tx, out: Outgoing, now: Timestamp) -> StoreResult<Written> {
        let (cancelled, posts) = out.divide();
        for interaction in cancelled {
            lanes::cancel(tx, interaction, now).await?;
        }
        let new = posts.into_iter().enumerate().map(|(n, post)| new_delivery(post, now, n)).collect();
        self.add(tx, new, now).await
    }

    /// Adds deliveries at the ends of their lanes.
    pub(crate) async fn add(&self, tx: &mut Tx, new: Vec<NewDelivery>, now: Timestamp) -> StoreResult<Written> {
        let Inner { slots, tasks, asked, .. } = &*self.0;
        metrics::counter!("bots_deliveries_queued_total").increment(new.len() as u64);
        if !new.is_empty() {
            *asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
        // What cannot be called soon is left to whoever has room: claimed, it would wait here for nothing.
        let room = slots.available_permits() > new.len() && !tasks.is_closed();
        let claim = room.then(|| self.claim(now));
        let waiting = claim.is_none() && !new.is_empty();
        Ok(Written { heads: lanes::add(tx, new, claim, now).await?, waiting })
    }

    /// Whether something to be delivered came lately: who waits for it waits for what follows, too.
    pub fn is_busy(&self) -> bool {
        let asked = *self.0.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.is_some_and(|at| at.elapsed() < LATELY)
    }

    /// Sends what was written; to be called once that is committed.
    pub fn send(&self, written: Written) {
        let Written { heads, waiting } = written;
        if waiting {
            self.wake();
        }
        for head in heads {
            self.start(head);
        }
    }

    /// Looks for what is due.
    pub fn wake(&self) {
        self.0.wake.notify_one();
    }

    /// Some interactions whose bots could not be reached since before `since`, the longest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn unreachable(
        &self,
        conn: &Conn,
        since: Timestamp,
        limit: i64,
    ) -> StoreResult<Vec<(TenantId, InteractionId)>> {
        lanes::unreachable(conn, since, limit).await
    }

    fn claim(&self, now: Timestamp) -> Claim {
        let lease_s = i64::from(self.0.settings.lease_s.max(1));
        Claim { holder: ClaimId::new(), until: now.plus_seconds(lease_s) }
    }
}

/// The row of something to be posted.
fn new_delivery(post: Post, now: Timestamp, n: usize) -> NewDelivery {
    let Post { tenant, endpoint, lane, webhook_id, event, message, body, trace } = post;
    let (of, interaction, chat) = match lane {
        LaneOf::Interaction(interaction, chat) => (interaction.uuid(), Some(interaction), Some(chat)),
        LaneOf::Chat(chat) => (chat.uuid(), None, Some(chat)),
        LaneOf::User(user) => (user.uuid(), None, None),
        LaneOf::Tenant => (tenant.uuid(), None, None),
    };
    let id = ids::delivery(now, n);
    NewDelivery {
        id,
        lane: ids::lane(endpoint, of),
        tenant,
        endpoint,
        webhook_id: webhook_id.unwrap_or_else(|| ids::webhook_id(id)),
        event,
        interaction,
        chat,
        message,
        body,
        trace,
        replay_of: None,
    }
}
