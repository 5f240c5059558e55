//! The rows of this service: a function per query. No rules, no JSON beyond the columns that hold it.

pub mod books;
pub mod companies;
pub mod erasures;
pub mod external;
pub mod groups;
pub mod heads;
pub mod keys;
pub mod people;
pub mod rows;
mod schema;
