//! Where the instances of a service are.
//!
//! A host name may stand for several instances: a service of a compose project with `--scale`, a headless Service of Kubernetes.
//! A connection is kept and used again, so calls that only name the host would all go to whichever address was taken first, and
//! an instance added later would get nothing. So names are resolved here, again and again, and each address is a peer.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::{BoxFuture, join_all};
use reqwest::Url;

use super::breaker::Breaker;

/// How old what is known of a name may be. An instance that was added gets its share after this at the latest; one that is gone
/// is passed over at once, since connecting to it fails.
const FRESH: Duration = Duration::from_secs(1);

/// One instance.
#[derive(Debug)]
pub struct Peer {
    /// Where it answers, without a slash at the end.
    pub url: String,
    /// Whether it is left alone for a moment.
    pub breaker: Breaker,
}

/// The instances as they are known at one time.
pub type List = Arc<[Arc<Peer>]>;

/// The instances of one service.
#[derive(Debug)]
pub struct Peers {
    given: Vec<String>,
    named: bool,
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    list: List,
    asked: Option<Instant>,
    resolved: bool,
}

/// What to do with what is known.
enum Next {
    Use,
    UseAndLook,
    Look,
}

impl Peers {
    /// `urls`: base URLs.
    pub fn new(urls: &[String]) -> Self {
        let given: Vec<String> = urls.iter().map(|url| url.trim_end_matches('/').to_owned()).collect();
        let named = given.iter().any(|url| name(url).is_some());
        let list = given.iter().map(|url| peer(url.clone())).collect();
        Self { given, named, known: Mutex::new(Known { list, asked: None, resolved: false }) }
    }

    /// The instances as they are known now. Until names have been resolved once callers wait for that; later they are given what
    /// is known, and one of them starts looking again when that is old.
    pub fn now(self: &Arc<Self>) -> BoxFuture<'_, List> {
        Box::pin(async move {
            let (list, next) = self.known();
            match next {
                Next::Use => list,
                Next::UseAndLook => {
                    let peers = self.clone();
                    tokio::spawn(async move { peers.look().await });
                    list
                }
                Next::Look => self.look().await,
            }
        })
    }

    fn known(&self) -> (List, Next) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = known.asked.is_some_and(|at| at.elapsed() < FRESH);
        let next = match (self.named, known.resolved) {
            (false, _) => Next::Use,
            (true, false) => Next::Look,
            (true, true) if fresh => Next::Use,
            (true, true) => Next::UseAndLook,
        };
        if matches!(next, Next::UseAndLook) {
            known.asked = Some(Instant::now());
        }
        (known.list.clone(), next)
    }

    /// Resolves every name. One that cannot be resolved leaves everything as it was: what is known may still answer.
    async fn look(&self) -> List {
        let urls: Option<Vec<Vec<String>>> =
            join_all(self.given.iter().map(|url| resolved(url))).await.into_iter().collect();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.asked = Some(Instant::now());
        if let Some(urls) = urls {
            known.list = merged(&known.list, urls.concat());
            known.resolved = true;
        }
        known.list.clone()
    }
}

fn peer(url: String) -> Arc<Peer> {
    Arc::new(Peer { url, breaker: Breaker::new() })
}

/// A peer for each URL; those known already keep their breakers.
fn merged(known: &[Arc<Peer>], mut urls: Vec<String>) -> List {
    urls.sort();
    urls.dedup();
    let of = |url: String| known.iter().find(|peer| peer.url == url).cloned().unwrap_or_else(|| peer(url));
    urls.into_iter().map(of).collect()
}

/// The host name and port that may stand for several instances. A certificate is for a name, so `https` keeps it.
fn name(url: &str) -> Option<(String, u16)> {
    let url = Url::parse(url).ok().filter(|url| url.scheme() == "http")?;
    let host = url.host_str()?;
    let literal = host.starts_with('[') || host.parse::<IpAddr>().is_ok();
    (!literal).then(|| (host.to_owned(), url.port().unwrap_or(80)))
}

/// The URLs of every address of `url`; nothing if they cannot be found out.
async fn resolved(url: &str) -> Option<Vec<String>> {
    let Some((host, port)) = name(url) else { return Some(vec![url.to_owned()]) };
    match tokio::net::lookup_host((host.as_str(), port)).await {
        Ok(found) => {
            Some(found.filter_map(|at| with_address(url, at)).collect()).filter(|all: &Vec<_>| !all.is_empty())
        }
        Err(error) => {
            tracing::warn!(%error, host, "the name of a peer cannot be resolved");
            None
        }
    }
}

fn with_address(url: &str, at: SocketAddr) -> Option<String> {
    let mut url = Url::parse(url).ok()?;
    url.set_ip_host(at.ip()).ok()?;
    Some(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(list: &[Arc<Peer>]) -> Vec<&str> {
        list.iter().map(|peer| peer.url.as_str()).collect()
    }

    #[test]
    fn only_names_without_a_certificate_stand_for_several() {
        assert_eq!(name("http://chats:8080"), Some(("chats".to_owned(), 8080)));
        assert_eq!(name("http://chats"), Some(("chats".to_owned(), 80)));
        for one in ["http://127.0.0.1:8101", "http://[::1]:8101", "https://chats:8443"] {
            assert_eq!(name(one), None, "{one}");
        }
    }

    #[test]
    fn an_address_takes_the_place_of_the_name() {
        let at = "10.0.0.7:8080".parse().unwrap();
        assert_eq!(with_address("http://chats:8080", at).unwrap(), "http://10.0.0.7:8080");
        let at = "[fd00::7]:8080".parse().unwrap();
        assert_eq!(with_address("http://chats:8080/base", at).unwrap(), "http://[fd00::7]:8080/base");
    }

    #[test]
    fn who_stays_keeps_the_breaker() {
        let before = merged(&[], vec!["http://b".into(), "http://a".into(), "http://a".into()]);
        assert_eq!(urls(&before), ["http://a", "http://b"]);
        before[1].breaker.failed();
        let after = merged(&before, vec!["http://c".into(), "http://b".into()]);
        assert_eq!(urls(&after), ["http://b", "http://c"]);
        assert!(after[0].breaker.is_open() && !after[1].breaker.is_open());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn names_are_resolved_and_what_cannot_be_stays_as_given() {
        let peers = Arc::new(Peers::new(&["http://localhost:7001/".to_owned()]));
        let list = peers.now().await;
        assert!(urls(&list).contains(&"http://127.0.0.1:7001"), "{:?}", urls(&list));
        let peers = Arc::new(Peers::new(&["http://nobody.invalid:7001".to_owned()]));
        assert_eq!(urls(&peers.now().await), ["http://nobody.invalid:7001"]);
    }
}
