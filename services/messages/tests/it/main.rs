//! The service `messages` over both engines.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod append;
mod changes;
mod erasure;
mod fixture;
mod instances;
mod keys;
mod marks;
mod overview;
mod pages;
mod quota;
mod rooms;
mod schema;
