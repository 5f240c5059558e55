//! Canonical views: what a user, a chat and a message look like to an operator, with their id on every surface.

use std::collections::HashMap;

use contracts::bots::{Interaction, Owner};
use contracts::chats::{Chat, Participant};
use contracts::messages::{Media, Message};
use contracts::users::User;
use domain::{
    ChatId, ChatKind, InteractionId, InteractionState, MessageId, MessageKind, Mood, ParticipantRole, ParticipantState,
    Role, Surface, Timestamp, UserId,
};
use serde::Serialize;
use serde_json::Value;

/// A person or a bot.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct UserIdentities {
    imbee: String,
    zenvia: i64,
    voipbin: UserId,
    connectnow: i64,
    odoo: OdooUser,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct OdooUser {
    uid: i64,
    partner_id: i64,
}

impl UserView {
    /// `login`: what they log in with, if they can.
    pub fn new(user: User, login: Option<String>) -> Self {
        let User { id, tenant: _, number, partner, idsha, name, surname, email, phone, role, .. } = user;
        let odoo = OdooUser { uid: number, partner_id: partner };
        let identities = UserIdentities { imbee: idsha, zenvia: number, voipbin: id, connectnow: number, odoo };
        let (created_at, updated_at, deleted_at) = (user.created_at, user.updated_at, user.deleted_at);
        Self { id, name, surname, email, phone, login, role, identities, created_at, updated_at, deleted_at }
    }
}

/// A chat with who takes part.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct ChatIdentities {
    imbee: String,
    zenvia: Option<String>,
    voipbin: ChatId,
    connectnow: i64,
    odoo: OdooChat,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct OdooChat {
    id: i64,
    uuid: ChatId,
}

/// Somebody in a chat.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
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
    /// What is in neither `names` nor `marks` has no name and has read nothing.
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
    /// `hash`: of the chat's newest interaction, its id on Zenvia.
    pub fn new(chat: Chat, hash: Option<String>, names: &Names, marks: &Marks) -> Self {
        let view = |p: &Participant| ParticipantView::new(chat.id, p, names, marks);
        Self {
            participants: chat.participants.iter().map(view).collect(),
            identities: ChatIdentities {
                imbee: chat.id.uuid().simple().to_string(),
                zenvia: hash,
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

/// A message; a deleted one keeps its place.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct Author {
    id: UserId,
    name: String,
}

impl MessageView {
    /// An author who is not in `names` has an empty name.
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

/// A chat that a department serves.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct InteractionView {
    id: InteractionId,
    hash: String,
    chat_id: ChatId,
    department_id: i64,
    started_in_department_id: i64,
    state: InteractionState,
    owner: Option<Owner>,
    version: i64,
    customer_id: Option<UserId>,
    from_seq: i64,
    position: Option<i64>,
    mood: Option<Mood>,
    tag_ids: Vec<i64>,
    customer_key: Option<String>,
    note: Option<String>,
    extra: Option<Value>,
    external_history: Option<String>,
    media_type: Option<String>,
    created_at: Timestamp,
    changed_at: Timestamp,
    accepted_at: Option<Timestamp>,
    finished_at: Option<Timestamp>,
}

impl From<Interaction> for InteractionView {
    fn from(i: Interaction) -> Self {
        Self {
            id: i.id,
            hash: i.hash(),
            chat_id: i.chat,
            department_id: i.department_number,
            started_in_department_id: i.started_in,
            state: i.state,
            owner: i.owner(),
            version: i.version,
            customer_id: i.customer,
            from_seq: i.from_seq,
            position: i.position,
            mood: i.mood,
            tag_ids: i.tags,
            customer_key: i.customer_key,
            note: i.note,
            extra: i.extra,
            external_history: i.external_history,
            media_type: i.media_type,
            created_at: i.created_at,
            changed_at: i.changed_at,
            accepted_at: i.accepted_at,
            finished_at: i.finished_at,
        }
    }
}
