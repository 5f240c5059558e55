//! Who is called now: at most so many calls at once to an endpoint, and none but a trial call while it fails.
//!
//! In memory, for each instance alone: it spares an endpoint and our own slots, it decides nothing that must last. What it
//! holds back is not tried and does not count as an attempt.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::WebhookId;

/// How a breaker behaves.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Failures in a row that open it.
    pub failures: u32,
    /// How long it is open at first; doubles with each failed trial.
    pub first: Duration,
    /// How long it is open at most.
    pub longest: Duration,
    /// Calls at once to one endpoint.
    pub at_once: u32,
}

/// Whether an endpoint may be called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Yes; [`Breakers::done`] must follow.
    Go,
    /// Too many calls are under way.
    Busy,
    /// It fails: not before this pause is over.
    Open(Duration),
}

#[derive(Debug, Default)]
struct State {
    under_way: u32,
    failures: u32,
    /// While failing: nobody calls before, then one tries.
    until: Option<Instant>,
    trials: u32,
    trying: bool,
}

/// The breakers of all endpoints.
#[derive(Debug)]
pub struct Breakers {
    limits: Limits,
    states: Mutex<HashMap<WebhookId, State>>,
}

impl Breakers {
    /// All closed.
    pub fn new(limits: Limits) -> Self {
        Self { limits, states: Mutex::default() }
    }

    /// Asks to call `endpoint` at `now`.
    pub fn admit(&self, endpoint: WebhookId, now: Instant) -> Admission {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        let state = states.entry(endpoint).or_default();
        if let Some(until) = state.until {
            if now < until {
                return Admission::Open(until - now);
            }
            if state.trying {
                // Somebody tries: what comes of it shows soon.
                return Admission::Open(self.limits.first);
            }
            state.trying = true;
        } else if state.under_way >= self.limits.at_once {
            return Admission::Busy;
        }
        state.under_way += 1;
        Admission::Go
    }

    /// A call that was admitted ended; answers whether the breaker opened or closed by it.
    pub fn done(&self, endpoint: WebhookId, alive: bool, now: Instant) -> Option<bool> {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        let state = states.get_mut(&endpoint)?;
        state.under_way = state.under_way.saturating_sub(1);
        if alive {
            let was_open = state.until.is_some();
            if state.under_way == 0 {
                states.remove(&endpoint);
            } else {
                *state = State { under_way: state.under_way, ..State::default() };
            }
            return was_open.then_some(false);
        }
        state.failures += 1;
        if state.trying {
            state.trying = false;
            state.trials += 1;
        } else if state.until.is_some() || state.failures < self.limits.failures {
            // Calls that were under way when it opened say nothing new.
            return None;
        }
        let opened = state.until.is_none();
        let pause = self.limits.first.saturating_mul(1 << state.trials.min(16)).min(self.limits.longest);
        state.until = Some(now + pause);
        opened.then_some(true)
    }

    /// How many are open.
    pub fn open(&self) -> usize {
        let states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        states.values().filter(|state| state.until.is_some()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn breakers() -> Breakers {
        Breakers::new(Limits { failures: 3, first: SECOND, longest: 4 * SECOND, at_once: 4 })
    }

    fn fail(all: &Breakers, endpoint: WebhookId, at: Instant) -> Option<bool> {
        assert_eq!(all.admit(endpoint, at), Admission::Go);
        all.done(endpoint, false, at)
    }

    #[test]
    fn failures_in_a_row_open_it_and_one_trial_at_a_time_closes_it() {
        let (all, endpoint, start) = (breakers(), WebhookId::new(), Instant::now());
        assert_eq!(fail(&all, endpoint, start), None);
        assert_eq!(fail(&all, endpoint, start), None);
        assert_eq!(fail(&all, endpoint, start), Some(true));
        assert_eq!(all.admit(endpoint, start), Admission::Open(SECOND));
        assert_eq!(all.open(), 1);
        let later = start + SECOND;
        assert_eq!(all.admit(endpoint, later), Admission::Go);
        assert_eq!(all.admit(endpoint, later), Admission::Open(SECOND), "one tries");
        assert_eq!(all.done(endpoint, false, later), None);
        assert_eq!(all.admit(endpoint, later), Admission::Open(2 * SECOND));
        let again = later + 2 * SECOND;
        assert_eq!(all.admit(endpoint, again), Admission::Go);
        assert_eq!(all.done(endpoint, true, again), Some(false));
        assert_eq!(all.admit(endpoint, again), Admission::Go);
        assert_eq!(all.open(), 0);
    }

    #[test]
    fn it_never_stays_open_for_longer_than_the_longest_pause() {
        let (all, endpoint, mut now) = (breakers(), WebhookId::new(), Instant::now());
        for _ in 0..3 {
            fail(&all, endpoint, now);
        }
        for _ in 0..20 {
            let Admission::Open(pause) = all.admit(endpoint, now) else { panic!("it is open") };
            assert!(pause <= 4 * SECOND);
            now += pause;
            fail(&all, endpoint, now);
        }
    }

    #[test]
    fn one_endpoint_is_not_called_more_often_at_once_than_allowed() {
        let (all, busy, idle, now) = (breakers(), WebhookId::new(), WebhookId::new(), Instant::now());
        for _ in 0..4 {
            assert_eq!(all.admit(busy, now), Admission::Go);
        }
        assert_eq!(all.admit(busy, now), Admission::Busy);
        assert_eq!(all.admit(idle, now), Admission::Go);
        all.done(busy, true, now);
        assert_eq!(all.admit(busy, now), Admission::Go);
    }
}
