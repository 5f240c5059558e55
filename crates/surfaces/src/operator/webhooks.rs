//! `/operator/v1/webhooks`: addresses that are told what happens. A secret is shown to whoever set it, once.

use actix_web::HttpResponse;
use contracts::bots::{CreateWebhook, DeleteWebhook, ListWebhooks, UpdateWebhook, Webhook, WebhookSecret};
use contracts::given;
use domain::{OnParked, Timestamp, WebhookFormat, WebhookId};
use serde::{Deserialize, Serialize};

use super::lists;
use super::users::admin;
use crate::http::{Answer, Call};

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CreateIn {
    url: String,
    events: Option<Vec<String>>,
    secret: Option<WebhookSecret>,
    format: WebhookFormat,
    on_parked: Option<OnParked>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[expect(clippy::option_option, reason = "absent, null and a value are three wishes")]
pub struct UpdateIn {
    url: Option<String>,
    #[serde(default, deserialize_with = "given")]
    events: Option<Option<Vec<String>>>,
    #[serde(default, deserialize_with = "given")]
    secret: Option<Option<WebhookSecret>>,
    format: Option<WebhookFormat>,
    on_parked: Option<OnParked>,
    enabled: Option<bool>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct WebhookView {
    id: WebhookId,
    url: String,
    events: Option<Vec<String>>,
    format: WebhookFormat,
    on_parked: OnParked,
    signed: bool,
    enabled: bool,
    disabled_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<WebhookSecret>,
}

impl From<Webhook> for WebhookView {
    fn from(webhook: Webhook) -> Self {
        let Webhook { id, tenant: _, url, events, format, on_parked, signed, secret, disabled_at, .. } = webhook;
        let (created_at, updated_at, enabled) = (webhook.created_at, webhook.updated_at, disabled_at.is_none());
        Self { id, url, events, format, on_parked, signed, enabled, disabled_at, created_at, updated_at, secret }
    }
}

pub async fn create(call: Call) -> Answer {
    admin(&call)?;
    let CreateIn { url, events, secret, format, on_parked } = call.json()?;
    let (by, idempotency, on_parked) = (call.by()?, call.idempotency()?, on_parked.unwrap_or(OnParked::Pass));
    let command = CreateWebhook { by, url, events, secret, format, on_parked, idempotency };
    let webhook = call.apis.bots.create_webhook(command).await?;
    Ok(HttpResponse::Created().json(WebhookView::from(webhook)))
}

pub async fn list(call: Call) -> Answer {
    admin(&call)?;
    let command = ListWebhooks { by: call.by()?, after: lists::after(&call)?, limit: lists::limit(&call)? };
    let page = call.apis.bots.webhooks(command).await?;
    let next = page.items.last().filter(|_| page.more).map(|webhook| webhook.id.to_string());
    let items: Vec<WebhookView> = page.items.into_iter().map(WebhookView::from).collect();
    Ok(lists::draw(&items, next.as_deref()))
}

pub async fn update(call: Call) -> Answer {
    admin(&call)?;
    let id = lists::id(&call, "id", "webhook")?;
    let UpdateIn { url, events, secret, format, on_parked, enabled } = call.json()?;
    let (by, idempotency) = (call.by()?, call.idempotency()?);
    let command = UpdateWebhook { by, id, url, events, secret, format, on_parked, enabled, idempotency };
    let webhook = call.apis.bots.update_webhook(command).await?;
    Ok(HttpResponse::Ok().json(WebhookView::from(webhook)))
}

pub async fn delete(call: Call) -> Answer {
    admin(&call)?;
    let id = lists::id(&call, "id", "webhook")?;
    let webhook = call.apis.bots.delete_webhook(DeleteWebhook { by: call.by()?, id }).await?;
    Ok(HttpResponse::Ok().json(WebhookView::from(webhook)))
}
