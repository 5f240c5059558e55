//! `/v1.0/chatrooms`: VoIPBin chatrooms, seed 002 "Get list of chatrooms". A chatroom is one participant's view of a
//! chat: its name, detail, type and participants are the chat's.
//!
//! Managers see anybody's rooms, everybody else their own.

use actix_web::HttpResponse;
use contracts::chats::{DropRoom, GetRoom, ListRooms, Room, RoomKey};
use domain::{Code, ParticipationId, UserId};
use serde::Deserialize;

use super::chats::{self, NamesIn, New};
use super::wire::{ChatroomView, GROUP, NORMAL};
use super::{ids, json, page, permission};
use crate::http::{Answer, Call, Problem};

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CreateIn {
    participant_ids: Vec<UserId>,
    name: String,
    detail: String,
}

/// Whose rooms a call reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Those the services let the caller see.
    Allowed,
    /// The caller's own.
    Own,
}

/// Without `owner_id`: the caller's.
pub async fn list(call: Call) -> Answer {
    let asked = ids::query(&call, "owner_id")?;
    let own = permission::anyone(&call)?.user;
    list_of(&call, asked.or(own)).await
}

/// Lists the living rooms of `owner`; nobody has none.
pub async fn list_of(call: &Call, owner: Option<UserId>) -> Answer {
    let page::Wanted { before, limit } = page::wanted(call)?;
    let Some(user) = owner else { return Ok(page::draw(Vec::<ChatroomView>::new(), None)) };
    let rooms = call.apis.chats.rooms(ListRooms { by: call.by()?, user, before, limit }).await?.items;
    let last = rooms.last().map(|room| room.stay.joined_at);
    Ok(page::draw(rooms.iter().map(|room| ChatroomView::new(room, chats::keys(call))).collect(), last))
}

pub async fn get(call: Call) -> Answer {
    let room = known(&call, Reach::Allowed).await?;
    Ok(answer(&call, &room))
}

pub async fn create(call: Call) -> Answer {
    create_own(&call).await
}

/// Makes a chat of the caller and `participant_ids`, and answers the caller's room in it.
pub async fn create_own(call: &Call) -> Answer {
    let owner = permission::user(permission::anyone(call)?)?;
    let CreateIn { participant_ids: mut participants, name, detail } = json::read(call)?;
    participants.push(owner);
    participants.sort_unstable();
    participants.dedup();
    let kind = if participants.len() > 2 { GROUP } else { NORMAL }.to_owned();
    let chat = chats::make(call, New { kind, owner: Some(owner), participants, name, detail }).await?;
    // A repeat under the same key answers the same chat; its maker may have left it since.
    let stay = chat.participant(owner).ok_or_else(|| Problem::not_found("chatroom does not exist"))?;
    Ok(json::answer(&ChatroomView::of(&chat, stay, chats::keys(call))))
}

/// Renames the chat: for managers, in their own room.
pub async fn update(call: Call) -> Answer {
    permission::manager(&call)?;
    rename(&call).await
}

/// Renames the chat of the caller's own room in the path.
pub async fn rename(call: &Call) -> Answer {
    let names: NamesIn = json::read(call)?;
    let room = known(call, Reach::Own).await?;
    alive(&room)?;
    let chat = chats::rename(call, room.chat.id, names).await?;
    Ok(answer(call, &Room { chat, stay: room.stay }))
}

pub async fn delete(call: Call) -> Answer {
    drop_room(&call, Reach::Allowed).await
}

/// Drops the room in the path.
pub async fn drop_room(call: &Call, reach: Reach) -> Answer {
    let id = known(call, reach).await?.stay.id;
    let room = call.apis.chats.drop_room(DropRoom { by: call.by()?, id }).await?;
    Ok(answer(call, &room))
}

/// The room in the path.
pub async fn known(call: &Call, reach: Reach) -> Result<Room, Problem> {
    let id: ParticipationId = ids::path(call, "id")?;
    find(call, RoomKey::Id(id), reach).await
}

/// A room the call reaches, ended ones too.
pub async fn find(call: &Call, key: RoomKey, reach: Reach) -> Result<Room, Problem> {
    let by = permission::anyone(call)?.clone();
    let own = by.user;
    let room = call.apis.chats.room(GetRoom { by, key }).await?;
    match reach {
        Reach::Own if own != Some(room.stay.user) => Err(Problem::not_found("chatroom does not exist")),
        Reach::Own | Reach::Allowed => Ok(room),
    }
}

/// Refuses a room that takes no more changes.
pub fn alive(room: &Room) -> Result<(), Problem> {
    match super::wire::room_deleted(&room.chat, &room.stay) {
        None => Ok(()),
        Some(_) => Err(Problem::refused(Code::Conflict, "chatroom was deleted")),
    }
}

/// Draws one room.
pub fn answer(call: &Call, room: &Room) -> HttpResponse {
    json::answer(&ChatroomView::new(room, chats::keys(call)))
}
