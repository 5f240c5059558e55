//! One service's database: the pool, and where transactions begin.

use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;

use diesel_async::RunQueryDsl as _;
use tokio::runtime::Handle;

use crate::log::Sync;
use crate::pool::{Pools, WAIT};
use crate::{
    AdvisoryLock, Conn, DatabaseSettings, Listener, Migrations, StoreError, StoreResult, Tx, migrations, on_conn,
};

/// A readiness check that takes longer counts as a failure.
const PING: Duration = Duration::from_secs(3);

/// One service's database. Cheap to clone; all clones share the pool.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    name: String,
    pools: Pools,
    rt: Handle,
}

impl Db {
    /// Opens a database and applies what is pending of `migrations`, tree by tree. Makes SQLite's folder and
    /// PostgreSQL's schema if they are absent. Two instances that start at once wait for each other.
    ///
    /// `name`: for metrics and the server's list of connections. `rt`: the multi-thread runtime on which connections
    /// live and transactions end.
    pub fn open<'a>(
        settings: &'a DatabaseSettings,
        name: &'a str,
        migrations: &'a [Migrations],
        rt: &'a Handle,
    ) -> BoxFuture<'a, StoreResult<Self>> {
        Box::pin(async move {
            let pools = Pools::new(settings, name, rt)?;
            migrations::apply(settings, migrations, rt).await?;
            let db = Self(Arc::new(Inner { name: name.to_owned(), pools, rt: rt.clone() }));
            db.ping().await?;
            db.open_all().await?;
            Ok(db)
        })
    }

    /// Opens every SQLite connection now: on a full disk none could be opened, and reading is to go on there.
    async fn open_all(&self) -> StoreResult<()> {
        if let Pools::Sqlite { reading, writing, .. } = &self.0.pools {
            let mut opened = vec![writing.get().await?];
            for _ in 0..reading.status().max_size {
                opened.push(reading.get().await?);
            }
        }
        Ok(())
    }

    /// A connection for reading, in autocommit.
    pub fn read(&self) -> BoxFuture<'_, StoreResult<Conn>> {
        Box::pin(async move {
            Ok(match &self.0.pools {
                Pools::Pg(pool, _) => Conn::Pg(Box::new(pool.get().await?)),
                Pools::Sqlite { reading, .. } => Conn::sqlite(reading.get().await?),
            })
        })
    }

    /// Begins a transaction. On SQLite writers queue here, in order, for the one connection that writes.
    pub fn begin(&self) -> BoxFuture<'_, StoreResult<Tx>> {
        Box::pin(self.begin_as(Sync::Now))
    }

    /// As [`begin`](Self::begin), but on SQLite COMMIT does not wait for the disk: what is committed is there for everybody and
    /// outlives this process. A crash of the machine may undo it until [`sync`](Self::sync) returns.
    ///
    /// For work that is done again after such a crash. On PostgreSQL, whose crash this process may survive, it is like any other.
    pub fn begin_unsynced(&self) -> BoxFuture<'_, StoreResult<Tx>> {
        Box::pin(self.begin_as(Sync::Later))
    }

    async fn begin_as(&self, sync: Sync) -> StoreResult<Tx> {
        let rt = self.0.rt.clone();
        match &self.0.pools {
            Pools::Pg(..) => Ok(Tx::on_postgres(self.read().await?, rt)?),
            Pools::Sqlite { writing, turn, log, .. } => {
                let turn = tokio::time::timeout(WAIT, turn.clone().acquire_owned());
                let turn = turn.await.map_err(|_| StoreError::unavailable("no turn to write within 10 s"))?;
                let turn = turn.map_err(StoreError::unavailable)?;
                let mut conn = writing.get().await?;
                let sync = log.set(&mut conn, sync).await?;
                Tx::on_sqlite(Conn::sqlite(conn), turn, sync, rt).await
            }
        }
    }

    /// Once it returns, everything that was committed is on the disk.
    pub fn sync(&self) -> BoxFuture<'_, StoreResult<()>> {
        Box::pin(async move {
            let Pools::Sqlite { log, .. } = &self.0.pools else { return Ok(()) };
            // One page, in a transaction that is synced: its COMMIT has the whole log written.
            let write = async {
                let tx = self.begin().await?;
                on_conn!(tx, |c| diesel::sql_query("PRAGMA user_version = 1").execute(c).await)?;
                tx.commit().await
            };
            log.catch_up(write).await
        })
    }

    /// Whether the database answers, within three seconds. Also reports how full the pool is.
    pub fn ping(&self) -> BoxFuture<'_, StoreResult<()>> {
        Box::pin(async move {
            self.report();
            let answered = tokio::time::timeout(PING, async {
                let conn = self.read().await?;
                on_conn!(conn, |c| diesel::sql_query("SELECT 1").execute(c).await)?;
                Ok(())
            });
            answered.await.map_err(|_| StoreError::unavailable("no answer within 3 s"))?
        })
    }

    /// Takes a lock that only one instance can hold on this database, for as long as the guard lives; `None` if
    /// another one has it. PostgreSQL only: on SQLite the guard holds nothing, since the file belongs to one process.
    pub fn advisory_lock<'a>(&'a self, key: &'a str) -> BoxFuture<'a, StoreResult<Option<AdvisoryLock>>> {
        Box::pin(async move {
            match &self.0.pools {
                Pools::Pg(_, session) => AdvisoryLock::on_postgres(session.clone(), key, &self.0.rt).await,
                Pools::Sqlite { .. } => Ok(Some(AdvisoryLock::none())),
            }
        })
    }

    /// Hears what the instances on this database tell each other; `None` on SQLite, whose file belongs to one process.
    pub fn listen<'a>(&'a self, channel: &'a str) -> BoxFuture<'a, StoreResult<Option<Listener>>> {
        Box::pin(async move {
            match &self.0.pools {
                Pools::Pg(_, session) => Listener::on_postgres(session.clone(), channel, &self.0.rt).await.map(Some),
                Pools::Sqlite { .. } => Ok(None),
            }
        })
    }

    /// The name given to [`open`](Self::open).
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether the engine is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        matches!(self.0.pools, Pools::Pg(..))
    }

    /// Closes the pool: idle connections now, borrowed ones when they come back. Every later call fails.
    pub fn close(&self) {
        match &self.0.pools {
            Pools::Pg(pool, _) => pool.close(),
            Pools::Sqlite { reading, writing, .. } => {
                reading.close();
                writing.close();
            }
        }
    }

    fn report(&self) {
        let status = match &self.0.pools {
            Pools::Pg(pool, _) => pool.status(),
            Pools::Sqlite { reading, .. } => reading.status(),
        };
        let count = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        let name = || self.0.name.clone();
        metrics::gauge!("store_pool_connections", "database" => name()).set(count(status.size));
        metrics::gauge!("store_pool_idle", "database" => name()).set(count(status.available));
        metrics::gauge!("store_pool_waiting", "database" => name()).set(count(status.waiting));
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Db").field(&self.0.name).finish()
    }
}
