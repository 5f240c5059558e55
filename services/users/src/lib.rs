//! People: who they are, their id on every surface from the moment they exist, and groups of them.
//!
//! Serves [`contracts::UsersApi`] over its own database. What it keeps and tells: see the README.

mod config;
mod consumers;
mod once;
mod serve;
mod service;
mod store;

pub use config::{DEFAULTS, Settings};
pub use serve::serve;
pub use service::Users;

/// The tables of this service.
pub const fn migrations() -> ::store::Migrations {
    ::store::migrations!("users")
}
