//! Afterwards nothing of a deleted tenant is left.

use contracts::RealtimeApi as _;
use contracts::realtime::{Seen, Touch};
use domain::UserId;
use proto_events::TenantDeleted;
use store::{Db, on_conn};
use store::{RunQueryDsl as _, testing::on_each_engine};

use crate::fixture::{Fixture, TREES, at};

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

on_each_engine! {
    migrations = TREES;

    async fn a_deleted_tenant_leaves_nothing(db: Db) {
        let mut fx = Fixture::start(&db);
        let other = fx.tenant;
        fx.says(fx.chat(&[UserId::new()]), 1, "stays").await;
        fx.settle().await;
        fx.tenant = domain::TenantId::new();
        let (ann, bob) = (UserId::new(), UserId::new());
        for _ in 0..3 {
            let chat = fx.chat(&[ann, bob]);
            fx.created(chat).await;
            fx.says(chat, 1, "goes").await;
        }
        fx.realtime.touch(Touch { seen: vec![Seen { tenant: fx.tenant, user: ann, active: true }] }).await.unwrap();
        fx.settle().await;
        fx.tell(&TenantDeleted { tenant: fx.tenant }).await;
        fx.settle().await;
        fx.realtime.sweep().await.unwrap();
        // What was under way comes later, and goes later.
        fx.says(fx.chat(&[ann]), 1, "late").await;
        fx.settle().await;
        fx.clock.set(at(61));
        fx.realtime.sweep().await.unwrap();
        for (table, left) in
            [("feed", 1), ("tenant_heads", 1), ("chat_copies", 1), ("members", 1), ("presence", 0), ("erasures", 0)]
        {
            assert_eq!(rows(&db, table).await, left, "{table}");
        }
        fx.tenant = other;
        assert_eq!(fx.feed(None, 0).await.items.len(), 1);
    }
}
