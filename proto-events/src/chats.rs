//! Events of the service `chats`. `version` is the chat's membership version: it grows with every change.

use crate::{
    BadEvent, Open,
    raw::{self, bytes, event, id},
};
use domain::{ChatId, ChatKind, ParticipationId, TenantId, UserId};

/// A chat was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatCreated {
    /// The tenant.
    pub tenant: TenantId,
    /// The new chat.
    pub chat: ChatId,
    /// What kind of chat.
    pub kind: Open<ChatKind>,
    /// Its first membership version.
    pub version: i64,
    /// Who made it; `None`: the operator.
    pub by: Option<UserId>,
    /// Who is in it from the start.
    pub participants: Vec<UserId>,
}
event!(ChatCreated, "chat.created", 1, Chat, |e| e.chat);

impl From<&ChatCreated> for raw::ChatCreated {
    fn from(ChatCreated { tenant, chat, kind, version, by, participants }: &ChatCreated) -> Self {
        Self {
            tenant: bytes(tenant.uuid()),
            chat: bytes(chat.uuid()),
            kind: kind.to_string(),
            version: *version,
            by: by.map(|u| bytes(u.uuid())),
            participants: participants.iter().map(|u| bytes(u.uuid())).collect(),
        }
    }
}

impl TryFrom<raw::ChatCreated> for ChatCreated {
    type Error = BadEvent;
    fn try_from(
        raw::ChatCreated { tenant, chat, kind, version, by, participants }: raw::ChatCreated,
    ) -> Result<Self, BadEvent> {
        Ok(Self {
            tenant: id("tenant", &tenant, TenantId::from_uuid)?,
            chat: id("chat", &chat, ChatId::from_uuid)?,
            kind: Open::<ChatKind>::read(kind),
            version,
            by: by.map(|u| id("by", &u, UserId::from_uuid)).transpose()?,
            participants: participants
                .iter()
                .map(|u| id("participants", u, UserId::from_uuid))
                .collect::<Result<_, _>>()?,
        })
    }
}

/// A chat's title or another property changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatUpdated {
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// Its version after the change.
    pub version: i64,
}
event!(ChatUpdated, "chat.updated", 1, Chat, |e| e.chat);

/// A chat was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatDeleted {
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// Its version after the change.
    pub version: i64,
}
event!(ChatDeleted, "chat.deleted", 1, Chat, |e| e.chat);

macro_rules! chat_change {
    ($($event:ident),*) => {$(
        impl From<&$event> for raw::$event {
            fn from($event { tenant, chat, version }: &$event) -> Self {
                Self { tenant: bytes(tenant.uuid()), chat: bytes(chat.uuid()), version: *version }
            }
        }

        impl TryFrom<raw::$event> for $event {
            type Error = BadEvent;
            fn try_from(raw::$event { tenant, chat, version }: raw::$event) -> Result<Self, BadEvent> {
                Ok(Self {
                    tenant: id("tenant", &tenant, TenantId::from_uuid)?,
                    chat: id("chat", &chat, ChatId::from_uuid)?,
                    version,
                })
            }
        }
    )*};
}
chat_change!(ChatUpdated, ChatDeleted);

/// Somebody joined a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParticipantAdded {
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// Who joined.
    pub user: UserId,
    /// The new participation; another one at each joining.
    pub participation: ParticipationId,
    /// The chat's version after the change.
    pub version: i64,
    /// The chat's last message at that moment; later ones are visible to the user.
    pub seq: i64,
}
event!(ParticipantAdded, "participant.added", 1, Chat, |e| e.chat);

/// Somebody's own view of a chat changed: how its window stands, or that they dropped the room. The chat's version stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParticipantChanged {
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// Whose view it is.
    pub user: UserId,
    /// Their participation.
    pub participation: ParticipationId,
    /// Whether the room was dropped.
    pub dropped: bool,
}
event!(ParticipantChanged, "participant.changed", 1, Chat, |e| e.chat);

impl From<&ParticipantChanged> for raw::ParticipantChanged {
    fn from(ParticipantChanged { tenant, chat, user, participation, dropped }: &ParticipantChanged) -> Self {
        Self {
            tenant: bytes(tenant.uuid()),
            chat: bytes(chat.uuid()),
            user: bytes(user.uuid()),
            participation: bytes(participation.uuid()),
            dropped: *dropped,
        }
    }
}

impl TryFrom<raw::ParticipantChanged> for ParticipantChanged {
    type Error = BadEvent;
    fn try_from(
        raw::ParticipantChanged { tenant, chat, user, participation, dropped }: raw::ParticipantChanged,
    ) -> Result<Self, BadEvent> {
        Ok(Self {
            tenant: id("tenant", &tenant, TenantId::from_uuid)?,
            chat: id("chat", &chat, ChatId::from_uuid)?,
            user: id("user", &user, UserId::from_uuid)?,
            participation: id("participation", &participation, ParticipationId::from_uuid)?,
            dropped,
        })
    }
}

/// Somebody left a chat or was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParticipantRemoved {
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// Who left.
    pub user: UserId,
    /// The participation that ended.
    pub participation: ParticipationId,
    /// The chat's version after the change.
    pub version: i64,
    /// The last message the user may still see.
    pub seq: i64,
}
event!(ParticipantRemoved, "participant.removed", 1, Chat, |e| e.chat);

macro_rules! participant_change {
    ($($event:ident),*) => {$(
        impl From<&$event> for raw::$event {
            fn from($event { tenant, chat, user, participation, version, seq }: &$event) -> Self {
                Self {
                    tenant: bytes(tenant.uuid()),
                    chat: bytes(chat.uuid()),
                    user: bytes(user.uuid()),
                    participation: bytes(participation.uuid()),
                    version: *version,
                    seq: *seq,
                }
            }
        }

        impl TryFrom<raw::$event> for $event {
            type Error = BadEvent;
            fn try_from(
                raw::$event { tenant, chat, user, participation, version, seq }: raw::$event,
            ) -> Result<Self, BadEvent> {
                Ok(Self {
                    tenant: id("tenant", &tenant, TenantId::from_uuid)?,
                    chat: id("chat", &chat, ChatId::from_uuid)?,
                    user: id("user", &user, UserId::from_uuid)?,
                    participation: id("participation", &participation, ParticipationId::from_uuid)?,
                    version,
                    seq,
                })
            }
        }
    )*};
}
participant_change!(ParticipantAdded, ParticipantRemoved);
