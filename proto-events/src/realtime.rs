//! Events of the service `realtime`.

use crate::{
    BadEvent, Open,
    raw::{self, bytes, event, id},
};
use domain::{Presence, TenantId, UserId};

/// Somebody came, paused or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresenceChanged {
    /// The tenant.
    pub tenant: TenantId,
    /// Who.
    pub user: UserId,
    /// How they stand from now on.
    pub presence: Open<Presence>,
}
event!(PresenceChanged, "presence.changed", 1, Tenant, |e| e.tenant);

impl From<&PresenceChanged> for raw::PresenceChanged {
    fn from(PresenceChanged { tenant, user, presence }: &PresenceChanged) -> Self {
        Self { tenant: bytes(tenant.uuid()), user: bytes(user.uuid()), presence: presence.to_string() }
    }
}

impl TryFrom<raw::PresenceChanged> for PresenceChanged {
    type Error = BadEvent;
    fn try_from(raw::PresenceChanged { tenant, user, presence }: raw::PresenceChanged) -> Result<Self, BadEvent> {
        Ok(Self {
            tenant: id("tenant", &tenant, TenantId::from_uuid)?,
            user: id("user", &user, UserId::from_uuid)?,
            presence: Open::<Presence>::read(presence),
        })
    }
}
