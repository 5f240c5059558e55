//! Chats and who takes part in them.

use domain::{
    ChatId, ChatKind, CompanyId, GroupId, Idempotency, Limit, MessageId, Page, ParticipantRole, ParticipantState,
    ParticipantStatus, ParticipationId, Principal, TenantId, Timestamp, UserId, Window,
};
use serde::{Deserialize, Serialize};

use crate::{Extras, given};

mod error;
pub use error::ChatsError;
mod sessions;
pub use sessions::{ArrangeChat, ChatsWith, Circle, Document, FollowGroup, OpenChat, PairsWith, Record};
mod stays;
pub use stays::{GetStay, ListStays, LocateChat, Located, ReadRoll, Roll, Stay};

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chat {
    /// The id; VoIPBin's too, and, without dashes, imBee's.
    pub id: ChatId,
    /// The tenant.
    pub tenant: TenantId,
    /// Integer id, unique in the instance.
    pub number: i64,
    /// What it is.
    pub kind: ChatKind,
    /// Its title.
    pub title: Option<String>,
    /// Free text about it.
    pub detail: String,
    /// Who answers for it; need not take part.
    pub owner: Option<UserId>,
    /// Who made it.
    pub creator: Option<UserId>,
    /// Who takes part now, in the order of [`Participant::position`].
    pub participants: Vec<Participant>,
    /// Rises with every change of membership.
    pub version: i64,
    /// The group whose chat it is.
    #[serde(default)]
    pub group: Option<GroupId>,
    /// The documents it is about.
    #[serde(default)]
    pub documents: Vec<Document>,
    /// The company it is about.
    #[serde(default)]
    pub company: Option<CompanyId>,
    /// What surfaces want back.
    pub extras: Extras,
    /// The last thing said, as far as the events have told; may lag behind the messages.
    pub last: Option<LastMessage>,
    /// When it was made; rises strictly within a tenant.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was said to be done with; messages may still come.
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}

impl Chat {
    /// The participation of `user`, if they take part now.
    pub fn participant(&self, user: UserId) -> Option<&Participant> {
        self.participants.iter().find(|p| p.user == user)
    }
}

/// The newest message a chat is known to have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastMessage {
    /// The message.
    pub id: MessageId,
    /// Its place.
    pub seq: i64,
    /// When it was said.
    pub at: Timestamp,
}

/// One stay of a user in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// The stay's id, new at each joining; VoIPBin's chatroom id.
    pub id: ParticipationId,
    /// The stay's integer id.
    pub number: i64,
    /// Who.
    pub user: UserId,
    /// What they may do here.
    pub role: ParticipantRole,
    /// How their own window stands, as far as is known of the last message; see [`state_at`](Self::state_at).
    pub state: ParticipantState,
    /// The chat's last place when they closed their window.
    #[serde(default)]
    pub closed_seq: Option<i64>,
    /// What they make of the chat for themselves.
    #[serde(default = "active")]
    pub status: ParticipantStatus,
    /// Place in the list: sorted by user id at creation, appended afterwards.
    pub position: i64,
    /// When they joined; rises strictly for each user.
    pub joined_at: Timestamp,
    /// The chat's last message when they joined: they see what comes behind it.
    pub joined_seq: i64,
    /// When they left.
    pub left_at: Option<Timestamp>,
    /// The last message they see, once they left or dropped the room.
    pub left_seq: Option<i64>,
    /// When they dropped their own room; they stay in the chat but their room takes no more messages.
    pub dropped_at: Option<Timestamp>,
}

impl Participant {
    /// How their window stands when the chat's last place is `last_seq`: a message behind the closing folds it.
    pub fn state_at(&self, last_seq: i64) -> ParticipantState {
        match (self.state, self.closed_seq) {
            (ParticipantState::Closed, Some(closed)) if last_seq > closed => ParticipantState::Folded,
            (state, _) => state,
        }
    }
}

const fn active() -> ParticipantStatus {
    ParticipantStatus::Active
}

/// A participant's own view of a chat: VoIPBin's chatroom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// The chat.
    pub chat: Chat,
    /// The stay, perhaps ended.
    pub stay: Participant,
}

/// What to do when the same people already have such a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Existing {
    /// Answer it.
    Return,
    /// Refuse with [`ChatsError::Exists`].
    Refuse,
    /// Never look: make another one.
    Ignore,
}

/// Makes a chat. Exactly two people and `existing` other than `Ignore` make it direct; anything else is a group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateChat {
    /// Who asks.
    pub by: Principal,
    /// Who takes part: living users of the tenant, at most 1,000; repeats collapse. At least one, unless `existing` is
    /// `Ignore`: then people may come later.
    pub participants: Vec<UserId>,
    /// Who answers for it: a living user of the tenant; they get the participant role owner when they take part.
    pub owner: Option<UserId>,
    /// Its title.
    pub title: Option<String>,
    /// Free text.
    pub detail: String,
    /// The company it is about: one of the tenant that is not deleted.
    #[serde(default)]
    pub company: Option<CompanyId>,
    /// What surfaces want back.
    pub extras: Extras,
    /// What to do when the same people have one already. With one or more than two people, `Refuse` compares with the
    /// chats that were made with `Refuse` too.
    pub existing: Existing,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}

/// Makes a support chat: a customer's, that a department serves. Always another one; for managers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateSupport {
    /// Who asks.
    pub by: Principal,
    /// Who takes part from the start, as in [`CreateChat`].
    pub participants: Vec<UserId>,
    /// Who serves it from the start.
    pub owner: Option<UserId>,
    /// Whom it is for: they count as who made it.
    pub customer: UserId,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}

/// What [`CreateChat`] made or found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// The chat.
    pub chat: Chat,
    /// Whether this call made it.
    pub created: bool,
}

/// One way to name a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChatKey {
    /// Our id.
    Id(ChatId),
    /// The integer id.
    Number(i64),
}

/// Reads one chat, deleted ones too. Whoever neither takes part, nor owns it, nor manages is told it is not theirs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetChat {
    /// Who asks.
    pub by: Principal,
    /// The chat.
    pub key: ChatKey,
}

/// Which chats a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChatScope {
    /// All of the tenant: for managers.
    Tenant,
    /// Those the user takes part in or owns.
    Of(UserId),
    /// Those the user takes part in.
    With(UserId),
}

/// Where a list of chats starts and in which order it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChatOrder {
    /// By id, rising, behind this one.
    After(Option<ChatId>),
    /// Newest first by creation, made before this moment.
    Before(Option<Timestamp>),
    /// Latest activity first (last message, else creation).
    Active,
    /// By integer id, in numbered pages.
    Numbered(Window),
}

/// Lists living chats.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListChats {
    /// Who asks.
    pub by: Principal,
    /// Which.
    pub scope: ChatScope,
    /// Start and direction.
    pub order: ChatOrder,
    /// How many at most.
    pub limit: Limit,
}

/// Changes a living chat: for its owner, its creator and managers. `None` leaves a field as it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UpdateChat {
    /// Who asks.
    pub by: Principal,
    /// The chat.
    pub id: ChatId,
    /// The title; `Some(None)` empties it.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub title: Option<Option<String>>,
    /// Free text.
    pub detail: Option<String>,
    /// Who answers for it: a living user of the tenant.
    pub owner: Option<UserId>,
    /// The company it is about; `Some(None)` is none.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub company: Option<Option<CompanyId>>,
    /// When it was said to be done with; `Some(None)` opens it again.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub closed_at: Option<Option<Timestamp>>,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}

/// Deletes a chat: for its owner, its creator and managers. Deleting twice answers the chat again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteChat {
    /// Who asks.
    pub by: Principal,
    /// The chat.
    pub id: ChatId,
}

/// Adds somebody, at the end of the list: for participants, the owner and managers. Whoever a password or a code has let
/// in adds themselves.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddParticipant {
    /// Who asks.
    pub by: Principal,
    /// The chat.
    pub chat: ChatId,
    /// A living user of the tenant who does not take part yet, else [`ChatsError::AlreadyParticipant`].
    pub user: UserId,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}

/// Removes somebody: themselves, or by the owner and managers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RemoveParticipant {
    /// Who asks.
    pub by: Principal,
    /// The chat.
    pub chat: ChatId,
    /// Who takes part now, else [`ChatsError::NotParticipant`].
    pub user: UserId,
}

/// Lists a user's living rooms, newest joining first: their own, or anybody's for managers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListRooms {
    /// Who asks.
    pub by: Principal,
    /// Whose: a living user of the tenant.
    pub user: UserId,
    /// Joined before this moment.
    pub before: Option<Timestamp>,
    /// How many at most.
    pub limit: Limit,
}

/// One way to name a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoomKey {
    /// The stay's id.
    Id(ParticipationId),
    /// The stay's integer id.
    Number(i64),
}

/// Reads one room, ended ones too: one's own, or anybody's for managers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetRoom {
    /// Who asks.
    pub by: Principal,
    /// The room.
    pub key: RoomKey,
}

/// Drops a room: it is listed no more and takes no more messages; its user stays in the chat. Dropping twice answers
/// the room again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DropRoom {
    /// Who asks: its user, or a manager.
    pub by: Principal,
    /// The room.
    pub id: ParticipationId,
}

/// Asks, for many at once, whether users may write into chats.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CheckAccess {
    /// What is asked, at most 1,000.
    pub asked: Vec<AccessAsked>,
}

/// One question of [`CheckAccess`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct AccessAsked {
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// Who would write or read; `None` for the system.
    pub user: Option<UserId>,
}

/// The answer to [`AccessAsked`], in the same order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Access {
    /// Takes part. For `user: None`: the chat lives.
    Participant {
        /// The membership version this holds for.
        version: i64,
    },
    /// Owns the chat without taking part.
    Owner {
        /// The membership version this holds for.
        version: i64,
    },
    /// The chat lives, the user does not take part.
    Outsider {
        /// The membership version this holds for.
        version: i64,
    },
    /// The chat was deleted; `participant`: whether the user took part or owned it at the end.
    Deleted {
        /// Whether the user took part or owned it at the end.
        participant: bool,
    },
    /// No such chat in this tenant.
    Missing,
}

/// Reads chats with everybody who ever took part, deleted ones too; unknown ones are left out. Called by services that
/// keep a copy of who takes part.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadSnapshots {
    /// Which, at most 1,000.
    pub asked: Vec<(TenantId, ChatId)>,
}

/// A chat and its past. The stays are at least as new as the chat's version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The chat, with who takes part now.
    pub chat: Chat,
    /// The stays that ended.
    pub past: Vec<Participant>,
}

impl Snapshot {
    /// All stays, ended or not.
    pub fn stays(&self) -> impl Iterator<Item = &Participant> {
        self.chat.participants.iter().chain(&self.past)
    }
}

service! {
    /// Chats, participants and rooms.
    chats: ChatsApi, HttpChats, SpawnedChats, LateChats => ChatsError {
        /// Makes a chat, or finds the one the same people have.
        write create(CreateChat) -> Created;
        /// Makes a support chat.
        write support(CreateSupport) -> Chat;
        /// Finds the chat of a pair or a group, perhaps about a document, or makes it.
        write open(OpenChat) -> Created;
        /// Reads one chat.
        read get(GetChat) -> Chat;
        /// Lists chats.
        read list(ListChats) -> Page<Chat>;
        /// Lists the caller's chats by whom and what they are about.
        read with(ChatsWith) -> Page<Chat>;
        /// Reads the direct chats of the caller with others.
        read pairs(PairsWith) -> Vec<Chat>;
        /// Changes how the caller's own window stands.
        write arrange(ArrangeChat) -> Chat;
        /// Lets the chats of a group follow its members.
        write follow_group(FollowGroup) -> ();
        /// Changes a chat.
        write update(UpdateChat) -> Chat;
        /// Deletes a chat.
        write delete(DeleteChat) -> Chat;
        /// Adds a participant.
        write add(AddParticipant) -> Chat;
        /// Removes a participant.
        write remove(RemoveParticipant) -> Chat;
        /// Lists rooms.
        read rooms(ListRooms) -> Page<Room>;
        /// Reads one room.
        read room(GetRoom) -> Room;
        /// Drops a room.
        write drop_room(DropRoom) -> Room;
        /// Lists the stays of chats.
        read stays(ListStays) -> Page<Stay>;
        /// Reads one stay.
        read stay(GetStay) -> Room;
        /// Reads who is and was in a chat.
        read roll(ReadRoll) -> Roll;
        /// Finds which tenant's chat has a number.
        read locate(LocateChat) -> Option<Located>;
        /// Answers who may write or read, for many at once. Never cached by the asker.
        read access(CheckAccess) -> Vec<Access>;
        /// Reads chats with their past, for many at once.
        read snapshots(ReadSnapshots) -> Vec<Snapshot>;
    }
}
