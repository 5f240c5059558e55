//! Shapes several calls share, and how leniently values are read.

use std::collections::HashMap;

use contracts::chats::{Chat, Created};
use contracts::messages::Message;
use domain::{ChatId, ChatKind, TenantId, UserId};
use serde::Serialize;

pub use crate::http::lenient::{number, object as input};
use crate::http::{Apis, Problem};

/// `idsha`s by user.
pub type Idshas = HashMap<UserId, String>;

/// A text that must be there and not empty.
pub fn required(field: &str, value: Option<String>) -> Result<String, Problem> {
    value.filter(|v| !v.is_empty()).ok_or_else(|| Problem::invalid(field, format!("{field} must not be empty")))
}

/// Reads a `conversationId`, with or without dashes. What is no UUID names no conversation.
pub fn conversation(id: &str) -> Result<ChatId, Problem> {
    id.parse().map_err(|_| no_conversation())
}

/// No such conversation, or not the caller's.
pub fn no_conversation() -> Problem {
    Problem::not_found("conversation does not exist")
}

/// A chat's id as this surface writes it: 32 hex digits.
pub fn conversation_id(chat: ChatId) -> String {
    chat.uuid().simple().to_string()
}

/// The vendor's word for a kind of chat.
pub fn kind(kind: ChatKind) -> &'static str {
    match kind {
        ChatKind::Direct => "chat",
        ChatKind::Group | ChatKind::Support => "group",
    }
}

/// Somebody in a chat.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct Contact {
    idsha: String,
    isadmin: u8,
}

/// Who takes part: the caller first. `isadmin` is 1 for who created the chat.
pub fn contacts(chat: &Chat, me: UserId, idshas: &Idshas) -> Vec<Contact> {
    let (first, rest): (Vec<UserId>, Vec<UserId>) = chat.participants.iter().map(|p| p.user).partition(|u| *u == me);
    let known = first.into_iter().chain(rest).filter_map(|user| Some((user, idshas.get(&user)?)));
    known.map(|(user, idsha)| Contact { idsha: idsha.clone(), isadmin: u8::from(chat.creator == Some(user)) }).collect()
}

/// The answer to making a chat.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ConversationOut {
    contacts: Vec<Contact>,
    #[serde(rename = "conversationId")]
    conversation_id: String,
    previously_created: bool,
}

impl ConversationOut {
    pub fn new(Created { chat, created }: &Created, me: UserId, idshas: &Idshas) -> Self {
        let contacts = contacts(chat, me, idshas);
        Self { contacts, conversation_id: conversation_id(chat.id), previously_created: !created }
    }
}

/// A message.
#[derive(Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct MessageOut {
    id: i64,
    /// Empty without author.
    idsha: String,
    text: String,
    #[serde(rename = "type")]
    kind: &'static str,
    /// Unix seconds, with fraction.
    time: f64,
}

impl MessageOut {
    pub fn new(message: Message, idshas: &Idshas) -> Self {
        let idsha = message.author.and_then(|author| idshas.get(&author)).cloned().unwrap_or_default();
        // A file is told by its caption, else by where it lies.
        let words = message.text.filter(|text| !text.is_empty());
        let text = words.or_else(|| message.media.into_iter().next().map(|m| m.url)).unwrap_or_default();
        let time = seconds(message.created_at.micros());
        Self { id: message.number, idsha, text, kind: message.kind.as_str(), time }
    }
}

#[expect(clippy::cast_precision_loss, reason = "microseconds since 1970 stay below 2^53 until the year 2255")]
fn seconds(micros: i64) -> f64 {
    micros as f64 / 1_000_000.0
}

/// The `idsha`s of users, deleted ones too.
pub async fn idshas(apis: &Apis, tenant: TenantId, users: impl Iterator<Item = UserId>) -> Result<Idshas, Problem> {
    let people = apis.people.of(tenant, users).await?;
    Ok(people.into_values().map(|user| (user.id, user.idsha.clone())).collect())
}

#[cfg(test)]
pub mod testing {
    //! What this folder's tests share.

    use std::time::Instant;

    use actix_web::HttpResponse;
    use actix_web::body::MessageBody as _;
    use actix_web::test::TestRequest;
    use contracts::Extras;
    use contracts::chats::{Chat, Participant};
    use domain::{ChatId, ChatKind, ParticipantRole, ParticipantState, ParticipationId, TenantId, Timestamp, UserId};
    use serde::de::DeserializeOwned;
    use serde_json::Value;

    use crate::http::{Head, Problem};

    /// A request that just came in.
    pub fn head() -> Head {
        Head { request: TestRequest::default().to_http_request(), started: Instant::now() }
    }

    /// What an answer says.
    pub fn text(response: HttpResponse) -> String {
        let Ok(bytes) = response.into_body().try_into_bytes() else { panic!("the body is a stream") };
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    /// What an answer says, as JSON.
    pub fn body(response: HttpResponse) -> Value {
        serde_json::from_str(&text(response)).unwrap()
    }

    /// Reads a body as a call does.
    pub fn read<T: DeserializeOwned>(body: &str) -> Result<T, Problem> {
        crate::http::lenient::from_object(serde_json::from_str(body).unwrap())
    }

    /// A direct chat the first user made.
    pub fn chat(users: &[UserId]) -> Chat {
        let at = Timestamp::from_micros(1);
        let stay = |(position, user): (i64, &UserId)| Participant {
            id: ParticipationId::new(),
            number: position,
            user: *user,
            role: ParticipantRole::Member,
            state: ParticipantState::Open,
            closed_seq: None,
            status: domain::ParticipantStatus::Active,
            position,
            joined_at: at,
            joined_seq: 0,
            left_at: None,
            left_seq: None,
            dropped_at: None,
        };
        Chat {
            id: ChatId::new(),
            tenant: TenantId::new(),
            number: 1,
            kind: ChatKind::Direct,
            title: None,
            detail: String::new(),
            owner: None,
            creator: users.first().copied(),
            participants: (0..).zip(users).map(stay).collect(),
            version: 1,
            group: None,
            documents: Vec::new(),
            company: None,
            extras: Extras::new(),
            last: None,
            created_at: at,
            updated_at: at,
            closed_at: None,
            deleted_at: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use contracts::Extras;
    use contracts::messages::Media;
    use domain::{MessageId, MessageKind, Surface, Timestamp};
    use serde_json::json;

    use super::*;

    #[test]
    fn a_conversation_is_read_with_and_without_dashes() {
        let chat = ChatId::new();
        let written = conversation_id(chat);
        assert!(written.len() == 32 && written.bytes().all(|b| b.is_ascii_hexdigit()));
        assert_eq!(conversation(&written), Ok(chat));
        assert_eq!(conversation(&chat.to_string()), Ok(chat));
        assert_eq!(conversation("newest_message"), Err(no_conversation()));
    }

    fn message(author: Option<UserId>, kind: MessageKind, text: Option<&str>, urls: &[&str]) -> Message {
        let at: Timestamp = "2026-11-21T10:00:00.000001Z".parse().unwrap();
        let media = |url: &&str| Media { url: (*url).to_owned(), name: None, mime: None, size: None };
        Message {
            id: MessageId::new(),
            tenant: TenantId::new(),
            chat: ChatId::new(),
            seq: 1,
            number: 812,
            author,
            origin: Surface::Odoo,
            kind,
            text: text.map(ToOwned::to_owned),
            media: urls.iter().map(media).collect(),
            extras: Extras::new(),
            created_at: at,
            updated_at: at,
            edited_at: None,
            deleted_at: None,
        }
    }

    #[test]
    fn a_message_has_five_keys() {
        let ann = UserId::new();
        let idshas = Idshas::from([(ann, "a".repeat(40))]);
        let item = MessageOut::new(message(Some(ann), MessageKind::Text, Some("hi"), &[]), &idshas);
        let expected =
            json!({ "id": 812, "idsha": "a".repeat(40), "text": "hi", "type": "text", "time": 1_795_255_200.000_001 });
        assert_eq!(serde_json::to_value(item).unwrap(), expected);
    }

    #[test]
    fn files_and_the_system_have_words_too() {
        let out = |message| MessageOut::new(message, &Idshas::new());
        let url = "https://files.example/a.png";
        let bare = out(message(None, MessageKind::Media, Some(""), &[url]));
        assert_eq!((bare.kind, bare.text.as_str(), bare.idsha.as_str()), ("media", url, ""));
        assert_eq!(out(message(None, MessageKind::Media, Some("a cat"), &[url])).text, "a cat");
        assert_eq!(out(message(None, MessageKind::System, Some("left"), &[])).kind, "system");
    }
}
