//! Feeds and presence, on both engines.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod erasure;
mod feeds;
mod fixture;
mod instances;
mod membership;
mod presence;
mod schema;
