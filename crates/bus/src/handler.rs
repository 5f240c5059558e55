//! What a service does with an event: typed handlers, found by the event's type.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use proto_events::{BadEvent, Event};
use store::{StoreError, Tx};

use crate::envelope::{Delivery, Envelope};

/// What to do about an event that could not be handled.
#[derive(Debug)]
pub enum Failure {
    /// Try again later, for ever: something is down. The partition waits.
    Retry(anyhow::Error),
    /// Park it, and all later events of its key, until an operator has them driven again: it can never succeed as it is.
    Reject(anyhow::Error),
}

impl Failure {
    /// Something is down.
    pub fn retry(cause: impl Into<anyhow::Error>) -> Self {
        Self::Retry(cause.into())
    }

    /// The event can never succeed as it is.
    pub fn reject(cause: impl Into<anyhow::Error>) -> Self {
        Self::Reject(cause.into())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::retry(error)
    }
}

/// Handles one type of event.
#[async_trait]
pub trait Handler<E: Event>: Send + Sync + 'static {
    /// Applies `event` within `tx`, which the bus begins and commits, for many events at once.
    ///
    /// It may be called again for the same event if `tx` did not commit: every effect belongs into `tx`.
    async fn consume(&self, tx: &mut Tx, event: &E, meta: &Envelope) -> Result<(), Failure>;
}

/// What is left to do once a transaction is committed.
#[must_use = "it is for whoever commits"]
pub struct Committed {
    then: Box<dyn FnOnce() + Send>,
    to_last: bool,
}

impl Committed {
    /// Nothing.
    pub fn nothing() -> Self {
        Self::then(|| {})
    }

    /// This.
    pub fn then(work: impl FnOnce() + Send + 'static) -> Self {
        Self { then: Box::new(work), to_last: false }
    }

    /// This batch is not to be undone, whatever was said of such ones by [`BatchHandler::can_be_redone`].
    pub fn to_last(self, to_last: bool) -> Self {
        Self { to_last, ..self }
    }

    pub(crate) fn is_to_last(&self) -> bool {
        self.to_last
    }

    pub(crate) fn run(self) {
        (self.then)();
    }
}

/// Applies batches of events as wholes: for a group whose work is cheaper in bulk, or that has to ask others first.
#[async_trait]
pub trait BatchHandler: Send + Sync + 'static {
    /// The event types it takes.
    fn types(&self) -> Vec<&'static str>;

    /// Called before each attempt's transaction begins: the place to ask other services. Some of `batch` may turn out to
    /// have been applied before.
    async fn prepare(&self, batch: &[&Delivery]);

    /// Whether somebody outside waits for what follows from events such as the last ones: then none are gathered.
    fn hurries(&self) -> bool {
        false
    }

    /// Whether what a batch did may be undone by a crash of the machine and be done again, from the same events: nobody has seen by
    /// then what comes out differently the second time. Within one process the bus then commits without a wait for the disk
    /// ([`Db::begin_unsynced`](store::Db::begin_unsynced)), and keeps the events until the work is there.
    fn can_be_redone(&self) -> bool {
        false
    }

    /// Applies `batch`, in order, within `tx`, which the bus begins and commits. It may be called again for the same
    /// events if `tx` did not commit: every effect belongs into `tx`, or into what is answered.
    ///
    /// # Errors
    /// The place in `batch` of the event at fault, and what to do about it.
    async fn consume(&self, tx: &mut Tx, batch: &[&Delivery]) -> Result<Committed, (usize, Failure)>;
}

/// A consumer group's handlers. Cheap to clone.
#[derive(Clone)]
pub struct Consumers {
    group: Arc<str>,
    handlers: BTreeMap<&'static str, Arc<dyn Consume>>,
    whole: Option<Arc<dyn BatchHandler>>,
    pace: Pace,
}

/// How long a group gathers events for a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// For a moment.
    Steady,
    /// For a moment, and under load a little longer: the group takes whole batches.
    Batches,
    /// Under load far longer.
    Lazy,
}

impl Consumers {
    /// None yet; `group` is the service's name.
    pub fn new(group: &str) -> Self {
        Self { group: group.into(), handlers: BTreeMap::new(), whole: None, pace: Pace::Steady }
    }

    /// All events of `group` are given to `handler`, in batches.
    pub fn in_batches(group: &str, handler: Arc<dyn BatchHandler>) -> Self {
        Self { whole: Some(handler), pace: Pace::Batches, ..Self::new(group) }
    }

    /// Under load events are gathered for longer: of many only the last leaves something behind. In one process, others that hear of
    /// the same events go first.
    #[must_use]
    pub fn lazily(self) -> Self {
        Self { pace: Pace::Lazy, ..self }
    }

    /// How long to gather.
    pub(crate) fn pace(&self) -> Pace {
        self.pace
    }

    /// Whether not to gather at all, for now.
    pub(crate) fn hurries(&self) -> bool {
        self.whole.as_ref().is_some_and(|whole| whole.hurries())
    }

    /// See [`BatchHandler::can_be_redone`].
    pub(crate) fn can_be_redone(&self) -> bool {
        self.whole.as_ref().is_some_and(|whole| whole.can_be_redone())
    }

    /// Gives events of type `E` to `handler`.
    #[must_use]
    pub fn on<E: Event>(mut self, handler: impl Handler<E>) -> Self {
        self.handlers.insert(E::TYPE, Arc::new(Typed { handler, event: PhantomData::<fn() -> E> }));
        self
    }

    /// The group's name.
    pub fn group(&self) -> &str {
        &self.group
    }

    pub(crate) fn types(&self) -> Vec<&'static str> {
        let mut types =
            self.whole.as_ref().map_or_else(|| self.handlers.keys().copied().collect(), |whole| whole.types());
        types.sort_unstable();
        types
    }

    /// Before the transaction of an attempt begins.
    pub(crate) async fn prepare(&self, batch: &[&Delivery]) {
        let Some(whole) = &self.whole else { return };
        if AssertUnwindSafe(whole.prepare(batch)).catch_unwind().await.is_err() {
            tracing::error!(group = %self.group, "preparing a batch panicked");
        }
    }

    /// Applies `batch` in order. A panic counts as a failure that may pass.
    pub(crate) async fn apply(&self, tx: &mut Tx, batch: &[&Delivery]) -> Result<Committed, (usize, Failure)> {
        if let Some(whole) = &self.whole {
            let done = AssertUnwindSafe(whole.consume(tx, batch)).catch_unwind().await;
            let panicked = || Failure::Retry(anyhow::anyhow!("{} panicked over a batch", self.group));
            return done.unwrap_or_else(|_| Err((0, panicked())));
        }
        for (place, delivery) in batch.iter().enumerate() {
            self.consume(tx, delivery).await.map_err(|failure| (place, failure))?;
        }
        Ok(Committed::nothing())
    }

    /// Hands `delivery` to its handler, within its own trace. A panic counts as a failure that may pass.
    async fn consume(&self, tx: &mut Tx, delivery: &Delivery) -> Result<(), Failure> {
        let meta = &delivery.envelope;
        let Some(handler) = self.handlers.get(meta.event_type.as_str()) else {
            return Err(Failure::Reject(anyhow::anyhow!("{} has no handler for {}", self.group, meta.event_type)));
        };
        let work = AssertUnwindSafe(handler.consume(tx, delivery)).catch_unwind();
        let trace = domain::trace::entering(meta.traceparent.as_deref());
        let done = domain::trace::with(trace, work).await;
        done.unwrap_or_else(|_| Err(Failure::Retry(anyhow::anyhow!("the handler of {} panicked", meta.event_type))))
    }
}

impl std::fmt::Debug for Consumers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Consumers").field("group", &self.group).field("types", &self.types()).finish()
    }
}

#[async_trait]
trait Consume: Send + Sync {
    async fn consume(&self, tx: &mut Tx, delivery: &Delivery) -> Result<(), Failure>;
}

struct Typed<E, H> {
    handler: H,
    event: PhantomData<fn() -> E>,
}

#[async_trait]
impl<E: Event, H: Handler<E>> Consume for Typed<E, H> {
    async fn consume(&self, tx: &mut Tx, delivery: &Delivery) -> Result<(), Failure> {
        let event = delivery.read::<E>()?;
        self.handler.consume(tx, &event, &delivery.envelope).await
    }
}

impl Delivery {
    /// The event, when its type is `E`'s.
    ///
    /// # Errors
    /// A rejection: what this build cannot read it never will.
    pub fn read<E: Event>(&self) -> Result<E, Failure> {
        readable(self).map_err(Failure::Reject)
    }
}

fn readable<E: Event>(delivery: &Delivery) -> anyhow::Result<E> {
    let version = delivery.envelope.version;
    anyhow::ensure!(
        (1..=i64::from(E::VERSION)).contains(&version),
        "version {version} of {} is newer than this build knows ({})",
        E::TYPE,
        E::VERSION
    );
    E::decode(&delivery.payload).map_err(|error: BadEvent| anyhow::Error::new(error))
}
