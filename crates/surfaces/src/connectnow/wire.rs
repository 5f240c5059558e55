//! The vendor's objects. The seed names no field; these are its sibling services' and its screens'. Ids are the integer
//! ids, and `with[]` adds what was asked for behind the fields.

use std::collections::HashMap;
use std::sync::Arc;

use contracts::chats::{Chat, Participant};
use contracts::messages::{Media, Message};
use contracts::users::{Company, User};
use domain::{ChatId, CompanyId, MessageKind, Timestamp, UserId};
use serde::Serialize;

use crate::digits;

/// `2021-07-05T09:31:38.000000Z`: whole seconds, written with six zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Time(Timestamp);

impl Serialize for Time {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut text = *b"0000-00-00T00:00:00.000000Z";
        digits::date_and_time(self.0, &mut text);
        s.serialize_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

#[cfg(feature = "openapi")]
impl schemars::JsonSchema for Time {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "format": "date-time",
            "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.000000Z$",
            "description": "UTC, whole seconds, written with six zeros.",
        })
    }
}

/// The caller of `/api/user`, and the account behind an e-mail.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct UserOut {
    id: i64,
    name: String,
    surname: Option<String>,
    email: Option<String>,
    avatar_url: Option<String>,
    created_at: Time,
    updated_at: Time,
}

impl From<User> for UserOut {
    fn from(user: User) -> Self {
        let User { number, name, surname, email, created_at, updated_at, .. } = user;
        let (created_at, updated_at) = (Time(created_at), Time(updated_at));
        Self { id: number, name, surname, email, avatar_url: None, created_at, updated_at }
    }
}

#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CompanyOut {
    id: i64,
    name: String,
    slug: String,
    logo_url: Option<String>,
    created_at: Time,
    updated_at: Time,
}

impl From<Company> for CompanyOut {
    fn from(company: Company) -> Self {
        let Company { number, name, slug, logo_url, created_at, updated_at, .. } = company;
        Self { id: number, name, slug, logo_url, created_at: Time(created_at), updated_at: Time(updated_at) }
    }
}

#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChatOut {
    id: i64,
    company_id: Option<i64>,
    name: Option<String>,
    closed_at: Option<Time>,
    created_at: Time,
    updated_at: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(clippy::option_option, reason = "not asked for, and no company, are two answers")]
    pub company: Option<Option<CompanyOut>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<Vec<ChatUserOut>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<MessageOut>>,
}

/// Companies by id; deleted ones are not there.
pub type Companies = HashMap<CompanyId, Company>;

impl ChatOut {
    pub fn new(chat: &Chat, companies: &Companies) -> Self {
        Self {
            id: chat.number,
            company_id: chat.company.and_then(|id| companies.get(&id)).map(|company| company.number),
            name: chat.title.clone(),
            closed_at: chat.closed_at.map(Time),
            created_at: Time(chat.created_at),
            updated_at: Time(chat.updated_at),
            company: None,
            users: None,
            messages: None,
        }
    }
}

#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChatUserOut {
    id: i64,
    chat_id: i64,
    user_id: Option<i64>,
    name: String,
    surname: Option<String>,
    email: Option<String>,
    left_at: Option<Time>,
    created_at: Time,
    updated_at: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat_user_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub chat: Option<ChatOut>,
}

/// Somebody who is or was in a chat.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who.
    pub user: Arc<User>,
    /// Whether the e-mail has an account: somebody who works here, or has a login.
    pub account: bool,
}

/// People by id.
pub type People = HashMap<UserId, Person>;

impl ChatUserOut {
    pub fn new(chat: i64, stay: &Participant, person: Option<&Person>) -> Self {
        let user = person.map(|person| &person.user);
        let changed =
            [Some(stay.joined_at), stay.left_at, user.map(|user| user.updated_at)].into_iter().flatten().max();
        Self {
            id: stay.number,
            chat_id: chat,
            user_id: person.filter(|person| person.account).map(|person| person.user.number),
            name: user.map(|user| user.name.clone()).unwrap_or_default(),
            surname: user.and_then(|user| user.surname.clone()),
            email: user.and_then(|user| user.email.clone()),
            left_at: stay.left_at.map(Time),
            created_at: Time(stay.joined_at),
            updated_at: Time(changed.unwrap_or(stay.joined_at)),
            chat_user_token: None,
            chat: None,
        }
    }
}

#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct MessageOut {
    id: i64,
    chat_id: i64,
    chat_user_id: Option<i64>,
    message: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    url: Option<String>,
    created_at: Time,
    updated_at: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(clippy::option_option, reason = "not asked for, and nobody, are two answers")]
    pub chat_user: Option<Option<ChatUserOut>>,
}

impl MessageOut {
    /// `stay`: the author's, in which it was said.
    pub fn new(chat: i64, message: &Message, stay: Option<&Participant>) -> Self {
        let file = message.media.first();
        Self {
            id: message.number,
            chat_id: chat,
            chat_user_id: stay.map(|stay| stay.number),
            message: message.text.clone(),
            kind: kind(message.kind, file).to_owned(),
            url: file.map(|file| file.url.clone()),
            created_at: Time(message.created_at),
            updated_at: Time(message.updated_at),
            chat_user: None,
        }
    }
}

/// What files are called here.
pub const FILES: [&str; 6] = ["image", "gif", "video", "audio", "pdf", "file"];

/// A message's type; a file of another surface is called by its MIME type.
fn kind(kind: MessageKind, file: Option<&Media>) -> &str {
    let (MessageKind::Text | MessageKind::Media, Some(file)) = (kind, file) else { return kind_without_file(kind) };
    let mime = file.mime.as_deref().unwrap_or_default();
    if let Some(own) = FILES.iter().find(|own| **own == mime) {
        return own;
    }
    match (mime, mime.split('/').next().unwrap_or_default()) {
        ("image/gif", _) => "gif",
        ("application/pdf", _) => "pdf",
        (_, "image") => "image",
        (_, "video") => "video",
        (_, "audio") => "audio",
        _ => "file",
    }
}

fn kind_without_file(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Text => "text",
        MessageKind::Media => "file",
        MessageKind::System => "system",
    }
}

/// Which of an author's stays a message was said in; somebody who spoke without taking part has none.
pub fn stay_of<'s>(
    message: &Message,
    stays: &'s HashMap<(ChatId, UserId), Vec<Participant>>,
) -> Option<&'s Participant> {
    let stays = stays.get(&(message.chat, message.author?))?;
    let within = |stay: &&Participant| {
        stay.joined_seq < message.seq
            && (stay.left_at.is_none() || stay.left_seq.is_none_or(|left| message.seq <= left))
    };
    stays.iter().rev().find(within)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn file(mime: &str) -> Media {
        Media { url: "u".into(), name: None, mime: Some(mime.into()), size: None }
    }

    #[test]
    fn times_are_whole_seconds_with_six_zeros() {
        let at = Time("2021-07-05T09:31:38.123456Z".parse().unwrap());
        assert_eq!(serde_json::to_value(at).unwrap(), json!("2021-07-05T09:31:38.000000Z"));
    }

    #[test]
    fn files_of_other_surfaces_have_a_word_here() {
        for (mime, word) in [
            ("image", "image"),
            ("image/png", "image"),
            ("image/gif", "gif"),
            ("application/pdf", "pdf"),
            ("video/mp4", "video"),
            ("audio/ogg", "audio"),
            ("link", "file"),
            ("", "file"),
        ] {
            assert_eq!(kind(MessageKind::Media, Some(&file(mime))), word, "{mime}");
        }
        assert_eq!(kind(MessageKind::Text, None), "text");
        assert_eq!(kind(MessageKind::System, Some(&file("image"))), "system");
    }
}
