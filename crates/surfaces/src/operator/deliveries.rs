//! `/operator/v1/deliveries`: what was told to bots and webhooks, and telling it again.

use actix_web::HttpResponse;
use contracts::bots::{
    Attempt, Delivery, DeliveryFilter, Endpoint, GetDelivery, ListDeliveries, ReplayDeliveries, ReplayDelivery,
};
use domain::{ChatId, DeliveryId, DeliveryState, EndpointKind, InteractionId, MessageId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::lists;
use super::users::admin;
use crate::http::{Answer, Call, Problem};

/// Which deliveries: in the query, or, of a replay, in the body.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct FilterIn {
    state: Option<DeliveryState>,
    interaction: Option<InteractionId>,
    chat: Option<ChatId>,
    message: Option<MessageId>,
    endpoint: Option<Uuid>,
    since: Option<Timestamp>,
}

impl From<FilterIn> for DeliveryFilter {
    fn from(FilterIn { state, interaction, chat, message, endpoint, since }: FilterIn) -> Self {
        Self { state, interaction, chat, message, endpoint, since }
    }
}

/// A delivery as an operator sees it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct DeliveryView {
    id: DeliveryId,
    webhook_id: String,
    event: String,
    endpoint: EndpointView,
    interaction_id: Option<InteractionId>,
    chat_id: Option<ChatId>,
    message_id: Option<MessageId>,
    state: DeliveryState,
    due_at: Timestamp,
    attempts: Vec<AttemptView>,
    created_at: Timestamp,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct EndpointView {
    kind: EndpointKind,
    id: Uuid,
    url: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct AttemptView {
    at: Timestamp,
    status: Option<u16>,
    duration_ms: i64,
    error: Option<String>,
    response: Option<String>,
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        let Delivery { id, tenant: _, webhook_id, event, endpoint, interaction, chat, message, state, .. } = delivery;
        let Endpoint { kind, id: endpoint_id, url } = endpoint;
        let attempt = |Attempt { at, status, duration_ms, error, response }| AttemptView {
            at,
            status,
            duration_ms,
            error,
            response,
        };
        Self {
            id,
            webhook_id,
            event,
            endpoint: EndpointView { kind, id: endpoint_id, url },
            interaction_id: interaction,
            chat_id: chat,
            message_id: message,
            state,
            due_at: delivery.due_at,
            attempts: delivery.attempts.into_iter().map(attempt).collect(),
            created_at: delivery.created_at,
        }
    }
}

pub async fn list(call: Call) -> Answer {
    admin(&call)?;
    let filter = in_query(&call)?;
    let command = ListDeliveries { by: call.by()?, filter, after: lists::after(&call)?, limit: lists::limit(&call)? };
    let page = call.apis.bots.deliveries(command).await?;
    let next = page.items.last().filter(|_| page.more).map(|delivery| delivery.id.to_string());
    let items: Vec<DeliveryView> = page.items.into_iter().map(DeliveryView::from).collect();
    Ok(lists::draw(&items, next.as_deref()))
}

pub async fn get(call: Call) -> Answer {
    admin(&call)?;
    let id = lists::id(&call, "id", "delivery")?;
    let delivery = call.apis.bots.delivery(GetDelivery { by: call.by()?, id }).await?;
    Ok(HttpResponse::Ok().json(DeliveryView::from(delivery)))
}

pub async fn replay(call: Call) -> Answer {
    admin(&call)?;
    let id = lists::id(&call, "id", "delivery")?;
    let command = ReplayDelivery { by: call.by()?, id, idempotency: call.idempotency()? };
    let delivery = call.apis.bots.replay(command).await?;
    Ok(HttpResponse::Created().json(DeliveryView::from(delivery)))
}

/// Of all that a filter names, in the body or in the query; at least one of its fields must be there.
pub async fn replay_all(call: Call) -> Answer {
    admin(&call)?;
    let asked = in_query(&call)?;
    let filter = if call.body.is_empty() { asked } else { call.json::<FilterIn>()?.into() };
    if filter == DeliveryFilter::default() {
        return Err(Problem::invalid(
            "state",
            "a filter is needed: state, interaction, chat, message, endpoint or since",
        ));
    }
    let command = ReplayDeliveries { by: call.by()?, filter, idempotency: call.idempotency()? };
    let done = call.apis.bots.replay_all(command).await?;
    Ok(HttpResponse::Ok().json(json!({ "replayed": done.replayed })))
}

fn in_query(call: &Call) -> Result<DeliveryFilter, Problem> {
    Ok(DeliveryFilter {
        state: lists::filter(call, "state")?,
        interaction: lists::filter(call, "interaction")?,
        chat: lists::filter(call, "chat")?,
        message: lists::filter(call, "message")?,
        endpoint: lists::filter(call, "endpoint")?,
        since: lists::filter(call, "since")?,
    })
}
