//! Odoo: the chat of `im_chat`, with address books, groups and documents, and the web client's sessions.
//!
//! The vendor's text (seed 004) fixes thirteen calls under `/im_chat`. They speak JSON-RPC the way Odoo 8 does: HTTP 200
//! for whatever happens to a call, an `error` object for failures, `false` for nothing. The logins and the few stock calls
//! that its clients need beside them are served too.

use std::future::Future;

use actix_web::http::Method;
use domain::Surface;

use crate::http::{Doc, Endpoint, Owner, Table, open};

mod add_partner;
mod args;
mod books;
mod call_kw;
mod change_session_status;
#[cfg(feature = "openapi")]
mod coverage;
mod envelope;
mod error;
mod events;
mod get_or_create_session;
mod get_sessions;
mod history;
mod init;
mod init_messages;
#[cfg(feature = "openapi")]
pub(crate) mod openapi;
mod poll;
mod post;
mod presence;
mod session;
mod signin;
mod view;
mod web_session;
mod wire;

use args::Signature;
use envelope::{Asked, Outcome, Route};

/// The table of this surface.
pub fn table() -> Table {
    let mut endpoints = documented();
    endpoints.extend(sibling());
    let prefixes = &["/im_chat", "/web", "/longpolling", "/signin", "/logout"];
    Table { surface: Surface::Odoo, prefixes, slash: true, draw: error::draw, endpoints }
}

/// The thirteen calls of seed 004.
fn documented() -> Vec<Endpoint> {
    use Owner::{Chats, Messages, Users};
    vec![
        chat(
            "/im_chat/api/get_or_create_session",
            Chats,
            get_or_create_session::USER,
            get_or_create_session::with_user,
        ),
        chat(
            "/im_chat/api/get_or_create_session_group",
            Chats,
            get_or_create_session::GROUP,
            get_or_create_session::of_group,
        ),
        chat("/im_chat/api/get_sessions", Chats, get_sessions::USER, get_sessions::with_users),
        chat("/im_chat/api/get_sessions_group", Chats, get_sessions::GROUP, get_sessions::of_groups),
        chat("/im_chat/api/user_chat_ab/get_all_users", Users, books::ALL, books::get_all_users),
        chat("/im_chat/api/user_chat_ab/get_users_from_book", Users, books::BOOK, books::get_users_from_book),
        chat("/im_chat/api/user_chat_ab/add_users", Users, books::ADD, books::add_users),
        chat("/im_chat/api/user_chat_ab/remove_users", Users, books::REMOVE, books::remove_users),
        chat("/im_chat/api/user_chat_ab/add_partner", Users, add_partner::SIGNATURE, add_partner::add_partner),
        chat("/im_chat/post", Messages, post::SIGNATURE, post::post),
        chat("/im_chat/api/init", Users, init::SIGNATURE, init::init),
        chat("/im_chat/api/history", Messages, history::SIGNATURE, history::history),
        chat(
            "/im_chat/api/change_session_status",
            Chats,
            change_session_status::SIGNATURE,
            change_session_status::change_session_status,
        ),
    ]
}

/// The stock calls, and the vendor's own logins, that its clients need beside them.
fn sibling() -> Vec<Endpoint> {
    use Owner::{Auth, Chats, Gateway, Realtime};
    let stock = |path, owner, route| rpc(path, owner, Doc::Sibling, route);
    vec![
        stock("/im_chat/init", Chats, Route::user(init_messages::SIGNATURE, init_messages::init)),
        stock("/longpolling/poll", Realtime, Route::user(poll::SIGNATURE, poll::poll)),
        stock("/web/dataset/call_kw", Chats, Route::user(call_kw::SIGNATURE, call_kw::call_kw)),
        stock("/web/dataset/call_kw/{path:.*}", Chats, Route::user(call_kw::SIGNATURE, call_kw::call_kw)),
        stock("/web/webclient/version_info", Gateway, Route::open(web_session::VERSION, web_session::version_info)),
        stock("/web/session/authenticate", Auth, Route::open(web_session::AUTHENTICATE, web_session::authenticate)),
        stock("/web/session/get_session_info", Auth, Route::open(web_session::INFO, web_session::get_session_info)),
        stock("/web/session/destroy", Auth, Route::user(web_session::DESTROY, web_session::destroy)),
        stock("/signin/1.0/json", Auth, Route::open(signin::SIGNIN, signin::signin)),
        stock("/logout/1.0/json", Auth, Route::open(signin::LOGOUT, signin::logout)),
    ]
}

fn chat<H, F>(path: &'static str, owner: Owner, signature: Signature, handler: H) -> Endpoint
where
    H: Fn(Asked) -> F + Send + Sync + 'static,
    F: Future<Output = Outcome> + 'static,
{
    rpc(path, owner, Doc::Documented, Route::user(signature, handler))
}

/// A call by JSON-RPC. The body is judged before the caller, so that failures carry the request's id.
fn rpc(path: &'static str, owner: Owner, doc: Doc, route: Route) -> Endpoint {
    open(Method::POST, path, owner, doc, move |call| route.clone().serve(call))
}
