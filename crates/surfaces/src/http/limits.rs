//! How much a token, a tenant and an address may ask.
//!
//! Each has a token bucket of its own, counted by each gateway for itself: behind `n` gateways a tenant may ask up to `n` times as
//! much. A request counts for its token and its tenant once the caller is known; what comes from nobody who is known counts for
//! its address.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use domain::{Principal, TenantId, TokenId};
use governor::clock::{Clock as _, QuantaClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use crate::{LimitSettings, RateSettings};

/// Checks between two clean-ups of those who paused.
const CLEAN_EVERY: u32 = 100_000;

/// How many requests somebody had at once, and has left now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// How many at once after a pause.
    pub limit: u32,
    /// How many of them are left.
    pub remaining: u32,
}

/// A budget that has run out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spent {
    /// How many at once after a pause.
    pub limit: u32,
    /// Until there is one more: whole seconds, at least one.
    pub retry_after_s: u32,
}

/// What requests are held to. Cheap to clone.
#[derive(Clone)]
pub struct Limits {
    tokens: Arc<Rate<TokenId>>,
    tenants: Arc<Rate<TenantId>>,
    addresses: Arc<Rate<IpAddr>>,
    /// Largest request body. Bytes.
    pub body_bytes: usize,
    /// How long a body may take to arrive.
    pub body_timeout: Duration,
}

impl Limits {
    /// Takes the section `limits`. Zero means one.
    pub fn new(settings: &LimitSettings) -> Self {
        let token = RateSettings { requests_per_s: settings.requests_per_s, burst: settings.burst };
        Self {
            tokens: Arc::new(Rate::new("token", &token)),
            tenants: Arc::new(Rate::new("tenant", &settings.tenant)),
            addresses: Arc::new(Rate::new("address", &settings.address)),
            body_bytes: settings.body_bytes,
            body_timeout: Duration::from_secs(settings.body_timeout_s),
        }
    }

    /// Counts one request of `who`, for their token and for their tenant; answers the scarcer budget.
    ///
    /// # Errors
    /// One of them has run out.
    pub fn caller(&self, who: &Principal) -> Result<Budget, Spent> {
        // What its token may not ask is not taken from the tenant's others.
        let token = self.token(who.token)?;
        let tenant = self.tenants.count(&who.tenant)?;
        Ok(if tenant.remaining < token.remaining { tenant } else { token })
    }

    /// Counts one request for a token alone.
    ///
    /// # Errors
    /// It has run out.
    pub fn token(&self, token: TokenId) -> Result<Budget, Spent> {
        self.tokens.count(&token)
    }

    /// Counts one request of somebody who is not known. An IPv6 network of 64 bits is one address: its owner has them all.
    ///
    /// # Errors
    /// The address has run out.
    pub fn address(&self, address: IpAddr) -> Result<Budget, Spent> {
        let counted = match address.to_canonical() {
            IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
            v4 @ IpAddr::V4(_) => v4,
        };
        self.addresses.count(&counted)
    }
}

/// A token bucket for each of many.
struct Rate<K: Hash + Eq + Clone> {
    of: &'static str,
    buckets: RateLimiter<K, DefaultKeyedStateStore<K>, QuantaClock, StateInformationMiddleware>,
    clock: QuantaClock,
    checks: AtomicU32,
    burst: u32,
}

impl<K: Hash + Eq + Clone> Rate<K> {
    fn new(of: &'static str, settings: &RateSettings) -> Self {
        let at_least_one = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(at_least_one(settings.requests_per_s)).allow_burst(at_least_one(settings.burst));
        // There from the start, so that the first time is an increase.
        metrics::counter!("parlance_limited_total", "by" => of).increment(0);
        Self {
            of,
            buckets: RateLimiter::keyed(quota).with_middleware(),
            clock: QuantaClock::default(),
            checks: AtomicU32::new(0),
            burst: at_least_one(settings.burst).get(),
        }
    }

    fn count(&self, key: &K) -> Result<Budget, Spent> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % CLEAN_EVERY == CLEAN_EVERY - 1 {
            self.buckets.retain_recent();
        }
        let left = self.buckets.check_key(key).map_err(|not_until| {
            metrics::counter!("parlance_limited_total", "by" => self.of).increment(1);
            let wait = not_until.wait_time_from(self.clock.now());
            let retry_after_s = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
            Spent { limit: self.burst, retry_after_s }
        })?;
        Ok(Budget { limit: self.burst, remaining: left.remaining_burst_capacity() })
    }
}

#[cfg(test)]
mod tests {
    use domain::Surface;

    use super::*;

    /// One request a second; so many at once for a token, a tenant and an address.
    fn limits(token: u32, tenant: u32, address: u32) -> Limits {
        let rate = |burst| RateSettings { requests_per_s: 1, burst };
        Limits::new(&LimitSettings {
            body_bytes: 1,
            body_timeout_s: 1,
            requests_per_s: 1,
            burst: token,
            tenant: rate(tenant),
            address: rate(address),
        })
    }

    #[expect(clippy::unnecessary_wraps, reason = "as it is answered")]
    fn left(limit: u32, remaining: u32) -> Result<Budget, Spent> {
        Ok(Budget { limit, remaining })
    }

    fn spent(limit: u32) -> Result<Budget, Spent> {
        Err(Spent { limit, retry_after_s: 1 })
    }

    #[test]
    fn one_token_running_out_leaves_the_others_alone() {
        let limits = limits(2, 9, 9);
        let (busy, idle) = (TokenId::new(), TokenId::new());
        assert_eq!([limits.token(busy), limits.token(busy)], [left(2, 1), left(2, 0)]);
        assert_eq!(limits.token(busy), spent(2));
        assert_eq!(limits.token(idle), left(2, 1));
    }

    #[test]
    fn a_tenants_tokens_share_its_budget_and_nobody_elses() {
        let limits = limits(2, 3, 9);
        let tenant = TenantId::new();
        let who = |tenant| Principal { token: TokenId::new(), ..Principal::reader(tenant, Surface::Voipbin) };
        let (one, two) = (who(tenant), who(tenant));
        assert_eq!([limits.caller(&one), limits.caller(&one)], [left(2, 1), left(2, 0)]);
        // What a token may not ask costs its tenant nothing.
        assert_eq!([limits.caller(&one), limits.caller(&one)], [spent(2), spent(2)]);
        assert_eq!([limits.caller(&two), limits.caller(&two)], [left(3, 0), spent(3)]);
        assert_eq!(limits.caller(&who(TenantId::new())), left(2, 1));
    }

    #[test]
    fn a_network_of_64_bits_is_one_address() {
        let limits = limits(9, 9, 1);
        let from = |address: &str| limits.address(address.parse().unwrap());
        assert_eq!(
            [from("2001:db8::1"), from("2001:db8::2"), from("2001:db8:0:1::1")],
            [left(1, 0), spent(1), left(1, 0)]
        );
        assert_eq!(
            [from("192.0.2.1"), from("::ffff:192.0.2.1"), from("192.0.2.2")],
            [left(1, 0), spent(1), left(1, 0)]
        );
    }
}
