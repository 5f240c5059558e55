//! `GET /api/external/departments`: a bare array, of all departments.

use std::collections::HashMap;

use actix_web::HttpResponse;
use contracts::bots::{Department, ListDepartments};
use contracts::users::{User, UsersByIds};
use domain::{Limit, Principal, Timestamp, UserId};
use serde::Serialize;

use super::auth;
use crate::http::{Answer, Call, Problem};

/// Active, for departments and channels.
const ACTIVE: u8 = 1;

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct DepartmentOut {
    id: i64,
    name: String,
    /// We never let an interaction ring: it is given to an agent at once.
    ringing_max_time: u32,
    /// Nobody is sent away for having waited too long.
    queued_max_time: Option<u32>,
    queue: bool,
    /// Whom its bot is.
    bot_id: Option<i64>,
    queue_position_time: Option<u32>,
    date_creation: String,
    change_date: Option<String>,
    state: u8,
    agents: Vec<AgentOut>,
    channels: [ChannelOut; 1],
}

/// An agent as lists name them.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AgentOut {
    id: i64,
    name: String,
    /// We keep no pictures.
    photo: Option<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct ChannelOut {
    id: i64,
    name: &'static str,
    state: u8,
}

impl AgentOut {
    pub fn new(user: &User) -> Self {
        Self { id: user.number, name: user.full_name(), photo: None }
    }
}

impl DepartmentOut {
    fn new(department: &Department, people: &HashMap<UserId, User>) -> Self {
        let state = if department.active { ACTIVE } else { 0 };
        let changed = department.updated_at > department.created_at;
        Self {
            id: department.number,
            name: department.name.clone(),
            ringing_max_time: 0,
            queued_max_time: None,
            queue: true,
            bot_id: department.bot.as_ref().and_then(|bot| people.get(&bot.user)).map(|bot| bot.number),
            queue_position_time: None,
            date_creation: date(department.created_at),
            change_date: changed.then(|| date(department.updated_at)),
            state,
            agents: department.agents.iter().filter_map(|agent| people.get(agent)).map(AgentOut::new).collect(),
            channels: [ChannelOut { id: department.number, name: "CHAT", state }],
        }
    }
}

pub async fn list(call: Call) -> Answer {
    let by = auth::reader(&call)?;
    let departments = all(&call, &by).await?;
    let named = departments.iter().flat_map(|d| d.agents.iter().copied().chain(d.bot.as_ref().map(|bot| bot.user)));
    let people = people(&call, &by, named.collect()).await?;
    let out: Vec<_> = departments.iter().map(|department| DepartmentOut::new(department, &people)).collect();
    Ok(HttpResponse::Ok().json(out))
}

/// Every department, in the order they were made.
pub async fn all(call: &Call, by: &Principal) -> Result<Vec<Department>, Problem> {
    let mut all: Vec<Department> = Vec::new();
    loop {
        let after = all.last().map(|department| department.id);
        let asked = ListDepartments { by: by.clone(), after, limit: Limit::clamped(i64::from(Limit::MAX)) };
        let page = call.apis.bots.departments(asked).await?;
        all.extend(page.items);
        if !page.more {
            all.sort_by_key(|department| department.number);
            return Ok(all);
        }
    }
}

/// People by id, in one call a thousand.
pub async fn people(call: &Call, by: &Principal, mut ids: Vec<UserId>) -> Result<HashMap<UserId, User>, Problem> {
    ids.sort_unstable();
    ids.dedup();
    let mut people = HashMap::new();
    for ids in ids.chunks(1000) {
        let found = call.apis.users.by_ids(UsersByIds { tenant: by.tenant, ids: ids.to_vec() }).await?;
        people.extend(found.into_iter().map(|user| (user.id, user)));
    }
    Ok(people)
}

/// `YYYY-MM-DDTHH:MM:SS.mmmZ`.
pub fn date(at: Timestamp) -> String {
    at.naive().format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use domain::{DepartmentId, TenantId};
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_department_has_the_vendors_twelve_keys() {
        let at: Timestamp = "2020-08-03T20:25:32.684999Z".parse().unwrap();
        let department = Department {
            id: DepartmentId::new(),
            tenant: TenantId::new(),
            number: 99999,
            name: "Atendimento".to_owned(),
            active: true,
            bot: None,
            agents: vec![UserId::new()],
            waiting: 0,
            created_at: at,
            updated_at: at,
        };
        let out: Value = serde_json::to_value(DepartmentOut::new(&department, &HashMap::new())).unwrap();
        let expected = json!({
            "id": 99999, "name": "Atendimento", "ringing_max_time": 0, "queued_max_time": null, "queue": true,
            "bot_id": null, "queue_position_time": null, "date_creation": "2020-08-03T20:25:32.684Z", "change_date": null,
            "state": 1, "agents": [], "channels": [{ "id": 99999, "name": "CHAT", "state": 1 }],
        });
        assert_eq!(out, expected);
    }
}
