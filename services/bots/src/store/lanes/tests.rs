//! What claiming costs must not grow with what waits: the plans of its statements, and its time, on 100,000 rows.

use std::time::{Duration, Instant};

use diesel::sql_types::Text;
use diesel_async::SimpleAsyncConnection as _;
use domain::{ClaimId, TenantId, Timestamp, WebhookId};
use store::testing::on_each_engine;
use store::{Db, Engine, RunQueryDsl as _, on_conn};

use super::*;

/// Deliveries that wait.
const BACKLOG: usize = 100_000;
/// Lanes they wait on.
const LANES: usize = 200;
/// Statements of which the plan says how they find rows.
const CLAIM: &str = "SELECT lane FROM lanes WHERE due_at <= '2031-01-01 00:00:00' ORDER BY due_at LIMIT 64";

#[derive(diesel::QueryableByName)]
struct Plan {
    #[diesel(sql_type = Text)]
    line: String,
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(1_800_000_000_000_000).plus_seconds(seconds)
}

/// `count` deliveries on `lanes` lanes, nobody holding them.
async fn fill(db: &Db, tenant: TenantId, count: usize, lanes: usize) {
    let endpoint = WebhookId::new();
    for from in (0..count).step_by(2_000) {
        let new = (from..(from + 2_000).min(count)).map(|n| NewDelivery {
            id: crate::ids::delivery(at(0), n % 60_000),
            lane: crate::ids::lane(endpoint, uuid::Uuid::from_u128((n % lanes) as u128)),
            tenant,
            endpoint,
            webhook_id: format!("msg_{n}"),
            event: "message.posted".to_owned(),
            interaction: None,
            chat: None,
            message: None,
            body: "{}".to_owned(),
            trace: None,
            replay_of: None,
        });
        let mut tx = db.begin().await.expect("a transaction");
        add(&mut tx, new.collect(), None, at(0)).await.expect("added");
        tx.commit().await.expect("committed");
    }
}

/// Claims and delivers `rounds` batches of lanes; how long each took.
async fn rounds(db: &Db, rounds: usize) -> Vec<Duration> {
    let mut took = Vec::new();
    for _ in 0..rounds {
        let began = Instant::now();
        let mut tx = db.begin().await.expect("a transaction");
        let taken = Claim { holder: ClaimId::new(), until: at(30) };
        let heads = claim(&mut tx, taken, at(1), 64).await.expect("claimed");
        assert_eq!(heads.len(), 64);
        let ends = |head: Head| Settled {
            head,
            tried: None,
            verdict: Verdict::Ends { state: DeliveryState::Delivered, blocks: false },
        };
        settle(&mut tx, heads.into_iter().map(ends).collect(), at(30), false, at(1)).await.expect("settled");
        tx.commit().await.expect("committed");
        took.push(began.elapsed());
    }
    took.sort_unstable();
    took
}

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

async fn plan(db: &Db, statement: &str) -> String {
    let mut conn = db.read().await.expect("a connection");
    let lines: Vec<String> = match conn.engine() {
        Engine::Pg(c) => {
            c.batch_execute("ANALYZE lanes; ANALYZE deliveries").await.expect("analyzed");
            let rows: Vec<Line> = diesel_async::RunQueryDsl::load(diesel::sql_query(format!("EXPLAIN {statement}")), c)
                .await
                .expect("a plan");
            rows.into_iter().map(|row| row.line).collect()
        }
        Engine::Sqlite(c) => {
            let sql = format!("EXPLAIN QUERY PLAN {statement}");
            let rows: Vec<Plan> = c
                .spawn_blocking(move |c| {
                    #[derive(diesel::QueryableByName)]
                    struct Detail {
                        #[diesel(sql_type = Text)]
                        detail: String,
                    }
                    let rows: Vec<Detail> = diesel::RunQueryDsl::load(diesel::sql_query(sql), c)?;
                    Ok(rows.into_iter().map(|row| Plan { line: row.detail }).collect())
                })
                .await
                .expect("a plan");
            rows.into_iter().map(|row| row.line).collect()
        }
    };
    lines.join("\n")
}

on_each_engine! {
    migrations = [store::MIGRATIONS, bus::migrations(), crate::migrations()];

    /// Indexes lead to due lanes, to each one's first delivery, and along every list.
    async fn a_backlog_does_not_slow_claims(db: Db) {
        let (few, tenant) = (TenantId::new(), TenantId::new());
        fill(&db, few, 64 * 40, 64).await;
        let small = rounds(&db, 20).await;
        let tx = db.begin().await.expect("a transaction");
        on_conn!(tx, |c| diesel::delete(deliveries::table).execute(c).await).expect("deleted");
        on_conn!(tx, |c| diesel::delete(lanes::table).execute(c).await).expect("deleted");
        tx.commit().await.expect("committed");
        fill(&db, tenant, BACKLOG, LANES).await;

        let id = tenant.uuid().simple().to_string();
        let id = if db.is_postgres() { format!("'\\x{id}'::bytea") } else { format!("x'{id}'") };
        for (statement, index) in [
            (CLAIM.to_owned(), "lanes_due"),
            (format!("SELECT id FROM deliveries WHERE lane = {id} AND place > 7 AND state = 'pending' ORDER BY place LIMIT 1"), "deliveries_lane"),
            (format!("SELECT id FROM deliveries WHERE tenant = {id} AND state = 'parked' AND state <> 'delivered' AND id > {id} ORDER BY id LIMIT 50"), "deliveries_undelivered"),
            (format!("SELECT id FROM deliveries WHERE chat = {id} AND id > {id} ORDER BY id LIMIT 50"), "deliveries_chat"),
            (format!("SELECT id FROM deliveries WHERE message = {id} ORDER BY id LIMIT 50"), "deliveries_message"),
            (format!("SELECT id FROM deliveries WHERE interaction = {id} ORDER BY id LIMIT 50"), "deliveries_interaction"),
        ] {
            let found = plan(&db, &statement).await;
            assert!(found.contains(index), "{statement}\n{found}");
        }
        let large = rounds(&db, 20).await;
        // The medians, with room for what else the machine does.
        assert!(large[10] < small[10] * 4 + Duration::from_millis(20), "{:?} and {:?}", small[10], large[10]);
    }
}
