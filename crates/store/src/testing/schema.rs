//! What a database looks like, in words both engines share.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use diesel::sql_types::{BigInt, Bool, Nullable, Text};
use diesel_async::RunQueryDsl as _;

use super::{on_postgres, on_sqlite};
use crate::{Conn, Db, Engine, Migrations, StoreResult};

/// Where the migrations themselves are recorded.
const BOOKKEEPING: &str = "__diesel_schema_migrations";

/// Panics unless both trees of `migrations` describe the same tables, columns, types, nullability and unique keys.
pub fn assert_same_schema(migrations: impl AsRef<[Migrations]>) {
    assert_same_schema_except(migrations, &[]);
}

/// [`assert_same_schema`], but the tables named in `except` may differ or exist on one engine only.
pub fn assert_same_schema_except(migrations: impl AsRef<[Migrations]>, except: &[&str]) {
    let migrations = migrations.as_ref();
    let sqlite = Arc::new(Mutex::new(BTreeSet::new()));
    let postgres = Arc::new(Mutex::new(BTreeSet::new()));
    let read = |into: &Arc<Mutex<BTreeSet<String>>>| {
        let into = into.clone();
        |db: Db| async move {
            *into.lock().expect("no panic before") = schema_of(&db).await.expect("the schema");
        }
    };
    on_sqlite(migrations, read(&sqlite));
    on_postgres(migrations, read(&postgres));

    let sqlite = sqlite.lock().expect("no panic before");
    let postgres = postgres.lock().expect("no panic before");
    let differs = |fact: &&String| !except.iter().any(|table| fact.split(['.', ' ']).next() == Some(table));
    let mut report = String::new();
    for (engine, these, others) in [("SQLite", &*sqlite, &*postgres), ("PostgreSQL", &*postgres, &*sqlite)] {
        for fact in these.difference(others).filter(differs) {
            let _ = writeln!(report, "  only {engine}: {fact}");
        }
    }
    assert!(report.is_empty(), "the migrations of the two engines differ:\n{report}");
}

/// The schema as a set of facts: `chats.id: bytes not null`, `chats unique (tenant_id, number)`.
///
/// Types: BYTEA and BLOB are `bytes`, BIGINT, BIGSERIAL and SQLite's INTEGER `integer`. PostgreSQL's narrower integers
/// keep their name, so that they differ: columns are 64 bits wide.
pub async fn schema_of(db: &Db) -> StoreResult<BTreeSet<String>> {
    let mut conn = db.read().await?;
    let columns = columns(&mut conn).await?;
    let keys = keys(&mut conn).await?;

    let mut facts = BTreeSet::new();
    let mut primary = Vec::<(String, Vec<String>)>::new();
    for Column { of_table, name, kind, not_null, pk } in columns.into_iter().filter(|c| c.of_table != BOOKKEEPING) {
        let null = if not_null || pk > 0 { "not null" } else { "null" };
        facts.insert(format!("{of_table}.{name}: {} {null}", portable(&kind)));
        if pk > 0 {
            match primary.iter_mut().find(|(table, _)| *table == of_table) {
                Some((_, columns)) => columns.push(name),
                None => primary.push((of_table, vec![name])),
            }
        }
    }
    // SQLite's INTEGER PRIMARY KEY has no index of its own.
    for (table, columns) in primary {
        facts.insert(format!("{table} unique ({})", columns.join(", ")));
    }
    for Key { of_table, columns, partial } in keys.into_iter().filter(|k| k.of_table != BOOKKEEPING) {
        let partial = if partial { " where …" } else { "" };
        facts.insert(format!("{of_table} unique ({}){partial}", columns.unwrap_or_default()));
    }
    Ok(facts)
}

fn portable(kind: &str) -> String {
    match kind.to_lowercase().as_str() {
        "bytea" | "blob" => "bytes".into(),
        "bigint" => "integer".into(),
        "timestamp without time zone" => "timestamp".into(),
        "double precision" | "double" => "real".into(),
        other => other.to_owned(),
    }
}

#[derive(diesel::QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    of_table: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    not_null: bool,
    /// The place in the primary key, from 1; 0 if it is no part of it.
    #[diesel(sql_type = BigInt)]
    pk: i64,
}

async fn columns(conn: &mut Conn) -> StoreResult<Vec<Column>> {
    Ok(match conn.engine() {
        Engine::Pg(c) => {
            // A primary key is not null by itself, so its place need not be known: `keys` lists it.
            diesel::sql_query(
                "SELECT c.table_name::text AS of_table, c.column_name::text AS name, \
                        CASE c.data_type WHEN 'integer' THEN 'integer, 32 bits' ELSE c.data_type::text END AS kind, \
                        c.is_nullable = 'NO' AS not_null, 0::bigint AS pk \
                 FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name) \
                 WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'",
            )
            .load(c)
            .await?
        }
        Engine::Sqlite(c) => {
            diesel::sql_query(
                "SELECT m.name AS of_table, p.name, p.type AS kind, p.\"notnull\" AS not_null, p.pk \
                 FROM sqlite_master m JOIN pragma_table_info(m.name) p \
                 WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, p.pk",
            )
            .load(c)
            .await?
        }
    })
}

#[derive(diesel::QueryableByName)]
struct Key {
    #[diesel(sql_type = Text)]
    of_table: String,
    /// Names joined by `, `; absent for a key of expressions only.
    #[diesel(sql_type = Nullable<Text>)]
    columns: Option<String>,
    #[diesel(sql_type = Bool)]
    partial: bool,
}

async fn keys(conn: &mut Conn) -> StoreResult<Vec<Key>> {
    Ok(match conn.engine() {
        Engine::Pg(c) => {
            diesel::sql_query(
                "SELECT t.relname::text AS of_table, string_agg(a.attname::text, ', ' ORDER BY k.n) AS columns, \
                        i.indpred IS NOT NULL AS partial \
                 FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace s ON s.oid = t.relnamespace \
                 CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, n) \
                 LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum AND k.attnum > 0 \
                 WHERE i.indisunique AND s.nspname = current_schema() AND k.n <= i.indnkeyatts \
                 GROUP BY i.indexrelid, t.relname, i.indpred IS NOT NULL",
            )
            .load(c)
            .await?
        }
        Engine::Sqlite(c) => {
            diesel::sql_query(
                "SELECT m.name AS of_table, group_concat(x.name, ', ' ORDER BY x.seqno) AS columns, l.partial \
                 FROM sqlite_master m JOIN pragma_index_list(m.name) l JOIN pragma_index_info(l.name) x \
                 WHERE m.type = 'table' AND l.\"unique\" = 1 GROUP BY m.name, l.name, l.partial",
            )
            .load(c)
            .await?
        }
    })
}
