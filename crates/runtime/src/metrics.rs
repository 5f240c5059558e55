//! The recorder behind the `metrics` macros, and its text for Prometheus.

use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

/// Upper bounds of every histogram of durations, in seconds.
const BUCKETS_S: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// Upper bounds of histograms of rows in a batch, whose names end in `_rows`.
const BUCKETS_ROWS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0];

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
            let recorder = builder().unwrap_or_else(|_| PrometheusBuilder::new()).build_recorder();
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

/// Only an empty list of bounds is refused, and none is.
fn builder() -> Result<PrometheusBuilder, BuildError> {
    let rows = Matcher::Suffix("_rows".to_owned());
    PrometheusBuilder::new().set_buckets(BUCKETS_S)?.set_buckets_for_metric(rows, BUCKETS_ROWS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_bounds_of_their_own() {
        let metrics = Metrics::install();
        ::metrics::histogram!("runtime_test_rows").record(200.0);
        ::metrics::histogram!("runtime_test_seconds").record(0.2);
        let text = metrics.render();
        assert!(text.contains("runtime_test_rows_bucket{le=\"256\"} 1"), "{text}");
        assert!(text.contains("runtime_test_seconds_bucket{le=\"0.25\"} 1"), "{text}");
    }

    #[test]
    fn two_stacks_in_one_process_share_the_recorder() {
        let (first, second) = (Metrics::install(), Metrics::install());
        ::metrics::counter!("runtime_test_total").increment(1);
        assert!(first.render().contains("runtime_test_total 1"));
        assert!(second.render().contains("runtime_test_total 1"));
    }
}
