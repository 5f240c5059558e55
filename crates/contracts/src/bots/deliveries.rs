//! What is, was or was to be told outside.

use domain::{
    ChatId, DeliveryId, DeliveryState, EndpointKind, Idempotency, InteractionId, Limit, MessageId, Principal, TenantId,
    Timestamp,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Something to be told to one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The id.
    pub id: DeliveryId,
    /// The tenant.
    pub tenant: TenantId,
    /// The `webhook-id` it is sent with: the same over all attempts and replays.
    pub webhook_id: String,
    /// The name of what happened, like `message.posted`.
    pub event: String,
    /// To whom.
    pub endpoint: Endpoint,
    /// The interaction it belongs to: what a department's bot is told.
    pub interaction: Option<InteractionId>,
    /// The chat it is about.
    pub chat: Option<ChatId>,
    /// The message it is about.
    pub message: Option<MessageId>,
    /// How far it got.
    pub state: DeliveryState,
    /// When it is tried next, while it is pending; else when it was last tried.
    pub due_at: Timestamp,
    /// The attempts so far, oldest first. In lists only the last one.
    pub attempts: Vec<Attempt>,
    /// When it was decided on.
    pub created_at: Timestamp,
}

/// An address that is told something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// What it is.
    pub kind: EndpointKind,
    /// The department's id, or the webhook's.
    pub id: Uuid,
    /// Where it is now; empty when it is gone.
    pub url: String,
}

/// One attempt at a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// How long it took. Milliseconds.
    pub duration_ms: i64,
    /// What went wrong, if there was none: a word like `egress_refused`, `connect`, `timeout`.
    pub error: Option<String>,
    /// The beginning of the answer's body, at most 1,024 bytes.
    pub response: Option<String>,
}

/// Which deliveries are meant; what is `None` does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryFilter {
    /// Only in this state.
    pub state: Option<DeliveryState>,
    /// Only of this interaction.
    pub interaction: Option<InteractionId>,
    /// Only about this chat.
    pub chat: Option<ChatId>,
    /// Only about this message.
    pub message: Option<MessageId>,
    /// Only to this endpoint: a department's id, or a webhook's.
    pub endpoint: Option<Uuid>,
    /// Only decided on at this moment or later.
    pub since: Option<Timestamp>,
}

/// Lists deliveries by id, which is by decision.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListDeliveries {
    /// Who asks.
    pub by: Principal,
    /// Which ones.
    pub filter: DeliveryFilter,
    /// Only behind this one.
    pub after: Option<DeliveryId>,
    /// How many at most.
    pub limit: Limit,
}

/// Reads one delivery with all its attempts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetDelivery {
    /// Who asks.
    pub by: Principal,
    /// The delivery.
    pub id: DeliveryId,
}

/// Makes a delivery that is not pending once more: a new one with the same `webhook_id`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReplayDelivery {
    /// Who asks.
    pub by: Principal,
    /// The delivery.
    pub id: DeliveryId,
    /// The promise of a repeated request: a repeat answers the delivery the first one made.
    #[serde(default)]
    pub idempotency: Option<Idempotency>,
}

/// Makes deliveries that are not pending once more, in order. Without a state in the filter: those that are parked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReplayDeliveries {
    /// Who asks.
    pub by: Principal,
    /// Which ones.
    pub filter: DeliveryFilter,
    /// The promise of a repeated request: a repeat goes on where the first one stopped, and makes none twice.
    #[serde(default)]
    pub idempotency: Option<Idempotency>,
}

/// What a replay of many did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replayed {
    /// So many deliveries were made anew.
    pub replayed: u64,
}
