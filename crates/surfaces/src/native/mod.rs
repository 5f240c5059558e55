//! Our own streams: what happens in a tenant, as server-sent events and over a WebSocket.
//!
//! Any token that stands for a user shows what that user may see, an operator's token everything of its tenant. The feed's
//! offset is the cursor: a client that comes back with it is shown all it missed, in order, once, and told so; or told that
//! it cannot be. Events have the names and views of the operator API. Webhooks of format `native` carry the same.

#[cfg(feature = "http")]
mod auth;
#[cfg(feature = "http")]
mod draw;
#[cfg(feature = "http")]
mod events;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
#[cfg(feature = "http")]
mod stream;
#[cfg(feature = "http")]
mod table;
mod webhook;

#[cfg(feature = "http")]
pub use table::table;
pub use webhook::{body, disabled};
