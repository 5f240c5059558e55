//! Words between the instances on one PostgreSQL database.

use diesel::pg::Pg;
use diesel::sql_types::Text;
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use tokio::runtime::Handle;

use crate::pool::PgSession;
use crate::{Shared, StoreError, StoreResult, Tx, statement};

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
pub fn tell<'a>(tx: &'a Tx, channel: &'a str, word: &'a str) -> BoxFuture<'a, StoreResult<()>> {
    Box::pin(async move {
        if let Shared::Pg(mut c) = tx.shared().await {
            Notify { channel: &name(channel), word }.execute(&mut c).await?;
        }
        Ok(())
    })
}

statement! {
    Notify on Pg {
        "SELECT pg_notify(",
        channel: str as Text, ", ",
        word: str as Text, ")",
    }
}

/// Unquoted names are folded to lower case.
fn name(channel: &str) -> String {
    channel.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect()
}
