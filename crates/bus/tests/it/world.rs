//! A source that posts, groups that record what they applied, and a bus between them.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bus::{Bus, BusSettings, Consumers, Envelope, EventsAdmin, Failure, Handler, Outbox, Running, Topology};
use diesel::prelude::*;
use domain::{ChatId, Clock, EventId, MessageId, MessageKind, Surface, TenantId};
use futures_util::FutureExt as _;
use proto_events::MessagePosted;
use store::{Db, Engine, StoreResult, Tx, on_conn};
use store::{RunQueryDsl, testing::TestDb};
use tokio_util::sync::CancellationToken;

/// The variable that names the broker for tests.
const RABBITMQ: &str = "PARLANCE_TEST_RABBITMQ";

diesel::table! {
    effects (id) {
        id -> BigInt,
        consumer -> Text,
        chat -> Binary,
        seq -> BigInt,
    }
}

/// Makes each body four tests: `name::{memory,rabbit}::{sqlite,postgres}`.
#[macro_export]
macro_rules! on_each_bus {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: World) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;
            async fn run($world: World) $body
            store::testing::on_each_engine! {
                migrations = [bus::migrations()];
                async fn memory(test: store::testing::TestDb) { $crate::world::on_memory(test, run).await; }
                async fn rabbit(test: store::testing::TestDb) { $crate::world::on_rabbit(test, run).await; }
            }
        }
    )+};
}

/// Makes each body two tests over RabbitMQ.
#[macro_export]
macro_rules! on_rabbit {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: World) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            use super::*;
            async fn run($world: World) $body
            store::testing::on_each_engine! {
                migrations = [bus::migrations()];
                async fn rabbit(test: store::testing::TestDb) { $crate::world::on_rabbit(test, run).await; }
            }
        }
    )+};
}

/// A database, names nobody else uses, and settings of one bus.
#[derive(Clone)]
pub struct World {
    pub db: Db,
    pub settings: BusSettings,
    pub topology: Topology,
    pub source: String,
    /// Two groups that hear what `source` posts.
    pub groups: [String; 2],
    pub tenant: TenantId,
}

pub async fn on_memory<F: Future<Output = ()>>(test: TestDb, body: impl FnOnce(World) -> F) {
    body(World::new(test, String::new()).await).await;
}

pub async fn on_rabbit<F: Future<Output = ()>>(test: TestDb, body: impl FnOnce(World) -> F) {
    let url = std::env::var_os(RABBITMQ).and_then(|url| url.into_string().ok());
    let url =
        url.expect("PARLANCE_TEST_RABBITMQ is not set: run the tests by `cargo xtask test`, which starts a RabbitMQ");
    let world = World::new(test, url.clone()).await;
    let topology = world.topology.clone();
    let outcome = AssertUnwindSafe(body(world)).catch_unwind().await;
    bus::remove(&url, &topology).await.expect("the queues of this test can be deleted");
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

impl World {
    async fn new(test: TestDb, url: String) -> Self {
        let name = EventId::new().to_string().replace('-', "");
        let groups = ["g", "h"].map(|g| format!("{g}-{name}"));
        let source = format!("s-{name}");
        let topology =
            Topology::new(&format!("test.{name}")).with("message.posted", &source, &[&groups[0], &groups[1]]);
        let settings = BusSettings {
            url: url.into(),
            lease_s: 1,
            batch_rows: 64,
            poll_ms: 50,
            prefetch: 16,
            ..BusSettings::default()
        };
        let world = Self { db: test.db, settings, topology, source, groups, tenant: TenantId::new() };
        world.make_effects().await;
        world
    }

    async fn make_effects(&self) {
        let mut tx = self.db.begin().await.unwrap();
        let columns = "consumer TEXT NOT NULL, chat {BYTES} NOT NULL, seq BIGINT NOT NULL)";
        match tx.engine() {
            Engine::Pg(c) => {
                let sql = format!("CREATE TABLE effects (id BIGSERIAL PRIMARY KEY, {columns}");
                diesel::sql_query(sql.replace("{BYTES}", "BYTEA")).execute(c).await.unwrap();
            }
            Engine::Sqlite(c) => {
                let sql = format!("CREATE TABLE effects (id INTEGER PRIMARY KEY AUTOINCREMENT, {columns}");
                diesel::sql_query(sql.replace("{BYTES}", "BLOB")).execute(c).await.unwrap();
            }
        }
        tx.commit().await.unwrap();
    }

    /// Starts a process: the source, and both groups as `rules` says.
    pub fn start(&self, rules: &Rules) -> Node {
        self.start_labelled(rules, "")
    }

    /// The same; effects carry the group's name and `label`.
    pub fn start_labelled(&self, rules: &Rules, label: &str) -> Node {
        let mut bus = Bus::new(self.settings.clone(), self.topology.clone(), Clock::system());
        let outbox = bus.outbox();
        bus.join(self.db.clone(), outbox.clone(), Consumers::new(&self.source)).unwrap();
        let admins = self.groups.clone().map(|group| {
            let recorder = Recorder { consumer: format!("{group}{label}"), group: group.clone(), rules: rules.clone() };
            let unused = bus.outbox();
            bus.join(self.db.clone(), unused, Consumers::new(&group).on::<MessagePosted>(recorder)).unwrap()
        });
        let running = bus.start(CancellationToken::new());
        Node { outbox, running, admins }
    }

    /// An outbox nothing sends, as of a service whose relay runs elsewhere.
    pub fn outbox(&self) -> Outbox {
        Bus::new(self.settings.clone(), self.topology.clone(), Clock::system()).outbox()
    }

    pub fn posted(&self, chat: ChatId, seq: i64) -> MessagePosted {
        MessagePosted {
            tenant: self.tenant,
            chat,
            message: MessageId::new(),
            seq,
            number: seq,
            author: None,
            origin: Surface::Native.into(),
            kind: MessageKind::Text.into(),
            text: Some(format!("message {seq}")),
            media: vec![],
            created_at: Clock::system().now(),
            membership_version: 1,
            extras: None,
        }
    }

    /// Commits one transaction with these events.
    pub async fn post(&self, outbox: &Outbox, events: &[(ChatId, i64)]) {
        let now = Clock::system().now();
        let rows = events.iter().map(|(chat, seq)| outbox.row(&self.posted(*chat, *seq), now, None)).collect();
        let tx = self.db.begin().await.unwrap();
        outbox.append_many(&tx, rows).await.unwrap();
        tx.commit().await.unwrap();
        outbox.wake();
    }

    /// What `consumer` applied, in order.
    pub async fn effects(&self, consumer: &str) -> Vec<(ChatId, i64)> {
        let conn = self.db.read().await.unwrap();
        let rows: StoreResult<Vec<(ChatId, i64)>> = async {
            Ok(on_conn!(conn, |c| effects::table
                .filter(effects::consumer.eq(consumer))
                .order(effects::id)
                .select((effects::chat, effects::seq))
                .load(c)
                .await)?)
        }
        .await;
        rows.unwrap()
    }

    /// What anybody whose name begins with `prefix` applied, in order, with the names.
    pub async fn effects_of_all(&self, prefix: &str) -> Vec<(String, ChatId, i64)> {
        let conn = self.db.read().await.unwrap();
        let rows: StoreResult<Vec<(String, ChatId, i64)>> = async {
            Ok(on_conn!(conn, |c| effects::table
                .filter(effects::consumer.like(format!("{prefix}%")))
                .order(effects::id)
                .select((effects::consumer, effects::chat, effects::seq))
                .load(c)
                .await)?)
        }
        .await;
        rows.unwrap()
    }

    /// How many events anybody whose name begins with `prefix` applied.
    pub async fn applied_by_all(&self, prefix: &str) -> i64 {
        let conn = self.db.read().await.unwrap();
        let all = effects::table.filter(effects::consumer.like(format!("{prefix}%")));
        let count: StoreResult<i64> = async { Ok(on_conn!(conn, |c| all.count().get_result(c).await)?) }.await;
        count.unwrap()
    }

    /// The numbers `consumer` applied in `chat`, in order.
    pub async fn seqs(&self, consumer: &str, chat: ChatId) -> Vec<i64> {
        self.effects(consumer).await.into_iter().filter(|(c, _)| *c == chat).map(|(_, seq)| seq).collect()
    }

    /// Waits until `consumer` has applied `n` events.
    pub async fn until_applied(&self, consumer: &str, n: usize) {
        let n = i64::try_from(n).unwrap();
        until(&format!("{consumer} has applied {n} events"), || async { self.applied_by_all(consumer).await >= n })
            .await;
    }

    /// Waits until nothing is unpublished.
    pub async fn until_published(&self) {
        until("everything is published", || async { bus::outbox::pending(&self.db).await.unwrap() == 0 }).await;
    }
}

/// A process on the bus.
pub struct Node {
    pub outbox: Outbox,
    pub running: Running,
    pub admins: [EventsAdmin; 2],
}

/// What handlers answer in place of applying: by group, chat and seq.
#[derive(Clone, Default)]
pub struct Rules(Arc<Mutex<Answers>>);

type Answers = BTreeMap<(String, ChatId, i64), Answer>;

#[derive(Clone, Copy)]
pub enum Answer {
    Retry,
    Reject,
    Panic,
}

impl Rules {
    pub fn set(&self, group: &str, chat: ChatId, seq: i64, answer: Option<Answer>) {
        let mut rules = self.0.lock().unwrap();
        let key = (group.to_owned(), chat, seq);
        match answer {
            Some(answer) => rules.insert(key, answer),
            None => rules.remove(&key),
        };
    }
}

/// Writes down what it applies.
pub struct Recorder {
    pub group: String,
    pub consumer: String,
    pub rules: Rules,
}

#[async_trait]
impl Handler<MessagePosted> for Recorder {
    async fn consume(&self, tx: &mut Tx, event: &MessagePosted, meta: &Envelope) -> Result<(), Failure> {
        assert_eq!(meta.key.0, event.chat.uuid());
        let row = (effects::consumer.eq(&self.consumer), effects::chat.eq(event.chat), effects::seq.eq(event.seq));
        on_conn!(tx, |c| diesel::insert_into(effects::table).values(row).execute(c).await)
            .map_err(store::StoreError::from)?;
        let rule = self.rules.0.lock().unwrap().get(&(self.group.clone(), event.chat, event.seq)).copied();
        match rule {
            None => Ok(()),
            Some(Answer::Retry) => Err(Failure::retry(std::io::Error::other("down"))),
            Some(Answer::Reject) => Err(Failure::reject(std::io::Error::other("unfit"))),
            Some(Answer::Panic) => panic!("as the rule says"),
        }
    }
}

/// Waits, at most a minute, until `reached` says so.
pub async fn until<F: Future<Output = bool>>(what: &str, mut reached: impl FnMut() -> F) {
    let started = Instant::now();
    while !reached().await {
        assert!(started.elapsed() < Duration::from_mins(1), "after a minute it is still not so that {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Each chat's numbers are 1, 2, 3 …: in order, none missing, none twice.
pub fn assert_in_order(effects: impl IntoIterator<Item = (ChatId, i64)>) {
    let mut last = BTreeMap::<ChatId, i64>::new();
    for (chat, seq) in effects {
        let last = last.entry(chat).or_default();
        assert_eq!(seq, *last + 1, "chat {chat} goes from {last} to {seq}");
        *last = seq;
    }
}
