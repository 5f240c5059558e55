//! The bus within the process: the outbox row stays the durable queue.
//!
//! For every pair of an outbox and a group that hears something of it, a [`Pump`] reads unpublished rows and has the group
//! apply them. A row is marked when all groups that hear it have committed or parked it; until then each group remembers
//! in memory what it has done, and so each advances alone. After a crash the unmarked rows are read again, and the inbox
//! knows those that were applied. A group whose work can be done again commits it without a wait for the disk; rows are marked
//! once it is there.

mod acks;
mod pump;

use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use store::{Db, StoreResult};
use tokio_util::sync::CancellationToken;

pub(crate) use acks::Acks;
pub(crate) use pump::Pump;

use crate::{metrics, outbox};

/// Rows finished within this time are marked together: a transaction less for many of them.
const GATHER: Duration = Duration::from_millis(50);

/// Marks the rows of `service`'s outbox that every group has finished.
pub(crate) struct Marker {
    pub service: String,
    /// The outbox's database.
    pub db: Db,
    /// The databases of the groups that hear something of it.
    pub hearers: Vec<Db>,
    pub acks: Arc<Acks>,
    pub clock: Clock,
}

impl Marker {
    pub(crate) async fn run(self, shutdown: CancellationToken) {
        let Self { service, acks, .. } = &self;
        loop {
            let last = shutdown.is_cancelled();
            let ids = acks.finished();
            match self.mark(&ids).await {
                Ok(()) => {
                    metrics::published(service, ids.len());
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

    /// Marks rows once what the groups made of them is on the disk: until then a crash of the machine has them applied again.
    async fn mark(&self, ids: &[i64]) -> StoreResult<()> {
        if ids.is_empty() {
            return Ok(());
        }
        for hearer in &self.hearers {
            hearer.sync().await?;
        }
        outbox::mark(&self.db, ids, self.clock.now()).await
    }
}
