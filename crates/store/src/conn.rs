//! A pooled connection to either engine, and the macro that writes a query for both.

use std::error::Error;

use diesel::SqliteConnection;
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::sync_connection_wrapper::{SpawnBlocking, SyncConnectionWrapper};
use futures_util::future::BoxFuture;
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

/// An SQLite connection; see [`Near`].
pub type Sqlite = SyncConnectionWrapper<SqliteConnection, Near>;

/// Runs SQLite's statements where they are asked for: each takes some microseconds, less than waking another thread and being woken by
/// it. What waits for the disk ([`waiting`]) goes to the runtime's blocking threads.
#[derive(Debug, Clone, Copy)]
pub struct Near;

tokio::task_local! {
    static WAITS: ();
}

/// Runs `work`, whose statements wait for the disk, as COMMIT does.
pub(crate) async fn waiting<T>(work: impl Future<Output = T>) -> T {
    WAITS.scope((), work).await
}

impl SpawnBlocking for Near {
    fn spawn_blocking<'a, R: Send + 'static>(
        &mut self,
        task: impl FnOnce() -> R + Send + 'static,
    ) -> BoxFuture<'a, Result<R, Box<dyn Error + Send + Sync>>> {
        if WAITS.try_with(|()| ()).is_err() {
            return Box::pin(std::future::ready(Ok(task())));
        }
        Box::pin(async { Ok(tokio::task::spawn_blocking(task).await?) })
    }

    fn get_runtime() -> Self {
        Self
    }
}

/// A connection borrowed from the pool. Outside a [`Tx`](crate::Tx) it is for reading: each statement commits alone, and
/// a write would not queue behind SQLite's other writers.
///
/// Statements that do not need each other's answers may be asked side by side (`try_join!` over `&Conn`): PostgreSQL gets them in one
/// go, which saves a round trip for each, SQLite one after the other. Not those of which one has to come first: the order is kept
/// only among statements that are prepared already.
pub enum Conn {
    /// PostgreSQL.
    Pg(Box<Object<AsyncPgConnection>>),
    /// SQLite.
    Sqlite(Mutex<Object<Sqlite>>),
}

/// The engine behind a [`Conn`], for whoever has it alone.
pub enum Engine<'a> {
    /// PostgreSQL.
    Pg(&'a mut AsyncPgConnection),
    /// SQLite.
    Sqlite(&'a mut Sqlite),
}

/// The engine behind a [`Conn`] that others may use at the same time: what [`on_conn!`](crate::on_conn) matches on.
pub enum Shared<'a> {
    /// PostgreSQL.
    Pg(&'a AsyncPgConnection),
    /// SQLite.
    Sqlite(MappedMutexGuard<'a, Sqlite>),
}

impl Conn {
    pub(crate) fn sqlite(conn: Object<Sqlite>) -> Self {
        Self::Sqlite(Mutex::new(conn))
    }

    /// The engine's own connection, for a query.
    pub fn engine(&mut self) -> Engine<'_> {
        match self {
            Self::Pg(c) => Engine::Pg(c),
            Self::Sqlite(c) => Engine::Sqlite(c.get_mut()),
        }
    }

    /// The engine's own connection, for a query beside others; on SQLite once it is free.
    pub async fn shared(&self) -> Shared<'_> {
        match self {
            Self::Pg(c) => Shared::Pg(c),
            Self::Sqlite(c) => Shared::Sqlite(MutexGuard::map(c.lock().await, |c| &mut **c)),
        }
    }

    /// Closes the connection in place of giving it back.
    pub(crate) fn discard(self) {
        match self {
            Self::Pg(c) => drop(Object::take(*c)),
            Self::Sqlite(c) => drop(Object::take(c.into_inner())),
        }
    }
}

/// Runs one query body on whichever engine is behind a [`Conn`](crate::Conn) or [`Tx`](crate::Tx); the body is
/// compiled once for each. A `.select(Row::as_select())` belongs inside the body: it fixes the engine.
///
/// ```ignore
/// let row = on_conn!(tx, |c| users::table.find(id).select(UserRow::as_select()).first(c).await)?;
/// ```
///
/// Where the engines must differ, match on `tx.engine()` in the open.
#[macro_export]
macro_rules! on_conn {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn.shared().await {
            $crate::Shared::Pg(mut c) => {
                let $c = &mut c;
                $body
            }
            $crate::Shared::Sqlite(mut c) => {
                let $c = &mut *c;
                $body
            }
        }
    };
}
