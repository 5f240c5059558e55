//! Vocabulary of the conversation model: ids, time, principals, pages and kinds.
//!
//! Nothing here does I/O. With the feature `diesel` the types are also column types.

mod error;
pub mod ids;
mod kinds;
mod page;
mod principal;
mod time;
pub mod trace;

pub use error::{Code, ServiceError};
pub use ids::{
    ChatId, ClaimId, CodeId, CompanyId, DeliveryId, DepartmentId, EventId, GroupId, InteractionId, InvitationId,
    LaneId, MessageId, ParticipationId, RoomMessageId, TenantId, TokenId, UserId, WebhookId,
};
pub use kinds::{
    ChatKind, DeliveryState, EndpointKind, HandoverReason, InteractionState, MessageKind, Mood, OnParked,
    ParticipantRole, ParticipantState, ParticipantStatus, Presence, Role, Surface, TokenKind, UnknownWord,
    WebhookFormat,
};
pub use page::{Limit, Page, Window};
pub use principal::{Idempotency, Principal, Scopes};
pub use time::{BadTimestamp, Clock, Timestamp};

#[cfg(feature = "diesel")]
mod columns;
