//! What can go wrong with departments, interactions, webhooks and deliveries.

use domain::{Code, ServiceError, UserId};
use serde::{Deserialize, Serialize};

use crate::Invalid;

/// What can go wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum BotsError {
    /// No such department in this tenant.
    #[error("department does not exist")]
    DepartmentNotFound,
    /// The department takes no customers.
    #[error("department is not active")]
    DepartmentInactive,
    /// No such interaction in this tenant.
    #[error("interaction does not exist")]
    InteractionNotFound,
    /// The interaction is over.
    #[error("interaction is finished")]
    Finished,
    /// The interaction waits for an agent, or one serves it.
    #[error("interaction is not with the bot any more")]
    NotWithBot,
    /// The interaction is not with an agent.
    #[error("interaction is not with an agent")]
    NotWithAgent,
    /// The interaction has no customer who could say or do something.
    #[error("interaction has no customer")]
    NoCustomer,
    /// It changed hands at the same moment, again and again.
    #[error("interaction changes hands just now; try again")]
    Contended,
    /// An agent is no living user of the tenant who works for it.
    #[error("user {0} does not exist or does not work here")]
    NotAnAgent(UserId),
    /// No such webhook in this tenant.
    #[error("webhook does not exist")]
    WebhookNotFound,
    /// No such delivery in this tenant.
    #[error("delivery does not exist")]
    DeliveryNotFound,
    /// The delivery is still to be made, or its endpoint is gone.
    #[error("delivery cannot be replayed")]
    NotReplayable,
    /// The URL leads where outgoing calls may not go.
    #[error("{0}")]
    EgressRefused(String),
    /// The caller may not.
    #[error("this needs an admin or a manager")]
    Forbidden,
    /// A value is refused.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The idempotency key came with another body.
    #[error("Idempotency-Key was used with another request")]
    KeyReused,
    /// A needed part does not answer.
    #[error("bots is unavailable")]
    Unavailable(String),
    /// Our fault.
    #[error("internal error")]
    Internal,
}

impl ServiceError for BotsError {
    fn code(&self) -> Code {
        match self {
            Self::DepartmentNotFound | Self::InteractionNotFound | Self::WebhookNotFound | Self::DeliveryNotFound => {
                Code::NotFound
            }
            Self::DepartmentInactive
            | Self::Finished
            | Self::NotWithBot
            | Self::NotWithAgent
            | Self::NoCustomer
            | Self::NotReplayable => Code::Conflict,
            Self::NotAnAgent(_) | Self::EgressRefused(_) | Self::Invalid(_) => Code::Invalid,
            Self::Forbidden => Code::Forbidden,
            Self::KeyReused => Code::KeyReused,
            Self::Contended | Self::Unavailable(_) => Code::Unavailable,
            Self::Internal => Code::Internal,
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Self::NotAnAgent(_) => Some("agents"),
            Self::EgressRefused(_) => Some("url"),
            Self::Invalid(e) => Some(&e.field),
            _ => None,
        }
    }
    fn reason(&self) -> Option<&'static str> {
        match self {
            Self::EgressRefused(_) => Some("egress_refused"),
            _ => None,
        }
    }
    fn unavailable(why: String) -> Self {
        Self::Unavailable(why)
    }
    fn internal() -> Self {
        Self::Internal
    }
}
