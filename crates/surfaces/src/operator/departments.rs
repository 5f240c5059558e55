//! `/operator/v1/departments`: who serves customers, and the bots that serve first.

use actix_web::HttpResponse;
use contracts::bots::{
    BotAddress, CreateDepartment, Department, DepartmentBot, DepartmentKey, GetDepartment, ListDepartments,
    UpdateDepartment,
};
use contracts::given;
use domain::{DepartmentId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::lists;
use super::users::admin;
use crate::http::{Answer, Call};

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CreateIn {
    name: String,
    bot: Option<BotAddress>,
    #[serde(default)]
    agent_ids: Vec<UserId>,
    active: Option<bool>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[expect(clippy::option_option, reason = "absent, null and a value are three wishes")]
pub struct UpdateIn {
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    bot: Option<Option<BotAddress>>,
    agent_ids: Option<Vec<UserId>>,
    active: Option<bool>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct DepartmentView {
    id: DepartmentId,
    department_id: i64,
    name: String,
    bot: Option<BotView>,
    agent_ids: Vec<UserId>,
    active: bool,
    waiting: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct BotView {
    user_id: UserId,
    url: String,
    signed: bool,
}

impl From<Department> for DepartmentView {
    fn from(department: Department) -> Self {
        let Department { id, tenant: _, number, name, active, bot, agents, waiting, created_at, updated_at } =
            department;
        let bot = bot.map(|DepartmentBot { user, url, signed }| BotView { user_id: user, url, signed });
        Self { id, department_id: number, name, bot, agent_ids: agents, active, waiting, created_at, updated_at }
    }
}

pub async fn create(call: Call) -> Answer {
    admin(&call)?;
    let CreateIn { name, bot, agent_ids: agents, active } = call.json()?;
    let (by, idempotency, active) = (call.by()?, call.idempotency()?, active.unwrap_or(true));
    let command = CreateDepartment { by, id: None, name, bot, agents, active, idempotency };
    let department = call.apis.bots.create_department(command).await?;
    Ok(HttpResponse::Created().json(DepartmentView::from(department)))
}

pub async fn list(call: Call) -> Answer {
    admin(&call)?;
    let command = ListDepartments { by: call.by()?, after: lists::after(&call)?, limit: lists::limit(&call)? };
    let page = call.apis.bots.departments(command).await?;
    let next = page.items.last().filter(|_| page.more).map(|department| department.id.to_string());
    let items: Vec<DepartmentView> = page.items.into_iter().map(DepartmentView::from).collect();
    Ok(lists::draw(&items, next.as_deref()))
}

pub async fn get(call: Call) -> Answer {
    admin(&call)?;
    let key = DepartmentKey::Id(lists::id(&call, "id", "department")?);
    let department = call.apis.bots.department(GetDepartment { by: call.by()?, key }).await?;
    Ok(HttpResponse::Ok().json(DepartmentView::from(department)))
}

pub async fn update(call: Call) -> Answer {
    admin(&call)?;
    let id = lists::id(&call, "id", "department")?;
    let UpdateIn { name, bot, agent_ids: agents, active } = call.json()?;
    let (by, idempotency) = (call.by()?, call.idempotency()?);
    let command = UpdateDepartment { by, id, name, bot, agents, active, idempotency };
    let department = call.apis.bots.update_department(command).await?;
    Ok(HttpResponse::Ok().json(DepartmentView::from(department)))
}
