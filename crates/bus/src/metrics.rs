//! What the bus counts. One place, so that names and labels stay alike.

use domain::Timestamp;

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

/// Age of the oldest unpublished event in seconds; 0 when there is none.
pub(crate) fn lag(service: &str, oldest: Option<Timestamp>, now: Timestamp) {
    let micros = oldest.map_or(0, |at| (now.micros() - at.micros()).max(0));
    #[expect(clippy::cast_precision_loss, reason = "a gauge; 2^53 µs are 285 years")]
    metrics::gauge!("bus_outbox_lag_seconds", "service" => service.to_owned()).set(micros as f64 / 1e6);
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
    metrics::counter!("bus_disconnects_total", "role" => role, "name" => name.to_owned()).increment(1);
}
