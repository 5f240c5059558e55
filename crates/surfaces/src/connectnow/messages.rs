//! `/api/chats/{chat}/messages`, seed 003 "Chat messages". Either token reads; writing needs a `chat_user_token`.

use contracts::Extras;
use contracts::chats::{ChatsError, ReadRoll, Roll};
use contracts::messages::{
    DeleteMessage, EditMessage, GetMessage, Media, Message, MessageCursor, MessageKey, MessagesError, PageMessages,
    PostMessage,
};
use domain::{MessageKind, Principal, UserId};

use super::input::Input;
use super::page::{self, PageOut};
use super::rules::{self, Rules};
use super::wire::{FILES, MessageOut};
use super::{auth, chats, error, json, with};
use crate::http::{Answer, Call, Problem};

/// Names of a message's words; the first that is sent counts.
const WORDS: [&str; 4] = ["message", "body", "text", "content"];
/// Characters of a message, as the limit of all surfaces has it by default. The service has the last word.
const LONGEST: usize = 20_000;
/// A message without a file.
const TEXT: &str = "text";

pub async fn list(call: Call) -> Answer {
    let by = auth::reader(&call)?;
    let roll = roll(&call, &by, None).await?;
    let input = Input::of(&call);
    let mut rules = Rules::of(&input);
    let with = rules.words("with", &with::ON_MESSAGES);
    let wanted = page::wanted(&call, &input, rules)?;
    let (cursor, limit) = (MessageCursor::Numbered(wanted.window), wanted.limit);
    let command = PageMessages { by: by.clone(), chat: roll.chat, cursor, limit, room: None, tombstones: false };
    let found = call.apis.messages.page(command).await?;
    let data = with::messages_of(&call, &by, &roll, &found.items, !with.is_empty()).await?;
    Ok(json::ok(&call.head, &PageOut::new(&call, wanted, data, found.more)))
}

pub async fn create(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    let roll = roll(&call, &by, Some(Vec::new())).await?;
    let Content { kind, text, media } = Content::read(&Input::of(&call))?;
    let (author, idempotency) = (by.user, call.idempotency()?);
    let (extras, chat) = (Extras::new(), roll.chat);
    let command = PostMessage { by, chat, author, kind, text, media, extras, idempotency };
    let message = call.apis.messages.post(command).await?;
    let stay = author.and_then(|author| roll.participant(author));
    Ok(json::created(&call.head, &MessageOut::new(roll.number, &message, stay)))
}

pub async fn get(call: Call) -> Answer {
    let by = auth::reader(&call)?;
    let (roll, message) = known(&call, &by).await?;
    let input = Input::of(&call);
    let mut rules = Rules::of(&input);
    let with = rules.words("with", &with::ON_MESSAGES);
    rules.done()?;
    one(&call, &by, &roll, &message, !with.is_empty()).await
}

/// Other words, and another file if one is sent.
pub async fn update(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    let (roll, message) = known(&call, &by).await?;
    let key = MessageKey::Id(message.id);
    let Content { text, media, .. } = Content::change(&Input::of(&call), message)?;
    let idempotency = call.idempotency()?;
    let command = EditMessage { by: by.clone(), key, text, media: Some(media), idempotency };
    let message = call.apis.messages.edit(command).await?;
    one(&call, &by, &roll, &message, false).await
}

/// The message as it was, once more.
pub async fn delete(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    let (roll, message) = known(&call, &by).await?;
    let command = DeleteMessage { by: by.clone(), key: MessageKey::Id(message.id) };
    let gone = call.apis.messages.delete(command).await?;
    let shown = Message { updated_at: gone.updated_at, ..message };
    one(&call, &by, &roll, &shown, false).await
}

async fn one(call: &Call, by: &Principal, roll: &Roll, message: &Message, with_user: bool) -> Answer {
    let shown = with::messages_of(call, by, roll, std::slice::from_ref(message), with_user).await?.pop();
    Ok(json::ok(&call.head, &shown))
}

/// The chat in the path and who is in it: those of `users`, or everybody.
async fn roll(call: &Call, by: &Principal, users: Option<Vec<UserId>>) -> Result<Roll, Problem> {
    let number = chats::number(call)?;
    match call.apis.chats.roll(ReadRoll { by: by.clone(), number, users }).await {
        Err(ChatsError::ChatNotFound) => Err(chats::missing(call)),
        found => Ok(found?),
    }
}

/// The chat and the message in the path.
async fn known(call: &Call, by: &Principal) -> Result<(Roll, Message), Problem> {
    let chat = roll(call, by, None).await?;
    let missing = || error::missing("ChatMessage", call.path("message"));
    let key = call.path("message").parse().map(MessageKey::Number).map_err(|_| missing())?;
    match call.apis.messages.get(GetMessage { by: by.clone(), key, room: None }).await {
        Ok(found) if found.message.chat == chat.chat && found.message.deleted_at.is_none() => Ok((chat, found.message)),
        // A message of another chat is not in this one.
        Ok(_) | Err(MessagesError::MessageNotFound | MessagesError::Forbidden) => Err(missing()),
        Err(e) => Err(e.into()),
    }
}

/// What a message says.
#[derive(Debug, PartialEq, Eq)]
struct Content {
    kind: MessageKind,
    text: Option<String>,
    media: Vec<Media>,
}

impl Content {
    fn read(input: &Input) -> Result<Self, Problem> {
        let mut rules = Rules::of(input);
        let kind = kind(&mut rules);
        let file = kind.as_deref().is_some_and(|kind| FILES.contains(&kind));
        let words = words(input);
        if !file {
            rules.require(words);
        }
        if file && input.get("url").is_none() {
            rules.refuse("url", "The url field is required unless type is in text.");
        }
        let (text, url) = (rules.text(words, LONGEST), rules.url("url"));
        rules.done()?;
        let media = match (file, url) {
            (true, Some(url)) => vec![Media { url, name: None, mime: kind, size: None }],
            _ => Vec::new(),
        };
        let kind = if media.is_empty() { MessageKind::Text } else { MessageKind::Media };
        Ok(Self { kind, text, media })
    }

    /// What is not sent stays as it is.
    fn change(input: &Input, old: Message) -> Result<Self, Problem> {
        let mut rules = Rules::of(input);
        let kind = kind(&mut rules).filter(|kind| kind != TEXT);
        let words = words(input);
        let sent = input.sent(words).is_some();
        if old.media.is_empty() && (sent || input.sent("url").is_none()) {
            rules.require(words);
        }
        let (text, url) = (rules.text(words, LONGEST), rules.url("url"));
        rules.done()?;
        let mut media = old.media;
        if let (Some(file), Some(url)) = (media.first_mut(), url) {
            file.url = url;
            file.mime = kind.or(file.mime.take());
        }
        Ok(Self { kind: old.kind, text: if sent { text } else { old.text }, media })
    }
}

fn words(input: &Input) -> &'static str {
    WORDS.into_iter().find(|name| input.get(name).is_some()).unwrap_or(WORDS[0])
}

fn kind(rules: &mut Rules<'_>) -> Option<String> {
    let kind = rules.text("type", 32)?;
    if kind != TEXT && !FILES.contains(&kind.as_str()) {
        rules.refuse("type", rules::selected("type"));
    }
    Some(kind)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use actix_web::test::TestRequest;

    use super::*;
    use crate::http::Head;

    fn read(body: &str) -> Result<Content, Problem> {
        let request = TestRequest::default().insert_header(("content-type", "application/json")).to_http_request();
        Content::read(&Input::read(&Head { request, started: Instant::now() }, body.as_bytes()))
    }

    #[test]
    fn words_have_four_names() {
        for name in WORDS {
            let content = read(&format!(r#"{{"{name}":" hi "}}"#)).unwrap();
            assert_eq!((content.kind, content.text.as_deref()), (MessageKind::Text, Some("hi")), "{name}");
        }
        assert_eq!(read(r#"{"text":"b","message":"a"}"#).unwrap().text.as_deref(), Some("a"));
        assert_eq!(read(r#"{"text":"b","message":"","url":"http://x/y"}"#).unwrap().media, []);
    }

    #[test]
    fn a_file_has_a_url_and_perhaps_words() {
        let content = read(r#"{"type":"image","url":"https://x/y.png"}"#).unwrap();
        assert_eq!((content.kind, content.text, content.media.len()), (MessageKind::Media, None, 1));
        assert_eq!(content.media[0].mime.as_deref(), Some("image"));
        for (body, field) in [
            ("{}", "message"),
            (r#"{"message":"  "}"#, "message"),
            (r#"{"message":5}"#, "message"),
            (r#"{"message":["x"]}"#, "message"),
            (r#"{"type":"image"}"#, "url"),
            (r#"{"type":"image","url":"no"}"#, "url"),
            (r#"{"message":"x","type":"poem"}"#, "type"),
        ] {
            let Err(Problem::Fields(errors)) = read(body) else { panic!("{body}") };
            assert_eq!(errors[0].0, field, "{body}");
        }
    }
}
