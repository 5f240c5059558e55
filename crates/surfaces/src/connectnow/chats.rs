//! `/api/chats`, seed 003 "Chats". A chat made here is a group for everybody else; people come into it later.

use contracts::Extras;
use contracts::chats::{
    Chat, ChatKey, ChatOrder, ChatScope, ChatsError, CreateChat, DeleteChat, Existing, GetChat, ListChats, UpdateChat,
};
use contracts::users::{CompanyKey, GetCompany, UsersError};
use domain::{CompanyId, Principal};

use super::input::Input;
use super::page::{self, PageOut};
use super::rules::{self, Rules, TEXT};
use super::{auth, error, json, with};
use crate::http::{Answer, Call, Problem};

/// Managers see the tenant's chats, everybody else those they take part in or own.
pub async fn list(call: Call) -> Answer {
    let by = auth::reader(&call)?;
    let input = Input::of(&call);
    let mut rules = Rules::of(&input);
    let with = rules.words("with", &with::ON_CHATS);
    let wanted = page::wanted(&call, &input, rules)?;
    let scope = match by.user {
        Some(user) if !by.manages() => ChatScope::Of(user),
        _ => ChatScope::Tenant,
    };
    let command = ListChats { by: by.clone(), scope, order: ChatOrder::Numbered(wanted.window), limit: wanted.limit };
    let found = call.apis.chats.list(command).await?;
    let data = with::chats(&call, &by, &found.items, &with).await?;
    Ok(json::ok(&call.head, &PageOut::new(&call, wanted, data, found.more)))
}

pub async fn create(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    let input = Input::of(&call);
    let mut rules = Rules::of(&input);
    let (title, company) = (rules.text("name", TEXT), rules.integer("company_id"));
    rules.done()?;
    let command = CreateChat {
        company: company_of(&call, &by, company).await?,
        owner: by.user,
        participants: Vec::new(),
        title,
        detail: String::new(),
        extras: Extras::new(),
        existing: Existing::Ignore,
        idempotency: call.idempotency()?,
        by: by.clone(),
    };
    let made = call.apis.chats.create(command).await?;
    Ok(json::created(&call.head, &with::chat(&call, &by, made.chat, &[]).await?))
}

pub async fn get(call: Call) -> Answer {
    let by = auth::reader(&call)?;
    let chat = known(&call, &by).await?;
    let input = Input::of(&call);
    let mut rules = Rules::of(&input);
    let with = rules.words("with", &with::ON_CHATS);
    rules.done()?;
    Ok(json::ok(&call.head, &with::chat(&call, &by, chat, &with).await?))
}

/// Only what is sent changes.
pub async fn update(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    let id = known(&call, &by).await?.id;
    let input = Input::of(&call);
    let mut rules = Rules::of(&input);
    let title = rules.change("name", TEXT);
    let company = input.sent("company_id").map(|_| rules.integer("company_id"));
    let closed_at = input.sent("closed_at").map(|_| rules.moment("closed_at", call.apis.clock.now()));
    rules.done()?;
    let company = match company {
        Some(number) => Some(company_of(&call, &by, number).await?),
        None => None,
    };
    let idempotency = call.idempotency()?;
    let command = UpdateChat { by: by.clone(), id, title, detail: None, owner: None, company, closed_at, idempotency };
    let chat = call.apis.chats.update(command).await?;
    Ok(json::ok(&call.head, &with::chat(&call, &by, chat, &[]).await?))
}

pub async fn delete(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    let id = known(&call, &by).await?.id;
    let chat = call.apis.chats.delete(DeleteChat { by: by.clone(), id }).await?;
    Ok(json::ok(&call.head, &with::chat(&call, &by, chat, &[]).await?))
}

/// The living chat in the path, if the caller may read it.
pub async fn known(call: &Call, by: &Principal) -> Result<Chat, Problem> {
    let number = number(call)?;
    match call.apis.chats.get(GetChat { by: by.clone(), key: ChatKey::Number(number) }).await {
        Ok(chat) if chat.deleted_at.is_none() => Ok(chat),
        Ok(_) | Err(ChatsError::ChatNotFound) => Err(missing(call)),
        Err(e) => Err(e.into()),
    }
}

/// The chat's number in the path.
pub fn number(call: &Call) -> Result<i64, Problem> {
    call.path("chat").parse().map_err(|_| missing(call))
}

/// The chat in the path is not there.
pub fn missing(call: &Call) -> Problem {
    error::missing("Chat", call.path("chat"))
}

/// The company with this number.
async fn company_of(call: &Call, by: &Principal, number: Option<i64>) -> Result<Option<CompanyId>, Problem> {
    let Some(number) = number else { return Ok(None) };
    match call.apis.users.company(GetCompany { by: by.clone(), key: CompanyKey::Number(number) }).await {
        Ok(company) => Ok(Some(company.id)),
        Err(UsersError::CompanyNotFound) => Err(rules::refuse("company_id", rules::selected("company_id"))),
        Err(e) => Err(e.into()),
    }
}
