//! Running queries. diesel's methods by diesel's names; a query's type ends here.
//!
//! diesel-async compiles the whole way of a query, from the statement's cache to the last row, anew for the type of every
//! query and each engine: some 1.5 s of the release build per query. Here a query travels as a box that can write its SQL
//! and its values, and that way is compiled once per engine. In exchange a prepared statement is found by its text, which is
//! written each time, and not by its type: a microsecond or two.

use futures_util::future::BoxFuture;

use diesel::backend::Backend;
use diesel::deserialize::FromSqlRow;
use diesel::expression::QueryMetadata;
use diesel::pg::Pg;
use diesel::query_builder::{AsQuery, AstPass, Query, QueryFragment, QueryId};
use diesel::query_dsl::CompatibleType;
use diesel::query_dsl::methods::LimitDsl;
use diesel::result::Error;
use diesel::row::Row;
use diesel::sql_types::Untyped;
use diesel::{QueryResult, sqlite};
use diesel_async::{AsyncConnectionCore, AsyncPgConnection};
use futures_util::TryStreamExt as _;

use crate::Sqlite;

/// The one thing asked of a query's own type: diesel's trait would add four functions more for each.
trait Written<DB: Backend> {
    fn write<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()>;
}

impl<DB: Backend, T: QueryFragment<DB>> Written<DB> for T {
    fn write<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.walk_ast(pass)
    }
}

/// Some query for an engine.
pub struct Erased<'a, DB: Backend>(Box<dyn Written<DB> + Send + 'a>);

impl<DB: Backend> QueryId for Erased<'_, DB> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<DB: Backend> QueryFragment<DB> for Erased<'_, DB> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.write(pass)
    }
}

impl<DB: Backend> Query for Erased<'_, DB> {
    type SqlType = Untyped;
}

/// An engine's own connection.
pub trait Runs: Send {
    /// The engine.
    type Backend: Backend;
    /// A row it answers.
    type Row: for<'a> Row<'a, Self::Backend>;

    /// All rows of a query.
    fn rows<'a>(&'a mut self, query: Erased<'a, Self::Backend>) -> BoxFuture<'a, QueryResult<Vec<Self::Row>>>;
    /// How many rows a query changed.
    fn changed<'a>(&'a mut self, query: Erased<'a, Self::Backend>) -> BoxFuture<'a, QueryResult<usize>>;
}

impl Runs for AsyncPgConnection {
    type Backend = Pg;
    type Row = <Self as AsyncConnectionCore>::Row<'static, 'static>;

    fn rows<'a>(&'a mut self, query: Erased<'a, Pg>) -> BoxFuture<'a, QueryResult<Vec<Self::Row>>> {
        pg_rows(self, query)
    }
    fn changed<'a>(&'a mut self, query: Erased<'a, Pg>) -> BoxFuture<'a, QueryResult<usize>> {
        pg_changed(self, query)
    }
}

/// Beside others.
impl Runs for &AsyncPgConnection {
    type Backend = Pg;
    type Row = <AsyncPgConnection as AsyncConnectionCore>::Row<'static, 'static>;

    fn rows<'a>(&'a mut self, query: Erased<'a, Pg>) -> BoxFuture<'a, QueryResult<Vec<Self::Row>>> {
        pg_rows(self, query)
    }
    fn changed<'a>(&'a mut self, query: Erased<'a, Pg>) -> BoxFuture<'a, QueryResult<usize>> {
        pg_changed(self, query)
    }
}

type PgRow = <AsyncPgConnection as AsyncConnectionCore>::Row<'static, 'static>;

fn pg_rows<'a>(mut conn: &'a AsyncPgConnection, query: Erased<'a, Pg>) -> BoxFuture<'a, QueryResult<Vec<PgRow>>> {
    Box::pin(async move { AsyncConnectionCore::load(&mut conn, query).await?.try_collect().await })
}

fn pg_changed<'a>(mut conn: &'a AsyncPgConnection, query: Erased<'a, Pg>) -> BoxFuture<'a, QueryResult<usize>> {
    Box::pin(async move { conn.execute_returning_count(query).await })
}

impl Runs for Sqlite {
    type Backend = sqlite::Sqlite;
    type Row = <Self as AsyncConnectionCore>::Row<'static, 'static>;

    fn rows<'a>(&'a mut self, query: Erased<'a, sqlite::Sqlite>) -> BoxFuture<'a, QueryResult<Vec<Self::Row>>> {
        Box::pin(async move { AsyncConnectionCore::load(self, query).await?.try_collect().await })
    }
    fn changed<'a>(&'a mut self, query: Erased<'a, sqlite::Sqlite>) -> BoxFuture<'a, QueryResult<usize>> {
        Box::pin(self.execute_returning_count(query))
    }
}

/// A query whose rows are `U`s.
pub trait LoadQuery<'a, C: Runs, U> {
    /// All of them.
    fn all(self, conn: &'a mut C) -> BoxFuture<'a, QueryResult<Vec<U>>>;
}

impl<'a, C, T, U, ST> LoadQuery<'a, C, U> for T
where
    C: Runs,
    C::Backend: QueryMetadata<T::SqlType>,
    T: AsQuery,
    T::Query: QueryFragment<C::Backend> + Send + 'a,
    T::SqlType: CompatibleType<U, C::Backend, SqlType = ST>,
    U: FromSqlRow<ST, C::Backend> + Send + 'a,
{
    fn all(self, conn: &'a mut C) -> BoxFuture<'a, QueryResult<Vec<U>>> {
        let build = |row: &C::Row| U::build_from_row(row).map_err(Error::DeserializationError);
        built(conn.rows(Erased(Box::new(self.as_query()))), build)
    }
}

fn built<'a, R: 'a, U: Send + 'a>(
    rows: BoxFuture<'a, QueryResult<Vec<R>>>,
    build: fn(&R) -> QueryResult<U>,
) -> BoxFuture<'a, QueryResult<Vec<U>>> {
    Box::pin(async move { rows.await?.iter().map(build).collect() })
}

fn first_of<'a, U: Send + 'a>(rows: BoxFuture<'a, QueryResult<Vec<U>>>) -> BoxFuture<'a, QueryResult<U>> {
    Box::pin(async move { rows.await?.into_iter().next().ok_or(Error::NotFound) })
}

/// diesel's methods that run a query: import this trait in place of diesel-async's.
pub trait RunQueryDsl<C: Runs>: Sized {
    /// Runs a command; answers how many rows it changed.
    fn execute<'a>(self, conn: &'a mut C) -> BoxFuture<'a, QueryResult<usize>>
    where
        Self: QueryFragment<C::Backend> + Send + 'a,
    {
        conn.changed(Erased(Box::new(self)))
    }
    /// All rows.
    fn load<'a, U>(self, conn: &'a mut C) -> BoxFuture<'a, QueryResult<Vec<U>>>
    where
        Self: LoadQuery<'a, C, U>,
    {
        self.all(conn)
    }
    /// All rows, of a command that returns some.
    fn get_results<'a, U>(self, conn: &'a mut C) -> BoxFuture<'a, QueryResult<Vec<U>>>
    where
        Self: LoadQuery<'a, C, U>,
    {
        self.all(conn)
    }
    /// The only row, else [`Error::NotFound`].
    fn get_result<'a, U>(self, conn: &'a mut C) -> BoxFuture<'a, QueryResult<U>>
    where
        U: Send + 'a,
        Self: LoadQuery<'a, C, U>,
    {
        first_of(self.all(conn))
    }
    /// The first row, else [`Error::NotFound`]; asks for no more than one.
    fn first<'a, U>(self, conn: &'a mut C) -> BoxFuture<'a, QueryResult<U>>
    where
        U: Send + 'a,
        Self: LimitDsl,
        <Self as LimitDsl>::Output: LoadQuery<'a, C, U>,
    {
        first_of(LimitDsl::limit(self, 1).all(conn))
    }
}

impl<T, C: Runs> RunQueryDsl<C> for T {}
