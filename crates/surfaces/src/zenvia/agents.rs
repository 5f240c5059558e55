//! `GET /core/api/v1/agents/online`, `GET /api/external/agents` and one of them: those who answer customers.

use std::collections::HashMap;

use actix_web::HttpResponse;
use contracts::bots::{Department, OnlineAgents};
use contracts::realtime::PresenceOf;
use contracts::users::{FindUser, ListUsers, User, UserKey, UserOrder};
use domain::{Limit, Presence, Principal, Role, UserId};
use serde::Serialize;
use serde_json::json;

use super::departments::{AgentOut, all, people};
use super::{auth, departments};
use crate::http::{Answer, Call, Problem};

/// Agents shown as online, whoever they are.
const SHOWN: usize = 3;

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AgentDetails {
    #[serde(flatten)]
    agent: AgentOut,
    phone_extension: Option<String>,
    signature: Option<String>,
    email: Option<String>,
    deleted_at: Option<String>,
    ativo: u8,
    active: bool,
    new_status: &'static str,
    department: Option<DepartmentName>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct DepartmentName {
    name: String,
    id: i64,
}

impl AgentDetails {
    fn new(user: &User, departments: &[Department], presence: Presence) -> Self {
        let department = departments.iter().find(|department| department.agents.contains(&user.id));
        let active = user.deleted_at.is_none();
        Self {
            agent: AgentOut::new(user),
            phone_extension: None,
            signature: None,
            email: user.email.clone(),
            deleted_at: user.deleted_at.map(departments::date),
            ativo: u8::from(active),
            active,
            new_status: match presence {
                Presence::Online => "ONLINE",
                Presence::Away => "AWAY",
                Presence::Offline => "OFFLINE",
            },
            department: department.map(|d| DepartmentName { name: d.name.clone(), id: d.number }),
        }
    }
}

/// "Returns max of 3 random agents", and how many there are. How long agents take to answer is not measured.
pub async fn online(call: Call) -> Answer {
    let by = auth::reader(&call)?;
    let department = match call.head.query("department_id").filter(|id| !id.is_empty()) {
        Some(id) => Some(id.parse().map_err(|_| Problem::invalid("department_id", "department_id must be a number"))?),
        None => None,
    };
    let there = call.apis.bots.online(OnlineAgents { by: by.clone(), department }).await?;
    let count = there.len();
    let some = rand::seq::index::sample(&mut rand::rng(), count, SHOWN.min(count));
    let shown = people(&call, &by, some.into_iter().map(|at| there[at]).collect()).await?;
    let agents: Vec<_> = shown.values().map(AgentOut::new).collect();
    Ok(HttpResponse::Ok().json(json!({ "agents": agents, "averageService": 0, "count": count, "status": 200 })))
}

pub async fn list(call: Call) -> Answer {
    let by = auth::reader(&call)?;
    let agents = staff(&call, &by).await?;
    let out = details(&call, &by, &agents).await?;
    Ok(HttpResponse::Ok().json(out))
}

pub async fn get(call: Call) -> Answer {
    let by = auth::reader(&call)?;
    let unknown = || Problem::not_found("agent does not exist");
    let key = UserKey::Number(call.path("id").parse().map_err(|_| unknown())?);
    let found = call.apis.users.find(FindUser { tenant: by.tenant, key }).await?;
    let agent = found.filter(|user| user.role.is_staff()).ok_or_else(unknown)?;
    let mut out = details(&call, &by, &[agent]).await?;
    Ok(HttpResponse::Ok().json(out.pop()))
}

async fn staff(call: &Call, by: &Principal) -> Result<Vec<User>, Problem> {
    let roles = vec![Role::Agent, Role::Manager, Role::Admin];
    everybody(call, by, roles).await
}

/// Everybody of the tenant with one of these roles, by number.
pub async fn everybody(call: &Call, by: &Principal, roles: Vec<Role>) -> Result<Vec<User>, Problem> {
    let mut all: Vec<User> = Vec::new();
    loop {
        let after = all.last().map(|user| user.id);
        let (tenant, email, search) = (by.tenant, None, None);
        let (order, limit) = (UserOrder::After(after), Limit::clamped(i64::from(Limit::MAX)));
        let page =
            call.apis.users.list(ListUsers { tenant, roles: roles.clone(), email, search, order, limit }).await?;
        all.extend(page.items);
        if !page.more {
            all.sort_by_key(|user| user.number);
            return Ok(all);
        }
    }
}

async fn details(call: &Call, by: &Principal, agents: &[User]) -> Result<Vec<AgentDetails>, Problem> {
    let departments = all(call, by).await?;
    let mut standing: HashMap<UserId, Presence> = HashMap::new();
    for some in agents.chunks(1000) {
        let users = some.iter().map(|user| user.id).collect();
        let found = call.apis.realtime.presence(PresenceOf { tenant: by.tenant, users }).await?;
        standing.extend(found.into_iter().map(|one| (one.user, one.presence)));
    }
    let presence = |user: &User| standing.get(&user.id).copied().unwrap_or(Presence::Offline);
    Ok(agents.iter().map(|user| AgentDetails::new(user, &departments, presence(user))).collect())
}
