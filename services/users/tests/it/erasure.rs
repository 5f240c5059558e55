//! A deleted tenant leaves nothing behind.

use std::time::Duration;

use bus::{Bus, BusSettings, Topology};
use contracts::UsersApi as _;
use contracts::users::{CreateCompany, CreateGroup, CreateUser, SetMembers};
use domain::Surface;
use proto_events::TenantDeleted;
use store::testing::{on_each_engine, schema_of};
use store::{Db, RunQueryDsl as _, on_conn};
use tokio_util::sync::CancellationToken;
use users::Users;

use crate::fixture::{Fixture, TREES, request, settings};

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

/// Rows of every table of this service, and of kept answers.
async fn everything(db: &Db) -> i64 {
    let facts = schema_of(db).await.unwrap();
    let mut tables: Vec<&str> = facts.iter().filter_map(|fact| fact.split(['.', ' ']).next()).collect();
    tables.dedup();
    let bus = ["outbox", "inbox", "leases", "instances", "parked", "parked_keys"];
    let mut all = 0;
    for table in tables.into_iter().filter(|t| !bus.contains(t)) {
        all += rows(db, table).await;
    }
    all
}

on_each_engine! {
    migrations = TREES;

    async fn a_deleted_tenant_leaves_nothing_behind(db: Db) {
        let (fx, other) = (Fixture::new(&db), Fixture::new(&db));
        for n in 0..5 {
            fx.users.ensure(fx.client(Surface::Imbee, &n.to_string())).await.unwrap();
        }
        let ann = fx.users.create(CreateUser { idempotency: Some(request(1, 1)), ..fx.draft("Ann") }).await.unwrap();
        let group = CreateGroup { by: fx.admin(), name: "Sales".into(), idempotency: Some(request(2, 2)) };
        let group = fx.users.create_group(group).await.unwrap();
        fx.users.set_members(SetMembers { by: fx.admin(), id: group.id, users: vec![ann.id] }).await.unwrap();

        let (name, slug, logo_url, idempotency) = ("ACME".to_owned(), None, None, Some(request(3, 3)));
        fx.users.create_company(CreateCompany { by: fx.admin(), name, slug, logo_url, idempotency }).await.unwrap();

        let before = everything(&db).await;
        other.user("Bob").await;
        let others = everything(&db).await - before;

        // The event arrives over the bus; its owner's outbox is played by this database.
        let settings = settings();
        let bus_settings =
            BusSettings { batch_rows: 64, poll_ms: 5, ..BusSettings::default() };
        let topology = Topology::new("test").with("tenant.deleted", "users", &["users"]);
        let mut bus = Bus::new(bus_settings, topology, fx.clock.clone());
        let outbox = bus.outbox();
        let users = Users::new(db.clone(), outbox.clone(), fx.clock.clone(), &settings);
        bus.join(db.clone(), outbox.clone(), users.consumers()).unwrap();
        let stop = CancellationToken::new();
        let running = bus.start(stop.clone());
        let work = tokio::spawn(users.work(stop.clone()));

        let tx = db.begin().await.unwrap();
        outbox.append(&tx, &TenantDeleted { tenant: fx.tenant }, fx.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        outbox.wake();
        // What is left is the other tenant's and the note to come back; then not even that.
        for left in [others + 1, others] {
            let waited = tokio::time::timeout(Duration::from_secs(20), async {
                while everything(&db).await != left {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            });
            waited.await.expect("erased in time");
            fx.clock.set(fx.clock.now().plus_seconds(61));
        }
        stop.cancel();
        running.stopped().await;
        work.await.unwrap();
    }
}
