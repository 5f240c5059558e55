//! The recorder behind the `metrics` macros, and its text for Prometheus.

use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

/// Upper bounds of every histogram, in seconds: all our histograms are durations.
const BUCKETS_S: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// How often samples not yet scraped are folded into their buckets, so that they do not pile up.
pub(crate) const UPKEEP: Duration = Duration::from_secs(5);

/// A handle on the metrics of this process.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
}

impl Metrics {
    /// Installs the recorder. The `metrics` macros know one per process, so every later call answers the first one's handle.
    pub fn install() -> Self {
        static INSTALLED: OnceLock<PrometheusHandle> = OnceLock::new();
        let handle = INSTALLED.get_or_init(|| {
            let builder = PrometheusBuilder::new();
            let builder = builder.set_buckets(BUCKETS_S).unwrap_or_else(|_| PrometheusBuilder::new());
            let recorder = builder.build_recorder();
            let handle = recorder.handle();
            if ::metrics::set_global_recorder(recorder).is_err() {
                tracing::warn!("another metrics recorder is installed; /metrics stays empty");
            }
            handle
        });
        Self { handle: handle.clone() }
    }

    /// What `GET /metrics` answers.
    pub fn render(&self) -> String {
        self.handle.render()
    }

    /// Folds samples into buckets; see [`UPKEEP`].
    pub(crate) fn upkeep(&self) {
        self.handle.run_upkeep();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_stacks_in_one_process_share_the_recorder() {
        let (first, second) = (Metrics::install(), Metrics::install());
        ::metrics::counter!("runtime_test_total").increment(1);
        assert!(first.render().contains("runtime_test_total 1"));
        assert!(second.render().contains("runtime_test_total 1"));
    }
}
