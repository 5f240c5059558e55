//! Every URL of this surface.

use actix_web::http::Method;
use domain::Surface;

use super::{auth, events, stream};
use crate::http::{Doc, Owner, Table, on};
use crate::operator;

/// The table of this surface.
pub fn table() -> Table {
    let endpoints = vec![
        on(auth::caller, Method::GET, "/parlance/v1/events", Owner::Realtime, Doc::Ours, events::open),
        on(auth::caller, Method::GET, "/parlance/v1/stream", Owner::Realtime, Doc::Ours, stream::open).raw(),
    ];
    Table { surface: Surface::Native, prefixes: &["/parlance"], slash: false, draw: operator::error::draw, endpoints }
}
