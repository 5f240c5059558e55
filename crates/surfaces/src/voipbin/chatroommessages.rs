//! `/v1.0/chatroommessages`: VoIPBin's copies of a message, one a room. Reading and deleting is for everybody in their
//! own rooms and for managers in all; posting is for managers.
//!
//! A copy is no row: its id packs the numbers of the stay and of the message, and deleting it hides the message there.

use contracts::chats::{Participant, Room, RoomKey};
use contracts::messages::{
    GetMessage, HideMessage, MessageCursor, MessageKey, PageMessages, PostMessage, RoomMessage, RoomView,
};
use domain::{ParticipationId, RoomMessageId};
use serde::Deserialize;
use uuid::Uuid;

use super::address::Address;
use super::chatrooms::{self, Reach};
use super::medias::MediaIn;
use super::posting::{self, Said};
use super::wire::{ChatroommessageView, NORMAL};
use super::{chats, ids, json, names, page, permission};
use crate::http::{Answer, Call, Problem};

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CreateIn {
    #[serde(deserialize_with = "ids::field")]
    chatroom_id: Option<ParticipationId>,
    text: String,
    medias: Vec<MediaIn>,
}

pub async fn list(call: Call) -> Answer {
    page_of(&call, Reach::Allowed).await
}

/// A page of a room the call reaches.
pub async fn page_of(call: &Call, reach: Reach) -> Answer {
    let id = ids::required(ids::query(call, "chatroom_id")?, "chatroom_id")?;
    let page::Wanted { before, limit } = page::wanted(call)?;
    let Room { chat, stay } = chatrooms::find(call, RoomKey::Id(id), reach).await?;
    let cursor = before.map_or(MessageCursor::Newest, MessageCursor::BeforeTime);
    let room = Some(view(&stay));
    let command = PageMessages { by: call.by()?, chat: chat.id, cursor, limit, room, tombstones: false };
    let messages = call.apis.messages.page(command).await?.items;
    let names = names::of(call, messages.iter()).await?;
    let last = messages.last().map(|message| message.created_at);
    let seen: Vec<RoomMessage> = messages.into_iter().map(|message| RoomMessage { message, hidden_at: None }).collect();
    let draw = |seen| ChatroommessageView::new(seen, &stay, &names, chats::keys(call));
    Ok(page::draw(seen.iter().map(draw).collect(), last))
}

pub async fn create(call: Call) -> Answer {
    permission::manager(&call)?;
    post(&call, Reach::Allowed).await
}

/// Posts into the chat of a room the call reaches, as the caller.
pub async fn post(call: &Call, reach: Reach) -> Answer {
    let by = permission::anyone(call)?.clone();
    let author = permission::user(&by)?;
    let CreateIn { chatroom_id, text, medias } = json::read(call)?;
    let key = RoomKey::Id(ids::required(chatroom_id, "chatroom_id")?);
    let room = chatrooms::find(call, key, reach).await?;
    chatrooms::alive(&room)?;
    let source = Address::agent(author, &names::one(call, author).await?);
    let Said { kind, text, media, extras } = posting::said(NORMAL, text, medias, &source, author);
    let (chat, author, idempotency) = (room.chat.id, Some(author), call.idempotency()?);
    let command = PostMessage { by, chat, author, kind, text, media, extras, idempotency };
    let message = call.apis.messages.post(command).await?;
    answer(call, &RoomMessage { message, hidden_at: None }, &room.stay).await
}

pub async fn get(call: Call) -> Answer {
    get_seen(&call, Reach::Allowed).await
}

/// The copy in the path.
pub async fn get_seen(call: &Call, reach: Reach) -> Answer {
    let (stay, number) = known(call, reach).await?;
    let command = GetMessage { by: call.by()?, key: MessageKey::Number(number), room: Some(view(&stay)) };
    let seen = call.apis.messages.get(command).await?;
    answer(call, &seen, &stay).await
}

pub async fn delete(call: Call) -> Answer {
    hide(&call, Reach::Allowed).await
}

/// Deletes the copy in the path; the other rooms keep theirs.
pub async fn hide(call: &Call, reach: Reach) -> Answer {
    let (stay, number) = known(call, reach).await?;
    let seen = call.apis.messages.hide(HideMessage { by: call.by()?, number, room: view(&stay) }).await?;
    answer(call, &seen, &stay).await
}

/// The stay and the message's number that the id in the path packs.
async fn known(call: &Call, reach: Reach) -> Result<(Participant, i64), Problem> {
    let id: Uuid = ids::path(call, "id")?;
    let id = RoomMessageId::from_uuid(id).ok_or_else(|| Problem::not_found("chatroommessage does not exist"))?;
    let room = chatrooms::find(call, RoomKey::Number(id.participation), reach).await?;
    Ok((room.stay, id.message))
}

fn view(stay: &Participant) -> RoomView {
    RoomView { stay: stay.id, after_seq: stay.joined_seq, upto_seq: stay.left_seq }
}

async fn answer(call: &Call, seen: &RoomMessage, stay: &Participant) -> Answer {
    let names = names::of(call, std::iter::once(&seen.message)).await?;
    Ok(json::answer(&ChatroommessageView::new(seen, stay, &names, chats::keys(call))))
}
