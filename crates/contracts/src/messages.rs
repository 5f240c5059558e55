//! Messages: append, history, edits, read marks.

use domain::{
    ChatId, Code, Idempotency, Limit, MessageId, MessageKind, Page, ParticipationId, Principal, ServiceError, Surface,
    TenantId, Timestamp, UserId, Window,
};
use serde::{Deserialize, Serialize};

use crate::{Extras, Invalid};

mod overview;
pub use overview::{ChatOverview, Overview, OverviewAsked, TakeNumber};

/// One posted message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The id.
    pub id: MessageId,
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// Its place in the chat: starts at 1, no gaps.
    pub seq: i64,
    /// Integer id, unique in the instance, rising with `seq` within a chat.
    pub number: i64,
    /// Who said it; `None` for the system.
    pub author: Option<UserId>,
    /// The surface it came through.
    pub origin: Surface,
    /// What it carries.
    pub kind: MessageKind,
    /// Its words; `None` once deleted.
    pub text: Option<String>,
    /// Its files.
    pub media: Vec<Media>,
    /// What surfaces want back.
    pub extras: Extras,
    /// When it was said; rises strictly within a chat.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When its words were changed.
    pub edited_at: Option<Timestamp>,
    /// When it was deleted; its place stays.
    pub deleted_at: Option<Timestamp>,
}

/// A file by its URL. The URL is kept as sent and never fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Media {
    /// Where it lies.
    pub url: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its MIME type, or the vendor's word for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime: Option<String>,
    /// Its size, as sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<String>,
}

/// Posts a message.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PostMessage {
    /// Who asks. Managers may post as any participant, everybody else as themselves.
    pub by: Principal,
    /// The chat.
    pub chat: ChatId,
    /// Who says it: a participant, or a manager as themselves. Owning a chat is not taking part in it. `None` is a
    /// system message, for managers.
    pub author: Option<UserId>,
    /// What it carries.
    pub kind: MessageKind,
    /// Its words.
    pub text: Option<String>,
    /// Its files.
    pub media: Vec<Media>,
    /// What surfaces want back.
    pub extras: Extras,
    /// The promise of a repeated request: a repeat answers the first message.
    pub idempotency: Option<Idempotency>,
}

/// One way to name a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessageKey {
    /// Our id.
    Id(MessageId),
    /// The integer id.
    Number(i64),
}

/// Reads one message, deleted ones too. Whoever may not read its chat is refused.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetMessage {
    /// Who asks.
    pub by: Principal,
    /// The message.
    pub key: MessageKey,
    /// As this room shows it: what the room never showed does not exist.
    pub room: Option<RoomView>,
}

/// What a room shows of its chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomView {
    /// The stay.
    pub stay: ParticipationId,
    /// Only what is behind this place.
    pub after_seq: i64,
    /// Only up to this place.
    pub upto_seq: Option<i64>,
}

/// Where a page of messages starts and in which direction it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MessageCursor {
    /// Newest first.
    Newest,
    /// Newest first, below this place.
    BeforeSeq(i64),
    /// Newest first, below this number.
    BeforeNumber(i64),
    /// Newest first, said before this moment.
    BeforeTime(Timestamp),
    /// Oldest first, behind this place; 0 starts at the first.
    AfterSeq(i64),
    /// By place, in numbered pages.
    Numbered(Window),
}

/// Reads a page of a chat's messages: for participants, the owner and managers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PageMessages {
    /// Who asks.
    pub by: Principal,
    /// The chat, deleted or not.
    pub chat: ChatId,
    /// Start and direction.
    pub cursor: MessageCursor,
    /// How many at most.
    pub limit: Limit,
    /// Only what this room shows.
    pub room: Option<RoomView>,
    /// Whether deleted messages keep their place in the answer, without text.
    pub tombstones: bool,
}

/// Changes a message's words: for its author and managers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EditMessage {
    /// Who asks.
    pub by: Principal,
    /// The message.
    pub key: MessageKey,
    /// The new words.
    pub text: Option<String>,
    /// The new files; `None` leaves them.
    pub media: Option<Vec<Media>>,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}

/// Deletes a message: for its author and managers. Deleting twice answers the message again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteMessage {
    /// Who asks.
    pub by: Principal,
    /// The message.
    pub key: MessageKey,
}

/// Takes a message out of one room; the other rooms keep it. Twice answers the same again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HideMessage {
    /// Who asks; the caller has checked that the room is theirs.
    pub by: Principal,
    /// The message's number.
    pub number: i64,
    /// The room.
    pub room: RoomView,
}

/// A message as one room shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomMessage {
    /// The message.
    pub message: Message,
    /// When this room's copy was taken out.
    pub hidden_at: Option<Timestamp>,
}

/// Moves the caller's read mark forward; it never goes back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MarkRead {
    /// Who read: needs a user.
    pub by: Principal,
    /// The chat.
    pub chat: ChatId,
    /// Up to this place; `None` is the newest.
    pub upto_seq: Option<i64>,
}

/// How far a user has read a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMark {
    /// The chat.
    pub chat: ChatId,
    /// The user.
    pub user: UserId,
    /// The last place read; 0 is nothing.
    pub seq: i64,
}

/// Reads the read marks of chats.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadMarks {
    /// The tenant.
    pub tenant: TenantId,
    /// The chats, at most 1,000.
    pub chats: Vec<ChatId>,
}

/// Asks for the last place of chats. Called by `chats` before somebody joins.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Heads {
    /// The tenant.
    pub tenant: TenantId,
    /// The chats, at most 1,000.
    pub chats: Vec<ChatId>,
}

/// The last place of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The chat.
    pub chat: ChatId,
    /// Its last place; 0 when nothing was said.
    pub last_seq: i64,
}

/// What can go wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum MessagesError {
    /// No such chat in this tenant.
    #[error("chat does not exist")]
    ChatNotFound,
    /// No such message in this tenant.
    #[error("message does not exist")]
    MessageNotFound,
    /// The author is not in this chat.
    #[error("author does not take part in this chat")]
    NotParticipant,
    /// The chat was deleted.
    #[error("chat was deleted")]
    ChatDeleted,
    /// The message was deleted.
    #[error("message was deleted")]
    MessageDeleted,
    /// The caller may not.
    #[error("not allowed in this chat")]
    Forbidden,
    /// A value is refused.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The idempotency key came with another body.
    #[error("Idempotency-Key was used with another request")]
    KeyReused,
    /// More is waiting to be written than the queue holds.
    #[error("too many messages are waiting; try again")]
    Busy,
    /// The tenant has posted as many messages today as it may.
    #[error("too many messages today; try again in {retry_after_s} s")]
    Limited {
        /// Until the next day. Seconds.
        retry_after_s: u32,
    },
    /// A needed part does not answer.
    #[error("messages is unavailable")]
    Unavailable(String),
    /// Our fault.
    #[error("internal error")]
    Internal,
}

impl ServiceError for MessagesError {
    fn code(&self) -> Code {
        match self {
            Self::ChatNotFound | Self::MessageNotFound => Code::NotFound,
            Self::Forbidden | Self::NotParticipant => Code::Forbidden,
            Self::ChatDeleted | Self::MessageDeleted => Code::Conflict,
            Self::Invalid(_) => Code::Invalid,
            Self::KeyReused => Code::KeyReused,
            Self::Limited { .. } => Code::Limited,
            Self::Busy | Self::Unavailable(_) => Code::Unavailable,
            Self::Internal => Code::Internal,
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Self::Invalid(e) => Some(&e.field),
            _ => None,
        }
    }
    fn retry_after_s(&self) -> Option<u32> {
        match self {
            Self::Limited { retry_after_s } => Some(*retry_after_s),
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

service! {
    /// Messages, their order and who has read them.
    messages: MessagesApi, HttpMessages, SpawnedMessages, LateMessages => MessagesError {
        /// Posts a message. Answered only once it is stored.
        write post(PostMessage) -> Message;
        /// Reads one message.
        read get(GetMessage) -> RoomMessage;
        /// Reads a page.
        read page(PageMessages) -> Page<Message>;
        /// Changes a message.
        write edit(EditMessage) -> Message;
        /// Deletes a message.
        write delete(DeleteMessage) -> Message;
        /// Takes a message out of one room.
        write hide(HideMessage) -> RoomMessage;
        /// Moves a read mark.
        write mark_read(MarkRead) -> ReadMark;
        /// Reads read marks.
        read read_marks(ReadMarks) -> Vec<ReadMark>;
        /// Reads last places.
        read heads(Heads) -> Vec<Head>;
        /// Says how chats stand for one user: what is unread, what others said last.
        read overview(Overview) -> Vec<ChatOverview>;
        /// Draws an integer id for what is said and not stored.
        write take_number(TakeNumber) -> i64;
    }
}
