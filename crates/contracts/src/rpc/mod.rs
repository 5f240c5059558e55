//! How calls travel between processes: JSON over HTTP with a service credential, a deadline and the trace context.

use std::future::Future;

use tokio::runtime::Handle;
use tokio::task::JoinError;

#[cfg(feature = "client")]
mod breaker;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "server")]
mod gate;
mod settings;

#[cfg(feature = "client")]
pub use client::Client;
#[cfg(feature = "server")]
pub use gate::Gate;
pub use settings::{NoSecret, PeerSettings, RpcSettings};

/// The commented defaults of the section `rpc`.
pub const DEFAULTS: &str = include_str!("../../defaults.toml");

/// Milliseconds the caller still waits for an answer.
pub const DEADLINE: &str = "x-parlance-deadline-ms";
/// The W3C trace context.
pub const TRACEPARENT: &str = "traceparent";

/// Runs `work` on `runtime` within the present trace.
///
/// # Errors
/// [`JoinError`] if `work` panicked or the runtime is stopping.
pub async fn spawn_traced<F>(runtime: &Handle, work: F) -> Result<F::Output, JoinError>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    match domain::trace::current() {
        Some(trace) => runtime.spawn(domain::trace::with(trace, work)).await,
        None => runtime.spawn(work).await,
    }
}
