//! Databases for tests: every test body runs on a temporary SQLite file and on a fresh PostgreSQL database.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod schema;

use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel_async::{AsyncConnection as _, AsyncPgConnection, SimpleAsyncConnection as _};
use tokio::runtime::{Builder, Handle, Runtime};

pub use schema::{assert_same_schema, assert_same_schema_except, schema_of};

use crate::{DatabaseSettings, Db, Migrations};

/// The variable that names the server for tests: a `postgres://` URL of a user who may create databases.
pub const POSTGRES: &str = "PARLANCE_TEST_POSTGRES";

/// A database with its settings, for tests that open it a second time. A test body takes this or a [`Db`].
#[derive(Debug, Clone)]
pub struct TestDb {
    /// The open database.
    pub db: Db,
    /// How it was opened.
    pub settings: DatabaseSettings,
}

impl From<TestDb> for Db {
    fn from(test: TestDb) -> Self {
        test.db
    }
}

/// Makes each body two tests, `name::sqlite` and `name::postgres`, on databases with these migrations applied.
///
/// ```ignore
/// on_each_engine! {
///     migrations = [store::MIGRATIONS, chats::migrations()];
///
///     /// What the test shows.
///     async fn history_is_newest_first(db: Db) { … }
///     async fn two_instances_agree(test: TestDb) { … }
/// }
/// ```
#[macro_export]
macro_rules! on_each_engine {
    (migrations = $migrations:expr; $($(#[$meta:meta])* async fn $name:ident($arg:ident: $kind:ty) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;

            async fn body($arg: $kind) $body

            #[test]
            fn sqlite() {
                $crate::testing::on_sqlite($migrations, body);
            }

            #[test]
            fn postgres() {
                $crate::testing::on_postgres($migrations, body);
            }
        }
    )+};
}
pub use crate::on_each_engine;

/// Runs `body` on a temporary SQLite file.
pub fn on_sqlite<T: From<TestDb>, F>(migrations: impl AsRef<[Migrations]>, body: impl FnOnce(T) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let folder = tempfile::tempdir().expect("a temporary folder");
    let settings = settings(&format!("sqlite://{}/test.db", folder.path().display()));
    let rt = runtime();
    let outcome = rt.block_on(run(settings, migrations.as_ref(), body));
    finish(rt, outcome);
}

/// Runs `body` on a PostgreSQL database of its own, which is dropped afterwards, also if the body panics.
pub fn on_postgres<T: From<TestDb>, F>(migrations: impl AsRef<[Migrations]>, body: impl FnOnce(T) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let server = postgres_server();
    let name = unused_name();
    let rt = runtime();
    let outcome = rt.block_on(async {
        admin(&server, &format!("CREATE DATABASE {name}")).await;
        let outcome = run(settings(&with_database(&server, &name)), migrations.as_ref(), body).await;
        admin(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        outcome
    });
    finish(rt, outcome);
}

/// The server for tests.
///
/// # Panics
/// If there is none: a PostgreSQL half that did not run must not look like one that passed.
pub fn postgres_server() -> String {
    std::env::var_os(POSTGRES)
        .and_then(|url| url.into_string().ok())
        .expect("PARLANCE_TEST_POSTGRES is not set: run the tests by `cargo xtask test`, which starts a PostgreSQL")
}

async fn run<T: From<TestDb>, F>(
    settings: DatabaseSettings,
    migrations: &[Migrations],
    body: impl FnOnce(T) -> F,
) -> Result<(), tokio::task::JoinError>
where
    F: Future<Output = ()> + Send + 'static,
{
    let db = Db::open(&settings, "test", migrations, &Handle::current()).await.expect("the test's database");
    let outcome = tokio::spawn(body(T::from(TestDb { db: db.clone(), settings }))).await;
    db.close();
    outcome
}

/// Ends the test as its body ended.
fn finish(rt: Runtime, outcome: Result<(), tokio::task::JoinError>) {
    // Tasks that the body left behind are not waited for.
    rt.shutdown_background();
    if let Err(ended) = outcome {
        std::panic::resume_unwind(ended.into_panic());
    }
}

fn runtime() -> Runtime {
    // Several threads: an SQLite query dropped before its end blocks the one it is on.
    Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

fn settings(url: &str) -> DatabaseSettings {
    DatabaseSettings { url: url.into(), schema: None, pool_size: 8, statement_timeout_ms: 30_000 }
}

async fn admin(server: &str, sql: &str) {
    let mut conn = AsyncPgConnection::establish(server).await.expect("the PostgreSQL server for tests");
    conn.batch_execute(sql).await.expect(sql);
}

/// A name no other test uses, in this process or in another one of the same machine.
fn unused_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let started = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_micros());
    format!("test_{}_{}_{started:x}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// The same server's URL with another database in its path.
fn with_database(server: &str, name: &str) -> String {
    let (server, parameters) = server.split_once('?').map_or((server, ""), |(url, parameters)| (url, parameters));
    let host = server.find("://").map_or(0, |at| at + 3);
    let end = server[host..].find('/').map_or(server.len(), |at| host + at);
    let question = if parameters.is_empty() { "" } else { "?" };
    format!("{}/{name}{question}{parameters}", &server[..end])
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn the_database_is_replaced_in_the_url() {
        assert_eq!(with_database("postgres://u:p@h:1/postgres", "t"), "postgres://u:p@h:1/t");
        assert_eq!(with_database("postgres://h", "t"), "postgres://h/t");
        assert_eq!(with_database("postgres:///x?host=/run/pg", "t"), "postgres:///t?host=/run/pg");
    }
}
