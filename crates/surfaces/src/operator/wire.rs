//! Canonical views: what a user, a chat and a message look like to an operator, with their id on every surface.

use std::collections::HashMap;

use contracts::chats::{Chat, Participant};
use contracts::messages::{Media, Message};
use contracts::users::User;
use domain::{
    ChatId, ChatKind, MessageId, MessageKind, ParticipantRole, ParticipantState, Role, Surface, Timestamp, UserId,
};
use serde::Serialize;

#[derive(Debug, Serialize)]
pub struct UserView {
    id: UserId,
    name: String,
    surname: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    login: Option<String>,
    role: Role,
    identities: UserIdentities,
    created_at: Timestamp,
    updated_at: Timestamp,
    deleted_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct UserIdentities {
    imbee: String,
    zenvia: i64,
    voipbin: UserId,
    connectnow: i64,
    odoo: OdooUser,
}

#[derive(Debug, Serialize)]
struct OdooUser {
    uid: i64,
    partner_id: i64,
}

impl UserView {
    pub fn new(user: User, login: Option<String>) -> Self {
        let User { id, tenant: _, number, partner, idsha, name, surname, email, phone, role, .. } = user;
        let odoo = OdooUser { uid: number, partner_id: partner };
        let identities = UserIdentities { imbee: idsha, zenvia: number, voipbin: id, connectnow: number, odoo };
        let (created_at, updated_at, deleted_at) = (user.created_at, user.updated_at, user.deleted_at);
        Self { id, name, surname, email, phone, login, role, identities, created_at, updated_at, deleted_at }
    }
}

#[derive(Debug, Serialize)]
pub struct ChatView {
    id: ChatId,
    kind: ChatKind,
    title: Option<String>,
    owner_id: Option<UserId>,
    participants: Vec<ParticipantView>,
    identities: ChatIdentities,
    created_at: Timestamp,
    updated_at: Timestamp,
    deleted_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct ChatIdentities {
    imbee: String,
    zenvia: Option<String>,
    voipbin: ChatId,
    connectnow: i64,
    odoo: OdooChat,
}

#[derive(Debug, Serialize)]
struct OdooChat {
    id: i64,
    uuid: ChatId,
}

#[derive(Debug, Serialize)]
pub struct ParticipantView {
    user_id: UserId,
    name: String,
    role: ParticipantRole,
    state: ParticipantState,
    read_seq: i64,
    joined_at: Timestamp,
    left_at: Option<Timestamp>,
}

/// Names of users by id.
pub type Names = HashMap<UserId, String>;
/// Last places read, by chat and user.
pub type Marks = HashMap<(ChatId, UserId), i64>;

impl ParticipantView {
    pub fn new(chat: ChatId, p: &Participant, names: &Names, marks: &Marks) -> Self {
        Self {
            user_id: p.user,
            name: names.get(&p.user).cloned().unwrap_or_default(),
            role: p.role,
            state: p.state,
            read_seq: marks.get(&(chat, p.user)).copied().unwrap_or(0),
            joined_at: p.joined_at,
            left_at: p.left_at,
        }
    }
}

impl ChatView {
    pub fn new(chat: Chat, names: &Names, marks: &Marks) -> Self {
        let view = |p: &Participant| ParticipantView::new(chat.id, p, names, marks);
        Self {
            participants: chat.participants.iter().map(view).collect(),
            identities: ChatIdentities {
                imbee: chat.id.uuid().simple().to_string(),
                zenvia: None,
                voipbin: chat.id,
                connectnow: chat.number,
                odoo: OdooChat { id: chat.number, uuid: chat.id },
            },
            id: chat.id,
            kind: chat.kind,
            title: chat.title,
            owner_id: chat.owner,
            created_at: chat.created_at,
            updated_at: chat.updated_at,
            deleted_at: chat.deleted_at,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct MessageView {
    id: MessageId,
    chat_id: ChatId,
    seq: i64,
    number: i64,
    author: Option<Author>,
    origin: Surface,
    kind: MessageKind,
    text: Option<String>,
    media: Vec<Media>,
    created_at: Timestamp,
    edited_at: Option<Timestamp>,
    deleted_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct Author {
    id: UserId,
    name: String,
}

impl MessageView {
    pub fn new(message: Message, names: &Names) -> Self {
        let author = message.author.map(|id| Author { id, name: names.get(&id).cloned().unwrap_or_default() });
        Self {
            id: message.id,
            chat_id: message.chat,
            seq: message.seq,
            number: message.number,
            author,
            origin: message.origin,
            kind: message.kind,
            text: message.text,
            media: message.media,
            created_at: message.created_at,
            edited_at: message.edited_at,
            deleted_at: message.deleted_at,
        }
    }
}
