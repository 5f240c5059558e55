//! Chats found by whom they are with and what they are about, and each participant's own window on them.

use domain::{ChatId, GroupId, Idempotency, Limit, ParticipantState, ParticipantStatus, Principal, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// A record of another system that a chat is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The kind of record there, like `res.partner`: 1 to 255 characters.
    pub model: String,
    /// Its integer id there.
    pub id: i64,
}

/// A record a chat is about, as the chat holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// The link's integer id, unique in the instance.
    pub number: i64,
    /// The record.
    pub record: Record,
}

/// With whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Circle {
    /// Another user: the two have one direct chat, and one more for each record.
    User(UserId),
    /// A group the caller is a member of, by its integer id: it has one chat, and one more for each record.
    Group(i64),
}

/// Finds the chat the caller has with somebody, or makes it. A chat about a record is a chat of its own, and never direct.
/// The participants of a group's chat are its members: they are brought up to date.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenChat {
    /// Who asks: needs a user, who takes part.
    pub by: Principal,
    /// With whom.
    pub circle: Circle,
    /// About what.
    pub about: Option<Record>,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}

/// Lists the living chats the caller takes part in, latest activity first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChatsWith {
    /// Who asks: needs a user.
    pub by: Principal,
    /// Only chats of groups, or only the others.
    pub grouped: bool,
    /// Only those in which this user takes part too.
    pub user: Option<UserId>,
    /// Only those of this group.
    pub group: Option<GroupId>,
    /// Only those about a record of this model.
    pub model: Option<String>,
    /// Only those about a record with this integer id.
    pub record: Option<i64>,
    /// Only those behind this chat in the order of the list: when something was said last (or it was made), and its id.
    pub after: Option<(Timestamp, ChatId)>,
    /// How many at most.
    pub limit: Limit,
}

/// Reads the direct chats of the caller with others; who has none is left out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PairsWith {
    /// Who asks: needs a user.
    pub by: Principal,
    /// The others, at most 1,000.
    pub users: Vec<UserId>,
}

/// Changes how the caller's own window on a chat stands. `None` leaves it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ArrangeChat {
    /// Who asks: takes part, else [`NotParticipant`](super::ChatsError::NotParticipant).
    pub by: Principal,
    /// The chat.
    pub chat: ChatId,
    /// How the window stands from now on; a closed one is folded by the next message.
    pub state: Option<ParticipantState>,
    /// What they make of the chat.
    pub status: Option<ParticipantStatus>,
}

/// Brings the participants of a group's chats up to its members, after those have changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FollowGroup {
    /// Who asks: a manager.
    pub by: Principal,
    /// The group.
    pub group: GroupId,
}
