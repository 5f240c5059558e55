//! Addresses that are told what happens.

use domain::{Idempotency, Limit, OnParked, Principal, TenantId, Timestamp, WebhookFormat, WebhookId};
use serde::{Deserialize, Serialize};

use crate::given;

/// An address that is told what happens in a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    /// The id.
    pub id: WebhookId,
    /// The tenant.
    pub tenant: TenantId,
    /// Where it is.
    pub url: String,
    /// The events it is told, by name; `None` is all.
    pub events: Option<Vec<String>>,
    /// How they are put into words.
    pub format: WebhookFormat,
    /// What becomes of later deliveries behind one that was given up.
    pub on_parked: OnParked,
    /// Whether what it is told is signed.
    pub signed: bool,
    /// The secret, in the answer to the call that set or made it.
    pub secret: Option<WebhookSecret>,
    /// Since when it is told nothing any more; set after five days of failures only, or by the operator.
    pub disabled_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What deliveries are signed with: `whsec_` and base64.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct WebhookSecret(pub String);

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WebhookSecret")
    }
}

/// Makes a webhook; it is told what happens from then on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateWebhook {
    /// Who asks.
    pub by: Principal,
    /// An `http` or `https` URL that may be called, else [`EgressRefused`](super::BotsError::EgressRefused).
    pub url: String,
    /// The events it is told, by name; `None` is all.
    pub events: Option<Vec<String>>,
    /// What deliveries are signed with; `None`: native ones get a secret, others none.
    pub secret: Option<WebhookSecret>,
    /// How events are put into words.
    pub format: WebhookFormat,
    /// What becomes of later deliveries behind one that was given up.
    pub on_parked: OnParked,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}

/// Lists webhooks by id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListWebhooks {
    /// Who asks.
    pub by: Principal,
    /// Only behind this one.
    pub after: Option<WebhookId>,
    /// How many at most.
    pub limit: Limit,
}

/// Changes a webhook. `None` leaves a field as it is; `Some(None)` empties it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UpdateWebhook {
    /// Who asks.
    pub by: Principal,
    /// The webhook.
    pub id: WebhookId,
    /// Where it is.
    pub url: Option<String>,
    /// The events it is told; `Some(None)` is all.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub events: Option<Option<Vec<String>>>,
    /// What deliveries are signed with from now on; for a while also with the secret before.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub secret: Option<Option<WebhookSecret>>,
    /// How events are put into words.
    pub format: Option<WebhookFormat>,
    /// What becomes of later deliveries behind one that was given up.
    pub on_parked: Option<OnParked>,
    /// Whether it is told anything; `true` takes a disabled one up again.
    pub enabled: Option<bool>,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}

/// Deletes a webhook with what was not delivered yet. Deleting twice is
/// [`WebhookNotFound`](super::BotsError::WebhookNotFound).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteWebhook {
    /// Who asks.
    pub by: Principal,
    /// The webhook.
    pub id: WebhookId,
}
