//! The rows of this service: a function per query. No rules, no JSON beyond the columns that hold it.

pub mod chats;
pub mod documents;
pub mod erasures;
pub mod heads;
pub mod lists;
pub mod rolls;
pub mod rooms;
pub mod rows;
pub mod said;
mod schema;
pub mod sessions;
pub mod snapshots;
pub mod standing;
pub mod stays;
