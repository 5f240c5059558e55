//! A connection to the broker with a channel on it, opened within a time limit.

use std::time::Duration;

use lapin::uri::AMQPUri;
use lapin::{Channel, Connection, ConnectionProperties};

use super::LinkError;

const CONNECT: Duration = Duration::from_secs(5);
const CLOSE: Duration = Duration::from_secs(2);
/// A peer that says nothing for twice as long is gone.
const HEARTBEAT_S: u16 = 10;

pub(super) struct Link {
    connection: Connection,
    /// For declaring and publishing.
    pub channel: Channel,
}

impl Link {
    /// Connects. `name` is what the broker's operator sees.
    pub(super) async fn open(url: &str, name: &str) -> Result<Self, LinkError> {
        let mut uri: AMQPUri = url.parse().map_err(LinkError::Url)?;
        uri.query.heartbeat = uri.query.heartbeat.or(Some(HEARTBEAT_S));
        let properties = ConnectionProperties::default().with_connection_name(name.into());
        let opening = async {
            let connection = Connection::connect_uri(uri, properties).await?;
            let channel = connection.create_channel().await?;
            Ok(Self { connection, channel })
        };
        within("connect", CONNECT, opening).await
    }

    /// Whether anything can still come over it.
    ///
    /// # Errors
    /// Nothing can.
    pub(super) fn alive(&self) -> Result<(), LinkError> {
        if self.connection.status().connected() { Ok(()) } else { Err(LinkError::Ended("the connection".to_owned())) }
    }

    pub(super) async fn another_channel(&self) -> Result<Channel, LinkError> {
        within("open a channel", CONNECT, async { Ok(self.connection.create_channel().await?) }).await
    }

    /// Says goodbye, if the broker listens.
    pub(super) async fn close(self) {
        let bye = self.connection.close(200, "bye".into());
        if let Ok(Err(error)) = tokio::time::timeout(CLOSE, bye).await {
            tracing::debug!(%error, "closing a connection to the broker");
        }
    }
}

/// Closes a channel: the broker takes back, in order, what was not acknowledged on it.
pub(super) async fn close(channel: &Channel) {
    let bye = channel.close(200, "bye".into());
    if let Ok(Err(error)) = tokio::time::timeout(CLOSE, bye).await {
        tracing::debug!(%error, "closing a channel");
    }
}

/// `work`, or an error that names it.
pub(super) async fn within<T>(
    what: &'static str,
    after: Duration,
    work: impl Future<Output = Result<T, LinkError>>,
) -> Result<T, LinkError> {
    tokio::time::timeout(after, work).await.unwrap_or(Err(LinkError::Timeout { what, after }))
}
