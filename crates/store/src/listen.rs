//! Words between the instances on one PostgreSQL database.

use diesel::sql_types::Text;
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;

use crate::pool::PgSession;
use crate::{Engine, StoreError, StoreResult, Tx};

/// Hears what the instances on this database tell each other by [`tell`]. It has a connection of its own, outside the
/// pool.
pub struct Listener(AsyncPgConnection);

impl Listener {
    pub(crate) async fn on_postgres(session: PgSession, channel: &str, rt: &Handle) -> StoreResult<Self> {
        let listen = format!("LISTEN {}", name(channel));
        let task = rt.spawn(async move {
            let mut conn = session.connect().await?;
            diesel::sql_query(listen).execute(&mut conn).await?;
            Ok::<_, StoreError>(Self(conn))
        });
        task.await?
    }

    /// The next word.
    ///
    /// # Errors
    /// The connection is gone; what is told meanwhile is not heard.
    pub fn word(&mut self) -> BoxFuture<'_, StoreResult<String>> {
        Box::pin(async move {
            let mut words = std::pin::pin!(self.0.notifications_stream());
            match words.next().await {
                Some(word) => Ok(word?.payload),
                None => Err(StoreError::unavailable("the connection that listens ended")),
            }
        })
    }
}

/// Tells all instances on this database `word` once `tx` commits; nobody on SQLite, whose file belongs to one process.
///
/// `word`: at most 7,999 bytes. Channels are the database's, not the schema's.
pub fn tell<'a>(tx: &'a mut Tx, channel: &'a str, word: &'a str) -> BoxFuture<'a, StoreResult<()>> {
    Box::pin(async move {
        if let Engine::Pg(c) = tx.engine() {
            let tell =
                diesel::sql_query("SELECT pg_notify($1, $2)").bind::<Text, _>(name(channel)).bind::<Text, _>(word);
            tell.execute(c).await?;
        }
        Ok(())
    })
}

/// Unquoted names are folded to lower case.
fn name(channel: &str) -> String {
    channel.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect()
}
