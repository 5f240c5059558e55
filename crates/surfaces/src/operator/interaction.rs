//! What an interaction looks like to an operator.

use contracts::bots::{Moved, Owner};
use domain::{ChatId, HandoverReason, InteractionId, InteractionState, Timestamp, UserId};
use serde::Serialize;

/// An interaction right after it changed hands.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct MovedView {
    id: InteractionId,
    hash: String,
    chat_id: ChatId,
    department_id: i64,
    state: InteractionState,
    owner: Option<Owner>,
    version: i64,
    from_seq: i64,
    customer_id: Option<UserId>,
    position: Option<i64>,
    by: Option<UserId>,
    why: HandoverReason,
    at: Timestamp,
}

impl MovedView {
    /// The view of `moved`.
    pub fn new(moved: &Moved) -> Self {
        Self {
            id: moved.id,
            hash: moved.id.to_string(),
            chat_id: moved.chat,
            department_id: moved.department_number,
            state: moved.state,
            owner: moved.owner(),
            version: moved.version,
            from_seq: moved.from_seq,
            customer_id: moved.customer,
            position: moved.position,
            by: moved.by,
            why: moved.why,
            at: moved.at,
        }
    }
}
