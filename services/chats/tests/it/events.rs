//! What the service tells and hears.

use std::collections::BTreeMap;
use std::time::Duration;

use bus::{Bus, Outbox, Topology};
use contracts::ChatsApi as _;
use contracts::chats::{ChatOrder, ChatScope, CreateChat, Existing, LastMessage, ListChats};
use domain::{ChatId, Clock, Limit, MessageId, MessageKind, Surface, UserId};
use proto_events::{MessagePosted, TenantDeleted, UserDeleted};
use store::testing::{on_each_engine, schema_of};
use store::{Db, RunQueryDsl as _, on_conn};
use tokio_util::sync::CancellationToken;

use crate::fixture::{Fixture, TREES, at, bus_settings, request, users};

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

#[derive(diesel::QueryableByName)]
struct Told {
    #[diesel(sql_type = diesel::sql_types::Text)]
    event_type: String,
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

/// The service on a bus of its own, where this database plays the owners of the events it hears.
struct OnBus {
    fx: Fixture,
    outbox: Outbox,
    stop: CancellationToken,
    running: bus::Running,
}

impl OnBus {
    fn start(db: &Db) -> Self {
        let clock = Clock::fixed(at(0));
        let topology = ["message.posted", "user.deleted", "tenant.deleted"]
            .into_iter()
            .fold(Topology::new("test"), |all, event| all.with(event, "chats", &["chats"]));
        let mut bus = Bus::new(bus_settings(), topology, clock.clone());
        let outbox = bus.outbox();
        let fx = Fixture::over(db, outbox.clone(), clock);
        bus.join(db.clone(), outbox.clone(), fx.chats.consumers()).unwrap();
        let stop = CancellationToken::new();
        tokio::spawn(fx.chats.clone().work(stop.clone()));
        Self { fx, outbox, running: bus.start(stop.clone()), stop }
    }

    async fn tell<E: proto_events::Event>(&self, event: &E) {
        let tx = self.fx.db.begin().await.unwrap();
        self.outbox.append(&tx, event, self.fx.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        self.outbox.wake();
    }

    async fn settle(&self) {
        let consumed = async {
            while bus::outbox::pending(&self.fx.db).await.unwrap() > 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), consumed).await.expect("consumed in time");
    }

    async fn stop(self) {
        self.stop.cancel();
        self.running.stopped().await;
    }
}

/// Waits until the tables hold just `left`.
async fn erased(db: &Db, left: &BTreeMap<String, i64>) {
    let erased = async {
        while everything(db).await != *left {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), erased).await.expect("erased in time");
}

/// The chats `user` takes part in, latest activity first.
async fn active(fx: &Fixture, user: UserId) -> Vec<ChatId> {
    let (by, scope) = (fx.by(user), ChatScope::With(user));
    let list = ListChats { by, scope, order: ChatOrder::Active, limit: Limit::clamped(10) };
    fx.chats.list(list).await.unwrap().items.iter().map(|chat| chat.id).collect()
}

fn posted(fx: &Fixture, chat: ChatId, seq: i64) -> MessagePosted {
    MessagePosted {
        tenant: fx.tenant,
        chat,
        message: MessageId::new(),
        seq,
        number: seq,
        author: None,
        origin: Surface::Voipbin.into(),
        kind: MessageKind::Text.into(),
        text: Some("hi".into()),
        media: Vec::new(),
        created_at: at(1000 + seq),
        membership_version: 1,
        extras: None,
    }
}

on_each_engine! {
    migrations = TREES;

    async fn every_change_is_told(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob, cleo] = fx.people();
        let chat = fx.chat(&[ann, bob], Existing::Return).await;
        fx.chat(&[ann, bob], Existing::Return).await;
        fx.add(chat.id, cleo).await.unwrap();
        fx.remove(chat.id, ann).await.unwrap();
        fx.delete(chat.id).await;
        fx.delete(chat.id).await;
        let conn = db.read().await.unwrap();
        let told: Vec<Told> =
            on_conn!(conn, |c| diesel::sql_query("SELECT event_type FROM outbox ORDER BY id").load(c).await).unwrap();
        let told: Vec<&str> = told.iter().map(|t| t.event_type.as_str()).collect();
        assert_eq!(told, ["chat.created", "participant.added", "participant.removed", "chat.deleted"]);
        assert_eq!(fx.get(chat.id).await.version, 4);
    }

    async fn the_last_message_is_known_and_never_goes_back(db: Db) {
        let on = OnBus::start(&db);
        let fx = &on.fx;
        let [ann, bob, cleo] = fx.people();
        let old = fx.chat(&[ann, bob], Existing::Return).await;
        let new = fx.chat(&[ann, cleo], Existing::Return).await;
        assert_eq!(active(fx, ann).await, [new.id, old.id]);

        let (one, two) = (posted(fx, old.id, 1), posted(fx, old.id, 2));
        on.tell(&two).await;
        on.tell(&one).await;
        on.tell(&posted(fx, ChatId::new(), 1)).await;
        on.settle().await;
        let known = fx.get(old.id).await;
        assert_eq!(known.last, Some(LastMessage { id: two.message, seq: 2, at: two.created_at }));
        assert_eq!((known.version, known.updated_at), (old.version, old.updated_at));
        assert_eq!(active(fx, ann).await, [old.id, new.id]);
        on.stop().await;
    }

    async fn a_deleted_user_stays_in_the_list(db: Db) {
        let on = OnBus::start(&db);
        let fx = &on.fx;
        let [ann, bob] = fx.people();
        let chat = fx.chat(&[ann, bob], Existing::Return).await;
        fx.users.delete(bob);
        on.tell(&UserDeleted { tenant: fx.tenant, user: bob }).await;
        on.settle().await;
        assert_eq!(users(&fx.get(chat.id).await), [ann, bob]);
        on.stop().await;
    }

    async fn a_deleted_tenant_leaves_nothing_behind(db: Db) {
        let on = OnBus::start(&db);
        let (fx, other) = (&on.fx, Fixture::new(&db));
        let [bob] = other.people();
        other.chat(&[bob], Existing::Refuse).await;
        let others = everything(&db).await;

        let people = fx.people::<5>();
        for user in people {
            let key = user.bytes()[15];
            let draft = CreateChat { idempotency: Some(request(key, 1)), ..fx.draft(&[user, people[0]], Existing::Return) };
            fx.chats.create(draft).await.unwrap();
        }
        on.tell(&TenantDeleted { tenant: fx.tenant }).await;
        // First all but the note to come back goes, then that.
        let mut noted = others.clone();
        *noted.get_mut("erasures").unwrap() += 1;
        for left in [noted, others] {
            erased(&db, &left).await;
            fx.clock.set(fx.clock.now().plus_seconds(61));
        }
        on.stop().await;
    }
}
