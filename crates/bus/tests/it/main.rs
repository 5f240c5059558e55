//! The bus's promises, on both buses and both engines.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod batches;
mod crashes;
mod instances;
mod order;
mod parking;
mod redone;
mod relay;
mod resubscribe;
mod tables;
mod trail;
mod world;
