//! The pools: how a connection of either engine is opened and set up.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use deadpool::managed::QueueMode;
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, ConnectionError, ConnectionResult, SqliteConnection};
use diesel_async::pooled_connection::deadpool::Pool;
use diesel_async::pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod};
use diesel_async::{AsyncConnection as _, AsyncPgConnection, SimpleAsyncConnection as _};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use crate::conn::{Near, Sqlite};
use crate::log::{self, Log};
use crate::settings::Target;
use crate::tls::{self, Connector, Secured};
use crate::{DatabaseSettings, StoreError, StoreResult};

/// How long a caller waits for a connection, or for its turn to write, before it is told that the database is busy.
pub(crate) const WAIT: Duration = Duration::from_secs(10);

/// What is set on every SQLite connection. `busy_timeout` comes first: the others may have to wait for a lock.
const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                       PRAGMA foreign_keys = ON;";

/// What the connection that writes has besides: 16 MB of pages kept. BEGIN waits for other processes by itself.
const WRITER_PRAGMAS: &str = "PRAGMA cache_size = -16000; PRAGMA busy_timeout = 0;";

#[derive(Clone)]
pub(crate) enum Pools {
    Pg(Pool<AsyncPgConnection>, PgSession),
    Sqlite {
        reading: Pool<Sqlite>,
        /// A single connection: what it has read stays valid, since nobody else changes the file.
        writing: Pool<Sqlite>,
        /// One writer at a time, in the order of asking.
        turn: Arc<Semaphore>,
        /// What of it is on the disk.
        log: Arc<Log>,
    },
}

impl Pools {
    pub(crate) fn new(settings: &DatabaseSettings, name: &str, rt: &Handle) -> StoreResult<Self> {
        let size = settings.pool_size.max(1);
        match settings.target()? {
            Target::Postgres(url) => {
                let session = PgSession::new(&url, settings, name)?;
                let opened = session.clone();
                let pool = pool(size, rt, move || {
                    let session = opened.clone();
                    async move { session.connect().await }
                })?;
                Ok(Self::Pg(pool, session))
            }
            Target::Sqlite(path) => {
                let sqlite = |size, more: &'static [&'static str]| {
                    let path = path.clone();
                    pool(size, rt, move || open_sqlite(path.clone(), more))
                };
                let (reading, writing) = (sqlite(size, &[])?, sqlite(1, &[WRITER_PRAGMAS, log::NOW])?);
                Ok(Self::Sqlite { reading, writing, turn: Arc::new(Semaphore::new(1)), log: Arc::default() })
            }
        }
    }
}

/// A pool whose connections are made by `connect` inside `rt`: a connection belongs to the runtime that opened it.
fn pool<C, F>(size: u32, rt: &Handle, connect: impl Fn() -> F + Send + Sync + 'static) -> StoreResult<Pool<C>>
where
    C: diesel_async::pooled_connection::PoolableConnection + Send + 'static,
    F: Future<Output = ConnectionResult<C>> + Send + 'static,
    AsyncDieselConnectionManager<C>: deadpool::managed::Manager<Type = C>,
{
    let rt = rt.clone();
    let mut config = ManagerConfig::default();
    // `Fast` still refuses closed sockets and open transactions; the default asks `SELECT 1` at every borrowing.
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(move |_| {
        let opening = rt.spawn(connect());
        Box::pin(async move { opening.await.map_err(|e| ConnectionError::BadConnection(e.to_string()))? })
    });
    // The URL is the business of `connect`, which also keeps it out of the manager's debug output.
    // The connection used last has the most prepared and cached.
    Pool::builder(AsyncDieselConnectionManager::<C>::new_with_config("", config))
        .queue_mode(QueueMode::Lifo)
        .max_size(size as usize)
        .wait_timeout(Some(WAIT))
        .create_timeout(Some(WAIT))
        .runtime(deadpool::Runtime::Tokio1)
        .build()
        .map_err(StoreError::unavailable)
}

async fn open_sqlite(path: PathBuf, more: &'static [&'static str]) -> ConnectionResult<Sqlite> {
    let opened = tokio::task::spawn_blocking(move || {
        let mut conn = connect_sqlite(&path)?;
        conn.batch_execute(&more.concat()).map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok::<_, ConnectionError>(conn)
    });
    let conn = opened.await.map_err(|e| ConnectionError::BadConnection(e.to_string()))??;
    Ok(Sqlite::with_runtime(conn, Near))
}

/// Opens the SQLite file, making it if it is absent.
pub(crate) fn connect_sqlite(path: &Path) -> ConnectionResult<SqliteConnection> {
    let Some(path) = path.to_str() else {
        return Err(ConnectionError::InvalidConnectionUrl("the path is not UTF-8".into()));
    };
    let mut conn = SqliteConnection::establish(path)?;
    conn.batch_execute(PRAGMAS).map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

/// What is set on every PostgreSQL connection. Statements stay prepared, and so do their plans: one that was made while a
/// table was small would walk through all of it for good. Every statement of ours has an index to go by, and none is
/// worth compiling.
const PLANS: &str = "SET enable_seqscan = off; SET jit = off; SET plan_cache_mode = force_generic_plan;";

/// How to open a PostgreSQL connection, and what is set on it.
#[derive(Clone)]
pub(crate) struct PgSession {
    url: String,
    tls: Option<Connector>,
    pub(crate) schema: Option<String>,
    setup: String,
}

impl PgSession {
    pub(crate) fn new(url: &str, settings: &DatabaseSettings, name: &str) -> StoreResult<Self> {
        let schema = settings.schema()?.map(str::to_owned);
        let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect();
        let path = schema.as_ref().map(|schema| format!(" SET search_path = \"{schema}\";")).unwrap_or_default();
        let setup = format!(
            "SET statement_timeout = {}; SET application_name = 'parlance-{name}'; {PLANS}{path}",
            settings.statement_timeout_ms
        );
        let Secured { url, tls } = tls::secured(url)?;
        Ok(Self { url, tls, schema, setup })
    }

    /// Opens a connection.
    pub(crate) async fn connect(&self) -> ConnectionResult<AsyncPgConnection> {
        let mut conn = match &self.tls {
            None => AsyncPgConnection::establish(&self.url).await?,
            Some(tls) => {
                let opened = tokio_postgres::connect(&self.url, tls.clone()).await;
                let (client, connection) = opened.map_err(|e| ConnectionError::BadConnection(causes(&e)))?;
                AsyncPgConnection::try_from_client_and_connection(client, connection).await?
            }
        };
        conn.batch_execute(&self.setup).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(conn)
    }
}

/// What went wrong, down to its cause: why a certificate is refused stands at the bottom.
fn causes(e: &dyn std::error::Error) -> String {
    let mut text = e.to_string();
    let mut cause = e.source();
    while let Some(e) = cause {
        text = format!("{text}: {e}");
        cause = e.source();
    }
    text
}
