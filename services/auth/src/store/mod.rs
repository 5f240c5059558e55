//! The queries: a function each, its first argument the connection or transaction. No rules here.

pub(crate) mod doors;
pub(crate) mod erasures;
pub(crate) mod failures;
pub(crate) mod invitations;
pub(crate) mod jwt_keys;
pub(crate) mod logins;
pub(crate) mod outgoing;
pub(crate) mod rows;
mod schema;
pub(crate) mod standing;
pub(crate) mod tenants;
pub(crate) mod tokens;
