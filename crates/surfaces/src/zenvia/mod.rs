//! Zenvia: bots that serve departments, and the customers' side of what they serve.
//!
//! Seed 001 fixes four calls of a bot and three of ours to it; the calls a customer's client makes, and the lists, are the
//! vendor's other documents (omnize/omnize.github.io, `docs/api/v1`). The token is in the JSON body, in the query where
//! there is none; bodies are JSON whatever their content type says. Every refusal of a call is 422 with
//! `{message, status}`. What we tell others is drawn by `events`, which is built without the handlers too.

#[cfg(feature = "http")]
mod accept;
#[cfg(feature = "http")]
mod agents;
#[cfg(feature = "http")]
mod answer;
#[cfg(feature = "http")]
mod auth;
#[cfg(feature = "openapi")]
mod coverage;
#[cfg(feature = "http")]
mod customers;
#[cfg(feature = "http")]
mod departments;
#[cfg(feature = "http")]
mod error;
pub mod events;
#[cfg(feature = "http")]
mod finish;
#[cfg(feature = "http")]
mod input;
#[cfg(feature = "http")]
mod interaction_messages;
#[cfg(feature = "http")]
mod interactions;
#[cfg(feature = "http")]
mod message;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
#[cfg(feature = "http")]
mod table;
#[cfg(feature = "http")]
mod transfer;
#[cfg(feature = "http")]
mod typing;
pub mod wire;

#[cfg(feature = "http")]
pub use table::table;
