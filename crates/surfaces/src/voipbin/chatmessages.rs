//! `/v1.0/chatmessages`: VoIPBin chatmessages, seed 002 "Send chatmessage". Posting is for everybody, as themselves;
//! the rest is for managers.

use contracts::messages::{DeleteMessage, GetMessage, MessageCursor, MessageKey, PageMessages, PostMessage};
use domain::ChatId;
use serde::Deserialize;

use super::address::Address;
use super::medias::MediaIn;
use super::posting::{self, Said};
use super::wire::{ChatmessageView, Names};
use super::{ids, json, names, page, permission};
use crate::http::{Answer, Call};

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CreateIn {
    #[serde(deserialize_with = "ids::field")]
    chat_id: Option<ChatId>,
    #[serde(deserialize_with = "json::object")]
    source: Address,
    r#type: String,
    text: String,
    medias: Vec<MediaIn>,
}

pub async fn create(call: Call) -> Answer {
    let by = permission::anyone(&call)?.clone();
    let CreateIn { chat_id, source, r#type, text, medias } = json::read(&call)?;
    let chat = ids::required(chat_id, "chat_id")?;
    let (by, author) = posting::author(by, &source)?;
    let Said { kind, text, media, extras } = posting::said(&r#type, text, medias, &source, author);
    let (author, idempotency) = (Some(author), call.idempotency()?);
    let command = PostMessage { by, chat, author, kind, text, media, extras, idempotency };
    let message = call.apis.messages.post(command).await?;
    // What is posted here says itself how its source is called.
    Ok(json::answer(&ChatmessageView::new(&message, &Names::new())))
}

pub async fn list(call: Call) -> Answer {
    let by = permission::manager(&call)?.clone();
    let chat = ids::required(ids::query(&call, "chat_id")?, "chat_id")?;
    let page::Wanted { before, limit } = page::wanted(&call)?;
    let cursor = before.map_or(MessageCursor::Newest, MessageCursor::BeforeTime);
    let command = PageMessages { by, chat, cursor, limit, room: None, tombstones: false };
    let messages = call.apis.messages.page(command).await?.items;
    let names = names::of(&call, messages.iter()).await?;
    let last = messages.last().map(|message| message.created_at);
    Ok(page::draw(messages.iter().map(|message| ChatmessageView::new(message, &names)).collect(), last))
}

pub async fn get(call: Call) -> Answer {
    let by = permission::manager(&call)?.clone();
    let key = MessageKey::Id(ids::path(&call, "id")?);
    let message = call.apis.messages.get(GetMessage { by, key, room: None }).await?.message;
    let names = names::of(&call, std::iter::once(&message)).await?;
    Ok(json::answer(&ChatmessageView::new(&message, &names)))
}

/// Deletes a message, and with it what every room shows of it.
pub async fn delete(call: Call) -> Answer {
    let by = permission::manager(&call)?.clone();
    let key = MessageKey::Id(ids::path(&call, "id")?);
    let message = call.apis.messages.delete(DeleteMessage { by, key }).await?;
    let names = names::of(&call, std::iter::once(&message)).await?;
    Ok(json::answer(&ChatmessageView::new(&message, &names)))
}
