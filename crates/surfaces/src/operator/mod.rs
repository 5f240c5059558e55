//! Our own API for operators: tenants, users, groups, credentials, chats, parked events.
//!
//! JSON with `Authorization: Bearer <token>`. An operator token manages its own tenant; the root token manages tenants.

use actix_web::http::Method;
use contracts::auth::{Authenticate, Shown};
use domain::{Surface, TokenKind};

use crate::http::{Doc, Head, Owner, Problem, Table, on};

mod chats;
pub(crate) mod error;
mod groups;
pub(crate) mod interaction;
mod lists;
mod messages;
mod parked;
pub mod tenants;
mod tokens;
mod users;
pub(crate) mod wire;

/// The table of this surface. Prefixes: ours, and by coming last whatever nobody else claims.
pub fn table() -> Table {
    let ours = Doc::Ours;
    let endpoints = vec![
        on(caller, Method::POST, "/operator/v1/tenants", Owner::Auth, ours, tenants::create),
        on(caller, Method::GET, "/operator/v1/tenants", Owner::Auth, ours, tenants::list),
        on(caller, Method::DELETE, "/operator/v1/tenants/{id}", Owner::Auth, ours, tenants::delete),
        on(caller, Method::POST, "/operator/v1/users", Owner::Users, ours, users::create),
        on(caller, Method::GET, "/operator/v1/users", Owner::Users, ours, users::list),
        on(caller, Method::GET, "/operator/v1/users/{id}", Owner::Users, ours, users::get),
        on(caller, Method::PATCH, "/operator/v1/users/{id}", Owner::Users, ours, users::update),
        on(caller, Method::DELETE, "/operator/v1/users/{id}", Owner::Users, ours, users::delete),
        on(caller, Method::POST, "/operator/v1/groups", Owner::Users, ours, groups::create),
        on(caller, Method::GET, "/operator/v1/groups", Owner::Users, ours, groups::list),
        on(caller, Method::PUT, "/operator/v1/groups/{id}/members", Owner::Users, ours, groups::set_members),
        on(caller, Method::POST, "/operator/v1/tokens", Owner::Auth, ours, tokens::create),
        on(caller, Method::GET, "/operator/v1/tokens", Owner::Auth, ours, tokens::list),
        on(caller, Method::DELETE, "/operator/v1/tokens/{id}", Owner::Auth, ours, tokens::delete),
        on(caller, Method::GET, "/operator/v1/chats", Owner::Chats, ours, chats::list),
        on(caller, Method::GET, "/operator/v1/chats/{id}", Owner::Chats, ours, chats::get),
        on(caller, Method::GET, "/operator/v1/chats/{id}/messages", Owner::Messages, ours, messages::list),
        on(caller, Method::GET, "/operator/v1/parked", Owner::Gateway, ours, parked::list),
        on(caller, Method::POST, "/operator/v1/parked/redrive", Owner::Gateway, ours, parked::redrive),
    ];
    Table { surface: Surface::Operator, prefixes: &["/operator"], slash: false, draw: error::draw, endpoints }
}

/// Finds the bearer token; which of the two kinds it is, `auth` knows.
fn caller(head: &Head, _body: &[u8]) -> Result<Authenticate, Problem> {
    let secret = head.bearer().ok_or(Problem::NoCredential)?.to_owned();
    let kinds = vec![TokenKind::Operator, TokenKind::Root];
    Ok(Authenticate { surface: Surface::Operator, shown: vec![Shown { kinds, secret }] })
}
