//! Events of the service `messages`.

use crate::{
    BadEvent, Open,
    raw::{self, bytes, event, id},
};
use domain::{ChatId, MessageId, MessageKind, Surface, TenantId, Timestamp, UserId};

/// A file that belongs to a message, by its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Where it is.
    pub url: String,
    /// Its file name.
    pub name: Option<String>,
    /// Its MIME type.
    pub mime: Option<String>,
    /// Its size in bytes.
    pub size: Option<i64>,
    /// Its size as it was sent, when that is no whole number.
    pub size_text: Option<String>,
}

/// A message was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessagePosted {
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// The message.
    pub message: MessageId,
    /// Its place in the chat, from 1, without gaps.
    pub seq: i64,
    /// Its number, increasing over all chats.
    pub number: i64,
    /// Who wrote it; `None` for a system message.
    pub author: Option<UserId>,
    /// The surface it came through.
    pub origin: Open<Surface>,
    /// Text, media or system.
    pub kind: Open<MessageKind>,
    /// Its text.
    pub text: Option<String>,
    /// Its files.
    pub media: Vec<Media>,
    /// When it was stored.
    pub created_at: Timestamp,
    /// The membership version the author was checked against.
    pub membership_version: i64,
    /// What one surface keeps beside the text, a JSON object.
    pub extras: Option<String>,
}
event!(MessagePosted, "message.posted", 1, Chat, |e| e.chat);

impl From<&Media> for raw::Media {
    fn from(Media { url, name, mime, size, size_text }: &Media) -> Self {
        let (url, name, mime, size_text) = (url.clone(), name.clone(), mime.clone(), size_text.clone());
        Self { url, name, mime, size: *size, size_text }
    }
}

impl From<raw::Media> for Media {
    fn from(raw::Media { url, name, mime, size, size_text }: raw::Media) -> Self {
        Self { url, name, mime, size, size_text }
    }
}

impl From<&MessagePosted> for raw::MessagePosted {
    fn from(e: &MessagePosted) -> Self {
        Self {
            tenant: bytes(e.tenant.uuid()),
            chat: bytes(e.chat.uuid()),
            message: bytes(e.message.uuid()),
            seq: e.seq,
            number: e.number,
            author: e.author.map(|u| bytes(u.uuid())),
            origin: e.origin.to_string(),
            kind: e.kind.to_string(),
            text: e.text.clone(),
            media: e.media.iter().map(raw::Media::from).collect(),
            created_at: e.created_at.micros(),
            membership_version: e.membership_version,
            extras: e.extras.clone(),
        }
    }
}

impl TryFrom<raw::MessagePosted> for MessagePosted {
    type Error = BadEvent;
    fn try_from(r: raw::MessagePosted) -> Result<Self, BadEvent> {
        Ok(Self {
            tenant: id("tenant", &r.tenant, TenantId::from_uuid)?,
            chat: id("chat", &r.chat, ChatId::from_uuid)?,
            message: id("message", &r.message, MessageId::from_uuid)?,
            seq: r.seq,
            number: r.number,
            author: r.author.map(|u| id("author", &u, UserId::from_uuid)).transpose()?,
            origin: Open::<Surface>::read(r.origin),
            kind: Open::<MessageKind>::read(r.kind),
            text: r.text,
            media: r.media.into_iter().map(Media::from).collect(),
            created_at: Timestamp::from_micros(r.created_at),
            membership_version: r.membership_version,
            extras: r.extras,
        })
    }
}

/// A message's text was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageEdited {
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// The message.
    pub message: MessageId,
    /// Its place in the chat.
    pub seq: i64,
    /// Its number.
    pub number: i64,
    /// The new text.
    pub text: Option<String>,
    /// When it was changed.
    pub at: Timestamp,
}
event!(MessageEdited, "message.edited", 1, Chat, |e| e.chat);

impl From<&MessageEdited> for raw::MessageEdited {
    fn from(MessageEdited { tenant, chat, message, seq, number, text, at }: &MessageEdited) -> Self {
        Self {
            tenant: bytes(tenant.uuid()),
            chat: bytes(chat.uuid()),
            message: bytes(message.uuid()),
            seq: *seq,
            number: *number,
            text: text.clone(),
            at: at.micros(),
        }
    }
}

impl TryFrom<raw::MessageEdited> for MessageEdited {
    type Error = BadEvent;
    fn try_from(
        raw::MessageEdited { tenant, chat, message, seq, number, text, at }: raw::MessageEdited,
    ) -> Result<Self, BadEvent> {
        Ok(Self {
            tenant: id("tenant", &tenant, TenantId::from_uuid)?,
            chat: id("chat", &chat, ChatId::from_uuid)?,
            message: id("message", &message, MessageId::from_uuid)?,
            seq,
            number,
            text,
            at: Timestamp::from_micros(at),
        })
    }
}

/// A message was deleted; it keeps its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageDeleted {
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// The message.
    pub message: MessageId,
    /// Its place in the chat.
    pub seq: i64,
    /// Its number.
    pub number: i64,
    /// When it was deleted.
    pub at: Timestamp,
}
event!(MessageDeleted, "message.deleted", 1, Chat, |e| e.chat);

impl From<&MessageDeleted> for raw::MessageDeleted {
    fn from(MessageDeleted { tenant, chat, message, seq, number, at }: &MessageDeleted) -> Self {
        Self {
            tenant: bytes(tenant.uuid()),
            chat: bytes(chat.uuid()),
            message: bytes(message.uuid()),
            seq: *seq,
            number: *number,
            at: at.micros(),
        }
    }
}

impl TryFrom<raw::MessageDeleted> for MessageDeleted {
    type Error = BadEvent;
    fn try_from(
        raw::MessageDeleted { tenant, chat, message, seq, number, at }: raw::MessageDeleted,
    ) -> Result<Self, BadEvent> {
        Ok(Self {
            tenant: id("tenant", &tenant, TenantId::from_uuid)?,
            chat: id("chat", &chat, ChatId::from_uuid)?,
            message: id("message", &message, MessageId::from_uuid)?,
            seq,
            number,
            at: Timestamp::from_micros(at),
        })
    }
}

/// A participant has read a chat up to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessagesRead {
    /// The tenant.
    pub tenant: TenantId,
    /// The chat.
    pub chat: ChatId,
    /// Who has read.
    pub user: UserId,
    /// Everything up to and including this one.
    pub seq: i64,
}
event!(MessagesRead, "message.read", 1, Chat, |e| e.chat);

impl From<&MessagesRead> for raw::MessagesRead {
    fn from(MessagesRead { tenant, chat, user, seq }: &MessagesRead) -> Self {
        Self { tenant: bytes(tenant.uuid()), chat: bytes(chat.uuid()), user: bytes(user.uuid()), seq: *seq }
    }
}

impl TryFrom<raw::MessagesRead> for MessagesRead {
    type Error = BadEvent;
    fn try_from(raw::MessagesRead { tenant, chat, user, seq }: raw::MessagesRead) -> Result<Self, BadEvent> {
        Ok(Self {
            tenant: id("tenant", &tenant, TenantId::from_uuid)?,
            chat: id("chat", &chat, ChatId::from_uuid)?,
            user: id("user", &user, UserId::from_uuid)?,
            seq,
        })
    }
}
