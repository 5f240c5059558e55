//! Both trees of migrations describe the same tables.

#[test]
fn both_trees_describe_the_same_schema() {
    store::testing::assert_same_schema([bots::migrations()]);
}
