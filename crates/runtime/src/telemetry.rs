//! Log lines to stderr; stdout belongs to what commands answer.

use std::io::IsTerminal;

use serde::Deserialize;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{Config, ConfigError};

/// Section `[telemetry]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetrySettings {
    /// How lines are written.
    pub format: LogFormat,
    /// Which lines are written, as `tracing`'s filters are spelt.
    pub filter: String,
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

/// Installs the subscriber of this process; where there is one already (several stacks in one process), it stays.
pub fn init(config: &Config) -> Result<(), ConfigError> {
    let settings: TelemetrySettings = config.section("telemetry")?;
    let filter = EnvFilter::try_new(&settings.filter).map_err(|e| ConfigError::invalid("telemetry.filter", e))?;
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
    Ok(())
}
