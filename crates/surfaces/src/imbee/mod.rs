//! imBee: access tokens, external users and chats between users, with the page an access token opens.
//!
//! The vendor's REST text (seed 000) fixes three calls and one envelope, `{time, code, message, body}`, on every answer.
//! Its app reads and writes messages over another transport that the text does not describe, so that the SDK's own
//! `chat/list` and `chat/history`, and `chat/message/new` of ours, stand beside them in the same envelope.

use actix_web::http::Method;
use domain::Surface;

use crate::http::{Doc, Owner, Table, on, open};

mod auth;
mod chat_create;
mod chat_history;
mod chat_list;
#[cfg(feature = "openapi")]
mod coverage;
mod envelope;
mod error;
mod message_new;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
mod page;
mod token_new;
mod user_new;
mod wire;

/// The table of this surface.
pub fn table() -> Table {
    use auth::{corporate, user, visitor};
    use {Doc::Documented, Doc::Ours, Doc::Sibling};
    let endpoints = vec![
        on(corporate, Method::POST, "/token/new", Owner::Auth, Documented, token_new::create),
        on(corporate, Method::POST, "/third_parties/user/new", Owner::Users, Documented, user_new::create),
        on(user, Method::POST, "/chat/create", Owner::Chats, Documented, chat_create::create),
        on(user, Method::POST, "/chat/list", Owner::Chats, Sibling, chat_list::list),
        on(user, Method::POST, "/chat/history/{conversationId}", Owner::Messages, Sibling, chat_history::history),
        on(user, Method::POST, "/chat/message/new", Owner::Messages, Ours, message_new::create),
        open(Method::GET, "/t/{token}", Owner::Auth, Ours, page::show),
        open(Method::POST, "/t/{token}", Owner::Auth, Ours, page::exchange),
        on(visitor, Method::GET, "/t/{token}/history", Owner::Messages, Ours, page::history),
        on(visitor, Method::POST, "/t/{token}/message", Owner::Messages, Ours, message_new::create),
    ];
    let prefixes = &["/chat", "/token", "/third_parties", "/t"];
    Table { surface: Surface::Imbee, prefixes, slash: false, draw: error::draw, endpoints }
}
