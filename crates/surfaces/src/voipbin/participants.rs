//! `/v1.0/chats/{id}/participant_ids`: who takes part. Each addition opens a chatroom, each removal deletes one.

use contracts::chats::{AddParticipant, RemoveParticipant};
use domain::UserId;
use serde::Deserialize;

use super::{chats, ids, json, permission};
use crate::http::{Answer, Call};

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct AddIn {
    #[serde(deserialize_with = "ids::field")]
    participant_id: Option<UserId>,
}

/// Appends somebody; who takes part already is refused.
pub async fn add(call: Call) -> Answer {
    let by = permission::manager(&call)?.clone();
    let chat = ids::path(&call, "id")?;
    let AddIn { participant_id } = json::read(&call)?;
    let user = ids::required(participant_id, "participant_id")?;
    let chat = call.apis.chats.add(AddParticipant { by, chat, user, idempotency: call.idempotency()? }).await?;
    Ok(chats::answer(&call, &chat))
}

/// Removes somebody; who does not take part is refused.
pub async fn remove(call: Call) -> Answer {
    let by = permission::manager(&call)?.clone();
    let (chat, user) = (ids::path(&call, "id")?, ids::path(&call, "participant_id")?);
    let chat = call.apis.chats.remove(RemoveParticipant { by, chat, user }).await?;
    Ok(chats::answer(&call, &chat))
}
