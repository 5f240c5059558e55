//! `POST /chat/message/new`, ours: says something in a chat. The page of an access token speaks through it too.

use contracts::Extras;
use contracts::messages::PostMessage;
use domain::MessageKind;
use serde::{Deserialize, Serialize};

use super::wire::{self, MessageOut};
use super::{auth, envelope};
use crate::http::{Answer, Call};

#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct MessageIn {
    #[serde(rename = "conversationId")]
    conversation_id: Option<String>,
    text: Option<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct PostedOut {
    #[serde(rename = "conversationId")]
    conversation_id: String,
    message: MessageOut,
}

pub async fn create(call: Call) -> Answer {
    let (by, me) = auth::writer(&call)?;
    let MessageIn { conversation_id, text } = wire::input(&call)?;
    let chat = wire::conversation(&wire::required("conversationId", conversation_id)?)?;
    let (tenant, author, kind) = (by.tenant, Some(me), MessageKind::Text);
    let (text, idempotency) = (Some(wire::required("text", text)?), call.idempotency()?);
    let by = by.not_as_themselves();
    let command = PostMessage { by, chat, author, kind, text, media: Vec::new(), extras: Extras::new(), idempotency };
    let message = call.apis.messages.post(command).await?;
    let idshas = wire::idshas(&call.apis, tenant, message.author.into_iter()).await?;
    let conversation_id = wire::conversation_id(message.chat);
    Ok(envelope::ok(&call.head, PostedOut { conversation_id, message: MessageOut::new(message, &idshas) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imbee::wire::testing::read;

    #[test]
    fn both_values_are_needed_as_text() {
        let good: MessageIn = read(r#"{"conversationId":"c","text":"hi"}"#).unwrap();
        assert_eq!((good.conversation_id.as_deref(), good.text.as_deref()), (Some("c"), Some("hi")));
        assert!(wire::required("text", read::<MessageIn>(r#"{"text":""}"#).unwrap().text).is_err());
        assert!(read::<MessageIn>(r#"{"conversationId":"c","text":5}"#).is_err());
    }
}
