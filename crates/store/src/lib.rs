//! The two-engine kernel: a pool, pooled connections, an owned transaction, migrations. PostgreSQL and SQLite are both
//! compiled always; a query is written once and type-checked for both by [`on_conn!`].
//!
//! ```ignore
//! let mut tx = db.begin().await?;
//! let seq = on_conn!(tx, |c| diesel::update(chats::table.find(id)).set(…).returning(chats::last_seq).get_result(c).await)?;
//! tx.commit().await?;
//! ```
//!
//! A [`Tx`] that is dropped rolls back at once. Never continue one after an error, and never await another service
//! while one is open. The kernel knows one table, its own: [`idempotency`].

mod advisory;
mod conn;
mod db;
mod error;
mod fault;
pub mod idempotency;
mod listen;
mod log;
mod migrations;
mod pool;
mod prepared;
mod run;
mod settings;
mod snapshot;
#[cfg(feature = "testing")]
pub mod testing;
mod tls;
mod tx;

pub use advisory::AdvisoryLock;
pub use conn::{Conn, Engine, Shared, Sqlite};
pub use db::Db;
pub use error::{Cause, StoreError, StoreResult};
pub use fault::Fault;
pub use listen::{Listener, tell};
pub use migrations::{Migrations, Pending, pending};
pub use run::{Erased, LoadQuery, RunQueryDsl, Runs};
pub use settings::DatabaseSettings;
pub use snapshot::{Copied, snapshot};
pub use tx::Tx;

/// The kernel's own tables; every database has them. Give them to [`Db::open`] first.
pub const MIGRATIONS: Migrations = migrations!("store");
