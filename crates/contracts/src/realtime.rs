//! Feeds and presence: what happened in a tenant, in one order, and who is there.
//!
//! A feed is a bounded log per tenant. Its offsets rise in the order of commits, so that whoever read up to one misses
//! nothing by asking for what is behind it. Streams and polls end in the gateway; it reads feeds and waits for them to
//! grow by these calls only.

use domain::{
    ChatId, Code, Limit, MessageId, ParticipationId, Presence, Principal, ServiceError, TenantId, Timestamp, TokenId,
    UserId, WebhookId,
};
use serde::{Deserialize, Serialize};

use crate::Invalid;
use crate::bots::Moved;
use crate::chats::{Chat, Participant};
use crate::messages::Message;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedItem {
    /// Its place in the tenant's feed, from 1; rises, with gaps.
    pub offset: i64,
    /// When the feed took it.
    pub at: Timestamp,
    /// The chat it happened in.
    pub chat: Option<ChatId>,
    /// Who may see it, by id: who took part at that place of the chat. Nobody: only those who see the whole tenant.
    pub audience: Vec<UserId>,
    /// What happened.
    pub what: FeedEvent,
}

impl FeedItem {
    /// Whether `user` may see it.
    pub fn concerns(&self, user: UserId) -> bool {
        self.audience.binary_search(&user).is_ok()
    }
}

/// What happened, as it was when the feed took it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedEvent {
    /// A chat was made.
    ChatCreated(Box<Chat>),
    /// A chat changed.
    ChatUpdated(Box<Chat>),
    /// A chat was deleted.
    ChatDeleted(Box<Chat>),
    /// Somebody joined.
    ParticipantAdded {
        /// The chat afterwards.
        chat: Box<Chat>,
        /// The new stay.
        stay: Participant,
    },
    /// Somebody left, and still sees this.
    ParticipantRemoved {
        /// The chat afterwards.
        chat: Box<Chat>,
        /// The stay that ended.
        stay: Participant,
    },
    /// Somebody's own view of a chat changed: how its window stands, or that they dropped the room. `chats` has it as it
    /// is; only they are told.
    ParticipantChanged {
        /// Whose.
        user: UserId,
        /// Their stay.
        stay: ParticipationId,
        /// Whether they dropped the room.
        dropped: bool,
    },
    /// A message was posted.
    MessagePosted(Box<Message>),
    /// A message has new words; `messages` has the rest of it.
    MessageEdited {
        /// The message.
        id: MessageId,
        /// Its place.
        seq: i64,
        /// Its integer id.
        number: i64,
        /// The new words.
        text: Option<String>,
        /// When they changed.
        at: Timestamp,
    },
    /// A message was deleted; `messages` has its tombstone.
    MessageDeleted {
        /// The message.
        id: MessageId,
        /// Its place.
        seq: i64,
        /// Its integer id.
        number: i64,
        /// When it was deleted.
        at: Timestamp,
    },
    /// Somebody has read up to a place.
    MessagesRead {
        /// Who.
        user: UserId,
        /// Up to and including this one.
        seq: i64,
    },
    /// Somebody came, paused or went.
    PresenceChanged {
        /// Who.
        user: UserId,
        /// How they stand from now on.
        presence: Presence,
    },
    /// Somebody is writing. Never kept for longer than a moment.
    Typing {
        /// Who.
        user: UserId,
        /// An integer the surface they write through announced it by.
        number: Option<i64>,
    },
    /// A person's name, address or role changed; `users` has the present values.
    UserUpdated {
        /// Who.
        user: UserId,
    },
    /// A person was deleted.
    UserDeleted {
        /// Who.
        user: UserId,
    },
    /// A chat was handed to a department.
    InteractionStarted(Box<Moved>),
    /// Its bot took it on.
    InteractionAccepted(Box<Moved>),
    /// Somebody else serves it now.
    InteractionTransferred(Box<Moved>),
    /// It is over.
    InteractionFinished(Box<Moved>),
    /// A webhook was switched off because of what came of its deliveries.
    WebhookDisabled {
        /// Which one.
        webhook: WebhookId,
        /// Where it is.
        url: String,
        /// `failing`: every attempt failed for days; `gone`: it answered 410.
        because: String,
        /// When the first of these attempts failed.
        since: Timestamp,
        /// When it was switched off.
        at: Timestamp,
    },
    /// A credential no longer counts. For whoever keeps streams open; no client is shown it.
    TokenRevoked {
        /// Which one.
        token: TokenId,
    },
}

impl FeedEvent {
    /// Its name, as clients are told it; the same as the event's between services.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::ChatCreated(_) => "chat.created",
            Self::ChatUpdated(_) => "chat.updated",
            Self::ChatDeleted(_) => "chat.deleted",
            Self::ParticipantAdded { .. } => "participant.added",
            Self::ParticipantRemoved { .. } => "participant.removed",
            Self::ParticipantChanged { .. } => "participant.changed",
            Self::MessagePosted(_) => "message.posted",
            Self::MessageEdited { .. } => "message.edited",
            Self::MessageDeleted { .. } => "message.deleted",
            Self::MessagesRead { .. } => "message.read",
            Self::PresenceChanged { .. } => "presence.changed",
            Self::Typing { .. } => "typing",
            Self::UserUpdated { .. } => "user.updated",
            Self::UserDeleted { .. } => "user.deleted",
            Self::InteractionStarted(_) => "interaction.started",
            Self::InteractionAccepted(_) => "interaction.accepted",
            Self::InteractionTransferred(_) => "interaction.transferred",
            Self::InteractionFinished(_) => "interaction.finished",
            Self::WebhookDisabled { .. } => "webhook.disabled",
            Self::TokenRevoked { .. } => "token.revoked",
        }
    }

    /// Whether it is only of the moment: left out for whoever comes later, and dropped first where too much waits.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::PresenceChanged { .. } | Self::Typing { .. })
    }
}

/// Reads a part of a feed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadFeed {
    /// The tenant.
    pub tenant: TenantId,
    /// Only what concerns this user; `None` is everything.
    pub user: Option<UserId>,
    /// Only what is behind this offset; `None` reads nothing, but says where the feed stands.
    pub after: Option<i64>,
    /// How many rows are looked at, at most.
    pub limit: Limit,
}

/// A part of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// What happened, in order. Passing things are left out once their moment is over.
    pub items: Vec<FeedItem>,
    /// Everything up to this offset was looked at: where to go on.
    pub upto: i64,
    /// The feed's newest offset; 0 when nothing ever happened.
    pub head: i64,
    /// Everything behind this offset is still there: who read less has missed something.
    pub kept_after: i64,
}

impl Feed {
    /// Whether a reader who stands at `cursor` can go on without a gap.
    pub const fn reaches(&self, cursor: i64) -> bool {
        self.kept_after <= cursor && cursor <= self.head
    }
}

/// Waits until one of several feeds grows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AwaitFeeds {
    /// Where the asker stands.
    pub known: Vec<FeedHead>,
    /// How long to wait at most, in milliseconds; shorter than calls between services may take.
    pub wait_ms: u32,
}

/// Where a tenant's feed stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedHead {
    /// The tenant.
    pub tenant: TenantId,
    /// The newest offset.
    pub head: i64,
}

/// Says who is there: repeated at least every 30 seconds for as long as a stream is open, and once for each poll.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Touch {
    /// Who, at most 1,000.
    pub seen: Vec<Seen>,
}

/// Somebody who is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Their tenant.
    pub tenant: TenantId,
    /// Who.
    pub user: UserId,
    /// Whether they did something, beside being there.
    pub active: bool,
}

/// Asks how users stand.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PresenceOf {
    /// The tenant.
    pub tenant: TenantId,
    /// The users, at most 1,000.
    pub users: Vec<UserId>,
}

/// How a user stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserPresence {
    /// Who.
    pub user: UserId,
    /// How.
    pub presence: Presence,
}

/// Tells the others in a chat that somebody is writing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TellTyping {
    /// Who asks, and writes: needs a user who takes part.
    pub by: Principal,
    /// Where.
    pub chat: ChatId,
    /// An integer the surface announces it by.
    pub number: Option<i64>,
}

/// What can go wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum RealtimeError {
    /// No such chat in this tenant.
    #[error("chat does not exist")]
    ChatNotFound,
    /// The caller does not take part.
    #[error("not allowed in this chat")]
    Forbidden,
    /// A value is refused.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A needed part does not answer.
    #[error("realtime is unavailable")]
    Unavailable(String),
    /// Our fault.
    #[error("internal error")]
    Internal,
}

impl ServiceError for RealtimeError {
    fn code(&self) -> Code {
        match self {
            Self::ChatNotFound => Code::NotFound,
            Self::Forbidden => Code::Forbidden,
            Self::Invalid(_) => Code::Invalid,
            Self::Unavailable(_) => Code::Unavailable,
            Self::Internal => Code::Internal,
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
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

service! {
    /// Feeds and presence.
    realtime: RealtimeApi, HttpRealtime, SpawnedRealtime, LateRealtime => RealtimeError {
        /// Reads a part of a feed.
        read read(ReadFeed) -> Feed;
        /// Waits until one of these feeds is ahead of what the asker knows, and says which; none when the wait is over.
        read changed(AwaitFeeds) -> Vec<FeedHead>;
        /// Says who is there. An earlier word of more is not taken back.
        read touch(Touch) -> ();
        /// Says how users stand; unknown ones are offline.
        read presence(PresenceOf) -> Vec<UserPresence>;
        /// Tells the others that somebody is writing.
        write typing(TellTyping) -> ();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_within_what_is_kept() {
        let feed = Feed { items: Vec::new(), upto: 9, head: 9, kept_after: 4 };
        assert_eq!([3, 4, 9, 10].map(|cursor| feed.reaches(cursor)), [false, true, true, false]);
    }

    #[test]
    fn only_the_audience_is_concerned() {
        let mut audience = vec![UserId::new(), UserId::new(), UserId::new()];
        audience.sort_unstable();
        let (at, user) = (Timestamp::from_micros(0), audience[1]);
        let what = FeedEvent::Typing { user, number: None };
        let item = FeedItem { offset: 1, at, chat: Some(ChatId::new()), audience, what };
        assert!(item.concerns(user) && !item.concerns(UserId::new()));
        assert_eq!((item.what.name(), item.what.is_passing()), ("typing", true));
        assert_eq!(serde_json::from_str::<FeedItem>(&serde_json::to_string(&item).unwrap()).unwrap(), item);
    }
}
