//! What a transaction promises when it is dropped, cancelled, crowded or refused.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection as _};
use store::testing::on_each_engine;
use store::{Db, Engine, StoreError, StoreResult, Tx, on_conn};
use tokio::try_join;

diesel::table! {
    counters (id) {
        id -> BigInt,
        n -> BigInt,
    }
}

/// A table with one row, `(1, 0)`.
async fn prepare(db: &Db) {
    let sql = "CREATE TABLE counters (id BIGINT PRIMARY KEY, n BIGINT NOT NULL CHECK (n >= 0))";
    let mut tx = db.begin().await.unwrap();
    on_conn!(tx, |c| c.batch_execute(sql).await).unwrap();
    insert(&mut tx, 1).await.unwrap();
    tx.commit().await.unwrap();
}

async fn insert(tx: &mut Tx, id: i64) -> StoreResult<usize> {
    let query = diesel::insert_into(counters::table).values((counters::id.eq(id), counters::n.eq(0)));
    Ok(on_conn!(tx, |c| query.execute(c).await)?)
}

async fn increment(tx: &mut Tx) -> StoreResult<i64> {
    Ok(on_conn!(tx, |c| diesel::update(counters::table.find(1))
        .set(counters::n.eq(counters::n + 1))
        .returning(counters::n)
        .get_result(c)
        .await)?)
}

async fn value(db: &Db) -> i64 {
    let conn = db.read().await.unwrap();
    on_conn!(conn, |c| counters::table.find(1).select(counters::n).first(c).await).unwrap()
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    n: i32,
}

/// A setting of SQLite's file; 0 on PostgreSQL.
async fn pragma(db: &Db, name: &str) -> i64 {
    let mut conn = db.read().await.unwrap();
    let query = diesel::sql_query(format!("SELECT {name} AS n FROM pragma_{name}"));
    match conn.engine() {
        Engine::Pg(_) => 0,
        Engine::Sqlite(c) => query.get_result::<Number>(c).await.unwrap().n.into(),
    }
}

/// What SQLite's COMMIT will wait for: 2 for the disk, 1 for nothing. On PostgreSQL it waits always.
async fn synchronous(tx: &mut Tx) -> i32 {
    match tx.engine() {
        Engine::Pg(_) => 2,
        Engine::Sqlite(c) => {
            let query = diesel::sql_query("SELECT synchronous AS n FROM pragma_synchronous");
            query.get_result::<Number>(c).await.unwrap().n
        }
    }
}

/// A statement that runs for long, and writes.
async fn long_write(tx: &mut Tx) -> StoreResult<()> {
    increment(tx).await?;
    match tx.engine() {
        Engine::Pg(c) => c.batch_execute("SELECT pg_sleep(0.5)").await?,
        Engine::Sqlite(c) => {
            c.batch_execute(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) \
                 INSERT INTO counters SELECT i + 10, i FROM n WHERE i % 100000 = 0",
            )
            .await?;
        }
    }
    Ok(())
}

on_each_engine! {
    migrations = [];

    async fn a_dropped_transaction_frees_the_next_writer_at_once(db: Db) {
        prepare(&db).await;
        let mut waits = Vec::new();
        for _ in 0..20 {
            let mut tx = db.begin().await.unwrap();
            assert_eq!(increment(&mut tx).await.unwrap(), 1);
            drop(tx);
            let dropped = Instant::now();
            let mut tx = db.begin().await.unwrap();
            assert_eq!(increment(&mut tx).await.unwrap(), 1, "the first one was undone");
            waits.push(dropped.elapsed());
        }
        // A busy machine may hold up one of them; a rollback that waits for something holds up all.
        waits.sort_unstable();
        assert!(waits[10] < Duration::from_millis(100) && waits[19] < Duration::from_secs(2), "waited {waits:?}");
    }

    async fn what_is_not_synced_yet_is_there_for_everybody(db: Db) {
        prepare(&db).await;
        db.sync().await.unwrap();
        assert_eq!(pragma(&db, "user_version").await, 0, "nothing was behind");
        let mut tx = db.begin_unsynced().await.unwrap();
        assert_eq!(increment(&mut tx).await.unwrap(), 1);
        drop(tx);
        let mut tx = db.begin_unsynced().await.unwrap();
        assert_eq!(increment(&mut tx).await.unwrap(), 1, "a dropped one is undone, like any other");
        tx.commit().await.unwrap();
        assert_eq!(value(&db).await, 1);
        db.sync().await.unwrap();
        db.sync().await.unwrap();
        assert_eq!(pragma(&db, "user_version").await, i64::from(!db.is_postgres()));
        assert_eq!(value(&db).await, 1);
    }

    async fn commits_wait_for_the_disk_unless_they_are_told_not_to(db: Db) {
        prepare(&db).await;
        let (now, later) = (2, 1);
        for _ in 0..3 {
            let (mut waits, mut others) = (db.begin().await.unwrap(), Vec::new());
            assert_eq!(synchronous(&mut waits).await, now);
            waits.commit().await.unwrap();
            for _ in 0..20 {
                let mut tx = db.begin_unsynced().await.unwrap();
                let sync = synchronous(&mut tx).await;
                assert_eq!(tx.waits_for_disk(), sync == now);
                others.push(sync);
                tx.commit().await.unwrap();
            }
            let left: usize = others.iter().filter(|sync| **sync == later).count();
            // Not all of them in a row: somebody has to move the log into the file.
            let expected = if db.is_postgres() { 0 } else { 19 };
            assert_eq!(left, expected, "{others:?}");
        }
    }

    async fn a_task_aborted_in_mid_query_rolls_back(db: Db) {
        prepare(&db).await;
        let worker = db.clone();
        let task = tokio::spawn(async move {
            let mut tx = worker.begin().await.unwrap();
            long_write(&mut tx).await.unwrap();
            // SQLite's statement runs where it is asked for, so the abort is heard at the next pause.
            tokio::task::yield_now().await;
            tx.commit().await.unwrap();
        });
        tokio::time::sleep(Duration::from_millis(60)).await;
        task.abort();
        assert!(task.await.is_err(), "the statement was still running");

        let mut tx = db.begin().await.unwrap();
        assert_eq!(increment(&mut tx).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(value(&db).await, 1);
    }

    async fn tasks_aborted_at_any_point_lock_nothing(db: Db) {
        prepare(&db).await;
        for after_us in (0..60).map(|i| i * 50) {
            let worker = db.clone();
            let task = tokio::spawn(async move {
                let mut tx = worker.begin().await?;
                increment(&mut tx).await?;
                tx.commit().await
            });
            tokio::time::sleep(Duration::from_micros(after_us)).await;
            task.abort();
            // A COMMIT that was sent is carried through: whether it counted is not known here.
            let _ = task.await;
        }
        let before = value(&db).await;
        let mut tx = db.begin().await.unwrap();
        assert!(increment(&mut tx).await.unwrap() > before);
        tx.commit().await.unwrap();
    }

    async fn many_writers_at_once_all_get_their_turn(db: Db) {
        prepare(&db).await;
        let writers: Vec<_> = (0..64)
            .map(|_| {
                let db = db.clone();
                tokio::spawn(async move {
                    let mut tx = db.begin().await?;
                    increment(&mut tx).await?;
                    tx.commit().await
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap().unwrap();
        }
        assert_eq!(value(&db).await, 64);
    }

    async fn readers_see_only_what_is_committed(db: Db) {
        prepare(&db).await;
        let mut tx = db.begin().await.unwrap();
        increment(&mut tx).await.unwrap();
        assert_eq!(value(&db).await, 0);
        tx.commit().await.unwrap();
        assert_eq!(value(&db).await, 1);
    }

    async fn errors_have_their_kinds(db: Db) {
        prepare(&db).await;
        let mut tx = db.begin().await.unwrap();
        assert!(matches!(insert(&mut tx, 1).await, Err(StoreError::Unique)));
        tx.rollback().await.unwrap();

        let conn = db.read().await.unwrap();
        let absent: StoreResult<i64> =
            on_conn!(conn, |c| counters::table.find(7).select(counters::n).first(c).await).map_err(StoreError::from);
        assert!(matches!(absent, Err(StoreError::NotFound)));

        let refused = on_conn!(conn, |c| diesel::update(counters::table).set(counters::n.eq(-1)).execute(c).await);
        let refused = StoreError::from(refused.unwrap_err());
        assert!(matches!(refused, StoreError::Database(_)) && !refused.is_retryable(), "{refused:?}");
    }

    /// PostgreSQL would answer the COMMIT of a failed transaction with a quiet ROLLBACK.
    async fn a_transaction_that_went_on_after_an_error_loses_nothing_quietly(db: Db) {
        prepare(&db).await;
        let mut tx = db.begin().await.unwrap();
        increment(&mut tx).await.unwrap();
        insert(&mut tx, 1).await.unwrap_err();
        let committed = tx.commit().await;
        assert_eq!(value(&db).await, i64::from(committed.is_ok()));
        assert_eq!(committed.is_ok(), !db.is_postgres());

        let mut tx = db.begin().await.unwrap();
        increment(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// They reach PostgreSQL in one go, behind BEGIN: what was written goes with the transaction.
    async fn statements_asked_side_by_side_are_of_one_transaction(db: Db) {
        prepare(&db).await;
        for commit in [false, true] {
            let tx = db.begin().await.unwrap();
            let add = async |id: i64| {
                let row = diesel::insert_into(counters::table).values((counters::id.eq(id), counters::n.eq(0)));
                on_conn!(tx, |c| row.execute(c).await)
            };
            let first = async { on_conn!(tx, |c| counters::table.find(1).select(counters::n).first::<i64>(c).await) };
            assert_eq!(try_join!(add(2), first, add(3)).unwrap(), (1, 0, 1));
            if commit { tx.commit().await.unwrap() } else { tx.rollback().await.unwrap() }
            let conn = db.read().await.unwrap();
            let rows: i64 = on_conn!(conn, |c| counters::table.count().get_result(c).await).unwrap();
            assert_eq!(rows, if commit { 3 } else { 1 });
        }
    }

    async fn connections_come_back(db: Db) {
        prepare(&db).await;
        for round in 0..40 {
            let mut tx = db.begin().await.unwrap();
            increment(&mut tx).await.unwrap();
            match round % 3 {
                0 => tx.commit().await.unwrap(),
                1 => tx.rollback().await.unwrap(),
                _ => drop(tx),
            }
        }
        db.ping().await.unwrap();
        assert_eq!(value(&db).await, 14);
    }

    async fn an_advisory_lock_has_one_holder(db: Db) {
        let mut held = db.advisory_lock("stack").await.unwrap().expect("nobody has it");
        held.check().await.unwrap();
        assert!(db.advisory_lock("another").await.unwrap().is_some());
        assert_eq!(db.advisory_lock("stack").await.unwrap().is_none(), db.is_postgres());
        drop(held);
        for _ in 0..100 {
            if db.advisory_lock("stack").await.unwrap().is_some() {
                return;
            }
            // The server notices the closed connection a little later.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the lock outlived its holder");
    }
}

#[test]
fn a_full_disk_is_unavailable_and_harms_nothing() {
    store::testing::on_sqlite([], |db: Db| async move {
        prepare(&db).await;
        let mut tx = db.begin().await.unwrap();
        on_conn!(tx, |c| c.batch_execute("PRAGMA max_page_count = 4").await).unwrap();
        let full = long_write(&mut tx).await;
        let big = on_conn!(tx, |c| c
            .batch_execute("CREATE TABLE big (b BLOB); INSERT INTO big VALUES (zeroblob(1000000))")
            .await);
        let error = full.err().unwrap_or_else(|| StoreError::from(big.unwrap_err()));
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        drop(tx);
        assert_eq!(value(&db).await, 0);
    });
}

#[test]
fn a_long_statement_is_ended_on_postgres() {
    store::testing::on_postgres([], |test: store::testing::TestDb| async move {
        let settings = store::DatabaseSettings { statement_timeout_ms: 50, ..test.settings };
        let db = Db::open(&settings, "slow", &[], &tokio::runtime::Handle::current()).await.unwrap();
        let mut conn = db.read().await.unwrap();
        let error = on_conn!(conn, |c| c.batch_execute("SELECT 1").await);
        assert!(error.is_ok());
        let Engine::Pg(c) = conn.engine() else { unreachable!() };
        let error = StoreError::from(c.batch_execute("SELECT pg_sleep(5)").await.unwrap_err());
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    });
}

/// BEGIN is not waited for: that there was none is found out by COMMIT.
#[test]
fn a_commit_without_a_transaction_is_refused() {
    store::testing::on_postgres([], |db: Db| async move {
        prepare(&db).await;
        let mut tx = db.begin().await.unwrap();
        on_conn!(tx, |c| c.batch_execute("ROLLBACK").await).unwrap();
        increment(&mut tx).await.unwrap();
        let error = tx.commit().await.unwrap_err();
        assert!(format!("{error:?}").contains("transaction block"), "{error:?}");
        // Its connection is as good as any.
        let mut tx = db.begin().await.unwrap();
        increment(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(value(&db).await, 2);
    });
}

#[test]
fn connections_that_the_server_closed_are_replaced() {
    store::testing::on_postgres([], |db: Db| async move {
        prepare(&db).await;
        let killer = db.read().await.unwrap();
        let mut victim = db.begin().await.unwrap();
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                    WHERE datname = current_database() AND pid <> pg_backend_pid()";
        on_conn!(killer, |c| c.batch_execute(kill).await).unwrap();
        let error = increment(&mut victim).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        drop(victim);

        drop(killer);
        let mut tx = db.begin().await.unwrap();
        increment(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    });
}
