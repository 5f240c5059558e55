//! The section `bots.delivery`; `defaults.toml` says what each setting means.

use std::time::Duration;

use serde::Deserialize;

/// The section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliverySettings {
    /// Calls at once.
    pub calls: u32,
    /// Calls at once to one endpoint.
    pub calls_per_endpoint: u32,
    /// Lanes claimed at once.
    pub batch_lanes: u32,
    /// How long a lane that was claimed is nobody else's. Seconds.
    pub lease_s: u32,
    /// Interval of looking unasked. Milliseconds.
    pub poll_ms: u64,
    /// Failures in a row that open an endpoint's breaker.
    pub breaker_failures: u32,
    /// How long a breaker is open at first. Milliseconds.
    pub breaker_first_ms: u64,
    /// How long a breaker is open at most. Milliseconds.
    pub breaker_longest_ms: u64,
    /// Pauses after the first, second, … failed attempt: bots, and webhooks in vendors' words. Seconds.
    #[serde(deserialize_with = "runtime::config::comma_list")]
    pub vendor_pauses_s: Vec<u32>,
    /// The same for native webhooks.
    #[serde(deserialize_with = "runtime::config::comma_list")]
    pub native_pauses_s: Vec<u32>,
    /// When a webhook that only fails is switched off. Hours.
    pub disable_after_h: u32,
    /// How long a secret goes on signing beside the one that follows it. Hours.
    pub secret_overlap_h: u32,
    /// How long settled deliveries are kept. Days.
    pub kept_days: u32,
    /// Interval of forgetting old deliveries. Seconds.
    pub sweep_s: u32,
    /// Rows forgotten in one transaction.
    pub sweep_rows: u32,
}

impl DeliverySettings {
    pub(crate) fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms.max(5))
    }
}
