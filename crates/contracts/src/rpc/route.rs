//! One call of a service, its types erased: compiled once per service are only its words, not the way they travel.

use futures_util::future::BoxFuture;
use std::sync::Arc;

use domain::ServiceError;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// An answer as it travels.
#[derive(Debug)]
pub struct Reply {
    /// 200, or the status of the error's code.
    pub status: u16,
    /// The view, or the error.
    pub body: Vec<u8>,
}

/// Reads a command and begins the work it asks for.
type Begin = dyn Fn(&[u8]) -> serde_json::Result<BoxFuture<'static, Reply>> + Send + Sync;

/// A path and what it leads to.
#[derive(Clone)]
pub struct Route {
    pub(super) path: &'static str,
    pub(super) begin: Arc<Begin>,
    pub(super) internal: fn() -> Reply,
    pub(super) unavailable: fn(String) -> Reply,
}

impl Route {
    /// Leads `path` to `work`.
    pub fn new<C, V, E>(
        path: &'static str,
        work: impl Fn(C) -> BoxFuture<'static, Result<V, E>> + Send + Sync + 'static,
    ) -> Self
    where
        C: DeserializeOwned,
        V: Serialize + 'static,
        E: ServiceError + Serialize + 'static,
    {
        let begin = move |body: &[u8]| {
            let done = work(serde_json::from_slice(body)?);
            let reply: BoxFuture<'static, Reply> = Box::pin(async move {
                match done.await {
                    Ok(view) => Reply::of(200, &view),
                    Err(e) => draw(&e),
                }
            });
            Ok(reply)
        };
        Self {
            path,
            begin: Arc::new(begin),
            internal: || draw(&E::internal()),
            unavailable: |why| draw(&E::unavailable(why)),
        }
    }
}

impl Reply {
    fn of<T: Serialize>(status: u16, value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => Self { status, body },
            Err(e) => {
                tracing::error!(error = %e, "could not write an answer");
                Self { status: 500, body: Vec::new() }
            }
        }
    }
}

fn draw<E: ServiceError + Serialize>(e: &E) -> Reply {
    Reply::of(e.code().http_status(), e)
}
