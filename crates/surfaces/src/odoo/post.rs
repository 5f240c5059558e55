//! `POST /im_chat/post`, seed 004: says something in a session, and answers the message's id. Who is not in the session
//! gets `false`, whether or not there is one.

use contracts::Extras;
use contracts::messages::{MessagesError, PostMessage, TakeNumber};
use contracts::realtime::TellTyping;
use domain::{ChatId, MessageKind, Principal};

use super::args::{Args, Signature};
use super::envelope::{Asked, Outcome, Reply};
use super::{session, wire};
use crate::http::{Call, Problem};

pub const SIGNATURE: Signature = Signature::new("post", &["uuid", "message_type", "message_content"], &[]);

/// What is posted.
#[derive(Debug, PartialEq)]
enum Said {
    Message(Extras),
    Typing,
}

pub async fn post(Asked { call, args }: Asked) -> Outcome {
    let (by, me) = (call.by()?, session::me(&call)?);
    let said = said(&args)?;
    let text = args.text("message_content")?.map(ToOwned::to_owned);
    let Some(chat) = wire::uuid(args.text("uuid").ok().flatten()) else { return Reply::of(&false) };
    let posted = match said {
        Said::Message(extras) => {
            let (author, kind, media, idempotency) = (Some(me), MessageKind::Text, Vec::new(), call.idempotency()?);
            let by = by.not_as_themselves();
            let command = PostMessage { by, chat, author, kind, text, media, extras, idempotency };
            call.apis.messages.post(command).await.map(|message| message.number)
        }
        Said::Typing => typing(&call, by, chat).await,
    };
    match posted {
        Ok(number) => Reply::of(&number),
        Err(MessagesError::ChatNotFound | MessagesError::NotParticipant | MessagesError::ChatDeleted) => {
            Reply::of(&false)
        }
        Err(e) => Err(e.into()),
    }
}

/// Tells the others. Whether they hear it or not, nothing is stored.
async fn typing(call: &Call, by: Principal, chat: ChatId) -> Result<i64, MessagesError> {
    let number = call.apis.messages.take_number(TakeNumber { by: by.clone(), chat }).await?;
    let told = call.apis.realtime.typing(TellTyping { by, chat, number: Some(number) }).await;
    if let Err(e) = told {
        tracing::debug!(error = %e, "nobody was told that somebody types");
    }
    Ok(number)
}

fn said(args: &Args) -> Result<Said, Problem> {
    match args.text("message_type")? {
        Some(wire::TEXT) => Ok(Said::Message(Extras::new())),
        Some(wire::ATTACHMENT) => Ok(Said::Message(wire::attachment())),
        Some(wire::TYPING) => Ok(Said::Typing),
        other => {
            let message = format!("Wrong value for im_chat.message.type: {:?}", other.unwrap_or_default());
            Err(Problem::invalid("message_type", message))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(kind: &Value) -> Result<Said, Problem> {
        let params = json!({ "uuid": "x", "message_type": kind, "message_content": "hi" });
        said(&SIGNATURE.bind(params.as_object().unwrap().clone()).unwrap())
    }

    #[test]
    fn three_types_are_known() {
        assert_eq!(read(&json!("message")), Ok(Said::Message(Extras::new())));
        assert_eq!(read(&json!("typing")), Ok(Said::Typing));
        let Ok(Said::Message(extras)) = read(&json!("money4_chat_attach_msg")) else { panic!("no message") };
        assert_eq!(extras["odoo"]["type"], "money4_chat_attach_msg");
        for bad in [json!("meta"), json!(""), json!(false), json!(1)] {
            assert!(read(&bad).is_err(), "{bad}");
        }
    }
}
