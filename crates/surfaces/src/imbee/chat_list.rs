//! `POST /chat/list`, from the vendor's SDK: the caller's chats, latest activity first.

use contracts::chats::{Chat, ChatOrder, ChatScope, ListChats};
use domain::{Limit, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::wire::{self, Contact, Idshas};
use super::{auth, envelope};
use crate::http::{Answer, Call};

/// Chats when no `limit` is sent.
const DEFAULT: i64 = 20;
/// Chats at most.
const MOST: i64 = 100;

#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ListIn {
    #[serde(default, deserialize_with = "wire::number")]
    limit: Option<i64>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChatOut {
    #[serde(rename = "conversationId")]
    conversation_id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    title: String,
    contacts: Vec<Contact>,
}

pub async fn list(call: Call) -> Answer {
    let (by, me) = auth::reader(&call)?;
    let limit = wire::input::<ListIn>(&call)?.limit();
    let tenant = by.tenant;
    let command = ListChats { by, scope: ChatScope::With(me), order: ChatOrder::Active, limit };
    let chats = call.apis.chats.list(command).await?.items;
    let people = chats.iter().flat_map(|chat| chat.participants.iter().map(|p| p.user));
    let idshas = wire::idshas(&call.apis, tenant, people).await?;
    let chats: Vec<ChatOut> = chats.into_iter().map(|chat| ChatOut::new(chat, me, &idshas)).collect();
    Ok(envelope::ok(&call.head, json!({ "chats": chats })))
}

impl ListIn {
    fn limit(&self) -> Limit {
        Limit::clamped(self.limit.unwrap_or(DEFAULT).min(MOST))
    }
}

impl ChatOut {
    fn new(chat: Chat, me: UserId, idshas: &Idshas) -> Self {
        let (conversation_id, kind) = (wire::conversation_id(chat.id), wire::kind(chat.kind));
        let contacts = wire::contacts(&chat, me, idshas);
        Self { conversation_id, kind, title: chat.title.unwrap_or_default(), contacts }
    }
}

#[cfg(test)]
mod tests {
    use domain::ChatKind;

    use super::*;
    use crate::imbee::wire::testing::{chat, read};

    #[test]
    fn a_chat_has_four_keys_and_never_a_null_title() {
        let (one, two) = (UserId::new(), UserId::new());
        let idshas = Idshas::from([(one, "one".into()), (two, "two".into())]);
        let group = Chat { kind: ChatKind::Group, ..chat(&[one, two]) };
        let expected = json!({
            "conversationId": group.id.uuid().simple().to_string(),
            "type": "group",
            "title": "",
            "contacts": [{ "idsha": "two", "isadmin": 0 }, { "idsha": "one", "isadmin": 1 }],
        });
        assert_eq!(serde_json::to_value(ChatOut::new(group, two, &idshas)).unwrap(), expected);
        assert_eq!(ChatOut::new(chat(&[one, two]), one, &idshas).kind, "chat");
    }

    #[test]
    fn the_limit_is_clamped() {
        let limit = |body: &str| read::<ListIn>(body).unwrap().limit().get();
        assert_eq!(limit("{}"), 20);
        assert_eq!([limit(r#"{"limit":0}"#), limit(r#"{"limit":"7"}"#), limit(r#"{"limit":5000}"#)], [1, 7, 100]);
    }
}
