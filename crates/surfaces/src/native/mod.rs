//! Our own streams: what happens in a tenant, as server-sent events and over a WebSocket.
//!
//! Any token that stands for a user shows what that user may see, an operator's token everything of its tenant. The feed's
//! offset is the cursor: a client that comes back with it is shown all it missed, in order, once, and told so; or told that
//! it cannot be. Events have the names and views of the operator API.

use actix_web::http::Method;
use domain::Surface;

use crate::http::{Doc, Owner, Table, on};
use crate::operator;

mod auth;
mod draw;
mod events;
mod stream;

/// The table of this surface.
pub fn table() -> Table {
    let endpoints = vec![
        on(auth::caller, Method::GET, "/parlance/v1/events", Owner::Realtime, Doc::Ours, events::open),
        on(auth::caller, Method::GET, "/parlance/v1/stream", Owner::Realtime, Doc::Ours, stream::open).raw(),
    ];
    Table { surface: Surface::Native, prefixes: &["/parlance"], slash: false, draw: operator::error::draw, endpoints }
}
