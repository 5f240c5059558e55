//! Events of the service `users`.

use crate::{
    BadEvent,
    raw::{self, bytes, event, id},
};
use domain::{TenantId, UserId};

/// A person's name, address or role changed; `users` has the present values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserUpdated {
    /// The tenant.
    pub tenant: TenantId,
    /// Whose.
    pub user: UserId,
}
event!(UserUpdated, "user.updated", 1, Tenant, |e| e.tenant);

impl From<&UserUpdated> for raw::UserUpdated {
    fn from(UserUpdated { tenant, user }: &UserUpdated) -> Self {
        Self { tenant: bytes(tenant.uuid()), user: bytes(user.uuid()) }
    }
}

impl TryFrom<raw::UserUpdated> for UserUpdated {
    type Error = BadEvent;
    fn try_from(raw::UserUpdated { tenant, user }: raw::UserUpdated) -> Result<Self, BadEvent> {
        Ok(Self { tenant: id("tenant", &tenant, TenantId::from_uuid)?, user: id("user", &user, UserId::from_uuid)? })
    }
}

/// A person was deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserDeleted {
    /// The tenant.
    pub tenant: TenantId,
    /// Who.
    pub user: UserId,
}
event!(UserDeleted, "user.deleted", 1, Tenant, |e| e.tenant);

impl From<&UserDeleted> for raw::UserDeleted {
    fn from(UserDeleted { tenant, user }: &UserDeleted) -> Self {
        Self { tenant: bytes(tenant.uuid()), user: bytes(user.uuid()) }
    }
}

impl TryFrom<raw::UserDeleted> for UserDeleted {
    type Error = BadEvent;
    fn try_from(raw::UserDeleted { tenant, user }: raw::UserDeleted) -> Result<Self, BadEvent> {
        Ok(Self { tenant: id("tenant", &tenant, TenantId::from_uuid)?, user: id("user", &user, UserId::from_uuid)? })
    }
}
