//! The bus over RabbitMQ: a relay that publishes each service's outbox, a subscriber for each consumer group.
//!
//! Whatever goes wrong with a connection or channel, the whole connection is thrown away and our own loop makes another:
//! the client library's recovery stays off.

mod link;
mod message;
mod relay;
mod subscriber;
mod topology;

pub(crate) use relay::Relay;
pub(crate) use subscriber::Subscriber;
#[cfg(feature = "testing")]
pub use topology::remove;

use std::time::Duration;

/// What ended a connection.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The broker, or the way to it.
    #[error("the broker: {0}")]
    Broker(#[from] lapin::Error),
    /// No answer in time.
    #[error("no answer to {what} within {after:?}")]
    Timeout {
        /// To what.
        what: &'static str,
        /// After how long.
        after: Duration,
    },
    /// The URL is none.
    #[error("the bus URL is malformed: {0}")]
    Url(String),
    /// The broker did not take an event.
    #[error("an event for {key} was {answer}")]
    NotTaken {
        /// Its routing key.
        key: String,
        /// What the broker said.
        answer: &'static str,
    },
    /// A subscription ended, or the connection did.
    #[error("{0} ended")]
    Ended(String),
}
