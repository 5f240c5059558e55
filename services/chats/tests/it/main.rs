//! The service `chats` over both engines.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod access;
mod concurrency;
mod create;
mod events;
mod fixture;
mod lists;
mod members;
mod rights;
mod rooms;
mod schema;
mod sessions;
mod stays;
