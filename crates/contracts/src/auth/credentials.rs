//! Who a caller is, remembered for a moment.

use std::sync::Arc;
use std::time::Duration;

use domain::Principal;
use moka::sync::Cache;
use sha2::{Digest as _, Sha256};

use super::{AuthApi, AuthError, Authenticate};

/// How long a positive answer is kept at most: revocation elsewhere takes this long to be seen here.
const KEPT: Duration = Duration::from_secs(5);

/// Asks [`AuthApi`] who a caller is and keeps positive answers for five seconds. Secrets are not kept, only their hashes.
#[derive(Clone)]
pub struct Credentials {
    auth: Arc<dyn AuthApi>,
    known: Cache<[u8; 32], Arc<Principal>>,
}

impl Credentials {
    /// `capacity`: how many callers are remembered at most.
    pub fn new(auth: Arc<dyn AuthApi>, capacity: u64) -> Self {
        Self { auth, known: Cache::builder().max_capacity(capacity).time_to_live(KEPT).build() }
    }

    /// Says who a caller is.
    ///
    /// # Errors
    /// What [`AuthApi::authenticate`] answers; nothing negative is kept.
    pub async fn authenticate(&self, asked: Authenticate) -> Result<Arc<Principal>, AuthError> {
        let hash = hash(&asked);
        if let Some(known) = self.known.get(&hash) {
            return Ok(known);
        }
        let principal = Arc::new(self.auth.authenticate(asked).await?);
        self.known.insert(hash, principal.clone());
        Ok(principal)
    }

    /// Forgets everybody, because a credential may have ended.
    pub fn forget(&self) {
        self.known.invalidate_all();
    }
}

fn hash(asked: &Authenticate) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(asked.surface.as_str());
    for shown in &asked.shown {
        for kind in &shown.kinds {
            hasher.update(kind.as_str());
            hasher.update([1]);
        }
        hasher.update(shown.secret.len().to_le_bytes());
        hasher.update(&shown.secret);
    }
    hasher.finalize().into()
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("known", &self.known.entry_count()).finish_non_exhaustive()
    }
}
