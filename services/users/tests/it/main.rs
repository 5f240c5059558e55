//! The service `users` over both engines.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on has failed")]

mod books;
mod companies;
mod ensure;
mod erasure;
mod fixture;
mod groups;
mod people;
mod schema;
