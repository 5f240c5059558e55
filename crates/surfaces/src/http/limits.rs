//! How many requests a token may make.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use domain::TokenId;
use governor::clock::{Clock as _, QuantaClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::LimitSettings;

/// Checks between two clean-ups of tokens that paused.
const CLEAN_EVERY: u32 = 100_000;

/// A token bucket per token and the largest body. Cheap to clone.
#[derive(Clone)]
pub struct Limits {
    tokens: Arc<DefaultKeyedRateLimiter<TokenId>>,
    clock: QuantaClock,
    checks: Arc<AtomicU32>,
    /// Largest request body. Bytes.
    pub body_bytes: usize,
}

impl Limits {
    /// Takes the section `limits`. Zero means one.
    pub fn new(settings: &LimitSettings) -> Self {
        let at_least_one = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(at_least_one(settings.requests_per_s)).allow_burst(at_least_one(settings.burst));
        Self {
            tokens: Arc::new(RateLimiter::keyed(quota)),
            clock: QuantaClock::default(),
            checks: Arc::new(AtomicU32::new(0)),
            body_bytes: settings.body_bytes,
        }
    }

    /// Counts one request of `token`.
    ///
    /// # Errors
    /// Whole seconds to wait, at least one.
    pub fn check(&self, token: TokenId) -> Result<(), u32> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % CLEAN_EVERY == CLEAN_EVERY - 1 {
            self.tokens.retain_recent();
        }
        self.tokens.check_key(&token).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_token_running_out_leaves_the_others_alone() {
        let limits = Limits::new(&LimitSettings { body_bytes: 1, requests_per_s: 1, burst: 2 });
        let (busy, idle) = (TokenId::new(), TokenId::new());
        assert_eq!([limits.check(busy), limits.check(busy)], [Ok(()), Ok(())]);
        assert_eq!(limits.check(busy), Err(1));
        assert_eq!(limits.check(idle), Ok(()));
    }
}
