//! Deleted tenants.

use std::time::Duration;

use bus::{Bus, Topology};
use contracts::MessagesApi as _;
use contracts::messages::{EditMessage, HideMessage, MarkRead, MessageKey, PostMessage, RoomView};
use diesel::sql_types::BigInt;
use domain::{Idempotency, ParticipationId};
use proto_events::TenantDeleted;
use store::{Db, on_conn};
use store::{RunQueryDsl, testing::on_each_engine};
use tokio_util::sync::CancellationToken;

use crate::fixture::{Fixture, TREES, at, bus_settings, request};

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// The rows of every table that keeps something of a tenant.
async fn rows(db: &Db) -> Vec<i64> {
    let conn = db.read().await.unwrap();
    let mut all = Vec::new();
    for table in ["messages", "heads", "post_keys", "reads", "hidden_copies", "tenant_days", "erasures"] {
        let count = diesel::sql_query(format!("SELECT count(*) AS n FROM {table}"));
        let Count { n } = on_conn!(conn, |c| count.get_result(c).await).unwrap();
        all.push(n);
    }
    all
}

async fn until(db: &Db, expected: [i64; 7]) {
    let waited = tokio::time::timeout(Duration::from_secs(20), async {
        while rows(db).await != expected {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    assert!(waited.await.is_ok(), "{:?} and not {expected:?}", rows(db).await);
}

/// In each of four chats: six messages, two keys, a mark, a hidden copy.
async fn fill(fx: &Fixture) {
    for n in 1..=4 {
        let chat = fx.chat();
        fx.posts(chat, 5).await;
        let command = PostMessage { idempotency: key(fx, n), ..fx.says(chat, "keyed") };
        let message = fx.messages.post(command).await.unwrap();
        let edit = EditMessage {
            by: fx.ann(),
            key: MessageKey::Id(message.id),
            text: Some("edited".into()),
            media: None,
            idempotency: key(fx, 100 + n),
        };
        fx.messages.edit(edit).await.unwrap();
        fx.messages.mark_read(MarkRead { by: fx.ann(), chat, upto_seq: None }).await.unwrap();
        let room = RoomView { stay: ParticipationId::new(), after_seq: 0, upto_seq: None };
        fx.messages.hide(HideMessage { by: fx.ann(), number: message.number, room }).await.unwrap();
    }
}

/// Another key for each tenant.
fn key(fx: &Fixture, n: u8) -> Option<Idempotency> {
    let mut request = request(n, 1)?;
    request.key[..16].copy_from_slice(fx.tenant.bytes());
    Some(request)
}

on_each_engine! {
    migrations = TREES;

    async fn nothing_of_a_deleted_tenant_is_left(db: Db) {
        let (gone, other) = (Fixture::with_quota(&db, 1000), Fixture::with_quota(&db, 1000));
        fill(&gone).await;
        fill(&other).await;
        assert_eq!(rows(&db).await, [48, 8, 16, 8, 8, 2, 0]);

        // The event arrives over the bus; its owner's outbox is played by this database.
        let topology = Topology::new("test").with("tenant.deleted", "messages", &["messages"]);
        let mut bus = Bus::new(bus_settings(), topology, gone.clock.clone());
        let outbox = bus.outbox();
        bus.join(db.clone(), outbox.clone(), gone.messages.consumers()).unwrap();
        let stop = CancellationToken::new();
        let running = bus.start(stop.clone());
        let work = tokio::spawn(gone.messages.clone().work(stop.clone()));
        let tx = db.begin().await.unwrap();
        outbox.append(&tx, &TenantDeleted { tenant: gone.tenant }, gone.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        outbox.wake();

        until(&db, [24, 4, 8, 4, 4, 1, 1]).await;
        // A request that was under way.
        gone.post(gone.chat(), "late").await;
        gone.clock.set(at(61_000_000));
        until(&db, [24, 4, 8, 4, 4, 1, 0]).await;
        stop.cancel();
        work.await.unwrap();
        running.stopped().await;
    }
}
