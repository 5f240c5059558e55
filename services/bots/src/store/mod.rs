//! The rows of this service: a function per query. No rules, no JSON beyond the columns that hold it.

pub mod deliveries;
pub mod departments;
pub mod endpoints;
pub mod erasures;
pub mod interactions;
pub mod lanes;
pub mod lists;
pub mod queue;
pub mod rows;
mod schema;
mod schema_delivery;
pub mod seats;
