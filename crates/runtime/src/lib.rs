//! The only copy of bootstrap: configuration, telemetry, admin port, HTTP client, run and ordered shutdown.
//!
//! Nothing here is global but what must be (allocator, TLS provider, log subscriber, metrics recorder; each installed idempotently),
//! so that several whole stacks can live in one process.

pub mod admin;
pub mod config;
mod context;
pub mod http;
pub mod http_client;
pub mod metrics;
pub mod otlp;
pub mod probe;
pub mod production;
pub mod readiness;
pub mod redact;
pub mod request_trace;
mod run;
pub mod shutdown;
pub mod telemetry;
pub mod trace;

pub use config::{Config, ConfigError, Sources};
pub use context::{Context, ServerSettings};
pub use metrics::Metrics;
pub use readiness::Readiness;
pub use request_trace::RequestTrace;
pub use run::{run, run_with};
pub use shutdown::{Shutdown, Stage};

/// Messages are made on one thread and freed on another, which this allocator is built for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Defaults of the sections that belong to this crate; [`Sources`] always starts with them.
pub const DEFAULTS: &str = include_str!("../defaults.toml");
