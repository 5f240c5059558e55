//! ConnectNow Chat: companies, chats, chat users and messages, for a client of its Laravel application.
//!
//! The seed (003) fixes the routes, the two tokens and two parameters; the vendor's philosophy page, which it tells to read
//! first, fixes pages and statuses; what neither says is Laravel's behaviour. Two routes have no `/api` in the seed: they
//! are served with and without.

use actix_web::http::Method;
use domain::Surface;

use crate::http::{Doc, Owner, Table, on, open};

mod auth;
mod chat_user;
mod chat_users;
mod chats;
mod companies;
#[cfg(feature = "openapi")]
mod coverage;
mod dates;
mod error;
mod get_token;
mod input;
mod joining;
mod json;
mod looked_up;
mod messages;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
mod page;
mod php;
mod rules;
mod share;
mod user;
mod wire;
mod with;

/// The table of this surface.
pub fn table() -> Table {
    use auth::{api, chat_user as visitor, either};
    use {Doc::Documented, Doc::Ours};
    let endpoints = vec![
        on(api, Method::GET, "/api/user", Owner::Users, Documented, user::get),
        on(visitor, Method::GET, "/api/chat-user", Owner::Chats, Documented, chat_user::get),
        on(api, Method::GET, "/api/companies", Owner::Users, Documented, companies::list),
        on(api, Method::POST, "/api/companies", Owner::Users, Documented, companies::create),
        on(api, Method::GET, "/api/companies/{company}", Owner::Users, Documented, companies::get),
        on(api, Method::PUT, "/api/companies/{company}", Owner::Users, Documented, companies::update),
        on(api, Method::DELETE, "/api/companies/{company}", Owner::Users, Documented, companies::delete),
        on(api, Method::GET, "/api/chats", Owner::Chats, Documented, chats::list),
        on(api, Method::POST, "/api/chats", Owner::Chats, Documented, chats::create),
        on(api, Method::GET, "/api/chats/{chat}", Owner::Chats, Documented, chats::get),
        on(api, Method::PUT, "/api/chats/{chat}", Owner::Chats, Documented, chats::update),
        on(api, Method::DELETE, "/api/chats/{chat}", Owner::Chats, Documented, chats::delete),
        on(api, Method::GET, "/api/chats/{chat}/users", Owner::Chats, Documented, chat_users::list),
        open(Method::POST, "/api/chats/{chat}/users", Owner::Chats, Documented, joining::create),
        on(api, Method::GET, "/api/chats/{chat}/users/{user}", Owner::Chats, Documented, chat_users::get),
        on(api, Method::PUT, "/api/chats/{chat}/users/{user}", Owner::Users, Documented, chat_users::update),
        on(api, Method::DELETE, "/api/chats/{chat}/users/{user}", Owner::Chats, Documented, chat_users::delete),
        on(either, Method::GET, "/api/chats/{chat}/messages", Owner::Messages, Documented, messages::list),
        on(visitor, Method::POST, "/api/chats/{chat}/messages", Owner::Messages, Documented, messages::create),
        on(either, Method::GET, "/api/chats/{chat}/messages/{message}", Owner::Messages, Documented, messages::get),
        on(visitor, Method::PUT, "/api/chats/{chat}/messages/{message}", Owner::Messages, Documented, messages::update),
        on(
            visitor,
            Method::DELETE,
            "/api/chats/{chat}/messages/{message}",
            Owner::Messages,
            Documented,
            messages::delete,
        ),
        open(Method::POST, "/chats/{chat}/users/get-token", Owner::Auth, Documented, get_token::create),
        open(Method::POST, "/api/chats/{chat}/users/get-token", Owner::Auth, Ours, get_token::create),
        on(either, Method::POST, "/chats/{chat}/share", Owner::Auth, Documented, share::create),
        on(either, Method::POST, "/api/chats/{chat}/share", Owner::Auth, Ours, share::create),
    ];
    Table { surface: Surface::Connectnow, prefixes: &["/api", "/chats"], slash: false, draw: error::draw, endpoints }
}
