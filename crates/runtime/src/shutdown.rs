//! Ordered shutdown: stop accepting and drain, then stop what works in the background, then flush.

use futures_util::future::BoxFuture;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The order in which a process stops. A stage begins when everything tracked in the one before has ended, or its share
/// of the grace is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Listeners and open streams: nothing new is accepted, requests under way are answered. At most three fifths of the grace.
    Serve,
    /// Relay, consumers, deliverers: they finish what they hold.
    Work,
    /// What must outlive them: the admin listener, buffers.
    Flush,
}

impl Stage {
    const ORDER: [Self; 3] = [Self::Serve, Self::Work, Self::Flush];
}

#[derive(Default)]
struct Tasks {
    token: CancellationToken,
    tracker: TaskTracker,
}

struct Inner {
    grace: Duration,
    requested: CancellationToken,
    serve: Tasks,
    work: Tasks,
    flush: Tasks,
    failure: Mutex<Option<String>>,
}

/// One stack's way to stop. Clones are the same one.
#[derive(Clone)]
pub struct Shutdown(Arc<Inner>);

impl Shutdown {
    /// `grace` bounds all stages together.
    pub fn new(grace: Duration) -> Self {
        Self(Arc::new(Inner {
            grace,
            requested: CancellationToken::new(),
            serve: Tasks::default(),
            work: Tasks::default(),
            flush: Tasks::default(),
            failure: Mutex::new(None),
        }))
    }

    /// How long all stages may take together.
    pub fn grace(&self) -> Duration {
        self.0.grace
    }

    /// Asks for a shutdown. Whoever runs the stack then calls [`Shutdown::run`].
    pub fn request(&self) {
        self.0.requested.cancel();
    }

    /// As [`Shutdown::request`], because something without which the process is useless has ended; its exit code tells so.
    pub fn fail(&self, reason: impl Into<String>) {
        let reason = reason.into();
        tracing::error!(reason, "stopping: {reason}");
        self.0.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(reason);
        self.request();
    }

    /// Why the process had to stop, if [`Shutdown::fail`] was called.
    pub fn failure(&self) -> Option<String> {
        self.0.failure.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns when a shutdown is asked for.
    pub fn requested(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.0.requested.cancelled().await;
        })
    }

    /// Whether a shutdown has been asked for.
    pub fn is_requested(&self) -> bool {
        self.0.requested.is_cancelled()
    }

    /// Cancelled when `stage` begins.
    pub fn token(&self, stage: Stage) -> CancellationToken {
        self.tasks(stage).token.clone()
    }

    /// Runs `task` on `handle`; `stage` ends only after it. The task watches [`Shutdown::token`] itself.
    pub fn spawn<F>(&self, stage: Stage, handle: &Handle, task: F) -> JoinHandle<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.spawn_boxed(stage, handle, Box::pin(task))
    }

    fn spawn_boxed(&self, stage: Stage, handle: &Handle, task: BoxFuture<'static, ()>) -> JoinHandle<()> {
        self.tasks(stage).tracker.spawn_on(task, handle)
    }

    /// Goes through the stages. `false` when some task had not ended when the grace was over.
    pub fn run(&self) -> BoxFuture<'_, bool> {
        Box::pin(async move {
            self.request();
            let start = Instant::now();
            let mut clean = true;
            for stage in Stage::ORDER {
                let tasks = self.tasks(stage);
                tasks.token.cancel();
                tasks.tracker.close();
                // Clients that hold on to a stream must not use up the time consumers need.
                let share = if stage == Stage::Serve { self.0.grace * 3 / 5 } else { self.0.grace };
                if timeout_at(start + share, tasks.tracker.wait()).await.is_err() {
                    clean = false;
                    tracing::warn!(?stage, tasks = tasks.tracker.len(), "gave up waiting for tasks to end");
                }
            }
            clean
        })
    }

    /// Calls [`Shutdown::request`] at the first SIGTERM or SIGINT. Must be called within a runtime.
    #[cfg(unix)]
    pub fn listen_for_signals(&self) -> std::io::Result<()> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let shutdown = self.clone();
        tokio::spawn(async move {
            let name = tokio::select! { _ = terminate.recv() => "SIGTERM", _ = interrupt.recv() => "SIGINT" };
            tracing::info!("{name}: draining, at most {} s", shutdown.0.grace.as_secs());
            shutdown.request();
        });
        Ok(())
    }

    fn tasks(&self, stage: Stage) -> &Tasks {
        match stage {
            Stage::Serve => &self.0.serve,
            Stage::Work => &self.0.work,
            Stage::Flush => &self.0.flush,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(log: &Arc<Mutex<Vec<&'static str>>>, what: &'static str) {
        log.lock().unwrap().push(what);
    }

    #[tokio::test]
    async fn stages_follow_each_other() {
        let (shutdown, log) = (Shutdown::new(Duration::from_secs(5)), Arc::default());
        for (stage, name) in [(Stage::Flush, "flush"), (Stage::Serve, "serve"), (Stage::Work, "work")] {
            let (token, log) = (shutdown.token(stage), Arc::clone(&log));
            shutdown.spawn(stage, &Handle::current(), async move {
                token.cancelled().await;
                tokio::task::yield_now().await;
                note(&log, name);
            });
        }
        assert!(shutdown.run().await);
        assert_eq!(*log.lock().unwrap(), ["serve", "work", "flush"]);
    }

    #[tokio::test]
    async fn a_task_that_hangs_does_not_keep_the_process() {
        let shutdown = Shutdown::new(Duration::from_millis(250));
        shutdown.spawn(Stage::Serve, &Handle::current(), std::future::pending::<()>());
        let start = Instant::now();
        assert!(!shutdown.run().await);
        assert!(start.elapsed() >= Duration::from_millis(150) && start.elapsed() < Duration::from_secs(5));
        shutdown.fail("x");
        assert_eq!(shutdown.failure().as_deref(), Some("x"));
    }
}
