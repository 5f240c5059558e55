//! Migrations: trees of SQL files, embedded, one tree per owner of tables and engine.
//!
//! A version is recorded as `tree/version`, so that each owner numbers its own from `0001`.

use futures_util::future::BoxFuture;
use std::path::Path;

use diesel::backend::Backend;
use diesel::connection::{BoxableConnection, SimpleConnection as _};
use diesel::migration::{Migration, MigrationMetadata, MigrationName, MigrationSource as _, MigrationVersion};
use diesel::pg::Pg;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};
use tokio::runtime::Handle;

use crate::advisory::lock_name;
use crate::pool::{PgSession, connect_sqlite};
use crate::settings::Target;
use crate::{Cause, DatabaseSettings, StoreError, StoreResult};

/// The tables of one owner, for either engine. Made by [`migrations!`](crate::migrations).
#[derive(Clone, Copy)]
pub struct Migrations {
    /// The owner: a part of each recorded version, so it never changes.
    pub name: &'static str,
    /// The tree for PostgreSQL.
    pub postgres: &'static EmbeddedMigrations,
    /// The tree for SQLite, with the same names.
    pub sqlite: &'static EmbeddedMigrations,
}

/// Embeds `migrations/postgres` and `migrations/sqlite` of the crate that says so, as the tables of `$owner`.
///
/// ```ignore
/// pub const fn migrations() -> store::Migrations { store::migrations!("users") }
/// ```
#[macro_export]
macro_rules! migrations {
    ($owner:literal) => {{
        const POSTGRES: &::diesel_migrations::EmbeddedMigrations =
            &::diesel_migrations::embed_migrations!("migrations/postgres");
        const SQLITE: &::diesel_migrations::EmbeddedMigrations =
            &::diesel_migrations::embed_migrations!("migrations/sqlite");
        $crate::Migrations { name: $owner, postgres: POSTGRES, sqlite: SQLITE }
    }};
}

/// A migration that was not applied yet, as `tree/version_name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending(pub String);

/// What [`Db::open`](crate::Db::open) would apply, in order. Changes nothing; a database that does not exist yet has
/// everything pending.
pub fn pending<'a>(
    settings: &'a DatabaseSettings,
    migrations: &'a [Migrations],
    rt: &'a Handle,
) -> BoxFuture<'a, StoreResult<Vec<Pending>>> {
    Box::pin(async move {
        let trees = migrations.to_vec();
        match settings.target()? {
            Target::Postgres(url) => {
                let session = PgSession::new(&url, settings, "migrate")?;
                rt.spawn(async move {
                    let mut conn = session.connect().await?;
                    let applied = Applied::read(diesel::sql_query(Applied::SQL).load(&mut conn).await)?;
                    Ok(names(&postgres_trees(&trees)?, &applied))
                })
                .await?
            }
            Target::Sqlite(path) => {
                rt.spawn_blocking(move || {
                    let applied = if path.exists() {
                        let mut conn = connect_sqlite(&path)?;
                        Applied::read(diesel::RunQueryDsl::load(diesel::sql_query(Applied::SQL), &mut conn))?
                    } else {
                        Vec::new()
                    };
                    Ok(names(&sqlite_trees(&trees)?, &applied))
                })
                .await?
            }
        }
    })
}

/// Applies what is pending.
pub(crate) async fn apply(settings: &DatabaseSettings, migrations: &[Migrations], rt: &Handle) -> StoreResult<()> {
    let trees = migrations.to_vec();
    match settings.target()? {
        Target::Postgres(url) => {
            let session = PgSession::new(&url, settings, "migrate")?;
            let conn = rt.spawn(async move { lock_postgres(&session).await }).await??;
            rt.spawn_blocking(move || {
                let mut conn: AsyncConnectionWrapper<AsyncPgConnection> = conn.into();
                run::<Pg, _>(&mut conn, postgres_trees(&trees)?)
            })
            .await?
        }
        Target::Sqlite(path) => rt.spawn_blocking(move || apply_sqlite(&path, &trees)).await?,
    }
}

/// A connection of its own that holds the migration lock, until it is dropped.
async fn lock_postgres(session: &PgSession) -> StoreResult<AsyncPgConnection> {
    let mut conn = session.connect().await?;
    // Another instance may be busy with a long migration; and so may this one be.
    conn.batch_execute("SET statement_timeout = 0").await?;
    diesel::sql_query("SELECT pg_advisory_lock(hashtextextended($1, 0))")
        .bind::<diesel::sql_types::Text, _>(lock_name(session, "migrate"))
        .execute(&mut conn)
        .await?;
    if let Some(schema) = &session.schema {
        conn.batch_execute(&format!("CREATE SCHEMA IF NOT EXISTS \"{schema}\"")).await?;
    }
    Ok(conn)
}

/// SQLite's file is one process's: no lock.
fn apply_sqlite(path: &Path, trees: &[Migrations]) -> StoreResult<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(StoreError::unavailable)?;
    }
    let mut conn = connect_sqlite(path)?;
    run(&mut conn, sqlite_trees(trees)?)?;
    // What the planner knows stays current as the tables grow.
    conn.batch_execute("PRAGMA optimize")?;
    Ok(())
}

fn run<DB: Backend, C: MigrationHarness<DB>>(conn: &mut C, migrations: Vec<Named<DB>>) -> StoreResult<()> {
    let applied = conn.applied_migrations().map_err(StoreError::Unavailable)?;
    let applied: Vec<String> = applied.iter().map(ToString::to_string).collect();
    for migration in migrations {
        if !applied.contains(&migration.name.version) {
            tracing::info!(migration = migration.name.full, "applying migration {}", migration.name.full);
            conn.run_migration(&migration)
                .map_err(|source| StoreError::Migration { name: migration.name.full.clone(), source })?;
        }
    }
    Ok(())
}

fn names<DB: Backend>(migrations: &[Named<DB>], applied: &[String]) -> Vec<Pending> {
    let missing = migrations.iter().filter(|m| !applied.contains(&m.name.version));
    missing.map(|m| Pending(m.name.full.clone())).collect()
}

#[derive(diesel::QueryableByName)]
struct Applied {
    #[diesel(sql_type = diesel::sql_types::Text)]
    version: String,
}

impl Applied {
    const SQL: &str = "SELECT version FROM __diesel_schema_migrations";

    /// The recorded versions; none if the table that records them is absent.
    fn read(rows: diesel::QueryResult<Vec<Self>>) -> StoreResult<Vec<String>> {
        use diesel::result::Error::DatabaseError;
        match rows {
            Ok(rows) => Ok(rows.into_iter().map(|row| row.version).collect()),
            Err(DatabaseError(_, m)) if m.message().contains("__diesel_schema_migrations") => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }
}

fn postgres_trees(trees: &[Migrations]) -> StoreResult<Vec<Named<Pg>>> {
    in_order(trees.iter().map(|tree| (tree.name, tree.postgres)))
}

fn sqlite_trees(trees: &[Migrations]) -> StoreResult<Vec<Named<diesel::sqlite::Sqlite>>> {
    in_order(trees.iter().map(|tree| (tree.name, tree.sqlite)))
}

/// The migrations tree after tree, each tree in the order of its versions.
fn in_order<DB: Backend>(
    trees: impl Iterator<Item = (&'static str, &'static EmbeddedMigrations)>,
) -> StoreResult<Vec<Named<DB>>> {
    let mut all = Vec::new();
    for (owner, tree) in trees {
        let failed = |source: Cause| StoreError::Migration { name: owner.to_owned(), source };
        let mut own: Vec<Named<DB>> =
            tree.migrations().map_err(failed)?.into_iter().map(|m| Named::new(owner, m)).collect();
        own.sort_by(|a, b| a.name.version.cmp(&b.name.version));
        all.extend(own);
    }
    Ok(all)
}

/// A migration under its owner's name.
struct Named<DB: Backend> {
    name: Name,
    inner: Box<dyn Migration<DB>>,
}

struct Name {
    version: String,
    full: String,
}

impl<DB: Backend> Named<DB> {
    fn new(owner: &str, inner: Box<dyn Migration<DB>>) -> Self {
        let name = inner.name();
        let name = Name { version: format!("{owner}/{}", name.version()), full: format!("{owner}/{name}") };
        Self { name, inner }
    }
}

impl<DB: Backend> Migration<DB> for Named<DB> {
    fn run(&self, conn: &mut dyn BoxableConnection<DB>) -> diesel::migration::Result<()> {
        self.inner.run(conn)
    }
    fn revert(&self, conn: &mut dyn BoxableConnection<DB>) -> diesel::migration::Result<()> {
        self.inner.revert(conn)
    }
    fn metadata(&self) -> &dyn MigrationMetadata {
        self.inner.metadata()
    }
    fn name(&self) -> &dyn MigrationName {
        &self.name
    }
}

impl MigrationName for Name {
    fn version(&self) -> MigrationVersion<'_> {
        MigrationVersion::from(&self.version)
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.full)
    }
}
