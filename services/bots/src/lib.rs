//! Departments and their bots, interactions, and what is told outside.
//!
//! Serves [`contracts::BotsApi`] over its own database. What it keeps, tells and hears: see the README.

mod config;
mod consumer;
mod delivery;
mod desk;
mod ids;
mod known;
mod moves;
mod once;
mod serve;
mod service;
mod store;
mod worker;

pub use config::{DEFAULTS, Settings};
pub use delivery::{Delivery, DeliverySettings, LaneOf, Outgoing, Post, Written};
pub use serve::serve;
pub use service::{Bots, Peers};

/// The tables of this service.
pub const fn migrations() -> ::store::Migrations {
    ::store::migrations!("bots")
}
