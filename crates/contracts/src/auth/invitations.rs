//! Invitations: a visitor's way in to a chat with a bot.

use domain::{Idempotency, InvitationId, TenantId, UserId};
use serde::{Deserialize, Serialize};

/// Invites a visitor to talk to a bot. A repeat for the same two answers the same invitation, unless a later day is given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Invite {
    /// The tenant.
    pub tenant: TenantId,
    /// The visitor.
    pub visitor: UserId,
    /// The bot.
    pub bot: UserId,
    /// How often the invitation may be used; `None` or 0 is the default.
    pub max_uses: Option<i64>,
    /// The last day it counts, UTC, whole; `None` is the default number of days from today.
    pub last_day: Option<chrono::NaiveDate>,
    /// Where to mail the link.
    pub mail: Option<String>,
    /// Where to send the link by SMS.
    pub phone: Option<String>,
    /// What comes before the secret in the link.
    pub link_prefix: String,
    /// The promise of a repeated request: a repeat sends nothing again.
    pub idempotency: Option<Idempotency>,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The id.
    pub id: InvitationId,
    /// The tenant.
    pub tenant: TenantId,
    /// The visitor.
    pub visitor: UserId,
    /// The bot.
    pub bot: UserId,
    /// The secret in the link.
    pub secret: String,
    /// How often it may be used.
    pub max_uses: i64,
    /// How often it was used.
    pub uses: i64,
    /// The last day it counts, UTC, whole.
    pub last_day: chrono::NaiveDate,
    /// Whether it can be used now.
    pub open: bool,
}

/// What [`Invite`] made or found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// Whether this call made it.
    pub created: bool,
}

/// Finds an invitation by its secret.
#[derive(Clone, Serialize, Deserialize)]
pub struct InvitationBy {
    /// The secret.
    pub secret: String,
}

impl std::fmt::Debug for InvitationBy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InvitationBy").finish_non_exhaustive()
    }
}

/// Uses an invitation once.
#[derive(Clone, Serialize, Deserialize)]
pub struct Redeem {
    /// The secret.
    pub secret: String,
    /// The promise of a repeated request: a repeat is the same use and answers the same visit.
    #[serde(default)]
    pub idempotency: Option<Idempotency>,
}

impl std::fmt::Debug for Redeem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redeem").field("idempotency", &self.idempotency).finish_non_exhaustive()
    }
}

/// A used invitation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Redeemed {
    /// The invitation, after this use.
    pub invitation: Invitation,
    /// A credential of the visitor, kind `imbee_visit`.
    pub visit: String,
}
