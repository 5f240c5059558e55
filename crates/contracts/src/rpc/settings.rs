//! Section `rpc`: how services find and trust each other.

use std::time::Duration;

use serde::Deserialize;

/// Section `rpc`, each value explained in `defaults.toml`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RpcSettings {
    /// The credential services show each other.
    pub secret: String,
    /// How long a call may take in all. Milliseconds.
    pub deadline_ms: u64,
    /// How long connecting may take. Milliseconds.
    pub connect_timeout_ms: u64,
    /// Where the services answer.
    pub peers: PeerSettings,
}

/// Section `rpc.peers`: base URLs, separated by commas.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each is the service of that name")]
pub struct PeerSettings {
    pub auth: String,
    pub users: String,
    pub chats: String,
    pub messages: String,
    pub realtime: String,
    pub bots: String,
}

/// The secret must be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("rpc.secret must have at least 16 characters: set PARLANCE__RPC__SECRET, the same in every process")]
pub struct NoSecret;

impl RpcSettings {
    /// Refuses to start without a credential.
    ///
    /// # Errors
    /// [`NoSecret`] when it is missing or short.
    pub fn check(&self) -> Result<(), NoSecret> {
        if self.secret.len() < 16 { Err(NoSecret) } else { Ok(()) }
    }

    /// How long connecting may take.
    pub const fn connect_timeout(&self) -> Duration {
        Duration::from_millis(self.connect_timeout_ms)
    }

    /// How long a call may take in all.
    pub const fn deadline(&self) -> Duration {
        Duration::from_millis(self.deadline_ms)
    }

    /// A client for the service whose instances answer at `peers`.
    #[cfg(feature = "client")]
    pub fn client(&self, http: &reqwest::Client, peers: &str) -> super::Client {
        let peers: Vec<String> =
            peers.split(',').map(str::trim).filter(|p| !p.is_empty()).map(ToOwned::to_owned).collect();
        super::Client::new(http.clone(), &peers, &self.secret, self.deadline())
    }
}

impl std::fmt::Debug for RpcSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RpcSettings")
            .field("deadline_ms", &self.deadline_ms)
            .field("peers", &self.peers)
            .finish_non_exhaustive()
    }
}
