//! What every service's process is made of: its database, its place on the bus, its calls over HTTP, its keys.

mod database;
mod events;
mod process;

pub mod erase;
pub mod keys;
pub mod once;
pub mod told;

pub use database::{database, migrations};
pub use events::Events;
pub use process::Host;
