//! Shapes several calls share: sessions, messages, people, and the words of this vendor for ours.

use std::collections::HashMap;
use std::sync::Arc;

use contracts::Extras;
use contracts::chats::{Chat, Document, Participant};
use contracts::messages::{Media, Message};
use contracts::users::{Group, User};
use domain::{ChatId, MessageKind, Surface, TenantId, Timestamp, UserId};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::digits;
use crate::http::{Apis, Problem};

/// Users by id.
pub type People = HashMap<UserId, Arc<User>>;

/// What a message carries: words.
pub const TEXT: &str = "message";
/// What a message carries: a file, by whatever its client wrote about it.
pub const ATTACHMENT: &str = "money4_chat_attach_msg";
/// Somebody types; never stored.
pub const TYPING: &str = "typing";

/// A moment as this vendor writes it: UTC, whole seconds.
pub fn time(at: Timestamp) -> String {
    let mut text = *b"0000-00-00 00:00:00";
    digits::date_and_time(at, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// Reads a session's uuid. What is no UUID names no session.
pub fn uuid(text: Option<&str>) -> Option<ChatId> {
    text?.parse().ok()
}

/// Users, deleted ones too.
pub async fn people(apis: &Apis, tenant: TenantId, users: impl Iterator<Item = UserId>) -> Result<People, Problem> {
    Ok(apis.people.of(tenant, users).await?)
}

/// The vendor's word for what a message carries.
pub fn message_type(message: &Message) -> &str {
    let kept = message.extras.get(Surface::Odoo.as_str()).and_then(|odoo| odoo.get("type")).and_then(Value::as_str);
    match (kept, message.kind) {
        (Some(ATTACHMENT), _) | (None, MessageKind::Media) => ATTACHMENT,
        (_, MessageKind::Text | MessageKind::Media | MessageKind::System) => TEXT,
    }
}

/// What is kept beside an attachment, so that it comes back as one.
pub fn attachment() -> Extras {
    Extras::from_iter([(Surface::Odoo.as_str().to_owned(), json!({ "type": ATTACHMENT }))])
}

/// A message's words; a file of another surface is told by where it lies.
fn words(message: &Message) -> &str {
    match (message.kind, message.media.first()) {
        (MessageKind::Media, Some(Media { url, .. })) => url,
        _ => message.text.as_deref().unwrap_or_default(),
    }
}

/// A message in a history.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct MessageOut {
    create_date: String,
    to_id: (i64, ChatId),
    message: String,
    #[serde(rename = "type")]
    kind: String,
    id: i64,
    #[cfg_attr(feature = "openapi", schemars(with = "super::openapi::Named"))]
    from_id: Value,
    #[cfg_attr(feature = "openapi", schemars(with = "super::openapi::Named"))]
    from_partner_id: Value,
}

impl MessageOut {
    pub fn new(message: &Message, chat: &Chat, people: &People) -> Self {
        let author = message.author.and_then(|author| people.get(&author));
        Self {
            create_date: time(message.created_at),
            to_id: (chat.number, chat.id),
            message: words(message).to_owned(),
            kind: message_type(message).to_owned(),
            id: message.number,
            from_id: author.map_or(Value::Bool(false), |user| json!([user.number, user.full_name()])),
            from_partner_id: author.map_or(Value::Bool(false), |user| json!([user.partner, user.full_name()])),
        }
    }
}

/// The last message of somebody; `false` when there is none.
#[derive(Debug)]
pub struct LastMessage<'m> {
    message: Option<&'m Message>,
    /// Whether its words are shown.
    words: bool,
}

impl<'m> LastMessage<'m> {
    /// As a session shows it.
    pub fn with_words(message: Option<&'m Message>) -> Self {
        Self { message, words: true }
    }
    /// As a list of contacts shows it.
    pub fn without_words(message: Option<&'m Message>) -> Self {
        Self { message, words: false }
    }
}

impl Serialize for LastMessage<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let Some(message) = self.message else { return s.serialize_bool(false) };
        let mut map = s.serialize_map(None)?;
        map.serialize_entry("type", message_type(message))?;
        if self.words {
            map.serialize_entry("message", words(message))?;
        }
        map.serialize_entry("create_date", &time(message.created_at))?;
        map.serialize_entry("id", &message.number)?;
        map.end()
    }
}

#[cfg(feature = "openapi")]
impl schemars::JsonSchema for LastMessage<'_> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "LastMessage".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        <super::openapi::LastMessage as schemars::JsonSchema>::json_schema(generator)
    }
}

/// Somebody in a list.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct UserOut {
    pub im_status: &'static str,
    pub id: i64,
    pub name: String,
}

/// A session as one of its users sees it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct SessionOut<'m> {
    create_date: String,
    uuid: ChatId,
    with_documents: bool,
    #[serde(rename = "with_documents:", skip_serializing_if = "Option::is_none")]
    with_documents_: Option<bool>,
    status: &'static str,
    state: &'static str,
    is_group: bool,
    is_read: bool,
    groups: Vec<GroupOut>,
    docs: Vec<DocumentOut<'m>>,
    #[serde(rename = "docs:", skip_serializing_if = "Option::is_none")]
    docs_: Option<Vec<DocumentOut<'m>>>,
    users: Vec<MemberOut<'m>>,
}

#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct GroupOut {
    id: i64,
    name: String,
}

#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct DocumentOut<'c> {
    doc_model: &'c str,
    doc_id: i64,
    id: i64,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct MemberOut<'m> {
    im_status: &'static str,
    id: i64,
    name: String,
    partner_id: (i64, String),
    last_message: LastMessage<'m>,
}

/// Which of the example's misspelt keys stand beside the right ones.
#[derive(Debug, Clone, Copy, Default)]
pub struct ColonKeys {
    /// `docs:`.
    pub docs: bool,
    /// `with_documents:`.
    pub with_documents: bool,
}

/// What is known of a session beside the chat itself.
#[derive(Debug)]
pub struct Seen<'a> {
    /// The participant who looks.
    pub window: &'a Participant,
    /// The chat's last place.
    pub last_seq: i64,
    /// Whether somebody else said something they have not read.
    pub unread: bool,
    /// What its users said last.
    pub last: &'a [Message],
}

/// Who and what sessions refer to.
#[derive(Debug)]
pub struct Known<'a> {
    /// Users.
    pub people: &'a People,
    /// The chats' groups.
    pub groups: &'a [Group],
    /// Presence by user.
    pub statuses: &'a HashMap<UserId, &'static str>,
    /// Misspelt keys to show.
    pub colon_keys: ColonKeys,
}

impl<'m> SessionOut<'m> {
    pub fn new(chat: &'m Chat, seen: &Seen<'m>, known: &Known<'_>) -> Self {
        let document = |d: &'m Document| DocumentOut { doc_model: &d.record.model, doc_id: d.record.id, id: d.number };
        let docs: Vec<DocumentOut<'m>> = chat.documents.iter().map(document).collect();
        let groups = known.groups.iter().filter(|group| chat.group == Some(group.id));
        let users = chat.participants.iter().filter_map(|stay| known.people.get(&stay.user));
        let last = |user: UserId| seen.last.iter().find(|message| message.author == Some(user));
        let member = |user: &Arc<User>| MemberOut {
            im_status: known.statuses.get(&user.id).copied().unwrap_or(super::presence::OFFLINE),
            id: user.number,
            name: user.full_name(),
            partner_id: (user.partner, user.full_name()),
            last_message: LastMessage::with_words(last(user.id)),
        };
        Self {
            create_date: time(chat.created_at),
            uuid: chat.id,
            with_documents: !docs.is_empty(),
            with_documents_: known.colon_keys.with_documents.then_some(!docs.is_empty()),
            status: seen.window.status.as_str(),
            state: seen.window.state_at(seen.last_seq).as_str(),
            is_group: chat.group.is_some(),
            is_read: !seen.unread,
            groups: groups.map(|group| GroupOut { id: group.number, name: group.name.clone() }).collect(),
            docs_: known.colon_keys.docs.then(|| docs.clone()),
            docs,
            users: users.map(member).collect(),
        }
    }
}
