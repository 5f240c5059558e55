//! What is told outside, to endpoints that behave as they are told, on both engines.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod faults;
mod fixture;
mod instances;
mod order;
mod replay;
mod schedule;
mod secrets;
