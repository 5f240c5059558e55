//! What the objects need beside themselves: people, companies, stays. One call each, however many objects there are.

use std::collections::{HashMap, HashSet};

use contracts::auth::LoginsOf;
use contracts::chats::{Chat, ListStays, Participant, Stay};
use contracts::messages::Message;
use contracts::users::CompaniesByIds;
use domain::{ChatId, CompanyId, Limit, Principal, Role, TenantId, UserId, Window};

use super::wire::{Companies, People, Person};
use crate::http::{Call, Problem};

/// Ids asked for at once.
const AT_ONCE: usize = 1000;

/// People, deleted ones too.
pub async fn people(call: &Call, tenant: TenantId, users: impl Iterator<Item = UserId>) -> Result<People, Problem> {
    let found = call.apis.people.of(tenant, users).await?.into_iter().map(|(id, user)| {
        let account = user.deleted_at.is_none() && user.role.is_staff();
        (id, Person { user, account })
    });
    let mut people: People = found.collect();
    // Customers have an account once an operator gave them a login.
    let customers: Vec<UserId> = people
        .values()
        .filter(|p| p.user.role == Role::Customer && p.user.email.is_some())
        .map(|p| p.user.id)
        .collect();
    for users in customers.chunks(AT_ONCE) {
        for login in call.apis.auth.logins(LoginsOf { tenant, users: users.to_vec() }).await? {
            if let Some(person) = people.get_mut(&login.user) {
                person.account = true;
            }
        }
    }
    Ok(people)
}

/// The companies of chats.
pub async fn companies(call: &Call, tenant: TenantId, chats: &[Chat]) -> Result<Companies, Problem> {
    let ids: Vec<CompanyId> =
        chats.iter().filter_map(|chat| chat.company).collect::<HashSet<_>>().into_iter().collect();
    if ids.is_empty() {
        return Ok(Companies::new());
    }
    let found = call.apis.users.companies_by_ids(CompaniesByIds { tenant, ids }).await?;
    Ok(found.into_iter().map(|company| (company.id, company)).collect())
}

/// Every stay of the authors of messages, by chat and author.
pub type Stays = HashMap<(ChatId, UserId), Vec<Participant>>;

/// The stays in which messages were said.
pub async fn stays_of(call: &Call, by: &Principal, messages: &[Message]) -> Result<Stays, Problem> {
    let chats: HashSet<ChatId> = messages.iter().map(|message| message.chat).collect();
    let authors: HashSet<UserId> = messages.iter().filter_map(|message| message.author).collect();
    if authors.is_empty() {
        return Ok(Stays::new());
    }
    let users = Some(authors.into_iter().take(AT_ONCE).collect());
    let found = all_stays(call, by, chats.into_iter().collect(), users).await?;
    let mut stays = Stays::new();
    for Stay { chat, stay } in found {
        stays.entry((chat, stay.user)).or_default().push(stay);
    }
    Ok(stays)
}

/// The stays of chats, rising; a thousand at most.
pub async fn all_stays(
    call: &Call,
    by: &Principal,
    chats: Vec<ChatId>,
    users: Option<Vec<UserId>>,
) -> Result<Vec<Stay>, Problem> {
    let limit = Limit::clamped(i64::from(Limit::MAX));
    let asked = ListStays { by: by.clone(), chats, users, window: Window::default(), limit };
    Ok(call.apis.chats.stays(asked).await?.items)
}
