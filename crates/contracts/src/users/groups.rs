//! Groups named by their ids.

use domain::{GroupId, TenantId};
use serde::{Deserialize, Serialize};

/// Reads groups with their members; unknown ids and those of other tenants are left out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GroupsBy {
    /// The tenant.
    pub tenant: TenantId,
    /// Which.
    pub keys: GroupKeys,
}

/// Names of groups, at most 1,000.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum GroupKeys {
    /// Our ids.
    Ids(Vec<GroupId>),
    /// The integer ids.
    Numbers(Vec<i64>),
}
