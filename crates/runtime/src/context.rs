//! What every part of a stack is given.

use std::time::Duration;

use serde::Deserialize;
use tokio::runtime::Handle;

use crate::config::{Config, ConfigError};
use crate::metrics::{Metrics, UPKEEP};
use crate::readiness::Readiness;
use crate::shutdown::{Shutdown, Stage};
use crate::telemetry::TelemetrySettings;

/// Section `[server]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerSettings {
    /// Where requests are accepted, `host:port`.
    pub listen: String,
    /// Where health, readiness and metrics are served, `host:port`.
    pub admin_listen: String,
    /// HTTP worker threads; 0: one per core.
    pub workers: usize,
    /// Threads of the services' runtime; 0: one per core.
    pub service_threads: usize,
    /// How long an idle connection is kept open, in seconds.
    pub keep_alive_s: u64,
    /// Connections held at once; more wait to be accepted.
    pub connections: usize,
}

/// Section `[shutdown]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct ShutdownSettings {
    grace_s: u64,
}

/// One stack's settings, runtime, way to stop, readiness and metrics. Clones are the same stack.
#[derive(Clone)]
pub struct Context {
    /// The process, in logs and thread names: `messages`, `parlance`.
    pub name: &'static str,
    /// All settings.
    pub config: Config,
    /// Section `[server]`.
    pub server: ServerSettings,
    /// The services' multi-thread runtime: pools, relay, consumers and service calls run here, never on HTTP workers.
    pub handle: Handle,
    /// How this stack stops.
    pub shutdown: Shutdown,
    /// What must answer before it is ready.
    pub readiness: Readiness,
    /// The metrics of the process.
    pub metrics: Metrics,
    /// Which share of the traces that begin here is collected, 0 to 1.
    pub trace_sample: f64,
}

impl Context {
    /// A stack on an existing runtime; many can live in one process. Its owner calls `shutdown.run()` in the end.
    pub fn new(name: &'static str, config: Config, handle: Handle) -> Result<Self, ConfigError> {
        crate::http_client::install_crypto();
        let server = config.section("server")?;
        let ShutdownSettings { grace_s } = config.section("shutdown")?;
        let TelemetrySettings { otlp_sample: trace_sample, .. } = config.section("telemetry")?;
        let shutdown = Shutdown::new(Duration::from_secs(grace_s));
        let metrics = Metrics::install();
        fold_samples(&shutdown, &handle, metrics.clone());
        Ok(Self { name, config, server, handle, shutdown, readiness: Readiness::default(), metrics, trace_sample })
    }
}

fn fold_samples(shutdown: &Shutdown, handle: &Handle, metrics: Metrics) {
    let token = shutdown.token(Stage::Flush);
    shutdown.spawn(Stage::Flush, handle, async move {
        let ticks = async {
            loop {
                tokio::time::sleep(UPKEEP).await;
                metrics.upkeep();
            }
        };
        token.run_until_cancelled(ticks).await;
    });
}
