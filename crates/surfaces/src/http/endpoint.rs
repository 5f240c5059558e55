//! Endpoint tables: every URL a surface serves, declared once.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::Method;
use contracts::auth::Authenticate;
use domain::Surface;
use serde::Serialize;

use super::{Call, Head, Problem};

/// What a handler answers.
pub type Answer = Result<HttpResponse, Problem>;
/// A handler, its future boxed.
pub type Handler = Arc<dyn Fn(Call) -> Pin<Box<dyn Future<Output = Answer>>> + Send + Sync>;
/// Finds the credential in a request: which secrets the caller shows.
pub type Guard = fn(&Head, &[u8]) -> Result<Authenticate, Problem>;

/// The service that owns what an endpoint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// Tenants and credentials.
    Auth,
    /// People and groups.
    Users,
    /// Chats and rooms.
    Chats,
    /// Messages.
    Messages,
    /// Feeds and presence.
    Realtime,
    /// Departments, interactions, webhooks, deliveries.
    Bots,
    /// Nobody behind the gateway.
    Gateway,
}

/// Where an endpoint is described.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Doc {
    /// In the vendor's document that this surface follows.
    Documented,
    /// In the vendor's other documents or sources.
    Sibling,
    /// Only in ours.
    Ours,
}

/// One served URL.
#[derive(Clone)]
pub struct Endpoint {
    /// The method.
    pub method: Method,
    /// The path, with `{name}` for its parts.
    pub path: &'static str,
    /// The owning service.
    pub owner: Owner,
    /// Where it is described.
    pub doc: Doc,
    /// How the caller is found; `None` is open to everybody.
    pub guard: Option<Guard>,
    /// Whether the body is left to the handler: for what becomes another protocol.
    pub raw: bool,
    /// What it does.
    pub handler: Handler,
}

impl Endpoint {
    /// The same endpoint, its body left to the handler.
    pub fn raw(self) -> Self {
        Self { raw: true, ..self }
    }
}

/// A surface: its prefixes, how it draws problems, its endpoints.
#[derive(Clone)]
pub struct Table {
    /// The surface.
    pub surface: Surface,
    /// Path prefixes, in whole segments, whose unknown paths this surface answers.
    pub prefixes: &'static [&'static str],
    /// Whether a path with a slash at its end is the same path.
    pub slash: bool,
    /// Draws a problem in the vendor's shape.
    pub draw: fn(&Head, &Problem) -> HttpResponse,
    /// The endpoints.
    pub endpoints: Vec<Endpoint>,
}

/// An endpoint whose caller `guard` finds.
pub fn on<H, F>(guard: Guard, method: Method, path: &'static str, owner: Owner, doc: Doc, handler: H) -> Endpoint
where
    H: Fn(Call) -> F + Send + Sync + 'static,
    F: Future<Output = Answer> + 'static,
{
    Endpoint { guard: Some(guard), ..open(method, path, owner, doc, handler) }
}

/// An endpoint open to everybody.
pub fn open<H, F>(method: Method, path: &'static str, owner: Owner, doc: Doc, handler: H) -> Endpoint
where
    H: Fn(Call) -> F + Send + Sync + 'static,
    F: Future<Output = Answer> + 'static,
{
    Endpoint {
        method,
        path,
        owner,
        doc,
        guard: None,
        raw: false,
        handler: Arc::new(move |call| Box::pin(handler(call))),
    }
}
