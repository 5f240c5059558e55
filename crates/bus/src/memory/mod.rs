//! The bus within the process: the outbox row stays the durable queue.
//!
//! For every pair of an outbox and a group that hears something of it, a [`Pump`] reads unpublished rows and has the group
//! apply them. A row is marked when all groups that hear it have committed or parked it; until then each group remembers
//! in memory what it has done, and so each advances alone. After a crash the unmarked rows are read again, and the inbox
//! knows those that were applied.

mod acks;
mod pump;

use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use store::Db;
use tokio_util::sync::CancellationToken;

pub(crate) use acks::Acks;
pub(crate) use pump::Pump;

use crate::{metrics, outbox};

/// Rows finished within this time are marked together: a transaction less for many of them.
const GATHER: Duration = Duration::from_millis(50);

/// Marks the rows of `service`'s outbox that every group has finished.
pub(crate) async fn mark_finished(service: String, db: Db, acks: Arc<Acks>, clock: Clock, shutdown: CancellationToken) {
    loop {
        let last = shutdown.is_cancelled();
        let ids = acks.finished();
        match outbox::mark(&db, &ids, clock.now()).await {
            Ok(()) => {
                metrics::published(&service, ids.len());
                acks.forget(&ids);
            }
            Err(cause) => tracing::warn!(service, error.cause_chain = ?cause, "could not mark finished events"),
        }
        if last {
            return;
        }
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = async { acks.more().await; tokio::time::sleep(GATHER).await } => {}
        }
    }
}
