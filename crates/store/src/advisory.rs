//! Locks between instances, held by a connection.

use diesel::sql_types::{Bool, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;

use crate::pool::PgSession;
use crate::{StoreError, StoreResult};

/// A lock held on a PostgreSQL database until this guard is dropped or its connection breaks. It has a connection of its
/// own, outside the pool.
pub struct AdvisoryLock(Option<AsyncPgConnection>);

#[derive(diesel::QueryableByName)]
struct Taken {
    #[diesel(sql_type = Bool)]
    taken: bool,
}

impl AdvisoryLock {
    pub(crate) const fn none() -> Self {
        Self(None)
    }

    pub(crate) async fn on_postgres(session: PgSession, key: &str, rt: &Handle) -> StoreResult<Option<Self>> {
        let key = lock_name(&session, key);
        let task = rt.spawn(async move {
            let mut conn = session.connect().await?;
            let answer: Taken = diesel::sql_query("SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken")
                .bind::<Text, _>(key)
                .get_result(&mut conn)
                .await?;
            Ok::<_, StoreError>(answer.taken.then_some(Self(Some(conn))))
        });
        task.await?
    }

    /// Asks the connection. An error means that the lock may belong to another instance by now.
    pub fn check(&mut self) -> BoxFuture<'_, StoreResult<()>> {
        Box::pin(async move {
            if let Some(conn) = &mut self.0 {
                conn.batch_execute("SELECT 1").await?;
            }
            Ok(())
        })
    }
}

/// PostgreSQL's advisory locks are per database; ours are per schema.
pub(crate) fn lock_name(session: &PgSession, key: &str) -> String {
    format!("parlance/{}/{key}", session.schema.as_deref().unwrap_or_default())
}
