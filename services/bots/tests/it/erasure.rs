//! What a deleted tenant leaves behind: nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use contracts::BotsApi as _;
use contracts::bots::StartInteraction;
use proto_events::TenantDeleted;
use store::RunQueryDsl as _;
use store::testing::{on_each_engine, schema_of};
use store::{Db, on_conn};

use crate::fixture::{BOT, Fixture, TREES, request};

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

async fn rows(db: &Db, table: &str) -> i64 {
    let conn = db.read().await.unwrap();
    let sql = format!("SELECT COUNT(*) AS n FROM {table}");
    on_conn!(conn, |c| diesel::sql_query(sql).get_result::<Count>(c).await).unwrap().n
}

/// Rows of every table that is not the bus's.
async fn everything(db: &Db) -> BTreeMap<String, i64> {
    let bus = ["outbox", "inbox", "leases", "instances", "parked", "parked_keys"];
    let mut all = BTreeMap::new();
    for fact in schema_of(db).await.unwrap() {
        let table = fact.split(['.', ' ']).next().unwrap();
        if !bus.contains(&table) && !all.contains_key(table) {
            all.insert(table.to_owned(), rows(db, table).await);
        }
    }
    all
}

/// Waits until the tables hold just `left`.
async fn erased(db: &Db, left: &BTreeMap<String, i64>) {
    let mut now = everything(db).await;
    let begun = tokio::time::Instant::now();
    while now != *left {
        assert!(begun.elapsed() < Duration::from_secs(20), "left: {now:?}, wanted: {left:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
        now = everything(db).await;
    }
}

on_each_engine! {
    migrations = TREES;

    async fn a_deleted_tenant_leaves_nothing_behind(db: Db) {
        let mut fx = Fixture::start(&db);
        let mine = fx.tenant;
        fx.tenant = domain::TenantId::new();
        let kept = fx.department("Kept", None, &[fx.agent()]).await;
        fx.begin(&kept).await;
        fx.department("Bot", Some(BOT), &[]).await;
        let others = everything(&db).await;

        fx.tenant = mine;
        for n in 0..5 {
            let sales = fx.department(&format!("{n}"), Some(BOT), &[fx.agent()]).await;
            let start = StartInteraction { idempotency: Some(request(n, 1)), ..fx.starting(&sales) };
            let one = fx.bots.start(start).await.unwrap();
            fx.transfer(&one, None).await.unwrap();
        }
        fx.settle().await;
        fx.work();
        fx.tell(&TenantDeleted { tenant: mine }).await;
        // First all but the note to come back goes, then that.
        let mut noted = others.clone();
        *noted.get_mut("erasures").unwrap() += 1;
        for left in [noted, others] {
            erased(&db, &left).await;
            fx.later(61);
        }
    }
}
