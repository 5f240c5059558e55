//! Opening a database: folders, schemas, several instances, what is pending.

use diesel_async::SimpleAsyncConnection as _;
use store::testing::{TestDb, assert_same_schema, on_each_engine, schema_of};
use store::{DatabaseSettings, Db, MIGRATIONS, Pending, StoreError, on_conn, pending};
use tokio::runtime::Handle;

#[test]
fn both_trees_describe_the_same_schema() {
    assert_same_schema([MIGRATIONS]);
}

on_each_engine! {
    migrations = [];

    async fn what_is_pending_is_listed_and_then_is_not(test: TestDb) {
        let rt = Handle::current();
        let all = [MIGRATIONS];
        let listed = pending(&test.settings, &all, &rt).await.unwrap();
        assert_eq!(listed, [Pending("store/0001_idempotency".into())]);
        assert!(schema_of(&test.db).await.unwrap().is_empty(), "listing changes nothing");

        let db = Db::open(&test.settings, "again", &all, &rt).await.unwrap();
        assert_eq!(pending(&test.settings, &all, &rt).await.unwrap(), []);
        assert!(schema_of(&db).await.unwrap().contains("idempotency.body_hash: bytes not null"));
        Db::open(&test.settings, "and again", &all, &rt).await.unwrap();
    }

    async fn a_schema_is_described_in_words_both_engines_share(db: Db) {
        let number =
            if db.is_postgres() { "BIGSERIAL PRIMARY KEY" } else { "INTEGER PRIMARY KEY AUTOINCREMENT" };
        let bytes = if db.is_postgres() { "BYTEA" } else { "BLOB" };
        let tx = db.begin().await.unwrap();
        let sql = format!(
            "CREATE TABLE things (number {number}, id {bytes} NOT NULL UNIQUE, name TEXT, gone BOOLEAN NOT NULL, \
                                  at TIMESTAMP NOT NULL, UNIQUE (name, at)); \
             CREATE TABLE pairs (b BIGINT NOT NULL, a BIGINT NOT NULL, narrow INT, PRIMARY KEY (b, a)); \
             CREATE UNIQUE INDEX pairs_some ON pairs (a) WHERE b > 0; CREATE INDEX pairs_narrow ON pairs (narrow)"
        );
        on_conn!(tx, |c| c.batch_execute(&sql).await).unwrap();
        tx.commit().await.unwrap();
        let narrow = if db.is_postgres() { "pairs.narrow: integer, 32 bits null" } else { "pairs.narrow: int null" };
        let mut expected = [
            "things.number: integer not null",
            "things.id: bytes not null",
            "things.name: text null",
            "things.gone: boolean not null",
            "things.at: timestamp not null",
            "things unique (number)",
            "things unique (id)",
            "things unique (name, at)",
            "pairs.a: integer not null",
            "pairs.b: integer not null",
            narrow,
            "pairs unique (b, a)",
            "pairs unique (a) where …",
        ];
        expected.sort_unstable();
        assert_eq!(schema_of(&db).await.unwrap().into_iter().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn instances_that_start_at_once_migrate_once() {
    store::testing::on_postgres([], |test: TestDb| async move {
        let settings = DatabaseSettings { schema: Some("chats".into()), ..test.settings.clone() };
        assert_eq!(pending(&settings, &[MIGRATIONS], &Handle::current()).await.unwrap().len(), 1);
        let starting: Vec<_> = (0..6)
            .map(|_| {
                let settings = settings.clone();
                tokio::spawn(async move { Db::open(&settings, "chats", &[MIGRATIONS], &Handle::current()).await })
            })
            .collect();
        for instance in starting {
            let db = instance.await.unwrap().unwrap();
            assert!(!schema_of(&db).await.unwrap().is_empty());
        }
        assert!(schema_of(&test.db).await.unwrap().is_empty(), "the tables are in the schema");

        // Another service in the same database has tables of its own, and locks of its own.
        let other = DatabaseSettings { schema: Some("users".into()), ..test.settings };
        let other = Db::open(&other, "users", &[MIGRATIONS], &Handle::current()).await.unwrap();
        let chats = Db::open(&settings, "chats", &[MIGRATIONS], &Handle::current()).await.unwrap();
        let _held = other.advisory_lock("stack").await.unwrap().expect("free");
        assert!(chats.advisory_lock("stack").await.unwrap().is_some());
    });
}

#[test]
fn the_folder_of_an_sqlite_file_is_made() {
    store::testing::on_sqlite([], |test: TestDb| async move {
        let url = secrecy::ExposeSecret::expose_secret(&test.settings.url).replace("test.db", "deep/er/chats.db");
        let settings = DatabaseSettings { url: url.clone().into(), ..test.settings };
        assert_eq!(pending(&settings, &[MIGRATIONS], &Handle::current()).await.unwrap().len(), 1);
        let file = url.trim_start_matches("sqlite://");
        assert!(!std::path::Path::new(file).exists(), "a plan makes no file");
        Db::open(&settings, "chats", &[MIGRATIONS], &Handle::current()).await.unwrap();
        assert!(std::path::Path::new(file).exists());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_unavailable() {
    let settings = DatabaseSettings {
        url: "postgres://nobody@127.0.0.1:1/none".into(),
        schema: None,
        pool_size: 1,
        statement_timeout_ms: 0,
    };
    let error = Db::open(&settings, "none", &[], &Handle::current()).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
}
