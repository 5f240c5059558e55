//! What every HTTP server of ours does around a request: span, trace context, access log. Who serves it measures it, since they
//! know its route: surfaces at the gateway, the gate of `contracts` for calls between services.

use std::future::{Ready, ready};
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::{Error, HttpMessage};
use futures_util::future::{FutureExt, LocalBoxFuture, TryFutureExt};
use tracing::field::Empty;
use tracing::{Instrument, Level, Span, enabled, info, info_span, span_enabled, trace_span, warn};

use crate::otlp::STEPS;
use crate::redact::{is_secret_name, redact_query};
use crate::trace::TraceParent;

/// How a request ends, before it is drawn.
pub type Outcome = Result<ServiceResponse<BoxBody>, Error>;

/// Runs the rest of a request with `traceparent` (given first) as the current one, in whatever task-local the caller keeps it.
pub type Scope = fn(String, LocalBoxFuture<'static, Outcome>) -> LocalBoxFuture<'static, Outcome>;

/// The middleware; [`crate::http::serve`] puts it around every application.
///
/// The request's [`TraceParent`] is also in its extensions.
#[derive(Clone)]
pub struct RequestTrace {
    scope: Option<Scope>,
    sample: f64,
}

impl Default for RequestTrace {
    fn default() -> Self {
        Self { scope: None, sample: 1.0 }
    }
}

impl RequestTrace {
    /// With no scope.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of the traces that begin here this share is collected, 0 to 1.
    #[must_use]
    pub(crate) fn sampling(mut self, share: f64) -> Self {
        self.sample = share;
        self
    }

    /// `scope` makes the request's trace context the current one.
    #[must_use]
    pub fn scoped(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }
}

impl<S, B> Transform<S, ServiceRequest> for RequestTrace
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Transform = Traced<S>;
    type InitError = ();
    type Future = Ready<Result<Traced<S>, ()>>;

    fn new_transform(&self, inner: S) -> Self::Future {
        ready(Ok(Traced { inner, with: self.clone() }))
    }
}

/// An application with [`RequestTrace`] around it.
pub struct Traced<S> {
    inner: S,
    with: RequestTrace,
}

impl<S, B> Service<ServiceRequest> for Traced<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Future = LocalBoxFuture<'static, Outcome>;

    forward_ready!(inner);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let begun = Instant::now();
        let given = given(request.headers());
        let parent = given.map_or_else(|| TraceParent::fresh().sampled(self.with.sample), TraceParent::child);
        let step = step(&request, given, parent);
        let span = info_span!("request", method = %request.method(), trace_id = parent.trace_id());
        // The request itself must not be held on to: routing needs to be its only owner.
        let access = Access {
            method: request.method().to_string(),
            path: request.path().to_owned(),
            query: request.query_string().to_owned(),
        };
        request.extensions_mut().insert(parent);
        let rest = self.inner.call(request).map_ok(ServiceResponse::map_into_boxed_body).boxed_local();
        let rest = match self.with.scope {
            Some(scope) => scope(parent.to_string(), rest),
            None => rest,
        };
        async move {
            let outcome = rest.await;
            step.record("status", u64::from(status(&outcome).as_u16()));
            drop(step);
            access.ended(&outcome, begun);
            outcome
        }
        .instrument(span)
        .boxed_local()
    }
}

/// The caller's step.
fn given(headers: &HeaderMap) -> Option<TraceParent> {
    headers.get("traceparent").and_then(|value| value.to_str().ok()?.parse().ok())
}

/// The step that this request is, for whoever collects traces; nothing while nobody does.
fn step(request: &ServiceRequest, given: Option<TraceParent>, own: TraceParent) -> Span {
    if !span_enabled!(target: STEPS, Level::TRACE) || !own.is_sampled() {
        return Span::none();
    }
    let pattern = request.resource_map().match_pattern(request.path());
    let about = format!("{} {}", request.method(), shown(request.path(), pattern.as_deref(), ""));
    let (parent, context) = (given.map(|given| given.to_string()).unwrap_or_default(), own.to_string());
    trace_span!(target: STEPS, parent: None, "step", name = "request", kind = "server", about = about.as_str(),
        parent = parent.as_str(), context = context.as_str(), status = Empty)
}

fn status(outcome: &Outcome) -> StatusCode {
    match outcome {
        Ok(response) => response.status(),
        Err(error) => error.as_response_error().status_code(),
    }
}

struct Access {
    method: String,
    path: String,
    query: String,
}

impl Access {
    fn ended(self, outcome: &Outcome, begun: Instant) {
        let status = status(outcome);
        let took = begun.elapsed();
        let failed = status.is_server_error();
        if !(failed || enabled!(target: "access", Level::INFO)) {
            return;
        }
        let pattern = outcome.as_ref().ok().and_then(|r| r.request().match_pattern());
        let path = shown(&self.path, pattern.as_deref(), &self.query);
        let (method, status, duration_ms) = (&self.method, status.as_u16(), took.as_millis());
        if failed {
            warn!(target: "access", %method, path, status, duration_ms, "{method} {path} {status}");
        } else {
            info!(target: "access", %method, path, status, duration_ms, "{method} {path} {status}");
        }
    }
}

/// The path as it may be logged: the route's pattern in its place when that has a secret in it (`/t/{token}`).
fn shown(path: &str, pattern: Option<&str>, query: &str) -> String {
    let secret = |p: &&str| p.split('{').skip(1).any(|var| is_secret_name(var.split(['}', ':']).next().unwrap_or(var)));
    let path = pattern.filter(secret).unwrap_or(path);
    if query.is_empty() { path.to_owned() } else { redact_query(&format!("{path}?{query}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_paths_and_queries_are_not_shown() {
        assert_eq!(shown("/t/abc", Some("/t/{token}"), ""), "/t/{token}");
        assert_eq!(shown("/chats/7", Some("/chats/{id}"), "token=x&a=b"), "/chats/7?token=***&a=b");
        assert_eq!(shown("/nowhere", None, ""), "/nowhere");
    }
}
