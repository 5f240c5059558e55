//! What can go wrong with chats.

use domain::{ChatId, Code, ServiceError, UserId};
use serde::{Deserialize, Serialize};

use crate::Invalid;

/// What can go wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ChatsError {
    /// No such chat in this tenant.
    #[error("chat does not exist")]
    ChatNotFound,
    /// No such room in this tenant.
    #[error("room does not exist")]
    RoomNotFound,
    /// A participant or owner is no living user of the tenant.
    #[error("user {0} does not exist")]
    UserNotFound(UserId),
    /// No such group in this tenant, or none of the caller's.
    #[error("group does not exist")]
    GroupNotFound,
    /// The tenant has no such company.
    #[error("company does not exist")]
    CompanyNotFound,
    /// The same people already have such a chat.
    #[error("these participants already have such a chat")]
    Exists(ChatId),
    /// Is in the chat already.
    #[error("user takes part already")]
    AlreadyParticipant,
    /// Is not in the chat.
    #[error("user does not take part")]
    NotParticipant,
    /// The chat was deleted.
    #[error("chat was deleted")]
    Deleted,
    /// The caller may not.
    #[error("not allowed in this chat")]
    Forbidden,
    /// A value is refused.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The idempotency key came with another body.
    #[error("Idempotency-Key was used with another request")]
    KeyReused,
    /// A needed part does not answer.
    #[error("chats is unavailable")]
    Unavailable(String),
    /// Our fault.
    #[error("internal error")]
    Internal,
}

impl ServiceError for ChatsError {
    fn code(&self) -> Code {
        match self {
            Self::ChatNotFound | Self::RoomNotFound | Self::GroupNotFound => Code::NotFound,
            Self::UserNotFound(_) | Self::CompanyNotFound | Self::Invalid(_) => Code::Invalid,
            Self::Exists(_) | Self::AlreadyParticipant | Self::NotParticipant | Self::Deleted => Code::Conflict,
            Self::Forbidden => Code::Forbidden,
            Self::KeyReused => Code::KeyReused,
            Self::Unavailable(_) => Code::Unavailable,
            Self::Internal => Code::Internal,
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Self::UserNotFound(_) => Some("participants"),
            Self::CompanyNotFound => Some("company"),
            Self::Invalid(e) => Some(&e.field),
            _ => None,
        }
    }
    fn unavailable(why: String) -> Self {
        Self::Unavailable(why)
    }
    fn internal() -> Self {
        Self::Internal
    }
}
