//! Who asks.

use serde::{Deserialize, Serialize};

use crate::{ChatId, Role, Surface, TenantId, TokenId, TokenKind, UserId};

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
    /// The one chat the credential is confined to: elsewhere it reaches nothing, and here it makes nobody a manager.
    #[serde(default)]
    pub chat: Option<ChatId>,
}

impl Principal {
    /// Whether the caller sees and may change every chat of the tenant.
    pub const fn manages(&self) -> bool {
        self.chat.is_none() && self.role.manages()
    }
    /// Somebody whom a chat's password, or a code sent to them, has let in: themselves in that chat and nothing else.
    pub const fn let_in(tenant: TenantId, user: UserId, chat: ChatId, surface: Surface) -> Self {
        let token = TokenId::from_uuid(uuid::Uuid::nil());
        let (role, kind, scopes) = (Role::Customer, TokenKind::ChatUser, Scopes::ALL);
        Self { tenant, user: Some(user), role, token, kind, scopes, surface, chat: Some(chat) }
    }
    /// Whether the credential may be used in `chat` at all.
    pub fn reaches(&self, chat: ChatId) -> bool {
        self.chat.is_none_or(|only| only == chat)
    }
    /// The same caller with a manager's authority over the tenant as a whole, no longer speaking as themselves: for
    /// surfaces where even a manager is only heard in the name of somebody who takes part.
    pub fn not_as_themselves(self) -> Self {
        let user = self.user.filter(|_| !self.manages());
        Self { user, ..self }
    }
    /// Whoever shows what happened in a tenant to those who may see it: it reads everything, and writes nothing.
    pub const fn reader(tenant: TenantId, surface: Surface) -> Self {
        Self {
            tenant,
            user: None,
            role: Role::Admin,
            token: TokenId::from_uuid(uuid::Uuid::nil()),
            kind: TokenKind::Operator,
            scopes: Scopes { read: true, write: false },
            surface,
            chat: None,
        }
    }
    /// A service of ours that acts for a tenant as a whole, in nobody's name.
    pub const fn service(tenant: TenantId, surface: Surface) -> Self {
        Self { scopes: Scopes::ALL, ..Self::reader(tenant, surface) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_its_one_chat_a_credential_makes_nobody_a_manager() {
        let (here, there) = (ChatId::new(), ChatId::new());
        let visitor = Principal::let_in(TenantId::new(), UserId::new(), here, Surface::Connectnow);
        let admin = Principal { role: Role::Admin, ..visitor };
        assert!(admin.reaches(here) && !admin.reaches(there) && !admin.manages());
        let everywhere = Principal { chat: None, ..admin };
        assert!(everywhere.reaches(here) && everywhere.reaches(there) && everywhere.manages());
    }
}
