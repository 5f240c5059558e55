//! The answering side.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use domain::ServiceError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use tokio::runtime::Handle;

use super::{DEADLINE, TRACEPARENT, spawn_traced};

/// Admits calls that carry the service credential and runs them on the services' runtime.
#[derive(Debug, Clone)]
pub struct Gate(Arc<Inner>);

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

    /// Answers one call. The work goes on when the caller leaves.
    pub async fn serve<C, V, E, F, Fut>(&self, head: &HttpRequest, body: &[u8], work: F) -> HttpResponse
    where
        C: DeserializeOwned,
        V: Serialize + Send + 'static,
        E: ServiceError + Serialize,
        F: FnOnce(C) -> Fut,
        Fut: Future<Output = Result<V, E>> + Send + 'static,
    {
        if !self.admits(head) {
            return HttpResponse::Unauthorized().finish();
        }
        let command = match serde_json::from_slice(body) {
            Ok(command) => command,
            Err(e) => {
                tracing::error!(error = %e, path = head.path(), "a peer's command cannot be read");
                return HttpResponse::BadRequest().finish();
            }
        };
        let text = |name| head.headers().get(name).and_then(|v| v.to_str().ok());
        let deadline =
            text(DEADLINE).and_then(|ms| ms.parse().ok()).map_or(Duration::from_secs(30), Duration::from_millis);
        let trace = domain::trace::entering(text(TRACEPARENT));
        let running = domain::trace::with(trace, async { spawn_traced(&self.0.runtime, work(command)).await });
        match tokio::time::timeout(deadline, running).await {
            Ok(Ok(Ok(view))) => HttpResponse::Ok().json(view),
            Ok(Ok(Err(e))) => draw(&e),
            Ok(Err(_)) => draw(&E::internal()),
            Err(_) => draw(&E::unavailable(format!("{} took longer than its caller waits", head.path()))),
        }
    }

    fn admits(&self, head: &HttpRequest) -> bool {
        let shown =
            head.headers().get("authorization").and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
        // Comparing hashes gives no hint of how much of a guess was right.
        shown.is_some_and(|shown| <[u8; 32]>::from(Sha256::digest(shown)) == self.0.secret)
    }
}

fn draw<E: ServiceError + Serialize>(e: &E) -> HttpResponse {
    let status = StatusCode::from_u16(e.code().http_status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    HttpResponse::build(status).json(e)
}
