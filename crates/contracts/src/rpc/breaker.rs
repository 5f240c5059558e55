//! A circuit breaker per peer address: one that cannot be reached is left alone for a moment.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// First pause; doubles with each further failure.
const FIRST: Duration = Duration::from_millis(100);
/// Longest pause: a peer that came back is used again after this at the latest.
const LONGEST: Duration = Duration::from_secs(1);

/// Open after a failed connection, for a pause that doubles up to [`LONGEST`]; closed by any success.
#[derive(Debug)]
pub struct Breaker {
    since: Instant,
    failures: AtomicU32,
    open_until_ms: AtomicU64,
}

impl Breaker {
    pub fn new() -> Self {
        Self { since: Instant::now(), failures: AtomicU32::new(0), open_until_ms: AtomicU64::new(0) }
    }

    pub fn is_open(&self) -> bool {
        self.now_ms() < self.open_until_ms.load(Ordering::Relaxed)
    }

    pub fn succeeded(&self) {
        self.failures.store(0, Ordering::Relaxed);
        self.open_until_ms.store(0, Ordering::Relaxed);
    }

    pub fn failed(&self) {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed).min(10);
        let pause = FIRST.saturating_mul(1 << failures).min(LONGEST);
        let pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        self.open_until_ms.store(self.now_ms().saturating_add(pause_ms), Ordering::Relaxed);
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_opens_and_a_success_closes() {
        let breaker = Breaker::new();
        assert!(!breaker.is_open());
        breaker.failed();
        assert!(breaker.is_open());
        breaker.succeeded();
        assert!(!breaker.is_open());
    }
}
