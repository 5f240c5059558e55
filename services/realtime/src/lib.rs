//! Feeds and presence: what happened in each tenant, in one order, for whoever waits for it.
//!
//! Serves [`contracts::RealtimeApi`] over its own database, which it fills from the other services' events. What it keeps:
//! see the README.

mod batch;
mod config;
mod consumer;
mod heads;
mod known;
mod serve;
mod service;
mod store;
mod sweeper;

pub use config::{DEFAULTS, Settings};
pub use serve::serve;
pub use service::Realtime;

/// The tables of this service.
pub const fn migrations() -> ::store::Migrations {
    ::store::migrations!("realtime")
}
