//! `/v1.0/service_agents/…`: chatrooms and chatroommessages once more, for everybody, limited to the caller's own rooms.

use super::chatrooms::{self, Reach};
use super::{chatroommessages, permission};
use crate::http::{Answer, Call};

pub async fn list_rooms(call: Call) -> Answer {
    let own = permission::anyone(&call)?.user;
    chatrooms::list_of(&call, own).await
}

pub async fn create_room(call: Call) -> Answer {
    chatrooms::create_own(&call).await
}

pub async fn get_room(call: Call) -> Answer {
    let room = chatrooms::known(&call, Reach::Own).await?;
    Ok(chatrooms::answer(&call, &room))
}

pub async fn update_room(call: Call) -> Answer {
    chatrooms::rename(&call).await
}

pub async fn delete_room(call: Call) -> Answer {
    chatrooms::drop_room(&call, Reach::Own).await
}

pub async fn list_messages(call: Call) -> Answer {
    chatroommessages::page_of(&call, Reach::Own).await
}

pub async fn create_message(call: Call) -> Answer {
    chatroommessages::post(&call, Reach::Own).await
}

pub async fn get_message(call: Call) -> Answer {
    chatroommessages::get_seen(&call, Reach::Own).await
}

pub async fn delete_message(call: Call) -> Answer {
    chatroommessages::hide(&call, Reach::Own).await
}
