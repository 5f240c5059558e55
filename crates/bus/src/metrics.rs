//! What the bus counts. One place, so that names and labels stay alike.

use std::time::Duration;

use domain::Timestamp;

/// All that counts what goes wrong is there from the start, so that its first time is an increase.
pub(crate) fn register(service: &str, rabbit: bool) {
    published(service, 0);
    parked(service, 0);
    duplicates(service, 0);
    consumed(service, 0);
    for counter in ["bus_retried_total", "bus_malformed_total"] {
        metrics::counter!(counter, "group" => service.to_owned()).increment(0);
    }
    for role in ["relay", "consumer"] {
        metrics::counter!("bus_disconnects_total", "role" => role, "name" => service.to_owned()).increment(0);
    }
    if rabbit {
        metrics::counter!("bus_confirm_failures_total", "service" => service.to_owned()).increment(0);
        metrics::counter!("bus_resubscribed_total", "group" => service.to_owned()).increment(0);
        for role in ["relay", "consumer"] {
            connected(role, service, false);
        }
    }
}

/// Whether there is a connection to the broker, with everything declared that is needed.
pub(crate) fn connected(role: &'static str, name: &str, is: bool) {
    metrics::gauge!("bus_connected", "role" => role, "name" => name.to_owned()).set(f64::from(u8::from(is)));
}

/// Partitions subscribed anew because something waited in them for long, or their channels had ended.
pub(crate) fn resubscribed(group: &str) {
    metrics::counter!("bus_resubscribed_total", "group" => group.to_owned()).increment(1);
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// Events the broker has confirmed, or every group has finished.
pub(crate) fn published(service: &str, n: usize) {
    metrics::counter!("bus_published_total", "service" => service.to_owned()).increment(count(n));
}

/// Anything but a plain ack.
pub(crate) fn confirm_failed(service: &str) {
    metrics::counter!("bus_confirm_failures_total", "service" => service.to_owned()).increment(1);
}

/// Age in seconds of something written at `at`.
fn age_s(at: Timestamp, now: Timestamp) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "2^53 µs are 285 years")]
    let micros = (now.micros() - at.micros()).max(0) as f64;
    micros / 1e6
}

/// Age of the oldest unpublished event in seconds; 0 when there is none.
pub(crate) fn lag(service: &str, oldest: Option<Timestamp>, now: Timestamp) {
    let age = oldest.map_or(0.0, |at| age_s(at, now));
    metrics::gauge!("bus_outbox_lag_seconds", "service" => service.to_owned()).set(age);
}

/// How long the broker took to confirm a batch.
pub(crate) fn confirmed(service: &str, took: Duration) {
    metrics::histogram!("bus_confirm_seconds", "service" => service.to_owned()).record(took);
}

/// Age of the oldest event of `source` that `group` has at hand and has not applied; 0 when there is none.
pub(crate) fn consumer_lag(group: &str, source: &str, oldest: Option<Timestamp>, now: Timestamp) {
    let age = oldest.map_or(0.0, |at| age_s(at, now));
    metrics::gauge!("bus_consumer_lag_seconds", "group" => group.to_owned(), "source" => source.to_owned()).set(age);
}

/// How old events were when the transaction that applied them was committed.
pub(crate) fn applied(group: &str, written: impl Iterator<Item = Timestamp>, now: Timestamp) {
    let ages = metrics::histogram!("bus_event_age_seconds", "group" => group.to_owned());
    written.for_each(|at| ages.record(age_s(at, now)));
}

/// Events a group has applied in a committed transaction.
pub(crate) fn consumed(group: &str, n: usize) {
    metrics::counter!("bus_consumed_total", "group" => group.to_owned()).increment(count(n));
}

/// Deliveries of events the group had applied before.
pub(crate) fn duplicates(group: &str, n: usize) {
    metrics::counter!("bus_duplicates_total", "group" => group.to_owned()).increment(count(n));
}

/// Times a partition had to wait because of a failure that may pass.
pub(crate) fn retried(group: &str) {
    metrics::counter!("bus_retried_total", "group" => group.to_owned()).increment(1);
}

/// Events parked, rejected ones and those behind them.
pub(crate) fn parked(group: &str, n: usize) {
    metrics::counter!("bus_parked_total", "group" => group.to_owned()).increment(count(n));
}

/// Messages that are none of ours.
pub(crate) fn malformed(group: &str) {
    metrics::counter!("bus_malformed_total", "group" => group.to_owned()).increment(1);
}

/// Connections to the broker that ended.
pub(crate) fn disconnected(role: &'static str, name: &str) {
    connected(role, name, false);
    metrics::counter!("bus_disconnects_total", "role" => role, "name" => name.to_owned()).increment(1);
}
