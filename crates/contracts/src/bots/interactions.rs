//! A chat while a department serves it.

use domain::{
    ChatId, DepartmentId, HandoverReason, InteractionId, InteractionState, Limit, Mood, Principal, TenantId, Timestamp,
    UserId,
};
use serde::{Deserialize, Serialize};

/// A chat that was handed to a department. A chat has at most one that is not finished.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interaction {
    /// The id; with dashes, the hash bots know it by.
    pub id: InteractionId,
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// Who serves it.
    pub state: InteractionState,
    /// The bot or agent who serves it; `None` while it waits and once it is finished.
    pub user: Option<UserId>,
    /// The department that serves it, or served it last.
    pub department: DepartmentId,
    /// That department's integer id.
    pub department_number: i64,
    /// The integer id of the department it started in.
    pub started_in: i64,
    /// The customer, as far as one is known.
    pub customer: Option<UserId>,
    /// Rises with every change of hands.
    pub version: i64,
    /// The first place of the chat that the present owner serves.
    pub from_seq: i64,
    /// How many wait before it, and itself, while it is queued.
    pub position: Option<i64>,
    /// How the customer found it.
    pub mood: Option<Mood>,
    /// Tags, by the client's own numbers.
    pub tags: Vec<i64>,
    /// The client's own key of the customer.
    pub customer_key: Option<String>,
    /// What was noted.
    pub note: Option<String>,
    /// What the client wants back with every word of it.
    pub extra: Option<serde_json::Value>,
    /// Where the client keeps what was said before; kept as sent, never fetched.
    pub external_history: Option<String>,
    /// How the customer came, in the client's word.
    pub media_type: Option<String>,
    /// When it started.
    pub created_at: Timestamp,
    /// When it last changed hands.
    pub changed_at: Timestamp,
    /// When its present or last bot took it on.
    pub accepted_at: Option<Timestamp>,
    /// When it was finished.
    pub finished_at: Option<Timestamp>,
}

impl Interaction {
    /// What bots know it by.
    pub fn hash(&self) -> String {
        self.id.to_string()
    }

    /// Who serves it; `None` once it is finished.
    pub fn owner(&self) -> Option<Owner> {
        Owner::of(self.state, self.user, self.department)
    }
}

/// Who serves an interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(tag = "type", content = "id", rename_all = "snake_case")]
pub enum Owner {
    /// A department's bot.
    Bot(UserId),
    /// Nobody yet.
    Queue(DepartmentId),
    /// An agent.
    Agent(UserId),
}

impl Owner {
    /// Who serves an interaction that stands so; `None` once it is finished.
    pub const fn of(state: InteractionState, user: Option<UserId>, department: DepartmentId) -> Option<Self> {
        match (state, user) {
            (InteractionState::Finished, _) => None,
            (InteractionState::Bot, Some(user)) => Some(Self::Bot(user)),
            (InteractionState::Agent, Some(user)) => Some(Self::Agent(user)),
            (InteractionState::Queued | InteractionState::Bot | InteractionState::Agent, _) => {
                Some(Self::Queue(department))
            }
        }
    }
}

/// An interaction right after it changed hands, as whoever waits for it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The id; with dashes, its hash.
    pub id: InteractionId,
    /// The chat.
    pub chat: ChatId,
    /// The department.
    pub department: DepartmentId,
    /// Its integer id.
    pub department_number: i64,
    /// Who serves it.
    pub state: InteractionState,
    /// The bot or agent who does.
    pub user: Option<UserId>,
    /// The customer.
    pub customer: Option<UserId>,
    /// Its place in the queue, from 1, while it is queued.
    pub position: Option<i64>,
    /// Its version.
    pub version: i64,
    /// The first place of the chat that is theirs.
    pub from_seq: i64,
    /// Who did it, where that was a user.
    pub by: Option<UserId>,
    /// Why.
    pub why: HandoverReason,
    /// When.
    pub at: Timestamp,
}

impl Moved {
    /// Who serves it; `None` once it is finished.
    pub const fn owner(&self) -> Option<Owner> {
        Owner::of(self.state, self.user, self.department)
    }
}

/// How an interaction changed hands once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The version since.
    pub version: i64,
    /// When.
    pub at: Timestamp,
    /// Who serves it since.
    pub state: InteractionState,
    /// The bot or agent who does.
    pub user: Option<UserId>,
    /// The department.
    pub department: DepartmentId,
    /// The first place of the chat that is theirs.
    pub from_seq: i64,
    /// Who did it, where that was a user.
    pub by: Option<UserId>,
    /// Why.
    pub why: HandoverReason,
}

/// One way to name an interaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum InteractionKey {
    /// Our id.
    Id(InteractionId),
    /// What bots know it by, compared as a text: what is no UUID is of no interaction.
    Hash(String),
}

impl InteractionKey {
    /// The id it can only be of.
    pub fn id(&self) -> Option<InteractionId> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Hash(hash) => hash.parse().ok().filter(|id: &InteractionId| id.to_string() == *hash),
        }
    }
}

/// Something about one interaction.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OnInteraction {
    /// Who asks.
    pub by: Principal,
    /// The interaction.
    pub key: InteractionKey,
}

/// Lists interactions by id, which is by start.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListInteractions {
    /// Who asks.
    pub by: Principal,
    /// Only the one with this hash.
    pub hash: Option<String>,
    /// Only those in this state.
    pub state: Option<InteractionState>,
    /// Only those of this chat.
    pub chat: Option<ChatId>,
    /// Only behind this one.
    pub after: Option<InteractionId>,
    /// How many at most.
    pub limit: Limit,
}

/// Asks for the latest interactions of chats. The asker has checked that the chats may be read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InteractionsOf {
    /// The tenant.
    pub tenant: TenantId,
    /// The chats, at most 1,000.
    pub chats: Vec<ChatId>,
}

/// The latest interaction of a chat; chats without one are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct InteractionHash {
    /// The chat.
    pub chat: ChatId,
    /// The interaction; with dashes, its hash.
    pub id: InteractionId,
    /// Who serves it.
    pub state: InteractionState,
}

/// Notes what is known about an interaction. `None` leaves a field as it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UpdateInteraction {
    /// Who asks.
    pub by: Principal,
    /// The interaction, finished or not.
    pub key: InteractionKey,
    /// How the customer found it.
    pub mood: Option<Mood>,
    /// All tags from now on, at most 100.
    pub tags: Option<Vec<i64>>,
    /// The client's own key of the customer, at most 255 characters.
    pub customer_key: Option<String>,
    /// What is to be noted, at most 20,000 characters.
    pub note: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_a_text() {
        let id = InteractionId::new();
        assert_eq!(InteractionKey::Hash(id.to_string()).id(), Some(id));
        assert_eq!(InteractionKey::Hash(id.to_string().to_uppercase()).id(), None);
        assert_eq!(InteractionKey::Hash("0000a-000b-0c00-0d0e-f00d00f11111".to_owned()).id(), None);
    }

    #[test]
    fn an_owner_says_what_it_is() {
        let id = UserId::new();
        assert_eq!(serde_json::to_value(Owner::Bot(id)).unwrap(), serde_json::json!({ "type": "bot", "id": id }));
    }
}
