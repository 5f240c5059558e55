//! `/v1.0/service_agents/…`: the caller themselves, and chatrooms and chatroommessages once more, for everybody, limited
//! to the caller's own rooms.
//!
//! An access key is here the user it stands for, who owns the rooms; its own id is shown by `/v1.0/me` alone.

use domain::UserId;

use super::chatrooms::{self, Reach};
use super::{agent_changes, agents, chatroommessages, json, permission};
use crate::http::{Answer, Call, Problem};

pub async fn me(call: Call) -> Answer {
    let user = agents::known(&call, own(&call)?).await?;
    Ok(json::answer(&agents::view(&call, user).await?))
}

pub async fn update_me(call: Call) -> Answer {
    agents::describe(&call, own(&call)?).await
}

pub async fn set_addresses(call: Call) -> Answer {
    agent_changes::set_addresses(&call, own(&call)?).await
}

pub async fn set_password(call: Call) -> Answer {
    agent_changes::set_password(&call, own(&call)?).await
}

pub async fn set_status(call: Call) -> Answer {
    agent_changes::set_status(&call, own(&call)?).await
}

fn own(call: &Call) -> Result<UserId, Problem> {
    permission::user(permission::anyone(call)?)
}

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
