//! A pooled connection to either engine, and the macro that writes a query for both.

use diesel::SqliteConnection;
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::sync_connection_wrapper::SyncConnectionWrapper;

/// An SQLite connection whose statements run on the blocking threads of the runtime that opened it.
pub type Sqlite = SyncConnectionWrapper<SqliteConnection>;

/// A connection borrowed from the pool. Outside a [`Tx`](crate::Tx) it is for reading: each statement commits alone, and
/// a write would not queue behind SQLite's other writers.
pub enum Conn {
    /// PostgreSQL.
    Pg(Box<Object<AsyncPgConnection>>),
    /// SQLite.
    Sqlite(Object<Sqlite>),
}

/// The engine behind a [`Conn`]: what [`on_conn!`](crate::on_conn) matches on.
pub enum Engine<'a> {
    /// PostgreSQL.
    Pg(&'a mut AsyncPgConnection),
    /// SQLite.
    Sqlite(&'a mut Sqlite),
}

impl Conn {
    /// The engine's own connection, for a query.
    pub fn engine(&mut self) -> Engine<'_> {
        match self {
            Self::Pg(c) => Engine::Pg(c),
            Self::Sqlite(c) => Engine::Sqlite(c),
        }
    }

    /// Closes the connection in place of giving it back.
    pub(crate) fn discard(self) {
        match self {
            Self::Pg(c) => drop(Object::take(*c)),
            Self::Sqlite(c) => drop(Object::take(c)),
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
        match $conn.engine() {
            $crate::Engine::Pg($c) => $body,
            $crate::Engine::Sqlite($c) => $body,
        }
    };
}
