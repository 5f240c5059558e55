//! Our own API for operators: tenants, users, groups, credentials, chats, departments, interactions, webhooks, deliveries,
//! one message's trace, parked events.
//!
//! JSON with `Authorization: Bearer <token>`. An operator token manages its own tenant; the root token manages tenants.
//!
//! `table` holds every URL. The canonical views, `wire`, are what webhooks show too and are built without the handlers.

#[cfg(feature = "http")]
pub(crate) mod chats;
#[cfg(feature = "http")]
mod deliveries;
#[cfg(feature = "http")]
mod departments;
#[cfg(feature = "http")]
mod documents;
#[cfg(feature = "http")]
pub(crate) mod error;
#[cfg(feature = "http")]
mod groups;
pub mod interaction;
#[cfg(feature = "http")]
mod interactions;
#[cfg(feature = "http")]
mod lists;
#[cfg(feature = "http")]
mod messages;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
#[cfg(feature = "http")]
mod parked;
#[cfg(feature = "http")]
mod table;
#[cfg(feature = "http")]
pub mod tenants;
#[cfg(feature = "http")]
mod tokens;
#[cfg(feature = "http")]
mod trace;
#[cfg(feature = "http")]
mod users;
#[cfg(feature = "http")]
mod webhooks;
pub mod wire;

#[cfg(feature = "http")]
pub use table::table;
