//! Address books: whom a user wants to find again.

use domain::{Limit, Principal, Role, TenantId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::User;

/// Lists the living people in a user's address book, the last one added first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Book {
    /// The tenant.
    pub tenant: TenantId,
    /// Whose book.
    pub owner: UserId,
    /// Only whose full name contains this, without case.
    pub name: Option<String>,
    /// Only entries made before this one, by [`Contact::number`].
    pub before: Option<i64>,
    /// How many at most.
    pub limit: Limit,
}

/// Somebody in an address book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The entry's integer id: later entries have higher ones.
    pub number: i64,
    /// Who.
    pub user: User,
    /// When they were added.
    pub added_at: Timestamp,
}

/// Lists the living users of a tenant who are neither the owner of an address book nor in it, by integer id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OutsideBook {
    /// The tenant.
    pub tenant: TenantId,
    /// Whose book.
    pub owner: UserId,
    /// Only these roles; empty is all.
    pub roles: Vec<Role>,
    /// Only behind this integer id.
    pub after: Option<i64>,
    /// How many at most.
    pub limit: Limit,
}

/// Puts people into the caller's own address book and takes others out. Who is in it already, or not in it, changes
/// nothing; the owner and whoever is no living user of the tenant are passed over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeBook {
    /// Whose book: needs a user.
    pub by: Principal,
    /// Who is put in, at most 1,000.
    pub add: Vec<UserId>,
    /// Who is taken out, at most 1,000.
    pub remove: Vec<UserId>,
}
