//! How calls travel between processes: JSON over HTTP with a service credential, a deadline and the trace context.

use futures_util::future::BoxFuture;
use std::any::Any;

use tokio::runtime::Handle;

#[cfg(feature = "client")]
mod breaker;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "server")]
mod gate;
#[cfg(feature = "client")]
mod peers;
#[cfg(feature = "server")]
mod route;
mod settings;

#[cfg(feature = "client")]
pub use client::Client;
#[cfg(feature = "server")]
pub use gate::{Gate, Mount};
#[cfg(feature = "server")]
pub use route::{Reply, Route};
pub use settings::{NoSecret, PeerSettings, RpcSettings};

/// The commented defaults of the section `rpc`.
pub const DEFAULTS: &str = include_str!("../../defaults.toml");

/// Milliseconds the caller still waits for an answer.
pub const DEADLINE: &str = "x-parlance-deadline-ms";
/// The W3C trace context.
pub const TRACEPARENT: &str = "traceparent";

/// Runs `work` on `runtime` within the present trace. What it yields travels erased, so that a task is compiled once and
/// not for every call of every service.
///
/// # Errors
/// [`Lost`] if `work` panicked or the runtime is stopping.
pub async fn spawn<T: Send + 'static>(runtime: &Handle, work: BoxFuture<'static, T>) -> Result<T, Lost> {
    let work: BoxFuture<'static, Box<dyn Any + Send>> =
        Box::pin(async move { Box::new(work.await) as Box<dyn Any + Send> });
    let done = spawn_erased(runtime, work).await?.downcast();
    done.map(|value| *value).map_err(|_| Lost)
}

async fn spawn_erased(
    runtime: &Handle,
    work: BoxFuture<'static, Box<dyn Any + Send>>,
) -> Result<Box<dyn Any + Send>, Lost> {
    let done = match domain::trace::current() {
        Some(trace) => runtime.spawn(domain::trace::with(trace, work)).await,
        None => runtime.spawn(work).await,
    };
    done.map_err(|_| Lost)
}

/// The work ended without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the work panicked, or the process is stopping")]
pub struct Lost;
