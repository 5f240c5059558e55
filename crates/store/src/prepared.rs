//! Statements written in SQL that stay prepared: `sql_query` is prepared anew each time, which a hot path would feel.

/// Declares a statement of one engine: pieces of SQL with typed parameters between them.
///
/// ```ignore
/// statement! {
///     /// Takes keys that are free; those are returned.
///     InsertKeys on Pg => Binary {
///         "INSERT INTO keys (key) SELECT k FROM unnest(",
///         keys: [&'a [u8]] as Array<Binary>,
///         ") AS r (k) ON CONFLICT (key) DO NOTHING RETURNING key",
///     }
/// }
/// let won: Vec<Vec<u8>> = InsertKeys { keys: &keys }.load(c).await?;
/// ```
#[macro_export]
macro_rules! statement {
    (
        $(#[$meta:meta])*
        $name:ident on $DB:ty $(=> $row:ty)? {
            $head:literal $(, $field:ident: $rust:ty as $st:ty, $sql:literal)+ $(,)?
        }
    ) => {
        $(#[$meta])*
        pub(crate) struct $name<'a> {
            $(pub $field: &'a $rust,)+
        }

        impl diesel::query_builder::QueryId for $name<'_> {
            type QueryId = $name<'static>;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl<'a> diesel::query_builder::QueryFragment<$DB> for $name<'a> {
            fn walk_ast<'b>(&'b self, mut out: diesel::query_builder::AstPass<'_, 'b, $DB>) -> diesel::QueryResult<()> {
                out.push_sql($head);
                $(
                    out.push_bind_param::<$st, $rust>(self.$field)?;
                    out.push_sql($sql);
                )+
                Ok(())
            }
        }

        impl<C> diesel::RunQueryDsl<C> for $name<'_> {}

        $(impl diesel::query_builder::Query for $name<'_> {
            type SqlType = $row;
        })?
    };
}
