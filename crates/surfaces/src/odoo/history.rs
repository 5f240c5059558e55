//! `POST /im_chat/api/history`, seed 004 "Get history of messages": newest first. Reading moves the caller's read mark, even
//! when the page is empty. Who is not in the session sees nothing.

use contracts::chats::{Chat, ChatKey, ChatsError, GetChat};
use contracts::messages::{MarkRead, MessageCursor, PageMessages};
use domain::{ChatId, Limit};

use super::args::{Args, Signature};
use super::envelope::{Asked, Outcome, Reply};
use super::session;
use super::wire::{self, MessageOut};
use crate::http::{Call, Problem};

pub const SIGNATURE: Signature = Signature::new("history", &["uuid"], &["last_ID", "last_id", "limit"]);

/// Messages when no `limit` is sent, as the vendor has it.
const DEFAULT: i64 = 20;

pub async fn history(Asked { call, args }: Asked) -> Outcome {
    let (cursor, limit) = (cursor(&args)?, limit(&args)?);
    let Some(chat) = wire::uuid(args.text("uuid").ok().flatten()) else { return Reply::of(&[(); 0]) };
    let Some(chat) = own(&call, chat).await? else { return Reply::of(&[(); 0]) };
    // Before the page is read, so that nothing counts as read that is not shown.
    let by = call.by()?;
    call.apis.messages.mark_read(MarkRead { by: by.clone(), chat: chat.id, upto_seq: None }).await?;
    let tenant = by.tenant;
    let command = PageMessages { by, chat: chat.id, cursor, limit, room: None, tombstones: false };
    let page = call.apis.messages.page(command).await?;
    let people = wire::people(&call.apis, tenant, page.items.iter().filter_map(|m| m.author)).await?;
    let out: Vec<MessageOut> = page.items.iter().map(|m| MessageOut::new(m, &chat, &people)).collect();
    Reply::of(&out)
}

/// The chat, if it lives and the caller takes part. Managers may read every chat elsewhere; here a session is its users'.
pub async fn own(call: &Call, chat: ChatId) -> Result<Option<Chat>, Problem> {
    let (by, me) = (call.by()?, session::me(call)?);
    match call.apis.chats.get(GetChat { by, key: ChatKey::Id(chat) }).await {
        Ok(chat) => Ok(Some(chat).filter(|chat| chat.deleted_at.is_none() && chat.participant(me).is_some())),
        Err(ChatsError::ChatNotFound | ChatsError::Forbidden) => Ok(None),
        Err(e) => Err(e.into()),
    }
}

/// Below the last id, by either spelling; 0 is none.
fn cursor(args: &Args) -> Result<MessageCursor, Problem> {
    let last = match args.number("last_ID")? {
        None => args.number("last_id")?,
        some => some,
    };
    Ok(last.filter(|id| *id != 0).map_or(MessageCursor::Newest, MessageCursor::BeforeNumber))
}

fn limit(args: &Args) -> Result<Limit, Problem> {
    Ok(Limit::clamped(args.number("limit")?.filter(|limit| *limit > 0).unwrap_or(DEFAULT)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(mut params: Value) -> (MessageCursor, i64) {
        params["uuid"] = json!("x");
        let args = SIGNATURE.bind(params.as_object().unwrap().clone()).unwrap();
        (cursor(&args).unwrap(), limit(&args).unwrap().get())
    }

    #[test]
    fn both_spellings_and_the_vendors_twenty() {
        assert_eq!(read(json!({})), (MessageCursor::Newest, 20));
        assert_eq!(read(json!({ "last_ID": 113, "limit": 5 })), (MessageCursor::BeforeNumber(113), 5));
        assert_eq!(read(json!({ "last_id": "113" })), (MessageCursor::BeforeNumber(113), 20));
        assert_eq!(read(json!({ "last_ID": false, "limit": 0 })), (MessageCursor::Newest, 20));
        assert_eq!(read(json!({ "last_ID": 0, "limit": -3 })), (MessageCursor::Newest, 20));
        assert_eq!(read(json!({ "limit": 5000 })).1, 1000);
    }
}
