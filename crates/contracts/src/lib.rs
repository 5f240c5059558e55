//! What the services promise each other.
//!
//! One module per service: its trait, the commands it takes, the views it answers, its error, and, by the macro
//! [`service!`](crate::service), an HTTP client and routes for the split deployment. A caller holds an
//! `Arc<dyn …Api>` and cannot tell which of the two it is.

#[macro_use]
mod service;

pub mod auth;
pub mod bots;
pub mod chats;
pub mod events;
mod failure;
pub mod messages;
pub mod realtime;
pub mod rpc;
pub mod users;

pub use auth::AuthApi;
pub use bots::BotsApi;
pub use chats::ChatsApi;
pub use domain::ServiceError;
pub use events::EventsApi;
pub use failure::{Failure, Invalid};
pub use messages::MessagesApi;
pub use realtime::RealtimeApi;
pub use users::UsersApi;

use serde::{Deserialize, Deserializer};

/// Tells `null`, which empties a field, from an absent key, which leaves it; for `deserialize_with`.
///
/// # Errors
/// The value's own.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(d: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(d).map(Some)
}

/// What a surface stores beside the model because its vendor wants it back, by surface word. Opaque to every service.
pub type Extras = serde_json::Map<String, serde_json::Value>;
