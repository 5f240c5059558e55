//! Events between services: at least once, with a stable id, in order per chat (or tenant) and group.
//!
//! A service writes an event into its [`Outbox`] within the transaction of its data. A relay publishes it over RabbitMQ,
//! or pumps move it within the process; a consumer group applies it in a transaction of its own, with an inbox that knows
//! what was applied. Both buses keep the same promises and share [`Handler`].
//!
//! ```ignore
//! let mut bus = Bus::new(settings, Topology::parlance(), clock);
//! let outbox = bus.outbox();
//! let chats = Chats::new(db.clone(), outbox.clone(), …);
//! let events = bus.join(db, outbox, chats.consumers())?;          // lists and re-drives parked events
//! let running = bus.start(shutdown);
//! …
//! running.stopped().await;
//! ```

#[cfg(feature = "asyncapi")]
pub mod asyncapi;
mod bus;
mod consumer;
mod envelope;
mod handler;
mod inbox;
mod leases;
mod memory;
mod metrics;
pub mod outbox;
mod parked;
mod rabbit;
pub mod retention;
pub mod schema;
mod settings;
mod topology;
mod trail;

pub use bus::{Bus, JoinError, Running};
pub use envelope::{Delivery, Envelope, Key};
pub use handler::{BatchHandler, Committed, Consumers, Failure, Handler};
pub use outbox::{Outbox, OutboxRow};
pub use parked::{EventsAdmin, Parked, Redriven};
pub use rabbit::LinkError;
#[cfg(feature = "testing")]
pub use rabbit::remove;
pub use settings::{BusSettings, DEFAULTS};
pub use topology::Topology;
pub use trail::{Sent, Wanted};

/// The bus's tables, which every service's database has.
pub const fn migrations() -> store::Migrations {
    store::migrations!("bus")
}
