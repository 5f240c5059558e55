//! Chats, chatrooms, chatmessages and chatroommessages as this surface shows them.
//!
//! Keys stand in the order of the seed's examples; those added after 2022 come behind them and can be hidden
//! (`surfaces.voipbin.exact_2022`).

use std::collections::HashMap;

use contracts::chats::{Chat, Participant, Room};
use contracts::messages::{Message, RoomMessage};
use domain::{
    ChatId, ChatKind, MessageId, MessageKind, ParticipationId, RoomMessageId, Surface, TenantId, Timestamp, UserId,
};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::address::{AGENT, Source};
use super::time::Shown;
use super::{extras, medias, time};

/// A chat's type when it is the one of two people, and a message's when it is not the system's.
pub const NORMAL: &str = "normal";
/// Every other chat's type.
pub const GROUP: &str = "group";
/// The type of the system's messages.
pub const SYSTEM: &str = "system";
/// Where a type is kept that the model does not imply, and a source, and media objects.
pub const TYPE: &str = "type";
/// See [`TYPE`].
pub const SOURCE: &str = "source";
/// See [`TYPE`].
pub const MEDIAS: &str = "medias";

/// Names by user.
pub type Names = HashMap<UserId, String>;

/// Which keys are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// Those of 2022.
    Of2022,
    /// Those added later, too.
    All,
}

impl Keys {
    fn later<T>(self, value: T) -> Option<T> {
        match self {
            Self::Of2022 => None,
            Self::All => Some(value),
        }
    }
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChatView {
    id: ChatId,
    customer_id: TenantId,
    r#type: String,
    #[cfg_attr(feature = "openapi", schemars(with = "UserId"))]
    owner_id: Uuid,
    participant_ids: Vec<UserId>,
    name: String,
    detail: String,
    tm_create: Shown,
    tm_update: Shown,
    tm_delete: Shown,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<UserId>"))]
    room_owner_id: Option<Uuid>,
}

impl ChatView {
    pub fn new(chat: &Chat, keys: Keys) -> Self {
        let owner_id = chat.owner.map_or(Uuid::nil(), UserId::uuid);
        Self {
            id: chat.id,
            customer_id: chat.tenant,
            r#type: chat_type(chat).to_owned(),
            owner_id,
            participant_ids: participant_ids(chat),
            name: chat.title.clone().unwrap_or_default(),
            detail: chat.detail.clone(),
            tm_create: time::shown(chat.created_at),
            tm_update: time::shown(updated(chat.updated_at, chat.deleted_at)),
            tm_delete: time::shown_or_never(chat.deleted_at),
            room_owner_id: keys.later(owner_id),
        }
    }
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChatroomView {
    id: ParticipationId,
    customer_id: TenantId,
    r#type: &'static str,
    chat_id: ChatId,
    owner_id: UserId,
    participant_ids: Vec<UserId>,
    name: String,
    detail: String,
    tm_create: Shown,
    tm_update: Shown,
    tm_delete: Shown,
    #[serde(skip_serializing_if = "Option::is_none")]
    room_owner_id: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_type: Option<&'static str>,
}

impl ChatroomView {
    pub fn new(room: &Room, keys: Keys) -> Self {
        Self::of(&room.chat, &room.stay, keys)
    }

    /// The room of one of the chat's participants.
    pub fn of(chat: &Chat, stay: &Participant, keys: Keys) -> Self {
        let deleted_at = room_deleted(chat, stay);
        // The chat's own making is no change of the room, whichever of the two clock readings came first.
        let changed_at =
            if chat.updated_at > chat.created_at { stay.joined_at.max(chat.updated_at) } else { stay.joined_at };
        Self {
            id: stay.id,
            customer_id: chat.tenant,
            r#type: match chat_type(chat) {
                NORMAL => NORMAL,
                GROUP => GROUP,
                _ => "unknown",
            },
            chat_id: chat.id,
            owner_id: stay.user,
            participant_ids: participant_ids(chat),
            name: chat.title.clone().unwrap_or_default(),
            detail: chat.detail.clone(),
            tm_create: time::shown(stay.joined_at),
            tm_update: time::shown(updated(changed_at, deleted_at)),
            tm_delete: time::shown_or_never(deleted_at),
            room_owner_id: keys.later(stay.user),
            owner_type: keys.later(AGENT),
        }
    }
}

/// When a room went: dropped by its owner, left, or gone with the chat, whichever was first.
pub fn room_deleted(chat: &Chat, stay: &Participant) -> Option<Timestamp> {
    [stay.dropped_at, stay.left_at, chat.deleted_at].into_iter().flatten().min()
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChatmessageView<'m> {
    id: MessageId,
    customer_id: TenantId,
    chat_id: ChatId,
    #[cfg_attr(feature = "openapi", schemars(with = "super::address::Address"))]
    source: Source<'m>,
    r#type: &'m str,
    text: &'m str,
    medias: Vec<Value>,
    tm_create: Shown,
    tm_update: Shown,
    tm_delete: Shown,
}

impl<'m> ChatmessageView<'m> {
    pub fn new(message: &'m Message, names: &'m Names) -> Self {
        Self {
            id: message.id,
            customer_id: message.tenant,
            chat_id: message.chat,
            source: source(message, names),
            r#type: message_type(message),
            text: message.text.as_deref().unwrap_or_default(),
            medias: medias::show(&message.media, extras::get(&message.extras, MEDIAS)),
            tm_create: time::shown(message.created_at),
            tm_update: time::shown(updated(message.updated_at, message.deleted_at)),
            tm_delete: time::shown_or_never(message.deleted_at),
        }
    }
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChatroommessageView<'m> {
    id: Uuid,
    customer_id: TenantId,
    chatroom_id: ParticipationId,
    messagechat_id: MessageId,
    #[cfg_attr(feature = "openapi", schemars(with = "super::address::Address"))]
    source: Source<'m>,
    r#type: &'static str,
    text: &'m str,
    medias: Vec<Value>,
    tm_create: Shown,
    tm_update: Shown,
    tm_delete: Shown,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_id: Option<UserId>,
}

impl<'m> ChatroommessageView<'m> {
    /// The copy's id.
    pub const fn id(&self) -> Uuid {
        self.id
    }

    pub fn new(seen: &'m RoomMessage, stay: &Participant, names: &'m Names, keys: Keys) -> Self {
        let message = &seen.message;
        let deleted_at = [seen.hidden_at, message.deleted_at].into_iter().flatten().min();
        Self {
            id: RoomMessageId { participation: stay.number, message: message.number }.uuid(),
            customer_id: message.tenant,
            chatroom_id: stay.id,
            messagechat_id: message.id,
            source: source(message, names),
            r#type: match message_type(message) {
                NORMAL => NORMAL,
                SYSTEM => SYSTEM,
                _ => "",
            },
            text: message.text.as_deref().unwrap_or_default(),
            medias: medias::show(&message.media, extras::get(&message.extras, MEDIAS)),
            tm_create: time::shown(message.created_at),
            tm_update: time::shown(updated(message.updated_at, deleted_at)),
            tm_delete: time::shown_or_never(deleted_at),
            owner_type: keys.later(AGENT),
            owner_id: keys.later(stay.user),
        }
    }
}

/// Whose name a message shows without having it: what was posted elsewhere names its author, what was posted here says
/// itself how its source is called, be it nothing.
pub fn names_author(message: &Message) -> Option<UserId> {
    let kept = message.origin == Surface::Voipbin || extras::get(&message.extras, SOURCE).is_some();
    message.author.filter(|_| !kept)
}

fn source<'m>(message: &'m Message, names: &'m Names) -> Source<'m> {
    let Some(author) = message.author else { return Source::system() };
    let kept = extras::get(&message.extras, SOURCE).and_then(|kept| serde_json::from_value(kept.clone()).ok());
    kept.map_or_else(
        || {
            let name = names_author(message).and_then(|author| names.get(&author));
            Source::agent(author, name.map_or("", String::as_str))
        },
        Source::Kept,
    )
}

fn message_type(message: &Message) -> &str {
    extras::word(&message.extras, TYPE).unwrap_or(match message.kind {
        MessageKind::Text | MessageKind::Media => NORMAL,
        MessageKind::System => SYSTEM,
    })
}

fn chat_type(chat: &Chat) -> &str {
    extras::word(&chat.extras, TYPE).unwrap_or(match chat.kind {
        ChatKind::Direct => NORMAL,
        ChatKind::Group | ChatKind::Support => GROUP,
    })
}

fn participant_ids(chat: &Chat) -> Vec<UserId> {
    chat.participants.iter().map(|p| p.user).collect()
}

/// Deleting is a change.
fn updated(updated_at: Timestamp, deleted_at: Option<Timestamp>) -> Timestamp {
    deleted_at.map_or(updated_at, |deleted_at| deleted_at.max(updated_at))
}

#[cfg(test)]
mod tests;
