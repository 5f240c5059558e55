//! `/v1.0/agents`: the people who work for the customer. Managers and admins see and change them; everybody sees and
//! changes themselves. Only admins touch admins.
//!
//! What the vendor keeps for its telephony (ring method, status, tags, addresses) is kept beside the user.

use std::collections::HashMap;

use contracts::Failure;
use contracts::auth::{AuthError, FindLogin, LoginsOf, SetLogin};
use contracts::users::{CreateUser, DeleteUser, UpdateUser, User, UsersByIds};
use domain::{Code, Idempotency, Role, TenantId, UserId};
use serde::Deserialize;
use uuid::Uuid;

use super::address::Address;
use super::agent::{AgentView, Kept, ring_method};
use super::{ids, json, permission};
use crate::http::{Answer, Call, Problem};

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CreateIn {
    username: String,
    password: String,
    name: String,
    detail: String,
    ring_method: String,
    permission: u64,
    tag_ids: Vec<Uuid>,
    #[serde(deserialize_with = "json::objects")]
    addresses: Vec<Address>,
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct UpdateIn {
    name: String,
    detail: String,
    ring_method: String,
}

pub async fn get(call: Call) -> Answer {
    let id = ids::path(&call, "id")?;
    permission::manager_or(&call, id)?;
    let user = known(&call, id).await?;
    Ok(json::answer(&view(&call, user).await?))
}

/// Shows a colleague, to everybody who works here.
pub async fn colleague(call: Call) -> Answer {
    permission::staff(&call)?;
    let user = known(&call, ids::path(&call, "id")?).await?;
    if !user.role.is_staff() {
        return Err(Problem::not_found("agent does not exist"));
    }
    Ok(json::answer(&view(&call, user).await?))
}

pub async fn create(call: Call) -> Answer {
    let who = permission::manager(&call)?;
    let wanted: CreateIn = json::read(&call)?;
    let role = permission::role(wanted.permission)?;
    permission::touching(who, role)?;
    let (login, password) = (wanted.username.clone(), wanted.password.clone());
    if login.is_empty() || password.is_empty() {
        return Err(Problem::invalid("username", "username and password are required"));
    }
    let command = wanted.command(who.tenant, role, call.idempotency()?);
    let held = call.apis.auth.find_login(FindLogin { login: login.clone(), tenant: None }).await?;
    let repeated = held.as_ref().is_some_and(|held| Some(held.user) == command.id);
    if held.is_some() && !repeated {
        return Err(AuthError::LoginTaken.into());
    }
    let user = call.apis.users.create(command).await?;
    if !repeated {
        log_in_as(&call, &user, login, password).await?;
    }
    Ok(json::answer(&view(&call, user).await?))
}

/// Gives a new user their login. One that somebody else took in between takes the user back: nobody stays without.
async fn log_in_as(call: &Call, user: &User, login: String, password: String) -> Result<(), Problem> {
    let (tenant, id) = (user.tenant, user.id);
    let command = SetLogin { tenant, user: id, login: Some(login), password: Some(password) };
    let given = call.apis.auth.set_login(command).await;
    if given == Err(AuthError::LoginTaken) {
        call.apis.users.delete(DeleteUser { tenant, id }).await?;
    }
    given?;
    Ok(())
}

impl CreateIn {
    fn command(self, tenant: TenantId, role: Role, idempotency: Option<Idempotency>) -> CreateUser {
        let kept = Kept {
            ring_method: ring_method(self.ring_method),
            permission: (self.permission != permission::bits(role)).then_some(self.permission),
            tag_ids: self.tag_ids,
            addresses: self.addresses,
            ..Kept::default()
        };
        CreateUser {
            tenant,
            // A repeated request makes the same user.
            id: idempotency.map(|promised| UserId::derived(tenant.uuid(), &promised.key)),
            // The model has no nameless people.
            name: if self.name.is_empty() { self.username } else { self.name },
            surname: None,
            email: None,
            phone: None,
            role,
            detail: self.detail,
            extras: kept.extras(),
            idempotency,
        }
    }
}

/// Writes name, detail and ring method. An omitted detail empties it; an omitted name stays, since nobody is nameless.
pub async fn update(call: Call) -> Answer {
    let id = ids::path(&call, "id")?;
    permission::manager_or(&call, id)?;
    describe(&call, id).await
}

/// Writes name, detail and ring method of somebody the caller may change.
pub async fn describe(call: &Call, id: UserId) -> Answer {
    let wanted: UpdateIn = json::read(call)?;
    let user = changeable(call, id).await?;
    let name = Some(wanted.name).filter(|name| !name.is_empty() && *name != user.full_name());
    let change = UpdateUser {
        surname: name.is_some().then_some(None),
        name,
        detail: Some(wanted.detail),
        extras: Some(Kept::part("ring_method", ring_method(wanted.ring_method))),
        ..no_change(call, &user)?
    };
    Ok(json::answer(&apply(call, change).await?))
}

pub async fn delete(call: Call) -> Answer {
    let who = permission::manager(&call)?;
    let user = known(&call, ids::path(&call, "id")?).await?;
    staff(who.role, &user)?;
    let user = call.apis.users.delete(DeleteUser { tenant: user.tenant, id: user.id }).await?;
    Ok(json::answer(&view(&call, user).await?))
}

/// Somebody the caller may change: living staff, an admin for admins only.
pub async fn changeable(call: &Call, id: UserId) -> Result<User, Problem> {
    let who = call.who()?;
    let user = known(call, id).await?;
    if !who.is(id) {
        staff(who.role, &user)?;
    }
    if user.deleted_at.is_some() {
        return Err(Problem::refused(Code::Conflict, "agent was deleted"));
    }
    Ok(user)
}

/// A change of nothing, to be filled in.
pub fn no_change(call: &Call, user: &User) -> Result<UpdateUser, Problem> {
    Ok(UpdateUser {
        tenant: user.tenant,
        id: user.id,
        name: None,
        surname: None,
        email: None,
        phone: None,
        role: None,
        detail: None,
        extras: None,
        idempotency: call.idempotency()?,
    })
}

/// Makes a change and shows the agent.
pub async fn apply(call: &Call, change: UpdateUser) -> Result<AgentView, Problem> {
    let user = call.apis.users.update(change).await?;
    view(call, user).await
}

/// Shows one agent.
pub async fn view(call: &Call, user: User) -> Result<AgentView, Problem> {
    let view = views(call, vec![user]).await?.pop();
    view.ok_or_else(|| Problem::Failure(Failure::new(Code::Internal, "agent was not drawn")))
}

/// Shows many.
pub async fn views(call: &Call, users: Vec<User>) -> Result<Vec<AgentView>, Problem> {
    let ids = users.iter().map(|user| user.id).collect();
    let logins = call.apis.auth.logins(LoginsOf { tenant: call.who()?.tenant, users: ids }).await?;
    let mut logins: HashMap<UserId, String> = logins.into_iter().map(|login| (login.user, login.login)).collect();
    let draw = |user: User| {
        let login = logins.remove(&user.id).unwrap_or_default();
        AgentView::new(user, login)
    };
    Ok(users.into_iter().map(draw).collect())
}

/// Anybody of the tenant, deleted or not.
pub async fn known(call: &Call, id: UserId) -> Result<User, Problem> {
    let command = UsersByIds { tenant: call.who()?.tenant, ids: vec![id] };
    call.apis.users.by_ids(command).await?.pop().ok_or_else(|| Problem::not_found("agent does not exist"))
}

fn staff(role: Role, user: &User) -> Result<(), Problem> {
    if !user.role.is_staff() || (user.role == Role::Admin && role != Role::Admin) {
        return Err(Problem::refused(Code::Forbidden, "not an agent this caller may change"));
    }
    Ok(())
}
