//! The calling side.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use domain::ServiceError;
use domain::trace::{Step, StepKind};
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::breaker::Breaker;
use super::{DEADLINE, TRACEPARENT};

/// Who is called.
const SERVICES: [&str; 6] = ["auth", "users", "chats", "messages", "bots", "realtime"];

/// Calls one service, which may have several instances.
#[derive(Debug, Clone)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    http: reqwest::Client,
    peers: Vec<Peer>,
    next: AtomicUsize,
    secret: String,
    deadline: Duration,
}

#[derive(Debug)]
struct Peer {
    url: String,
    breaker: Breaker,
}

/// Why one attempt gave no answer.
enum Attempt {
    /// Nothing was sent: another instance may be tried.
    NotSent(reqwest::Error),
    /// Perhaps it was carried out, perhaps not.
    Unknown(reqwest::Error),
}

impl Client {
    /// `http`: with a connect timeout. `peers`: base URLs of the instances. `secret`: the service credential.
    /// `deadline`: how long a call may take in all.
    pub fn new(http: reqwest::Client, peers: &[String], secret: &str, deadline: Duration) -> Self {
        let peers = peers
            .iter()
            .map(|url| Peer { url: url.trim_end_matches('/').to_owned(), breaker: Breaker::new() })
            .collect();
        // There from the start, so that the first failure is an increase.
        for service in SERVICES {
            metrics::counter!("rpc_calls_failed_total", "service" => service).increment(0);
            metrics::counter!("rpc_breaker_opened_total", "service" => service).increment(0);
        }
        Self(Arc::new(Inner { http, peers, next: AtomicUsize::new(0), secret: format!("Bearer {secret}"), deadline }))
    }

    /// Makes one call. `repeat`: whether it may be made again when the outcome of an attempt is unknown.
    ///
    /// # Errors
    /// What the service answered, or its `unavailable` when no instance answered in time.
    pub async fn call<C, V, E>(&self, path: &str, command: &C, repeat: bool) -> Result<V, E>
    where
        C: Serialize + Sync,
        V: DeserializeOwned,
        E: ServiceError + DeserializeOwned,
    {
        match serde_json::to_vec(command) {
            Ok(body) => match self.exchange(path, body, repeat).await {
                Ok((status, bytes)) => read(path, status, &bytes),
                Err(why) => Err(E::unavailable(why)),
            },
            Err(e) => {
                tracing::error!(error = %e, path, "could not write the command");
                Err(E::internal())
            }
        }
    }

    /// The answer of the first instance that gives one, or why none did.
    fn exchange<'a>(
        &'a self,
        path: &'a str,
        body: Vec<u8>,
        repeat: bool,
    ) -> BoxFuture<'a, Result<(u16, Vec<u8>), String>> {
        Box::pin(async move {
            let until = Instant::now() + self.0.deadline;
            let first = self.0.next.fetch_add(1, Ordering::Relaxed);
            let mut why = format!("no instance of {path} is reachable");
            for at in 0..self.0.peers.len() {
                let peer = &self.0.peers[(first + at) % self.0.peers.len()];
                if peer.breaker.is_open() {
                    continue;
                }
                match self.attempt(peer, path, body.clone(), until).await {
                    Ok(answer) => {
                        peer.breaker.succeeded();
                        return Ok(answer);
                    }
                    Err(Attempt::NotSent(e)) => {
                        peer.breaker.failed();
                        metrics::counter!("rpc_breaker_opened_total", "service" => service(path).to_owned())
                            .increment(1);
                        why = format!("{path}: {e}");
                    }
                    Err(Attempt::Unknown(e)) if repeat && !e.is_timeout() => why = format!("{path}: {e}"),
                    Err(Attempt::Unknown(e)) => {
                        why = format!("{path}: {e}");
                        break;
                    }
                }
            }
            metrics::counter!("rpc_calls_failed_total", "service" => service(path).to_owned()).increment(1);
            tracing::warn!(path, why, "a peer does not answer");
            Err(why)
        })
    }

    /// Whether some instance can be reached, for readiness.
    pub async fn reachable(&self) -> bool {
        for peer in &self.0.peers {
            let answer = self.0.http.get(format!("{}/rpc", peer.url)).timeout(Duration::from_secs(1)).send().await;
            if answer.is_ok() {
                return true;
            }
        }
        false
    }

    async fn attempt(&self, peer: &Peer, path: &str, body: Vec<u8>, until: Instant) -> Result<(u16, Vec<u8>), Attempt> {
        let left = until.saturating_duration_since(Instant::now());
        let mut request = self
            .0
            .http
            .post(format!("{}/rpc/{path}", peer.url))
            .timeout(left)
            .header("authorization", &self.0.secret)
            .header("content-type", "application/json")
            .header(DEADLINE, left.as_millis().to_string())
            .body(body);
        let trace = domain::trace::current();
        let step = Step::begin(StepKind::Client, "call", format_args!("{path}"), trace.as_deref());
        if let Some(trace) = step.as_ref().map(Step::context).or(trace.as_deref()) {
            request = request.header(TRACEPARENT, trace);
        }
        let sorted = |e: reqwest::Error| if e.is_connect() { Attempt::NotSent(e) } else { Attempt::Unknown(e) };
        let answer = request.send().await.map_err(sorted)?;
        let status = answer.status().as_u16();
        let bytes = answer.bytes().await.map_err(Attempt::Unknown)?;
        Ok((status, bytes.to_vec()))
    }
}

/// The service that `path` belongs to: its first segment.
fn service(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

fn read<V: DeserializeOwned, E: ServiceError + DeserializeOwned>(
    path: &str,
    status: u16,
    bytes: &[u8],
) -> Result<V, E> {
    let malformed = |e: serde_json::Error| {
        tracing::error!(error = %e, path, status, "a peer's answer cannot be read");
        E::unavailable(format!("{path}: unreadable answer, status {status}"))
    };
    if status == 200 {
        serde_json::from_slice(bytes).map_err(malformed)
    } else {
        Err(serde_json::from_slice(bytes).unwrap_or_else(malformed))
    }
}
