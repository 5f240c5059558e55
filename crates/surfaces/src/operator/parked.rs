//! `/operator/v1/parked`: events a consumer refused. For the root token only: they are the instance's, not a tenant's.

use actix_web::HttpResponse;
use contracts::events::{ListParked, Redrive};

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::lists;
use super::tenants::root;
use crate::http::{Answer, Call, Problem};

/// `?service=chats` (required), `limit`, `after`.
pub async fn list(call: Call) -> Answer {
    root(&call)?;
    let service = call.head.query("service").unwrap_or_default();
    let command = ListParked { after: lists::after(&call)?, limit: lists::limit(&call)? };
    let page = events(&call, &service)?.parked(command).await?;
    let next = page.items.last().filter(|_| page.more).map(|p| p.position.to_string());
    Ok(lists::draw(&page.items, next.as_deref()))
}

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct RedriveIn {
    service: String,
    key: Option<Uuid>,
}

pub async fn redrive(call: Call) -> Answer {
    root(&call)?;
    let RedriveIn { service, key } = call.json()?;
    call.promised().await?;
    let done = events(&call, &service)?.redrive(Redrive { key }).await?;
    Ok(HttpResponse::Ok().json(json!({ "done": done.done, "left": done.left })))
}

fn events<'c>(call: &'c Call, service: &str) -> Result<&'c dyn contracts::EventsApi, Problem> {
    let names: Vec<&str> = call.apis.events.keys().copied().collect();
    let unknown = || Problem::invalid("service", format!("service must be one of {}", names.join(", ")));
    call.apis.events.get(service).map(|api| &**api).ok_or_else(unknown)
}
