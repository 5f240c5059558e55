//! The owned unit of work.
//!
//! On PostgreSQL BEGIN is sent and not waited for: it goes to the server together with the first statement, and COMMIT finds out
//! whether there was a transaction. COMMIT runs in a task of the store's runtime: once sent it is carried through, whoever waits
//! for it.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

use diesel::connection::TransactionManagerStatus;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection as _, TransactionManager as _};
use tokio::runtime::Handle;
use tokio::sync::OwnedSemaphorePermit;

use crate::conn::{Sqlite, waiting};
use crate::log::Sync;
use crate::{Conn, Engine, StoreResult};

type PgTransactions = <AsyncPgConnection as diesel_async::AsyncConnection>::TransactionManager;
type SqliteTransactions = <Sqlite as diesel_async::AsyncConnection>::TransactionManager;

/// How long another process may hold SQLite's right to write before BEGIN gives up.
const OTHERS: Duration = Duration::from_secs(5);
/// How often it asks.
const AGAIN: Duration = Duration::from_millis(2);

/// An open transaction. Dropped without [`commit`](Self::commit) it rolls back, at once and on its own.
///
/// After an error roll back: PostgreSQL refuses every further statement, SQLite does not. "Insert unless present" is
/// `on_conflict … do_nothing` and the number of rows.
#[must_use = "a transaction that is dropped rolls back"]
pub struct Tx {
    /// `None` only after commit or rollback took it.
    conn: Option<Conn>,
    /// SQLite: the turn to write. Goes back after the connection.
    permit: Option<OwnedSemaphorePermit>,
    sync: Sync,
    rt: Handle,
}

impl Tx {
    pub(crate) async fn on_sqlite(conn: Conn, turn: OwnedSemaphorePermit, sync: Sync, rt: Handle) -> StoreResult<Self> {
        // There first: whoever is cancelled while it waits for its turn leaves it behind.
        let mut tx = Self { conn: Some(conn), permit: Some(turn), sync, rt };
        let begun = match tx.engine() {
            Engine::Sqlite(c) => begin_immediate(c).await,
            Engine::Pg(_) => Ok(()),
        };
        if begun.is_err() {
            tx.conn.take().into_iter().for_each(Conn::discard);
        }
        begun.map(|()| tx).map_err(Into::into)
    }

    pub(crate) fn on_postgres(mut conn: Conn, rt: Handle) -> diesel::QueryResult<Self> {
        if let Engine::Pg(c) = conn.engine()
            && let Some(Err(error)) = c.batch_execute("BEGIN").now_or_never()
        {
            conn.discard();
            return Err(error);
        }
        Ok(Self { conn: Some(conn), permit: None, sync: Sync::Now, rt })
    }

    /// Makes the work durable. A caller cancelled here does not stop it.
    ///
    /// # Errors
    /// Nothing is stored, except if the connection broke during the COMMIT itself: then it is unknown. Also fails if a
    /// statement of this transaction failed before and the caller went on.
    pub fn commit(mut self) -> BoxFuture<'static, StoreResult<()>> {
        Box::pin(async move {
            let Some(mut conn) = self.conn.take() else { return Ok(()) };
            let (permit, sync) = (self.permit.take(), self.sync);
            let ended = async move {
                let done = commit(&mut conn, sync).await;
                match done {
                    Ok(()) => drop(conn),
                    Err(_) if matches!(conn, Conn::Sqlite(_)) && rollback(&mut conn).await.is_ok() => drop(conn),
                    Err(_) => conn.discard(),
                }
                drop(permit);
                done
            };
            match sync {
                Sync::Now => Ok(self.rt.spawn(ended).await??),
                // It waits for nothing, so nobody can be cancelled in the middle of it.
                Sync::Later => Ok(ended.await?),
            }
        })
    }

    /// Whether [`commit`](Self::commit) waits for the disk; only one begun by [`begin_unsynced`](crate::Db::begin_unsynced) may not.
    pub fn waits_for_disk(&self) -> bool {
        self.sync == Sync::Now
    }

    /// Undoes the work and waits until it is undone. Dropping does the same without waiting.
    pub fn rollback(mut self) -> BoxFuture<'static, StoreResult<()>> {
        Box::pin(async move {
            if let Some(task) = self.spawn_rollback() {
                task.await?;
            }
            Ok(())
        })
    }

    fn spawn_rollback(&mut self) -> Option<tokio::task::JoinHandle<()>> {
        let mut conn = self.conn.take()?;
        let permit = self.permit.take();
        Some(self.rt.spawn(async move {
            match rollback(&mut conn).await {
                Ok(()) => drop(conn),
                Err(error) => {
                    tracing::warn!(error = %error, "could not roll back; closing the connection");
                    conn.discard();
                }
            }
            drop(permit);
        }))
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        drop(self.spawn_rollback());
    }
}

impl Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        match &self.conn {
            Some(conn) => conn,
            None => unreachable!("commit and rollback take the whole Tx"),
        }
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        match &mut self.conn {
            Some(conn) => conn,
            None => unreachable!("commit and rollback take the whole Tx"),
        }
    }
}

/// IMMEDIATE: a transaction that first reads and then writes could otherwise find the lock taken in between.
async fn begin_immediate(c: &mut Sqlite) -> diesel::QueryResult<()> {
    let deadline = Instant::now() + OTHERS;
    loop {
        let begun = c.spawn_blocking(|c| {
            diesel::connection::AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")
        });
        match begun.await {
            Err(e) if e.to_string() == "database is locked" && Instant::now() < deadline => {
                tokio::time::sleep(AGAIN).await;
            }
            begun => return begun,
        }
    }
}

async fn commit(conn: &mut Conn, sync: Sync) -> diesel::QueryResult<()> {
    match conn.engine() {
        // COMMIT of a transaction in which a statement failed is no error for PostgreSQL: it answers ROLLBACK, and what was
        // acknowledged would be lost. Nor is COMMIT without a transaction. The SAVEPOINT before it fails in both cases. Both
        // go in one message.
        Engine::Pg(c) => c.batch_execute("SAVEPOINT committed; COMMIT").await,
        Engine::Sqlite(c) => {
            let commit = SqliteTransactions::commit_transaction(c);
            if sync == Sync::Later { commit.await } else { waiting(commit).await }
        }
    }
}

async fn rollback(conn: &mut Conn) -> diesel::QueryResult<()> {
    match conn.engine() {
        Engine::Pg(c) => {
            c.batch_execute("ROLLBACK").await?;
            // After a serialization failure diesel waits for a rollback of its own.
            *PgTransactions::transaction_manager_status_mut(c) = TransactionManagerStatus::default();
            Ok(())
        }
        // On a full disk SQLite rolls back by itself, and diesel no longer knows of a transaction. The connection is as good
        // as before, and it must stay: with the last one gone, a full disk would let nobody open another.
        Engine::Sqlite(c) => {
            let undone = c.batch_execute("ROLLBACK").await;
            *SqliteTransactions::transaction_manager_status_mut(c) = TransactionManagerStatus::default();
            match undone {
                Err(e) if e.to_string().contains("no transaction is active") => Ok(()),
                outcome => outcome,
            }
        }
    }
}
