//! The answering side.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::web::{self, Bytes, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use metrics::Histogram;
use sha2::{Digest as _, Sha256};
use tokio::runtime::Handle;

use super::route::{Reply, Route};
use super::{DEADLINE, TRACEPARENT, spawn};

/// Admits calls that carry the service credential and runs them on the services' runtime.
#[derive(Debug, Clone)]
pub struct Gate(Arc<Inner>);

/// Adds a service's calls to an application.
pub type Mount = Arc<dyn Fn(&mut ServiceConfig) + Send + Sync>;

#[derive(Debug)]
struct Inner {
    secret: [u8; 32],
    runtime: Handle,
}

impl Gate {
    /// `secret`: the service credential every caller must show.
    pub fn new(secret: &str, runtime: Handle) -> Self {
        Self(Arc::new(Inner { secret: Sha256::digest(secret).into(), runtime }))
    }

    /// Serves `routes`.
    pub fn mounting(self, routes: Vec<Route>) -> Mount {
        Arc::new(move |config| self.mount(&routes, config))
    }

    fn mount(&self, routes: &[Route], config: &mut ServiceConfig) {
        for route in routes {
            let (gate, served) = (self.clone(), route.clone());
            let answer = move |head: HttpRequest, body: Bytes| {
                let (gate, route) = (gate.clone(), served.clone());
                async move {
                    let begun = Instant::now();
                    let response = gate.serve(&route, &head, &body).await;
                    measured(route.path, response.status().as_u16(), begun);
                    response
                }
            };
            config.route(route.path, web::post().to(answer));
        }
    }

    /// Answers one call. The work goes on when the caller leaves.
    async fn serve(&self, route: &Route, head: &HttpRequest, body: &[u8]) -> HttpResponse {
        if !self.admits(head) {
            return HttpResponse::Unauthorized().finish();
        }
        let work = match (route.begin)(body) {
            Ok(work) => work,
            Err(e) => {
                tracing::error!(error = %e, path = head.path(), "a peer's command cannot be read");
                return HttpResponse::BadRequest().finish();
            }
        };
        let text = |name| head.headers().get(name).and_then(|v| v.to_str().ok());
        let deadline =
            text(DEADLINE).and_then(|ms| ms.parse().ok()).map_or(Duration::from_secs(30), Duration::from_millis);
        // The server's own step, where it is one.
        let trace = domain::trace::current().unwrap_or_else(|| domain::trace::entering(text(TRACEPARENT)));
        let running = domain::trace::with(trace, spawn(&self.0.runtime, work));
        show(match tokio::time::timeout(deadline, running).await {
            Ok(Ok(reply)) => reply,
            Ok(Err(_)) => (route.internal)(),
            Err(_) => (route.unavailable)(format!("{} took longer than its caller waits", head.path())),
        })
    }

    fn admits(&self, head: &HttpRequest) -> bool {
        let shown =
            head.headers().get("authorization").and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
        // Comparing hashes gives no hint of how much of a guess was right.
        shown.is_some_and(|shown| <[u8; 32]>::from(Sha256::digest(shown)) == self.0.secret)
    }
}

thread_local! {
    /// A worker's own handles: a call builds no label.
    static KNOWN: RefCell<HashMap<(&'static str, u16), Histogram>> = RefCell::default();
}

fn measured(route: &'static str, status: u16, begun: Instant) {
    KNOWN.with_borrow_mut(|known| {
        let made = || metrics::histogram!("rpc_request_seconds", "route" => route, "status" => status.to_string());
        known.entry((route, status)).or_insert_with(made).record(begun.elapsed());
    });
}

fn show(Reply { status, body }: Reply) -> HttpResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    HttpResponse::build(status).content_type(ContentType::json()).body(body)
}
