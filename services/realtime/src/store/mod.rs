//! The tables of this service, a file for each.

pub mod erasures;
pub mod feed;
pub mod members;
pub mod presence;
mod schema;
