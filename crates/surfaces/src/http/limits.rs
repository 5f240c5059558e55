//! How many requests a token may make.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use domain::TokenId;
use governor::clock::{Clock as _, QuantaClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use crate::LimitSettings;

/// Checks between two clean-ups of tokens that paused.
const CLEAN_EVERY: u32 = 100_000;

type Buckets = RateLimiter<TokenId, DefaultKeyedStateStore<TokenId>, QuantaClock, StateInformationMiddleware>;

/// How many requests a token had at once, and has left now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// How many at once after a pause.
    pub limit: u32,
    /// How many of them are left.
    pub remaining: u32,
}

/// A token bucket per token and the largest body. Cheap to clone.
#[derive(Clone)]
pub struct Limits {
    tokens: Arc<Buckets>,
    clock: QuantaClock,
    checks: Arc<AtomicU32>,
    burst: u32,
    /// Largest request body. Bytes.
    pub body_bytes: usize,
}

impl Limits {
    /// Takes the section `limits`. Zero means one.
    pub fn new(settings: &LimitSettings) -> Self {
        let at_least_one = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(at_least_one(settings.requests_per_s)).allow_burst(at_least_one(settings.burst));
        Self {
            tokens: Arc::new(RateLimiter::keyed(quota).with_middleware()),
            clock: QuantaClock::default(),
            checks: Arc::new(AtomicU32::new(0)),
            burst: at_least_one(settings.burst).get(),
            body_bytes: settings.body_bytes,
        }
    }

    /// Counts one request of `token`.
    ///
    /// # Errors
    /// Whole seconds to wait, at least one.
    pub fn check(&self, token: TokenId) -> Result<Budget, u32> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % CLEAN_EVERY == CLEAN_EVERY - 1 {
            self.tokens.retain_recent();
        }
        let left = self.tokens.check_key(&token).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1)
        })?;
        Ok(Budget { limit: self.burst, remaining: left.remaining_burst_capacity() })
    }

    /// What a token that has run out is told.
    pub fn spent(&self) -> Budget {
        Budget { limit: self.burst, remaining: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_token_running_out_leaves_the_others_alone() {
        let limits = Limits::new(&LimitSettings { body_bytes: 1, requests_per_s: 1, burst: 2 });
        let (busy, idle) = (TokenId::new(), TokenId::new());
        let left = |remaining| Ok(Budget { limit: 2, remaining });
        assert_eq!([limits.check(busy), limits.check(busy)], [left(1), left(0)]);
        assert_eq!(limits.check(busy), Err(1));
        assert_eq!(limits.check(idle), left(1));
    }
}
