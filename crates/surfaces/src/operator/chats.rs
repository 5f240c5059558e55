//! `/operator/v1/chats`.

use std::collections::HashMap;

use actix_web::HttpResponse;
use contracts::BotsApi;
use contracts::bots::{BotsError, InteractionKey, InteractionsOf, OnInteraction};
use contracts::chats::{Chat, ChatKey, ChatOrder, ChatScope, ChatsError, GetChat, ListChats};
use contracts::messages::ReadMarks;
use domain::{ChatId, Surface, TenantId, UserId};

use super::lists;
use super::users::admin;
use super::wire::{ChatView, Names};
use crate::http::{Answer, Call, Problem};

pub async fn list(call: Call) -> Answer {
    admin(&call)?;
    if let Some(identity) = call.head.query("identity") {
        let found = match chat_key(&call, &identity).await? {
            None => Vec::new(),
            Some(key) => match call.apis.chats.get(GetChat { by: call.by()?, key }).await {
                Ok(chat) => vec![chat],
                Err(ChatsError::ChatNotFound) => Vec::new(),
                Err(e) => return Err(e.into()),
            },
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

/// Reads `identity=<surface>:<id>`; Odoo's id is the integer or the uuid, Zenvia's the hash of any interaction the chat had.
async fn chat_key(call: &Call, identity: &str) -> Result<Option<ChatKey>, Problem> {
    let wrong = || Problem::invalid("identity", "identity must be <surface>:<id>");
    let (surface, id) = identity.split_once(':').ok_or_else(wrong)?;
    let uuid = || id.parse::<ChatId>().map(ChatKey::Id).map_err(|_| wrong());
    let number = || id.parse().map(ChatKey::Number).map_err(|_| wrong());
    let key = match surface.parse().map_err(|_| wrong())? {
        Surface::Imbee | Surface::Voipbin | Surface::Operator | Surface::Native => uuid()?,
        Surface::Odoo => number().or_else(|_| uuid())?,
        Surface::Connectnow => number()?,
        Surface::Zenvia => {
            let key = InteractionKey::Hash(id.to_owned());
            match call.apis.bots.interaction(OnInteraction { by: call.by()?, key }).await {
                Ok(interaction) => ChatKey::Id(interaction.chat),
                Err(BotsError::InteractionNotFound) => return Ok(None),
                Err(e) => return Err(e.into()),
            }
        }
    };
    Ok(Some(key))
}

/// Names of users, deleted ones too.
pub async fn names(call: &Call, users: impl Iterator<Item = UserId>) -> Result<Names, Problem> {
    let people = call.apis.people.of(call.who()?.tenant, users).await?;
    Ok(people.into_values().map(|user| (user.id, user.full_name())).collect())
}

/// The hash of each chat's newest interaction. `chats`: at most 1,000.
///
/// # Errors
/// `bots` does not answer.
pub async fn hashes(
    bots: &dyn BotsApi,
    tenant: TenantId,
    chats: Vec<ChatId>,
) -> Result<HashMap<ChatId, String>, BotsError> {
    if chats.is_empty() {
        return Ok(HashMap::new());
    }
    let found = bots.of_chats(InteractionsOf { tenant, chats }).await?;
    Ok(found.into_iter().map(|latest| (latest.chat, latest.id.to_string())).collect())
}

async fn views(call: &Call, chats: Vec<Chat>) -> Result<Vec<ChatView>, Problem> {
    let tenant = call.who()?.tenant;
    let names = names(call, chats.iter().flat_map(|c| c.participants.iter().map(|p| p.user))).await?;
    let marks =
        call.apis.messages.read_marks(ReadMarks { tenant, chats: chats.iter().map(|c| c.id).collect() }).await?;
    let marks = marks.into_iter().map(|m| ((m.chat, m.user), m.seq)).collect();
    let mut hashes = hashes(&*call.apis.bots, tenant, chats.iter().map(|c| c.id).collect()).await?;
    let view = |chat: Chat| {
        let hash = hashes.remove(&chat.id);
        ChatView::new(chat, hash, &names, &marks)
    };
    Ok(chats.into_iter().map(view).collect())
}
