//! `POST /chat/history/{conversationId}`, from the vendor's SDK: a chat's messages, newest first. Reading them moves the
//! caller's read mark.

use contracts::chats::{ChatKey, ChatsError, GetChat};
use contracts::messages::{MarkRead, Message, MessageCursor, PageMessages};
use domain::{ChatId, Limit, Page, Principal, UserId};
use serde::{Deserialize, Serialize};

use super::wire::{self, MessageOut};
use super::{auth, envelope};
use crate::http::{Answer, Call, Problem};

/// Messages when no `limit` is sent.
const DEFAULT: i64 = 20;
/// Messages at most.
const MOST: i64 = 100;

/// Which messages.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct HistoryIn {
    /// How many at most.
    #[serde(deserialize_with = "wire::number")]
    pub limit: Option<i64>,
    /// Only those whose number is below this.
    #[serde(deserialize_with = "wire::number")]
    pub before_id: Option<i64>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct HistoryOut {
    #[serde(rename = "conversationId")]
    conversation_id: String,
    history: Vec<MessageOut>,
    more: bool,
}

pub async fn history(call: Call) -> Answer {
    let asked = wire::input(&call)?;
    let chat = wire::conversation(call.path("conversationId"))?;
    answer(&call, chat, &asked).await
}

/// The history of a chat, in the envelope.
pub async fn answer(call: &Call, chat: ChatId, asked: &HistoryIn) -> Answer {
    let (by, me) = auth::reader(call)?;
    taking_part(call, &by, me, chat).await?;
    let page = read(call, &by, chat, asked).await?;
    let idshas = wire::idshas(&call.apis, by.tenant, page.items.iter().filter_map(|m| m.author)).await?;
    let Page { items: history, more } = page.map(|message| MessageOut::new(message, &idshas));
    let out = HistoryOut { conversation_id: wire::conversation_id(chat), history, more };
    Ok(envelope::ok(&call.head, out))
}

/// Managers may read every chat elsewhere; here a chat is its participants' alone.
async fn taking_part(call: &Call, by: &Principal, me: UserId, chat: ChatId) -> Result<(), Problem> {
    let asked = GetChat { by: by.clone(), key: ChatKey::Id(chat) };
    match call.apis.chats.get(asked).await {
        Ok(chat) if chat.deleted_at.is_none() && chat.participant(me).is_some() => Ok(()),
        Ok(_) | Err(ChatsError::ChatNotFound | ChatsError::Forbidden) => Err(wire::no_conversation()),
        Err(e) => Err(e.into()),
    }
}

/// A page, which counts as read from now on.
async fn read(call: &Call, by: &Principal, chat: ChatId, asked: &HistoryIn) -> Result<Page<Message>, Problem> {
    let (cursor, limit) = (asked.cursor(), asked.limit());
    let command = PageMessages { by: by.clone(), chat, cursor, limit, room: None, tombstones: false };
    let page = call.apis.messages.page(command).await?;
    if let Some(newest) = page.items.first() {
        let mark = MarkRead { by: by.clone(), chat, upto_seq: Some(newest.seq) };
        call.apis.messages.mark_read(mark).await?;
    }
    Ok(page)
}

impl HistoryIn {
    fn limit(&self) -> Limit {
        Limit::clamped(self.limit.unwrap_or(DEFAULT).min(MOST))
    }
    fn cursor(&self) -> MessageCursor {
        self.before_id.map_or(MessageCursor::Newest, MessageCursor::BeforeNumber)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::imbee::wire::testing::read;

    #[test]
    fn start_and_size_are_read_leniently() {
        let asked = |body: &str| read::<HistoryIn>(body).unwrap();
        assert_eq!((asked("{}").limit().get(), asked("{}").cursor()), (20, MessageCursor::Newest));
        let both = asked(r#"{"limit":"500","before_id":"812"}"#);
        assert_eq!((both.limit().get(), both.cursor()), (100, MessageCursor::BeforeNumber(812)));
        assert_eq!(asked(r#"{"limit":-1}"#).limit().get(), 1);
    }

    #[test]
    fn a_history_has_three_keys() {
        let out = HistoryOut { conversation_id: "c".into(), history: Vec::new(), more: false };
        assert_eq!(serde_json::to_value(out).unwrap(), json!({ "conversationId": "c", "history": [], "more": false }));
    }
}
