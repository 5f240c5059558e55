//! Departments, interactions and handover, on both engines.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod concurrency;
mod customers;
mod departments;
mod erasure;
mod events;
mod fixture;
mod handover;
mod lists;
mod losses;
mod queue;
mod schema;
mod webhooks;
