//! `/operator/v1/users`.

use std::collections::HashMap;

use actix_web::HttpResponse;
use contracts::auth::{AuthError, FindLogin, LoginsOf, SetLogin};
use contracts::users::{CreateUser, DeleteUser, FindUser, ListUsers, UpdateUser, User, UserKey, UserOrder, UsersByIds};
use contracts::{Extras, given};
use domain::{Code, Role, Surface, TenantId, UserId};
use serde::Deserialize;

use super::lists;
use super::wire::UserView;
use crate::http::{Answer, Call, Problem};

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CreateIn {
    name: String,
    surname: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    login: Option<String>,
    password: Option<String>,
    role: Role,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[expect(clippy::option_option, reason = "absent, null and a value are three wishes")]
pub struct UpdateIn {
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    surname: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    email: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    phone: Option<Option<String>>,
    login: Option<String>,
    password: Option<String>,
    role: Option<Role>,
}

pub async fn create(call: Call) -> Answer {
    let tenant = admin(&call)?;
    let wanted: CreateIn = call.json()?;
    if wanted.login.is_some() != wanted.password.is_some() {
        return Err(Problem::invalid("password", "login and password go together"));
    }
    let command = CreateUser {
        tenant,
        id: None,
        name: wanted.name,
        surname: wanted.surname,
        email: wanted.email,
        phone: wanted.phone,
        role: wanted.role,
        detail: String::new(),
        extras: Extras::new(),
        idempotency: call.idempotency()?,
    };
    let repeatable = command.idempotency.is_some();
    if let Some(login) = &wanted.login {
        // A repeated request finds its own login: `set_login` tells whose it is.
        let held = call.apis.auth.find_login(FindLogin { login: login.clone(), tenant: None }).await?;
        if held.is_some() && !repeatable {
            return Err(AuthError::LoginTaken.into());
        }
    }
    let user = call.apis.users.create(command).await?;
    let login = match wanted.login {
        Some(login) => Some(set_login(&call, tenant, user.id, Some(login), wanted.password).await?),
        None => None,
    };
    Ok(HttpResponse::Created().json(UserView::new(user, login)))
}

pub async fn list(call: Call) -> Answer {
    let tenant = admin(&call)?;
    let (login, identity) = (call.head.query("login"), call.head.query("identity"));
    if let Some(login) = login {
        let held = call.apis.auth.find_login(FindLogin { login, tenant: Some(tenant) }).await?;
        return one(&call, tenant, held.map(|l| UserKey::Id(l.user))).await;
    }
    if let Some(identity) = identity {
        return one(&call, tenant, Some(user_key(&identity)?)).await;
    }
    let command = ListUsers {
        tenant,
        roles: Vec::new(),
        email: call.head.query("email"),
        search: call.head.query("search"),
        order: UserOrder::After(lists::after(&call)?),
        limit: lists::limit(&call)?,
    };
    let page = call.apis.users.list(command).await?;
    let next = page.items.last().filter(|_| page.more).map(|u| u.id.to_string());
    let items = views(&call, tenant, page.items).await?;
    Ok(lists::draw(&items, next.as_deref()))
}

pub async fn get(call: Call) -> Answer {
    let tenant = admin(&call)?;
    let user = known(&call, tenant).await?;
    Ok(HttpResponse::Ok().json(view(&call, tenant, user).await?))
}

pub async fn update(call: Call) -> Answer {
    let tenant = admin(&call)?;
    let change: UpdateIn = call.json()?;
    let id = known(&call, tenant).await?.id;
    if change.login.is_some() || change.password.is_some() {
        set_login(&call, tenant, id, change.login, change.password).await?;
    }
    let command = UpdateUser {
        tenant,
        id,
        name: change.name,
        surname: change.surname,
        email: change.email,
        phone: change.phone,
        role: change.role,
        detail: None,
        extras: None,
        idempotency: call.idempotency()?,
    };
    let user = call.apis.users.update(command).await?;
    Ok(HttpResponse::Ok().json(view(&call, tenant, user).await?))
}

pub async fn delete(call: Call) -> Answer {
    let tenant = admin(&call)?;
    let id = lists::id(&call, "id", "user")?;
    let user = call.apis.users.delete(DeleteUser { tenant, id }).await?;
    Ok(HttpResponse::Ok().json(UserView::new(user, None)))
}

/// Reads `identity=<surface>:<id>`.
pub fn user_key(identity: &str) -> Result<UserKey, Problem> {
    let wrong = || Problem::invalid("identity", "identity must be <surface>:<id>");
    let (surface, id) = identity.split_once(':').ok_or_else(wrong)?;
    let number = || id.parse().map_err(|_| wrong());
    match surface.parse().map_err(|_| wrong())? {
        Surface::Imbee => Ok(UserKey::Idsha(id.to_owned())),
        Surface::Voipbin | Surface::Operator | Surface::Native => Ok(UserKey::Id(id.parse().map_err(|_| wrong())?)),
        Surface::Zenvia | Surface::Connectnow | Surface::Odoo => Ok(UserKey::Number(number()?)),
    }
}

/// The caller's tenant, if the token manages one.
pub fn admin(call: &Call) -> Result<TenantId, Problem> {
    let who = call.who()?;
    let scope = if call.head.request.method().is_safe() { who.scopes.read } else { who.scopes.write };
    if who.kind != domain::TokenKind::Operator {
        return Err(Problem::refused(Code::Forbidden, "this needs a tenant's operator token"));
    }
    if scope { Ok(who.tenant) } else { Err(Problem::refused(Code::Forbidden, "the token's scopes do not allow this")) }
}

async fn set_login(
    call: &Call,
    tenant: TenantId,
    user: UserId,
    login: Option<String>,
    password: Option<String>,
) -> Result<String, Problem> {
    Ok(call.apis.auth.set_login(SetLogin { tenant, user, login, password }).await?.login)
}

async fn known(call: &Call, tenant: TenantId) -> Result<User, Problem> {
    let id: UserId = lists::id(call, "id", "user")?;
    let found = call.apis.users.by_ids(UsersByIds { tenant, ids: vec![id] }).await?.pop();
    found.ok_or_else(|| Problem::not_found("user does not exist"))
}

async fn one(call: &Call, tenant: TenantId, key: Option<UserKey>) -> Answer {
    let found = match key {
        Some(key) => call.apis.users.find(FindUser { tenant, key }).await?,
        None => None,
    };
    let living = found.into_iter().filter(|u| u.deleted_at.is_none()).collect();
    Ok(lists::draw(&views(call, tenant, living).await?, None))
}

async fn view(call: &Call, tenant: TenantId, user: User) -> Result<UserView, Problem> {
    let login = call.apis.auth.logins(LoginsOf { tenant, users: vec![user.id] }).await?.pop().map(|l| l.login);
    Ok(UserView::new(user, login))
}

async fn views(call: &Call, tenant: TenantId, users: Vec<User>) -> Result<Vec<UserView>, Problem> {
    let ids = users.iter().map(|u| u.id).collect();
    let logins = call.apis.auth.logins(LoginsOf { tenant, users: ids }).await?;
    let mut logins: HashMap<UserId, String> = logins.into_iter().map(|l| (l.user, l.login)).collect();
    Ok(users
        .into_iter()
        .map(|u| {
            let login = logins.remove(&u.id);
            UserView::new(u, login)
        })
        .collect())
}
