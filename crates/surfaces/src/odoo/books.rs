//! `POST /im_chat/api/user_chat_ab/…`, seed 004: everybody who is not in the caller's address book, who is, and changes.

use contracts::users::{Book, ChangeBook, OutsideBook, User, UsersByNumbers};
use domain::{Limit, Principal, Role, UserId};
use serde_json::{Value, json};

use super::args::{self, Signature};
use super::envelope::{Asked, Outcome, Reply};
use super::wire::UserOut;
use super::{presence, session};
use crate::http::{Call, Problem};

pub const ALL: Signature = Signature::new("get_all_users", &[], &[]);
pub const BOOK: Signature = Signature::new("get_users_from_book", &[], &[]);
pub const ADD: Signature = Signature::new("add_users", &[], &["user_ids"]);
pub const REMOVE: Signature = Signature::new("remove_users", &[], &["user_ids"]);

/// Whom anybody may want to talk to: who works here, and programs.
const ROLES: [Role; 4] = [Role::Agent, Role::Manager, Role::Admin, Role::Bot];
/// Rows at once.
const MANY: i64 = Limit::MAX as i64;

pub async fn get_all_users(Asked { call, .. }: Asked) -> Outcome {
    let (tenant, owner) = (call.who()?.tenant, session::me(&call)?);
    let (mut users, mut after) = (Vec::<User>::new(), None);
    loop {
        let asked = OutsideBook { tenant, owner, roles: ROLES.to_vec(), after, limit: Limit::clamped(MANY) };
        let page = call.apis.users.outside_book(asked).await?;
        users.extend(page.items);
        if !page.more {
            break;
        }
        after = users.last().map(|user| user.number);
    }
    Reply::of(&drawn(&call, &users).await?)
}

pub async fn get_users_from_book(Asked { call, .. }: Asked) -> Outcome {
    let (tenant, owner) = (call.who()?.tenant, session::me(&call)?);
    let (mut users, mut before) = (Vec::<User>::new(), None);
    loop {
        let page =
            call.apis.users.book(Book { tenant, owner, name: None, before, limit: Limit::clamped(MANY) }).await?;
        let last = page.items.last().map(|contact| contact.number);
        users.extend(page.items.into_iter().map(|contact| contact.user));
        if !page.more {
            break;
        }
        before = last;
    }
    Reply::of(&drawn(&call, &users).await?)
}

pub async fn add_users(asked: Asked) -> Outcome {
    change(asked, |by, add| ChangeBook { by, add, remove: Vec::new() }).await
}

pub async fn remove_users(asked: Asked) -> Outcome {
    change(asked, |by, remove| ChangeBook { by, add: Vec::new(), remove }).await
}

async fn change(Asked { call, args }: Asked, command: fn(Principal, Vec<UserId>) -> ChangeBook) -> Outcome {
    let by = call.by()?;
    let Some(Value::Array(ids)) = args.value("user_ids") else { return failed("user_ids is not list") };
    call.promised().await?;
    // What names nobody is passed over.
    let numbers: Vec<i64> = ids.iter().filter_map(args::number).collect();
    for numbers in numbers.chunks(1000) {
        let asked = UsersByNumbers { tenant: by.tenant, numbers: numbers.to_vec() };
        let users = call.apis.users.by_numbers(asked).await?.into_iter().map(|user| user.id).collect();
        call.apis.users.change_book(command(by.clone(), users)).await?;
    }
    success()
}

/// What was asked for is done.
pub fn success() -> Outcome {
    Reply::of(&json!({ "status": "success" }))
}

/// What was asked for cannot be done: a result, not an error.
pub fn failed(message: &str) -> Outcome {
    Reply::of(&json!({ "status": "error", "message": message }))
}

async fn drawn(call: &Call, users: &[User]) -> Result<Vec<UserOut>, Problem> {
    let ids = users.iter().map(|user| user.id);
    let statuses = presence::statuses(&call.apis, call.who()?.tenant, ids).await?;
    let out = |user: &User| UserOut {
        im_status: statuses.get(&user.id).copied().unwrap_or(presence::OFFLINE),
        id: user.number,
        name: user.full_name(),
    };
    Ok(users.iter().map(out).collect())
}
