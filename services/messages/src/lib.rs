//! Messages: their order in each chat, their history, edits, and who has read how far.
//!
//! Appending is a group commit, see [`append`]; everything else is an ordinary transaction. Authority is asked of `chats`
//! each time and never remembered.

pub mod append;
mod config;
mod consumers;
mod erase;
mod rules;
mod serve;
mod service;
mod store;

pub use config::{DEFAULTS, Settings};
pub use serve::serve;
pub use service::Messages;

/// This service's tables.
pub const fn migrations() -> ::store::Migrations {
    ::store::migrations!("messages")
}
