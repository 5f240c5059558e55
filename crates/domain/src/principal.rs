//! Who asks.

use serde::{Deserialize, Serialize};

use crate::{Role, Surface, TenantId, TokenId, TokenKind, UserId};

/// What a credential allows, beside its owner's role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scopes {
    /// May read.
    pub read: bool,
    /// May write.
    pub write: bool,
}

impl Scopes {
    /// Everything.
    pub const ALL: Self = Self { read: true, write: true };
}

/// An authenticated caller. Every command that needs authority carries one; nothing is ambient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// The caller's tenant; the nil UUID for the root token.
    pub tenant: TenantId,
    /// The user the caller acts as; `None` for credentials of the tenant as a whole.
    pub user: Option<UserId>,
    /// That user's role; `Admin` for the tenant as a whole.
    pub role: Role,
    /// The credential itself: what limits count by.
    pub token: TokenId,
    /// What kind of credential it is.
    pub kind: TokenKind,
    /// What it allows.
    pub scopes: Scopes,
    /// The surface it came through.
    pub surface: Surface,
}

impl Principal {
    /// Whether the caller sees and may change every chat of the tenant.
    pub const fn manages(&self) -> bool {
        self.role.manages()
    }
    /// The same caller with a manager's authority over the tenant as a whole, no longer speaking as themselves: for
    /// surfaces where even a manager is only heard in the name of somebody who takes part.
    pub fn not_as_themselves(self) -> Self {
        let user = self.user.filter(|_| !self.manages());
        Self { user, ..self }
    }
    /// Whether the caller acts as `user`.
    pub fn is(&self, user: UserId) -> bool {
        self.user == Some(user)
    }
}

/// A client's promise that a repeated request is the same request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Idempotency {
    /// Hash of tenant, acting user, route and key.
    pub key: [u8; 32],
    /// Hash of the body, without credentials.
    pub body: [u8; 32],
}
