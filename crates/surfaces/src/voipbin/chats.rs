//! `/v1.0/chats`: VoIPBin chats, seed 002 "Get list of chats", "Get detail of chat", "Create a new chat".
//!
//! Managers see every chat of the customer, everybody else those they own or take part in; changing one is for managers.

use std::collections::BTreeSet;

use contracts::Extras;
use contracts::chats::{
    Chat, ChatKey, ChatOrder, ChatScope, CreateChat, DeleteChat, Existing, GetChat, ListChats, UpdateChat,
};
use domain::{ChatId, UserId};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::wire::{ChatView, GROUP, Keys, NORMAL, TYPE};
use super::{extras, ids, json, page, permission};
use crate::http::{Answer, Call, Problem};

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CreateIn {
    r#type: String,
    #[serde(deserialize_with = "ids::field")]
    owner_id: Option<UserId>,
    #[serde(deserialize_with = "ids::field")]
    room_owner_id: Option<UserId>,
    participant_ids: Vec<UserId>,
    name: String,
    detail: String,
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct NamesIn {
    pub name: String,
    pub detail: String,
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct OwnerIn {
    #[serde(deserialize_with = "ids::field")]
    owner_id: Option<UserId>,
    #[serde(deserialize_with = "ids::field")]
    room_owner_id: Option<UserId>,
}

pub async fn list(call: Call) -> Answer {
    let who = permission::anyone(&call)?;
    let scope = if who.manages() { ChatScope::Tenant } else { ChatScope::Of(permission::user(who)?) };
    let page::Wanted { before, limit } = page::wanted(&call)?;
    let command = ListChats { by: who.clone(), scope, order: ChatOrder::Before(before), limit };
    let chats = call.apis.chats.list(command).await?.items;
    let last = chats.last().map(|chat| chat.created_at);
    Ok(page::draw(chats.iter().map(|chat| ChatView::new(chat, keys(&call))).collect(), last))
}

pub async fn get(call: Call) -> Answer {
    let by = permission::anyone(&call)?.clone();
    let key = ChatKey::Id(ids::path(&call, "id")?);
    let chat = call.apis.chats.get(GetChat { by, key }).await?;
    Ok(answer(&call, &chat))
}

pub async fn create(call: Call) -> Answer {
    permission::anyone(&call)?;
    let wanted: CreateIn = json::read(&call)?;
    let owner = wanted.owner_id.or(wanted.room_owner_id);
    let asked = New {
        kind: wanted.r#type,
        owner,
        participants: wanted.participant_ids,
        name: wanted.name,
        detail: wanted.detail,
    };
    let chat = make(&call, asked).await?;
    Ok(answer(&call, &chat))
}

/// A chat to be made.
pub struct New {
    /// The type: any word.
    pub kind: String,
    pub owner: Option<UserId>,
    pub participants: Vec<UserId>,
    pub name: String,
    pub detail: String,
}

/// Makes a chat. One of type normal is refused when the same people have one; any other word makes another chat.
pub async fn make(call: &Call, new: New) -> Result<Chat, Problem> {
    if new.participants.is_empty() {
        return Err(Problem::invalid("participant_ids", "participant_ids must not be empty"));
    }
    let command = CreateChat {
        by: call.by()?,
        owner: new.owner,
        title: title(new.name),
        detail: new.detail,
        company: None,
        extras: type_extras(&new.kind, &new.participants),
        existing: if new.kind == NORMAL { Existing::Refuse } else { Existing::Ignore },
        participants: new.participants,
        idempotency: call.idempotency()?,
    };
    Ok(call.apis.chats.create(command).await?.chat)
}

/// Keeps the type where the chat's kind will not say it.
fn type_extras(kind: &str, participants: &[UserId]) -> Extras {
    let people = participants.iter().collect::<BTreeSet<_>>().len();
    let implied = if kind == NORMAL && people == 2 { NORMAL } else { GROUP };
    let fields = Some((TYPE.to_owned(), Value::from(kind))).filter(|_| kind != implied);
    extras::keep(fields.into_iter().collect::<Map<_, _>>())
}

pub async fn update(call: Call) -> Answer {
    permission::manager(&call)?;
    let id = ids::path(&call, "id")?;
    let chat = rename(&call, id, json::read(&call)?).await?;
    Ok(answer(&call, &chat))
}

/// Writes name and detail, both: an omitted one becomes empty.
pub async fn rename(call: &Call, id: ChatId, names: NamesIn) -> Result<Chat, Problem> {
    let command = UpdateChat {
        by: call.by()?,
        id,
        title: Some(title(names.name)),
        detail: Some(names.detail),
        owner: None,
        company: None,
        closed_at: None,
        idempotency: call.idempotency()?,
    };
    Ok(call.apis.chats.update(command).await?)
}

/// `…/owner_id` and `…/room_owner_id`: each takes either key.
pub async fn set_owner(call: Call) -> Answer {
    let by = permission::manager(&call)?.clone();
    let id = ids::path(&call, "id")?;
    let OwnerIn { owner_id, room_owner_id } = json::read(&call)?;
    let owner = Some(ids::required(owner_id.or(room_owner_id), "owner_id")?);
    let (title, detail, company, closed_at) = (None, None, None, None);
    let command = UpdateChat { by, id, title, detail, owner, company, closed_at, idempotency: call.idempotency()? };
    let chat = call.apis.chats.update(command).await?;
    Ok(answer(&call, &chat))
}

pub async fn delete(call: Call) -> Answer {
    let by = permission::manager(&call)?.clone();
    let chat = call.apis.chats.delete(DeleteChat { by, id: ids::path(&call, "id")? }).await?;
    Ok(answer(&call, &chat))
}

/// Draws one chat.
pub fn answer(call: &Call, chat: &Chat) -> actix_web::HttpResponse {
    json::answer(&ChatView::new(chat, keys(call)))
}

/// Which keys this instance shows.
pub fn keys(call: &Call) -> Keys {
    if call.apis.settings.voipbin.exact_2022 { Keys::Of2022 } else { Keys::All }
}

fn title(name: String) -> Option<String> {
    Some(name).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_kept_only_where_it_says_more_than_the_kind() {
        let (one, two) = (UserId::new(), UserId::new());
        let kept =
            |kind: &str, people: &[UserId]| extras::word(&type_extras(kind, people), TYPE).map(ToOwned::to_owned);
        assert_eq!(kept("normal", &[one, two, one]), None);
        assert_eq!(kept("group", &[one, two]), None);
        assert_eq!(kept("normal", &[one, one]).as_deref(), Some("normal"));
        assert_eq!(kept("normal", &[one, two, UserId::new()]).as_deref(), Some("normal"));
        assert_eq!(kept("direct", &[one, two]).as_deref(), Some("direct"));
        assert_eq!(kept("", &[one, two]).as_deref(), Some(""));
    }
}
