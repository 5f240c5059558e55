//! The one way to make an HTTP client: TLS by ring, no proxy, no redirects, every phase bounded.

mod addresses;
mod egress;
mod policy;

use std::time::Duration;

use reqwest::{Client, ClientBuilder, redirect};

pub use egress::{Answer, EGRESS_BODY_CAP, EgressClient, is_egress_refused, read_capped};
pub use policy::{EgressPolicy, EgressRefused, EgressSettings};

/// Unused connections per host that are kept. Peers are few, and a gateway calls them with all its workers at once.
const PEER_IDLE: usize = 256;
/// Shorter than servers keep theirs (`server.keep_alive_s`), so that a request does not meet a connection just closed.
const PEER_IDLE_FOR: Duration = Duration::from_secs(30);

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until connected, name resolution included.
    pub connect: Duration,
    /// Until the last byte of the answer.
    pub total: Duration,
}

/// Chooses ring for TLS. The first call of a process counts; callers need not know whether theirs is it.
pub fn install_crypto() {
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        tracing::trace!("a TLS provider is installed already");
    }
}

/// For calls between our own processes: HTTP/1.1, kept alive.
pub fn peer_client(timeouts: Timeouts) -> reqwest::Result<Client> {
    build(|| {
        base(timeouts)
            .http1_only()
            .tcp_nodelay(true)
            .tcp_keepalive(Duration::from_secs(30))
            .pool_max_idle_per_host(PEER_IDLE)
            .pool_idle_timeout(PEER_IDLE_FOR)
    })
}

#[expect(clippy::disallowed_methods, reason = "this is the place the lint points to")]
fn base(timeouts: Timeouts) -> ClientBuilder {
    install_crypto();
    Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.total)
        .user_agent(concat!("Parlance/", env!("CARGO_PKG_VERSION")))
}

/// Builds; on a system without CA certificates (a bare container) https must fail, but plain http need not.
fn build(make: impl Fn() -> ClientBuilder) -> reqwest::Result<Client> {
    make().build().or_else(|error| {
        tracing::warn!(error = %error, "no CA certificates of the system: https calls will fail");
        make().tls_certs_only([]).build()
    })
}
