//! `/operator/v1/chats`.

use actix_web::HttpResponse;
use contracts::chats::{Chat, ChatKey, ChatOrder, ChatScope, ChatsError, GetChat, ListChats};
use contracts::messages::ReadMarks;
use domain::{ChatId, Surface, UserId};

use super::lists;
use super::users::admin;
use super::wire::{ChatView, Names};
use crate::http::{Answer, Call, Problem};

pub async fn list(call: Call) -> Answer {
    admin(&call)?;
    if let Some(identity) = call.head.query("identity") {
        let found = match call.apis.chats.get(GetChat { by: call.by()?, key: chat_key(&identity)? }).await {
            Ok(chat) => vec![chat],
            Err(ChatsError::ChatNotFound) => Vec::new(),
            Err(e) => return Err(e.into()),
        };
        return Ok(lists::draw(&views(&call, found).await?, None));
    }
    let order = ChatOrder::After(lists::after(&call)?);
    let command = ListChats { by: call.by()?, scope: ChatScope::Tenant, order, limit: lists::limit(&call)? };
    let page = call.apis.chats.list(command).await?;
    let next = page.items.last().filter(|_| page.more).map(|c| c.id.to_string());
    Ok(lists::draw(&views(&call, page.items).await?, next.as_deref()))
}

pub async fn get(call: Call) -> Answer {
    admin(&call)?;
    let key = ChatKey::Id(lists::id(&call, "id", "chat")?);
    let chat = call.apis.chats.get(GetChat { by: call.by()?, key }).await?;
    let view = views(&call, vec![chat]).await?.pop();
    Ok(HttpResponse::Ok().json(view))
}

/// Reads `identity=<surface>:<id>`; Odoo's id is the integer or the uuid.
fn chat_key(identity: &str) -> Result<ChatKey, Problem> {
    let wrong = || Problem::invalid("identity", "identity must be <surface>:<id>");
    let (surface, id) = identity.split_once(':').ok_or_else(wrong)?;
    let uuid = || id.parse::<ChatId>().map(ChatKey::Id).map_err(|_| wrong());
    let number = || id.parse().map(ChatKey::Number).map_err(|_| wrong());
    match surface.parse().map_err(|_| wrong())? {
        Surface::Imbee | Surface::Voipbin | Surface::Operator | Surface::Native => uuid(),
        Surface::Odoo => number().or_else(|_| uuid()),
        Surface::Connectnow => number(),
        Surface::Zenvia => Err(Problem::invalid("identity", "no chat has an id on zenvia yet")),
    }
}

/// Names of users, deleted ones too.
pub async fn names(call: &Call, users: impl Iterator<Item = UserId>) -> Result<Names, Problem> {
    let people = call.apis.people.of(call.who()?.tenant, users).await?;
    Ok(people.into_values().map(|user| (user.id, user.full_name())).collect())
}

async fn views(call: &Call, chats: Vec<Chat>) -> Result<Vec<ChatView>, Problem> {
    let tenant = call.who()?.tenant;
    let names = names(call, chats.iter().flat_map(|c| c.participants.iter().map(|p| p.user))).await?;
    let marks =
        call.apis.messages.read_marks(ReadMarks { tenant, chats: chats.iter().map(|c| c.id).collect() }).await?;
    let marks = marks.into_iter().map(|m| ((m.chat, m.user), m.seq)).collect();
    Ok(chats.into_iter().map(|chat| ChatView::new(chat, &names, &marks)).collect())
}
