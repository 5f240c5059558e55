//! Where clients reach us, perhaps through a proxy.

use std::net::IpAddr;

use actix_web::HttpRequest;

/// The address clients use, and whom we believe about theirs.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// `gateway.public_url`, without a slash at the end; else the request's own host.
    pub public_url: Option<String>,
    /// Where health and metrics are, for `credentials.json`.
    pub admin_url: String,
    /// `gateway.trusted_proxies`: whose `X-Forwarded-For` counts.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Site {
    /// The base URL a client can come back to, without a slash at the end.
    pub fn base_url(&self, request: &HttpRequest) -> String {
        self.public_url.clone().unwrap_or_else(|| {
            let connection = request.connection_info();
            format!("{}://{}", connection.scheme(), connection.host())
        })
    }

    /// The client's address: the last one in `X-Forwarded-For` that no trusted proxy stands for.
    pub fn client(&self, request: &HttpRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip();
        if !self.trusted_proxies.contains(&peer) {
            return Some(peer);
        }
        let forwarded = request.headers().get("x-forwarded-for").and_then(|v| v.to_str().ok()).unwrap_or_default();
        let hops = forwarded.rsplit(',').filter_map(|hop| hop.trim().parse::<IpAddr>().ok());
        Some(hops.into_iter().find(|hop| !self.trusted_proxies.contains(hop)).unwrap_or(peer))
    }
}
