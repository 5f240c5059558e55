//! Events of the service `bots` about webhooks.

use crate::{
    BadEvent,
    raw::{self, bytes, event, id},
};
use domain::{TenantId, Timestamp, WebhookId};

/// A webhook was switched off because of what came of its deliveries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookDisabled {
    /// The tenant.
    pub tenant: TenantId,
    /// Which one.
    pub webhook: WebhookId,
    /// Where it is.
    pub url: String,
    /// `failing`: every attempt failed for days; `gone`: it answered 410.
    pub because: String,
    /// When the first of these attempts failed.
    pub since: Timestamp,
    /// When it was switched off.
    pub at: Timestamp,
}
event!(WebhookDisabled, "webhook.disabled", 1, Tenant, |e| e.tenant);

impl From<&WebhookDisabled> for raw::WebhookDisabled {
    fn from(WebhookDisabled { tenant, webhook, url, because, since, at }: &WebhookDisabled) -> Self {
        Self {
            tenant: bytes(tenant.uuid()),
            webhook: bytes(webhook.uuid()),
            url: url.clone(),
            because: because.clone(),
            since: since.micros(),
            at: at.micros(),
        }
    }
}

impl TryFrom<raw::WebhookDisabled> for WebhookDisabled {
    type Error = BadEvent;
    fn try_from(
        raw::WebhookDisabled { tenant, webhook, url, because, since, at }: raw::WebhookDisabled,
    ) -> Result<Self, BadEvent> {
        Ok(Self {
            tenant: id("tenant", &tenant, TenantId::from_uuid)?,
            webhook: id("webhook", &webhook, WebhookId::from_uuid)?,
            url,
            because,
            since: Timestamp::from_micros(since),
            at: Timestamp::from_micros(at),
        })
    }
}
