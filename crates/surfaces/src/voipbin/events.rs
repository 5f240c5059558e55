//! What happened as this surface tells it: `{"type":"<resource>_created|updated|deleted","data":{…}}`, the same object as
//! the calls answer. Messages are made and deleted, never updated.

use contracts::chats::{Chat, Participant, Room};
use contracts::messages::{Message, RoomMessage};
use domain::UserId;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::wire::{ChatView, ChatmessageView, ChatroomView, ChatroommessageView, Keys, Names};

/// One event as it goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it is about: the part of the event's name before the underscore.
    pub resource: &'static str,
    /// Which one.
    pub id: Uuid,
    /// Whose it is; `None`: everybody's in the chat.
    pub owner: Option<UserId>,
    /// The event.
    pub body: String,
}

/// What becomes of a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// It was made.
    Created,
    /// It changed.
    Updated,
    /// It was deleted.
    Deleted,
}

impl Verb {
    const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Deleted => "deleted",
        }
    }
}

fn told(resource: &'static str, verb: Verb, id: Uuid, owner: Option<UserId>, data: &impl Serialize) -> Told {
    let body = json!({ "type": format!("{resource}_{}", verb.word()), "data": data }).to_string();
    Told { resource, id, owner, body }
}

/// A chat, without its rooms.
pub fn chat(chat: &Chat, verb: Verb, keys: Keys) -> Told {
    told("chat", verb, chat.id.uuid(), None, &ChatView::new(chat, keys))
}

/// One room.
pub fn room(chat: &Chat, stay: &Participant, verb: Verb, keys: Keys) -> Told {
    let room = Room { chat: chat.clone(), stay: stay.clone() };
    told("chatroom", verb, stay.id.uuid(), Some(stay.user), &ChatroomView::new(&room, keys))
}

/// The rooms there are.
pub fn rooms(chat: &Chat, verb: Verb, keys: Keys) -> impl Iterator<Item = Told> {
    chat.participants.iter().filter(|stay| stay.dropped_at.is_none()).map(move |stay| room(chat, stay, verb, keys))
}

/// A message, and the copy of each room that shows it.
pub fn message(message: &Message, stays: &[Participant], verb: Verb, names: &Names, keys: Keys) -> Vec<Told> {
    let whole = told("messagechat", verb, message.id.uuid(), None, &ChatmessageView::new(message, names));
    let seen = RoomMessage { message: message.clone(), hidden_at: None };
    let copies = stays.iter().map(|stay| {
        let view = ChatroommessageView::new(&seen, stay, names, keys);
        told("messagechatroom", verb, view.id(), Some(stay.user), &view)
    });
    std::iter::once(whole).chain(copies).collect()
}
