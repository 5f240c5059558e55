//! How interactions start, change hands and end, and what is said in them.

use domain::{Idempotency, MessageKind, Principal, UserId};
use serde::{Deserialize, Serialize};

use super::InteractionKey;
use crate::Extras;
use crate::messages::Media;

/// Starts an interaction with a chat of its own: with the department's bot, else one of its agents, else waiting.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StartInteraction {
    /// Who asks.
    pub by: Principal,
    /// The department, by its integer id: one that is active, else
    /// [`DepartmentInactive`](super::BotsError::DepartmentInactive).
    pub department: i64,
    /// The customer.
    pub customer: Customer,
    /// What the client wants back, at most 65,536 bytes as JSON.
    pub extra: Option<serde_json::Value>,
    /// Where the client keeps what was said before, at most 2,048 characters.
    pub external_history: Option<String>,
    /// How the customer came, at most 64 characters.
    pub media_type: Option<String>,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}

/// Who wants to be served: whoever has the e-mail, else the telephone, else the CPF; else somebody new. Without any of them
/// and without a name it is "Visitor".
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Their name, for somebody new.
    pub name: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// A Brazilian taxpayer's number, compared as a text.
    pub cpf: Option<String>,
}

/// Who ends an interaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum End {
    /// The bot that serves it, else [`NotWithBot`](super::BotsError::NotWithBot). It is not told of it.
    Bot,
    /// The customer. A bot that serves it is told.
    Customer,
    /// The agent who serves it, or a manager for them.
    Agent,
}

/// Ends an interaction that is not finished, else [`Finished`](super::BotsError::Finished).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FinishInteraction {
    /// Who asks.
    pub by: Principal,
    /// The interaction.
    pub key: InteractionKey,
    /// In whose name.
    pub end: End,
    /// The promise of a repeated request: only with one a repeat gets the first answer.
    pub idempotency: Option<Idempotency>,
}

/// Gives an interaction that its bot serves to a department; anything else is [`NotWithBot`](super::BotsError::NotWithBot) or
/// [`Finished`](super::BotsError::Finished).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TransferInteraction {
    /// Who asks.
    pub by: Principal,
    /// The interaction.
    pub key: InteractionKey,
    /// An active department, by its integer id; `None` is the one it started in. A department never gets its own bot
    /// again by this: it goes to its agents.
    pub department: Option<i64>,
    /// The promise of a repeated request: only with one a repeat gets the first answer.
    pub idempotency: Option<Idempotency>,
}

/// Gives an interaction that is not finished to one agent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TakeInteraction {
    /// Who asks.
    pub by: Principal,
    /// The interaction.
    pub key: InteractionKey,
    /// The agent: a living user of the tenant who works for it. Whoever has it already keeps it.
    pub user: UserId,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}

/// Says something in an interaction that is not finished: as its bot, or as its customer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Say {
    /// Who asks.
    pub by: Principal,
    /// The interaction.
    pub key: InteractionKey,
    /// What it carries.
    pub kind: MessageKind,
    /// Its words.
    pub text: Option<String>,
    /// Its files.
    pub media: Vec<Media>,
    /// What surfaces want back.
    pub extras: Extras,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}
