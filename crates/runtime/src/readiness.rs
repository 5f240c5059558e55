//! What must answer before this process is ready: named checks, asked anew each time.

use std::fmt::Display;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt, join_all};

/// A check that has not answered by then has failed.
const PATIENCE: Duration = Duration::from_secs(2);

type Check = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// The checks of one process. Clones share them.
#[derive(Clone, Default)]
pub struct Readiness {
    checks: Arc<Mutex<Vec<(String, Check)>>>,
}

impl Readiness {
    /// Adds a check called `name`, such as `messages.database`. A later one of the same name takes its place.
    pub fn add<F, Fut, E>(&self, name: impl Into<String>, check: F)
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Display,
    {
        let check: Check = Arc::new(move || {
            let answer = check();
            async move { answer.await.map_err(|e| e.to_string()) }.boxed()
        });
        let name = name.into();
        let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        checks.retain(|(known, _)| *known != name);
        checks.push((name, check));
    }

    /// The names of the checks that fail now, sorted. Reasons go to the log alone: they may name hosts and users.
    pub fn failing(&self) -> BoxFuture<'_, Vec<String>> {
        Box::pin(async move {
            let checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let answers = join_all(checks.into_iter().map(|(name, check)| async move {
                let outcome = tokio::time::timeout(PATIENCE, check()).await;
                match outcome.unwrap_or_else(|_| Err("no answer in time".to_owned())) {
                    Ok(()) => None,
                    Err(reason) => {
                        let reason = crate::redact::url(&reason);
                        tracing::warn!(check = name, reason, "{name} is not ready");
                        Some(name)
                    }
                }
            }));
            let mut failing: Vec<String> = answers.await.into_iter().flatten().collect();
            failing.sort();
            failing
        })
    }

    /// Returns once every check passes. Checks again every `pause`.
    pub async fn wait(&self, pause: Duration) {
        while !self.failing().await.is_empty() {
            tokio::time::sleep(pause).await;
        }
    }
}
