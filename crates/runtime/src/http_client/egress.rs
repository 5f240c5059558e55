//! The client for calls to URLs that users or operators chose.

use futures_util::future::BoxFuture;
use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Method, RequestBuilder, Response};

use super::policy::{EgressPolicy, EgressRefused, EgressSettings};
use super::{base, build};

/// Of an answer at most this much is read, in bytes.
pub const EGRESS_BODY_CAP: usize = 64 * 1024;

/// Unused connections per host that are kept: as many as may be called at once, so that none is made anew under load.
const IDLE: usize = 256;
/// For so long. Shorter than most servers keep theirs, so that a request does not meet a connection just closed.
const IDLE_FOR: Duration = Duration::from_secs(4);

/// Calls what the policy lets through. There is no way around the vetting: the client inside is not handed out.
#[derive(Clone)]
pub struct EgressClient {
    client: Client,
    policy: Arc<EgressPolicy>,
    total: Duration,
}

impl EgressClient {
    /// A client for the section `[egress]`. Make one and clone it: connections are pooled.
    pub fn new(settings: &EgressSettings) -> reqwest::Result<Self> {
        Self::looking_up(settings, Lookup::System)
    }

    fn looking_up(settings: &EgressSettings, lookup: Lookup) -> reqwest::Result<Self> {
        let policy = Arc::new(settings.policy());
        let resolver = Arc::new(Vetting { policy: Arc::clone(&policy), lookup });
        let client = build(|| {
            base(settings.timeouts())
                .dns_resolver(Arc::clone(&resolver))
                .tcp_nodelay(true)
                .pool_max_idle_per_host(IDLE)
                .pool_idle_timeout(IDLE_FOR)
        })?;
        Ok(Self { client, policy, total: settings.timeouts().total })
    }

    /// A request to `url`, vetted now; a name is vetted once more when it is resolved, see [`is_egress_refused`].
    pub fn request(&self, method: Method, url: &str) -> Result<RequestBuilder, EgressRefused> {
        Ok(self.client.request(method, self.policy.vet_url(url)?))
    }

    /// How long a whole call may take.
    pub fn timeout(&self) -> Duration {
        self.total
    }

    /// The rule, for vetting a URL before it is saved.
    pub fn policy(&self) -> &EgressPolicy {
        &self.policy
    }
}

/// Whether a call failed because its host's name leads to an address that is refused.
pub fn is_egress_refused(error: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.is::<EgressRefused>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// An answer's body, or its beginning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// At most as many bytes as asked for.
    pub body: Vec<u8>,
    /// There was more.
    pub truncated: bool,
}

/// Reads at most `cap` bytes of `response`'s body; the rest is never fetched.
pub fn read_capped(mut response: Response, cap: usize) -> BoxFuture<'static, reqwest::Result<Answer>> {
    Box::pin(async move {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            let room = cap - body.len();
            if chunk.len() > room {
                body.extend_from_slice(&chunk[..room]);
                return Ok(Answer { body, truncated: true });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { body, truncated: false })
    })
}

/// Resolves names for the client, which then connects to just those addresses: nothing is looked up again in between.
struct Vetting {
    policy: Arc<EgressPolicy>,
    lookup: Lookup,
}

/// Who says where a name leads.
#[derive(Clone)]
enum Lookup {
    /// The system.
    System,
    /// A test: one answer after the other.
    #[cfg(test)]
    Told(Arc<std::sync::Mutex<Vec<Vec<IpAddr>>>>),
}

impl Lookup {
    async fn find(&self, name: &str) -> std::io::Result<Vec<IpAddr>> {
        match self {
            Self::System => Ok(tokio::net::lookup_host((name, 0)).await?.map(|found| found.ip()).collect()),
            #[cfg(test)]
            Self::Told(answers) => Ok(answers.lock().map(|mut answers| answers.remove(0)).unwrap_or_default()),
        }
    }
}

impl Resolve for Vetting {
    fn resolve(&self, name: Name) -> Resolving {
        let (policy, lookup) = (Arc::clone(&self.policy), self.lookup.clone());
        Box::pin(async move {
            let name = name.as_str();
            let found = match loopback(name) {
                Some(both) => permitted_loopback(&policy, both),
                None => lookup.find(name).await?,
            };
            // One that is refused refuses the name: a mixture is how rebinding attacks look.
            if let Some(&address) = found.iter().find(|&&address| !policy.permits(address)) {
                return Err(EgressRefused::Name { name: name.to_owned(), address }.into());
            }
            Ok(Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs)
        })
    }
}

/// `localhost` is no name to look up (RFC 6761) but this machine in either family.
fn loopback(name: &str) -> Option<[IpAddr; 2]> {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.eq_ignore_ascii_case("localhost").then_some([Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()])
}

/// The families of `localhost` that are allowed, or both (to be refused) when none is: whoever allows 127.0.0.0/8 alone
/// means `localhost` to work, and only there.
fn permitted_loopback(policy: &EgressPolicy, both: [IpAddr; 2]) -> Vec<IpAddr> {
    let allowed: Vec<IpAddr> = both.into_iter().filter(|&address| policy.permits(address)).collect();
    if allowed.is_empty() { both.into() } else { allowed }
}

#[cfg(test)]
mod tests;
