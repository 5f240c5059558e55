//! Stays as those see them who may read the chat, past ones too; and where a chat is.

use domain::{ChatId, Limit, Principal, TenantId, UserId, Window};
use serde::{Deserialize, Serialize};

use super::Participant;

/// One stay, and in which chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// The chat.
    pub chat: ChatId,
    /// The stay, perhaps ended.
    pub stay: Participant,
}

/// Lists the stays of chats, ended ones too, by number: for those who may read each of the chats.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListStays {
    /// Who asks.
    pub by: Principal,
    /// The chats, at most 1,000; deleted ones have none.
    pub chats: Vec<ChatId>,
    /// Only the stays of these users, at most 1,000.
    pub users: Option<Vec<UserId>>,
    /// Start, order and times of joining.
    pub window: Window,
    /// How many at most.
    pub limit: Limit,
}

/// Reads one stay, ended ones too: for those who may read its chat.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetStay {
    /// Who asks.
    pub by: Principal,
    /// Its integer id.
    pub number: i64,
}

/// Reads a living chat's roll: for those who may read it. One look-up for what every message is shown and said with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadRoll {
    /// Who asks.
    pub by: Principal,
    /// The chat's integer id.
    pub number: i64,
    /// Only the stays of these users, at most 1,000.
    pub users: Option<Vec<UserId>>,
}

/// Who is and was in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roll {
    /// The chat.
    pub chat: ChatId,
    /// Its integer id.
    pub number: i64,
    /// The stays asked for, ended ones too, rising; a thousand at most.
    pub stays: Vec<Participant>,
    /// Whether there are more.
    pub more: bool,
}

impl Roll {
    /// The stay of `user`, if they take part now.
    pub fn participant(&self, user: UserId) -> Option<&Participant> {
        self.stays.iter().rev().find(|stay| stay.user == user && stay.left_at.is_none())
    }
}

/// Asks which tenant's chat has a number: for surfaces whose visitors show no credential yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LocateChat {
    /// The chat's integer id.
    pub number: i64,
}

/// Where a living chat is. Says nothing about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Located {
    /// Its tenant.
    pub tenant: TenantId,
    /// Its id.
    pub id: ChatId,
}
