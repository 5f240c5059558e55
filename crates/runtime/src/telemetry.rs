//! Log lines to stderr; stdout belongs to what commands answer.

use std::io::IsTerminal;

use serde::Deserialize;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::config::{Config, ConfigError};
use crate::otlp::{self, Exporter};

/// Section `[telemetry]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetrySettings {
    /// How lines are written.
    pub format: LogFormat,
    /// Which lines are written, as `tracing`'s filters are spelt.
    pub filter: String,
    /// Where steps of traces are posted; empty: nowhere.
    pub otlp_url: String,
    /// Which share of the traces that begin here is collected, 0 to 1.
    pub otlp_sample: f64,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One object a line.
    Json,
}

/// Installs the subscriber of this process; where there is one already (several stacks in one process), it stays. Answers who posts
/// traces, if they are to be posted.
pub fn init(config: &Config) -> Result<Option<Exporter>, ConfigError> {
    let settings: TelemetrySettings = config.section("telemetry")?;
    let filter = EnvFilter::try_new(&settings.filter).map_err(|e| ConfigError::invalid("telemetry.filter", e))?;
    if !(0.0..=1.0).contains(&settings.otlp_sample) {
        return Err(ConfigError::invalid("telemetry.otlp_sample", "not between 0 and 1"));
    }
    if !settings.otlp_url.is_empty() {
        return Ok(with_traces(&settings, filter));
    }
    // A line that cannot be written, because the disk is full or nobody reads, is no reason to end a request.
    let lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false);
    let installed = match settings.format {
        LogFormat::Text => lines.with_ansi(std::io::stderr().is_terminal()).finish().try_init(),
        LogFormat::Json => lines.json().flatten_event(true).finish().try_init(),
    };
    if installed.is_err() {
        tracing::debug!("logging was set up before; its settings stay");
    }
    Ok(None)
}

/// The same lines, and steps of traces beside them.
fn with_traces(settings: &TelemetrySettings, filter: EnvFilter) -> Option<Exporter> {
    let (steps, exporter) = otlp::open(&settings.otlp_url);
    let steps = steps.with_filter(filter_fn(otlp::is_step));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).log_internal_errors(false);
    let installed = match settings.format {
        LogFormat::Text => {
            let lines = lines.with_ansi(std::io::stderr().is_terminal());
            tracing_subscriber::registry().with(steps).with(lines.with_filter(filter)).try_init()
        }
        LogFormat::Json => {
            let lines = lines.json().flatten_event(true);
            tracing_subscriber::registry().with(steps).with(lines.with_filter(filter)).try_init()
        }
    };
    installed.is_ok().then_some(exporter)
}
