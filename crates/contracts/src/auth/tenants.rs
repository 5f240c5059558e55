//! Tenants, and what a new one is given.

use domain::{Limit, TenantId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// A company on this instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// The id.
    pub id: TenantId,
    /// Its name, unique in the instance without case; Odoo's `db`.
    pub name: String,
    /// Its first admin: whom credentials without a user of their own stand for.
    pub admin: UserId,
    /// Its default bot.
    pub bot: UserId,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Makes a tenant whose people exist already, with a login for the admin and one credential of each kind.
/// A repeat with the same id answers the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateTenant {
    /// The id.
    pub id: TenantId,
    /// The name: 1 to 100 characters.
    pub name: String,
    /// The first admin.
    pub admin: UserId,
    /// The default bot.
    pub bot: UserId,
}

/// A new tenant's secrets, each shown this once.
#[derive(Clone, Serialize, Deserialize)]
pub struct TenantSecrets {
    /// The tenant.
    pub tenant: Tenant,
    /// The admin's login.
    pub login: String,
    /// The admin's password.
    pub password: String,
    /// Operator token.
    pub operator: String,
    /// imBee's `Authorization`, scheme included.
    pub imbee_authorization: String,
    /// imBee's corporate token.
    pub imbee_corporate: String,
    /// The admin's VoIPBin access key.
    pub voipbin_access_key: String,
    /// The admin's ConnectNow `api_token`.
    pub connectnow: String,
    /// Zenvia's token.
    pub zenvia: String,
}

/// Lists tenants by id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListTenants {
    /// Only behind this one.
    pub after: Option<TenantId>,
    /// How many at most.
    pub limit: Limit,
}

/// Reads one tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetTenant {
    /// The tenant.
    pub id: TenantId,
}

/// Finds a living tenant by its name, without case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FindTenant {
    /// The name.
    pub name: String,
}

/// Deletes a tenant: refused everywhere from now on, erased by every service afterwards.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteTenant {
    /// The tenant.
    pub id: TenantId,
}
