//! `POST /chats/{chat}/share`, seed 003 "Get chat password": what whoever may read the chat passes on to visitors.

use contracts::auth::AskPassword;
use serde::Serialize;

use super::{auth, chats, json};
use crate::http::{Answer, Call};

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ShareOut {
    password: String,
    url: String,
}

pub async fn create(call: Call) -> Answer {
    let by = auth::reader(&call)?;
    let chat = chats::known(&call, &by).await?;
    let asked = AskPassword { tenant: by.tenant, chat: chat.id };
    let password = call.apis.auth.chat_password(asked).await?.password;
    // The link joins with the password in it, as a client that got it in one piece does.
    let url = format!("{}/api/chats/{}/users?password={password}", call.base_url(), chat.number);
    Ok(json::ok(&call.head, &ShareOut { password, url }))
}
