//! The events between services: protobuf on the wire, checked types in code.
//!
//! Generated types are private ([`raw`]); what this crate exports has typed ids and decodes with checks, tolerant of fields
//! and names added later. How events may change: see the README.

mod auth;
mod bots;
mod chats;
mod event;
mod messages;
mod open;
mod raw;
mod realtime;
mod users;
mod webhooks;

pub use auth::{TenantDeleted, TokenRevoked};
pub use bots::{
    InteractionAccepted, InteractionChange, InteractionFinished, InteractionStarted, InteractionTransferred,
};
pub use chats::{ChatCreated, ChatDeleted, ChatUpdated, ParticipantAdded, ParticipantChanged, ParticipantRemoved};
pub use event::{BadEvent, Event, EventKey, EventType, OrderedBy, PARTITIONS, partition};
pub use messages::{Media, MessageDeleted, MessageEdited, MessagePosted, MessagesRead};
pub use open::Open;
pub use realtime::PresenceChanged;
pub use users::{UserDeleted, UserUpdated};
pub use webhooks::WebhookDisabled;

/// Every event type there is, with the version written today.
pub const TYPES: &[EventType] = &[
    EventType::of::<TenantDeleted>(),
    EventType::of::<TokenRevoked>(),
    EventType::of::<UserUpdated>(),
    EventType::of::<UserDeleted>(),
    EventType::of::<ChatCreated>(),
    EventType::of::<ChatUpdated>(),
    EventType::of::<ChatDeleted>(),
    EventType::of::<ParticipantAdded>(),
    EventType::of::<ParticipantRemoved>(),
    EventType::of::<ParticipantChanged>(),
    EventType::of::<MessagePosted>(),
    EventType::of::<MessageEdited>(),
    EventType::of::<MessageDeleted>(),
    EventType::of::<MessagesRead>(),
    EventType::of::<InteractionStarted>(),
    EventType::of::<InteractionAccepted>(),
    EventType::of::<InteractionTransferred>(),
    EventType::of::<InteractionFinished>(),
    EventType::of::<WebhookDisabled>(),
    EventType::of::<PresenceChanged>(),
];
