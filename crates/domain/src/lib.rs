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
    ChatId, CodeId, CompanyId, EventId, GroupId, InvitationId, MessageId, ParticipationId, RoomMessageId, TenantId,
    TokenId, UserId,
};
pub use kinds::{
    ChatKind, MessageKind, ParticipantRole, ParticipantState, ParticipantStatus, Presence, Role, Surface, TokenKind,
    UnknownWord,
};
pub use page::{Limit, Page, Window};
pub use principal::{Idempotency, Principal, Scopes};
pub use time::{BadTimestamp, Clock, Timestamp};

#[cfg(feature = "diesel")]
mod columns;
