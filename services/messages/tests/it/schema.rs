//! The two migration trees.

use crate::fixture::TREES;

#[test]
fn both_engines_have_the_same_tables() {
    // Numbers come from a sequence on PostgreSQL, from a row on SQLite.
    store::testing::assert_same_schema_except(TREES, &["message_numbers"]);
}
