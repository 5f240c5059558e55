//! Credentials: issued, listed, revoked, standing.

use domain::{ChatId, Idempotency, Limit, Scopes, TenantId, Timestamp, TokenId, TokenKind, UserId};
use serde::{Deserialize, Serialize};

/// A credential, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The id.
    pub id: TokenId,
    /// The tenant.
    pub tenant: TenantId,
    /// What it opens.
    pub kind: TokenKind,
    /// The user it was made for.
    pub user: Option<UserId>,
    /// Its name.
    pub name: String,
    /// Free text about it.
    pub detail: String,
    /// First characters of the secret, to tell credentials apart.
    pub prefix: String,
    /// What it allows.
    pub scopes: Scopes,
    /// When it was made; rises strictly within a tenant.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was last shown; kept to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Makes a credential.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IssueToken {
    /// The tenant.
    pub tenant: TenantId,
    /// What it opens.
    pub kind: TokenKind,
    /// The user it is for.
    pub user: Option<UserId>,
    /// The chat it is confined to; `chat_user` needs one, other kinds have none.
    #[serde(default)]
    pub chat: Option<ChatId>,
    /// Its name.
    pub name: String,
    /// Free text.
    pub detail: String,
    /// What it allows.
    pub scopes: Scopes,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// The promise of a repeated request; a repeat answers the same secret.
    pub idempotency: Option<Idempotency>,
}

/// A credential with its secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IssuedToken {
    /// The credential.
    pub token: Token,
    /// The secret.
    pub secret: String,
}

/// Lists a tenant's credentials of one kind, revoked ones left out, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListTokens {
    /// The tenant.
    pub tenant: TenantId,
    /// Only these kinds; empty is all.
    pub kinds: Vec<TokenKind>,
    /// Only of this user.
    pub user: Option<UserId>,
    /// Made before this moment.
    pub before: Option<Timestamp>,
    /// How many at most.
    pub limit: Limit,
}

/// Reads one credential, revoked ones too.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetToken {
    /// The tenant.
    pub tenant: TenantId,
    /// The credential.
    pub id: TokenId,
}

/// Changes a credential's name and text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UpdateToken {
    /// The tenant.
    pub tenant: TenantId,
    /// The credential.
    pub id: TokenId,
    /// Its name.
    pub name: String,
    /// Free text.
    pub detail: String,
}

/// Ends a credential. Revoking twice answers it again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RevokeToken {
    /// The tenant.
    pub tenant: TenantId,
    /// The credential.
    pub id: TokenId,
}

/// Gives a user their one standing credential of a kind: the same secret at each call, until revoked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StandToken {
    /// The tenant.
    pub tenant: TenantId,
    /// The user.
    pub user: UserId,
    /// The kind.
    pub kind: TokenKind,
}

/// A standing credential.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Standing {
    /// The secret: 40 lower-case hex digits.
    pub secret: String,
    /// A second secret of the same life for the vendor's other transport: 40 lower-case hex digits.
    pub pass: String,
    /// Whether this call made it.
    pub created: bool,
}
