//! Events of the service `auth`.

use crate::{
    BadEvent,
    raw::{self, bytes, event, id},
};
use domain::{TenantId, TokenId};

/// A tenant was deleted: every service erases what it keeps of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantDeleted {
    /// Which one.
    pub tenant: TenantId,
}
event!(TenantDeleted, "tenant.deleted", 1, Tenant, |e| e.tenant);

impl From<&TenantDeleted> for raw::TenantDeleted {
    fn from(TenantDeleted { tenant }: &TenantDeleted) -> Self {
        Self { tenant: bytes(tenant.uuid()) }
    }
}

impl TryFrom<raw::TenantDeleted> for TenantDeleted {
    type Error = BadEvent;
    fn try_from(raw::TenantDeleted { tenant }: raw::TenantDeleted) -> Result<Self, BadEvent> {
        Ok(Self { tenant: id("tenant", &tenant, TenantId::from_uuid)? })
    }
}

/// A token or session is no longer valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRevoked {
    /// The tenant it belonged to.
    pub tenant: TenantId,
    /// Which one.
    pub token: TokenId,
}
event!(TokenRevoked, "token.revoked", 1, Tenant, |e| e.tenant);

impl From<&TokenRevoked> for raw::TokenRevoked {
    fn from(TokenRevoked { tenant, token }: &TokenRevoked) -> Self {
        Self { tenant: bytes(tenant.uuid()), token: bytes(token.uuid()) }
    }
}

impl TryFrom<raw::TokenRevoked> for TokenRevoked {
    type Error = BadEvent;
    fn try_from(raw::TokenRevoked { tenant, token }: raw::TokenRevoked) -> Result<Self, BadEvent> {
        Ok(Self {
            tenant: id("tenant", &tenant, TenantId::from_uuid)?,
            token: id("token", &token, TokenId::from_uuid)?,
        })
    }
}
