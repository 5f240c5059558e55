//! What every service offers about its events: the parked ones and their re-drive, and what became of one of them.

use domain::{Code, EventId, Limit, Page, ServiceError, TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An event a consumer refused, or one that waits behind such an event of the same chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ParkedEvent {
    /// Place in the order of parking.
    pub position: i64,
    /// The event.
    pub event: EventId,
    /// Its type, like `message.posted`.
    pub kind: String,
    /// The consumer group that parked it.
    pub group: String,
    /// What it is ordered by: its chat, or its tenant.
    pub key: Uuid,
    /// Why it was parked.
    pub reason: String,
    /// When it was parked.
    pub at: Timestamp,
}

/// Lists parked events, oldest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListParked {
    /// Only behind this position.
    pub after: Option<i64>,
    /// How many at most.
    pub limit: Limit,
}

/// Hands parked events to their consumer again, in order; those that fail again stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Redrive {
    /// Only those of this chat or tenant.
    pub key: Option<Uuid>,
}

/// What a re-drive did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Redriven {
    /// Consumed now.
    pub done: u64,
    /// Still parked.
    pub left: u64,
}

/// Finds the events a service told of one thing when it happened, as long as they are kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FindEvents {
    /// The tenant.
    pub tenant: TenantId,
    /// What they are ordered by: a chat, or the tenant.
    pub key: Uuid,
    /// The thing they name, like a message.
    pub about: Uuid,
    /// When it happened.
    pub at: Timestamp,
}

/// An event a service told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentEvent {
    /// The event.
    pub event: EventId,
    /// Its type, like `message.posted`.
    pub kind: String,
    /// When it was written, in the transaction of what it tells about.
    pub occurred_at: Timestamp,
    /// When everybody who subscribes had been given it.
    pub published_at: Option<Timestamp>,
}

/// Asks a service which of these events it hears, and whether it is done with them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SeenEvents {
    /// The events with their types, at most 100.
    pub events: Vec<(EventId, String)>,
}

/// An event a service hears.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenEvent {
    /// The event.
    pub event: EventId,
    /// The consumer group.
    pub group: String,
    /// When it was applied, or parked.
    pub at: Option<Timestamp>,
}

/// What can go wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum EventsError {
    /// A needed part does not answer.
    #[error("events are unavailable")]
    Unavailable(String),
    /// Our fault.
    #[error("internal error")]
    Internal,
}

impl ServiceError for EventsError {
    fn code(&self) -> Code {
        match self {
            Self::Unavailable(_) => Code::Unavailable,
            Self::Internal => Code::Internal,
        }
    }
    fn unavailable(why: String) -> Self {
        Self::Unavailable(why)
    }
    fn internal() -> Self {
        Self::Internal
    }
}

service! {
    /// A service's events: those it told, and those it hears.
    events: EventsApi, HttpEvents, SpawnedEvents, LateEvents => EventsError {
        /// Lists parked events.
        read parked(ListParked) -> Page<ParkedEvent>;
        /// Re-drives parked events.
        write redrive(Redrive) -> Redriven;
        /// Finds what this service told of one thing.
        read sent(FindEvents) -> Vec<SentEvent>;
        /// Says which of some events this service is done with.
        read seen(SeenEvents) -> Vec<SeenEvent>;
    }
}
