//! The service over a real database, on both engines.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod authenticate;
mod delivery;
mod doors;
mod erase;
mod invitations;
mod logins;
mod people;
mod sessions;
mod tenants;
mod tokens;
mod web_sessions;
mod world;

/// Both trees of migrations make the same tables.
#[test]
fn both_engines_have_the_same_schema() {
    store::testing::assert_same_schema(world::trees());
}
