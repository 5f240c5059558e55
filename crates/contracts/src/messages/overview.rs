//! How many chats stand for one user, and numbers of what is never stored.

use domain::{ChatId, Principal, TenantId, UserId};
use serde::{Deserialize, Serialize};

use super::Message;

/// Asks how chats stand for one user. Answered in a bounded number of queries, however many chats they are. The asker has
/// checked that the user may read them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Overview {
    /// The tenant.
    pub tenant: TenantId,
    /// For whom.
    pub reader: UserId,
    /// The chats, at most 1,000, with at most 10,000 authors in all.
    pub chats: Vec<OverviewAsked>,
}

/// A chat of [`Overview`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverviewAsked {
    /// The chat.
    pub chat: ChatId,
    /// What counts as read at least: the last place when the reader joined.
    pub after_seq: i64,
    /// Whose last messages are wanted.
    pub authors: Vec<UserId>,
}

/// How a chat stands for a user: an answer per question, in the same order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatOverview {
    /// The chat.
    pub chat: ChatId,
    /// Its last place; 0 when nothing was said.
    pub last_seq: i64,
    /// Whether somebody else said something the reader has not read.
    pub unread: bool,
    /// The last message of each author who said something, deleted ones passed over.
    pub last: Vec<Message>,
}

/// Draws a number from those of messages, for something that is told and not stored, like that somebody types.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TakeNumber {
    /// Who asks: takes part, else [`NotParticipant`](super::MessagesError::NotParticipant).
    pub by: Principal,
    /// The chat.
    pub chat: ChatId,
}
