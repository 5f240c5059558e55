//! Companies: whom a tenant's chats are about.

use domain::{CompanyId, Idempotency, Limit, Principal, TenantId, Timestamp, UserId, Window};
use serde::{Deserialize, Serialize};

use crate::given;

/// A company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// The id.
    pub id: CompanyId,
    /// The tenant.
    pub tenant: TenantId,
    /// Integer id, unique in the instance.
    pub number: i64,
    /// The name.
    pub name: String,
    /// The name as a part of a URL.
    pub slug: String,
    /// Where its logo lies; kept as sent and never fetched.
    pub logo_url: Option<String>,
    /// Who made it.
    pub creator: Option<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}

/// Makes a company.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateCompany {
    /// Who asks: staff.
    pub by: Principal,
    /// The name, not empty.
    pub name: String,
    /// The name as a part of a URL; made of the name when absent.
    pub slug: Option<String>,
    /// Where its logo lies.
    pub logo_url: Option<String>,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}

/// One way to name a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CompanyKey {
    /// Our id.
    Id(CompanyId),
    /// The integer id.
    Number(i64),
}

/// Reads one company that is not deleted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetCompany {
    /// Who asks: staff.
    pub by: Principal,
    /// The company.
    pub key: CompanyKey,
}

/// Lists the companies of a tenant that are not deleted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListCompanies {
    /// Who asks: staff.
    pub by: Principal,
    /// Start, order and times.
    pub window: Window,
    /// How many at most.
    pub limit: Limit,
}

/// Reads companies by id; deleted and unknown ones and those of other tenants are left out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CompaniesByIds {
    /// The tenant.
    pub tenant: TenantId,
    /// The ids, at most 1,000.
    pub ids: Vec<CompanyId>,
}

/// Changes a company: for whoever made it and managers. `None` leaves a field as it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UpdateCompany {
    /// Who asks.
    pub by: Principal,
    /// The company.
    pub key: CompanyKey,
    /// The name.
    pub name: Option<String>,
    /// The name as a part of a URL.
    pub slug: Option<String>,
    /// Where its logo lies; `Some(None)` empties it.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub logo_url: Option<Option<String>>,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}

/// Deletes a company: for whoever made it and managers. Its chats stay, without a company.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteCompany {
    /// Who asks.
    pub by: Principal,
    /// The company.
    pub key: CompanyKey,
}
