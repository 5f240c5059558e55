//! Chats and who takes part in them.
//!
//! Serves [`contracts::ChatsApi`] over its own database. What it keeps and tells: see the README.

mod config;
mod consumers;
mod once;
mod serve;
mod service;
mod store;

pub use config::{DEFAULTS, Settings};
pub use serve::serve;
pub use service::Chats;

/// The tables of this service.
pub const fn migrations() -> ::store::Migrations {
    ::store::migrations!("chats")
}
