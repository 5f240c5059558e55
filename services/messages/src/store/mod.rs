//! Queries: a function each, first argument the connection or transaction. No rules here.

pub(crate) mod append;
pub(crate) mod days;
pub(crate) mod erase;
pub(crate) mod heads;
pub(crate) mod hidden;
pub(crate) mod keys;
pub(crate) mod messages;
pub(crate) mod overview;
pub(crate) mod reads;
pub(crate) mod rows;
mod schema;
