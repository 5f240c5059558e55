//! Every URL of this surface.

use actix_web::http::Method;
use contracts::auth::{Authenticate, Shown};
use domain::{Surface, TokenKind};

use super::{
    chats, deliveries, departments, documents, error, groups, interactions, messages, parked, tenants, tokens, trace,
    users, webhooks,
};
use crate::http::{Doc, Endpoint, Head, Owner, Problem, Table, on, open};

/// The table of this surface. Prefixes: ours, and by coming last whatever nobody else claims.
pub fn table() -> Table {
    let ours = Doc::Ours;
    let mut endpoints = vec![
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
    endpoints.extend(support());
    endpoints.extend([
        open(Method::GET, "/operator/v1/openapi.json", Owner::Gateway, ours, documents::own),
        open(Method::GET, "/operator/v1/openapi/{surface}.json", Owner::Gateway, ours, documents::of_surface),
    ]);
    Table { surface: Surface::Operator, prefixes: &["/operator"], slash: false, draw: error::draw, endpoints }
}

/// Departments, what they serve, and what is told outside.
fn support() -> Vec<Endpoint> {
    let (ours, get, post, patch) = (Doc::Ours, Method::GET, Method::POST, Method::PATCH);
    vec![
        on(caller, post.clone(), "/operator/v1/departments", Owner::Bots, ours, departments::create),
        on(caller, get.clone(), "/operator/v1/departments", Owner::Bots, ours, departments::list),
        on(caller, get.clone(), "/operator/v1/departments/{id}", Owner::Bots, ours, departments::get),
        on(caller, patch.clone(), "/operator/v1/departments/{id}", Owner::Bots, ours, departments::update),
        on(caller, post.clone(), "/operator/v1/webhooks", Owner::Bots, ours, webhooks::create),
        on(caller, get.clone(), "/operator/v1/webhooks", Owner::Bots, ours, webhooks::list),
        on(caller, patch, "/operator/v1/webhooks/{id}", Owner::Bots, ours, webhooks::update),
        on(caller, Method::DELETE, "/operator/v1/webhooks/{id}", Owner::Bots, ours, webhooks::delete),
        on(caller, get.clone(), "/operator/v1/interactions", Owner::Bots, ours, interactions::list),
        on(caller, get.clone(), "/operator/v1/interactions/{id}", Owner::Bots, ours, interactions::get),
        on(caller, post.clone(), "/operator/v1/interactions/{id}/take", Owner::Bots, ours, interactions::take),
        on(caller, get.clone(), "/operator/v1/deliveries", Owner::Bots, ours, deliveries::list),
        on(caller, post.clone(), "/operator/v1/deliveries/replay", Owner::Bots, ours, deliveries::replay_all),
        on(caller, get.clone(), "/operator/v1/deliveries/{id}", Owner::Bots, ours, deliveries::get),
        on(caller, post, "/operator/v1/deliveries/{id}/replay", Owner::Bots, ours, deliveries::replay),
        on(caller, get, "/operator/v1/trace/messages/{id}", Owner::Gateway, ours, trace::message),
    ]
}

/// Finds the bearer token; which of the two kinds it is, `auth` knows.
fn caller(head: &Head, _body: &[u8]) -> Result<Authenticate, Problem> {
    let secret = head.bearer().ok_or(Problem::NoCredential)?.to_owned();
    let kinds = vec![TokenKind::Operator, TokenKind::Root];
    Ok(Authenticate { surface: Surface::Operator, shown: vec![Shown { kinds, secret }] })
}
