//! When SQLite's log reaches the disk: with each COMMIT, or some time later with that of another transaction.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use diesel_async::SimpleAsyncConnection as _;
use tokio::sync::Mutex;

use crate::conn::Sqlite;

/// COMMIT waits for the disk. Up to 4,000 pages (16 MB) of log are kept before they are moved into the file: a page that is
/// written again and again is then moved once.
pub(crate) const NOW: &str = "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;";

/// COMMIT waits for nothing, and so moves no log either.
const LATER: &str = "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0;";

/// So many transactions in a row may be left to a later one, lest the log grow without end.
const IN_A_ROW: u32 = 16;

/// When a transaction reaches the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sync {
    /// With its COMMIT.
    Now,
    /// With the next one that is [`Now`](Self::Now).
    Later,
}

/// How the connection that writes is set, and what it left behind.
#[derive(Default)]
pub(crate) struct Log {
    /// Whether it is set to [`LATER`]. Changed by whoever has the turn to write.
    later: AtomicBool,
    /// How many transactions in a row were left to a later one.
    in_a_row: AtomicU32,
    /// Whether something was committed that may not be on the disk.
    behind: AtomicBool,
    /// Who comes while another one has the disk written waits for it.
    syncing: Mutex<()>,
}

impl Log {
    /// Sets the connection that writes for its next transaction; answers to what. Not within one: SQLite would refuse it.
    pub(crate) async fn set(&self, conn: &mut Sqlite, wanted: Sync) -> diesel::QueryResult<Sync> {
        let later = wanted == Sync::Later && self.in_a_row.fetch_add(1, Ordering::SeqCst) < IN_A_ROW;
        if self.later.load(Ordering::SeqCst) != later {
            // Where a connection was closed meanwhile, the new one is at `NOW`, whatever is noted here: it waits in vain at worst.
            // Noted before it is so, and after it is no more: a failure leads back to the careful way.
            self.later.store(true, Ordering::SeqCst);
            conn.batch_execute(if later { LATER } else { NOW }).await?;
            self.later.store(later, Ordering::SeqCst);
        }
        if later {
            self.behind.store(true, Ordering::SeqCst);
            return Ok(Sync::Later);
        }
        self.in_a_row.store(0, Ordering::SeqCst);
        Ok(Sync::Now)
    }

    /// Runs `write`, a transaction that is synced, unless everything is on the disk.
    pub(crate) async fn catch_up<E>(&self, write: impl Future<Output = Result<(), E>>) -> Result<(), E> {
        let _one = self.syncing.lock().await;
        if !self.behind.swap(false, Ordering::SeqCst) {
            return Ok(());
        }
        let mut unless_written = Behind { log: self, still: true };
        let written = write.await;
        unless_written.still = written.is_err();
        written
    }
}

/// Says again that something may not be on the disk, also when whoever wrote it there is cancelled.
struct Behind<'a> {
    log: &'a Log,
    still: bool,
}

impl Drop for Behind<'_> {
    fn drop(&mut self) {
        if self.still {
            self.log.behind.store(true, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_not_written_is_written_the_next_time() {
        let log = Log::default();
        log.behind.store(true, Ordering::SeqCst);
        assert!(log.catch_up(async { Err("the disk is full") }).await.is_err());
        let cancelled = tokio::time::timeout(std::time::Duration::ZERO, log.catch_up::<()>(std::future::pending()));
        assert!(cancelled.await.is_err());
        let mut written = 0;
        for _ in 0..2 {
            log.catch_up::<()>(async {
                written += 1;
                Ok(())
            })
            .await
            .unwrap();
        }
        assert_eq!(written, 1, "once, after two that came to nothing");
    }
}
