//! `POST /im_chat/api/change_session_status`, seed 004: puts the caller's session among the favourites, away, or back.

use contracts::chats::{ArrangeChat, ChatsError};
use domain::{ChatId, ParticipantState, ParticipantStatus};
use serde_json::json;

use super::args::Signature;
use super::books::success;
use super::envelope::{Asked, Outcome, Reply};
use super::history::own;
use super::wire;
use crate::http::{Call, Problem};

pub const SIGNATURE: Signature = Signature::new("change_session_status", &[], &["uuid", "new_status"]);

pub async fn change_session_status(Asked { call, args }: Asked) -> Outcome {
    let Some(chat) = wire::uuid(args.text("uuid").ok().flatten()) else { return no_session() };
    if own(&call, chat).await?.is_none() {
        return no_session();
    }
    let Some(status) = args.value("new_status") else { return success() };
    let Some(status) = status.as_str().and_then(|word| word.parse::<ParticipantStatus>().ok()) else {
        return failed("new_status", "Status must be active, favorite or archive");
    };
    call.promised().await?;
    if arrange(&call, chat, None, Some(status)).await? { success() } else { no_session() }
}

/// Changes the caller's window; whether there is one.
pub async fn arrange(
    call: &Call,
    chat: ChatId,
    state: Option<ParticipantState>,
    status: Option<ParticipantStatus>,
) -> Result<bool, Problem> {
    match call.apis.chats.arrange(ArrangeChat { by: call.by()?, chat, state, status }).await {
        Ok(_) => Ok(true),
        Err(ChatsError::ChatNotFound | ChatsError::NotParticipant | ChatsError::Deleted) => Ok(false),
        Err(e) => Err(e.into()),
    }
}

fn no_session() -> Outcome {
    failed("uuid", "Session does not exist")
}

fn failed(field: &str, message: &str) -> Outcome {
    Reply::of(&json!({ "status": "error", "field": field, "message": message }))
}
