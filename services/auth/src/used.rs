//! When credentials were last used: noted in memory, written down later, at most once a minute each.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::{Clock, Timestamp, TokenId};
use store::{Db, StoreResult};
use tokio_util::sync::CancellationToken;

use crate::store::tokens;

/// How exact the last use is, in seconds.
const KEPT_TO_S: i64 = 60;
/// More are not noted before the next writing.
const NOTED: usize = 10_000;
/// Written in one transaction.
const BATCH: usize = 500;

/// Credentials used since the last writing.
#[derive(Default)]
pub(crate) struct LastUsed(Mutex<HashSet<TokenId>>);

impl LastUsed {
    /// Notes a use at `now`, if the one written down last is a minute old.
    pub(crate) fn note(&self, id: TokenId, last: Option<Timestamp>, now: Timestamp) {
        if last.is_some_and(|last| now < last.plus_seconds(KEPT_TO_S)) {
            return;
        }
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.len() < NOTED {
            noted.insert(id);
        }
    }

    /// Writes down what was noted, every `interval` and once more at `stop`.
    pub(crate) async fn run(&self, db: &Db, clock: &Clock, interval: Duration, stop: CancellationToken) {
        loop {
            let stopping = stop.run_until_cancelled(tokio::time::sleep(interval)).await.is_none();
            if let Err(e) = self.write(db, clock.now()).await {
                // It is a courtesy: the next use is noted again.
                tracing::warn!(error = %e, "could not write down the last use of tokens");
            }
            if stopping {
                return;
            }
        }
    }

    async fn write(&self, db: &Db, now: Timestamp) -> StoreResult<()> {
        let mut noted: Vec<TokenId> = {
            let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            noted.drain().collect()
        };
        // In one order, so that two instances cannot wait for each other.
        noted.sort_unstable();
        for some in noted.chunks(BATCH) {
            let mut tx = db.begin().await?;
            tokens::used(&mut tx, some, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
