//! One attempt at a held lane's first delivery, and what becomes of it.

use std::time::{Duration, Instant};

use domain::{DeliveryState, OnParked};

use super::breaker::Admission;
use super::outcome::{Follows, Met};
use super::schedule::Schedule;
use super::sender::Called;
use super::{Delivery, Endpoint};
use crate::store::lanes::{Head, Settled, Tried, Verdict};

/// What is held back comes again around so much later. Microseconds.
const SOON: i64 = 200_000;
/// When an endpoint could not be looked up. Microseconds.
const LATER: i64 = 1_000_000;

impl Delivery {
    /// Begins an attempt.
    pub(super) fn start(&self, head: Head) {
        let this = self.clone();
        self.0.tasks.spawn(async move {
            let settled = this.attempt(head).await;
            // The other end goes with the process.
            let _ = this.0.results.send(settled);
        });
    }

    /// Sends a held lane's first delivery, unless something speaks against it.
    async fn attempt(&self, mut head: Head) -> Settled {
        let now = self.0.clock.now();
        let waits = |head, micros: i64, failing| Settled {
            head,
            tried: None,
            verdict: Verdict::Waits { until: now.plus_micros(micros), failing },
        };
        // A call that could outlast the lease is not begun: somebody else might begin it, too.
        if head.claim.until < now.plus_micros(micros(self.0.longest_call)) {
            return waits(head, 0, false);
        }
        let endpoint = match self.0.known.get(head.endpoint).await {
            Ok(Some(endpoint)) if endpoint.live => endpoint,
            Ok(_) => return ends(head, None, DeliveryState::Cancelled, false),
            Err(error) => {
                tracing::warn!(error = %error, "could not look up an endpoint; trying again");
                return waits(head, LATER, false);
            }
        };
        let Ok(_slot) = self.0.slots.try_acquire() else { return waits(head, spread(SOON), false) };
        match self.0.breakers.admit(endpoint.id, Instant::now()) {
            Admission::Go => {}
            Admission::Busy => return waits(head, spread(SOON), false),
            Admission::Open(pause) => return waits(head, micros(pause) + spread(SOON), true),
        }
        let called = self.0.sender.post(&endpoint, &mut head).await;
        let follows = called.met.follows(endpoint.kind, endpoint.format);
        let alive = called.met.is_alive() || !matches!(follows, Follows::Again(_));
        self.note_breaker(&endpoint, self.0.breakers.done(endpoint.id, alive, Instant::now()));
        self.verdict(&endpoint, head, called, follows)
    }

    fn verdict(&self, endpoint: &Endpoint, head: Head, called: Called, follows: Follows) -> Settled {
        let Called { met, tried } = called;
        let now = self.0.clock.now();
        let wish_s = match follows {
            Follows::Delivered => {
                let took = now.micros() - head.created_at.micros();
                #[expect(clippy::cast_precision_loss, reason = "a histogram; 2^53 µs are 285 years")]
                metrics::histogram!("bots_delivery_seconds").record(took.max(0) as f64 / 1e6);
                return ends(head, Some(tried), DeliveryState::Delivered, false);
            }
            Follows::Rejected | Follows::Gone => return ends(head, Some(tried), DeliveryState::Rejected, false),
            Follows::Again(wish_s) => wish_s,
        };
        metrics::counter!("bots_attempts_failed_total", "why" => why(&met)).increment(1);
        let schedule = Schedule::of(&self.0.settings, endpoint.kind, endpoint.format);
        let failed = head.tries + 1;
        if let Some(pause) = schedule.pause(failed, wish_s, rand::random()) {
            let verdict = Verdict::Again { due_at: now.plus_micros(pause) };
            return Settled { head, tried: Some(tried), verdict };
        }
        tracing::warn!(endpoint.id = %endpoint.id, delivery.id = %head.delivery, event = head.event,
            "a delivery is given up after {failed} attempts");
        ends(head, Some(tried), DeliveryState::Parked, endpoint.on_parked == OnParked::Wait)
    }

    fn note_breaker(&self, endpoint: &Endpoint, changed: Option<bool>) {
        match changed {
            Some(true) => tracing::warn!(endpoint.id = %endpoint.id, "an endpoint fails; its calls are held back"),
            Some(false) => tracing::info!(endpoint.id = %endpoint.id, "an endpoint answers again"),
            None => return,
        }
        let open = u32::try_from(self.0.breakers.open()).unwrap_or(u32::MAX);
        metrics::gauge!("bots_breakers_open").set(f64::from(open));
    }
}

fn ends(head: Head, tried: Option<Tried>, state: DeliveryState, blocks: bool) -> Settled {
    Settled { head, tried, verdict: Verdict::Ends { state, blocks } }
}

fn why(met: &Met) -> String {
    match met {
        Met::Answer { status, .. } => status.to_string(),
        Met::Failed(word) => (*word).to_owned(),
    }
}

/// Somewhere around `micros`: what was held back together does not come back together.
fn spread(micros: i64) -> i64 {
    rand::random_range(micros / 2..=micros + micros / 2)
}

fn micros(of: Duration) -> i64 {
    i64::try_from(of.as_micros()).unwrap_or(i64::MAX)
}
