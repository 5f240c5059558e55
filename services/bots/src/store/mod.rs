//! The rows of this service: a function per query. No rules, no JSON beyond the columns that hold it.

pub mod departments;
pub mod erasures;
pub mod interactions;
pub mod lists;
pub mod queue;
pub mod rows;
mod schema;
pub mod seats;
