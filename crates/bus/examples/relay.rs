//! How fast the relay empties an outbox into RabbitMQ; with `--plain`, how fast the same events go there with nothing
//! around them. `cargo xtask bench relay` holds one against the other.
//!
//! Nobody consumes: both leave the events in quorum queues of their own, one for each partition, and remove them afterwards.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use bus::schema::outbox;
use bus::{Bus, BusSettings, Consumers, Outbox, OutboxRow, Topology};
use diesel::dsl::exists;
use diesel::{ExpressionMethods as _, QueryDsl as _};
use domain::{ChatId, Clock, MessageId, MessageKind, Surface, TenantId, UserId};
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Confirmation, Connection, ConnectionProperties};
use proto_events::{Event as _, EventKey, MessagePosted, Open, PARTITIONS, partition};
use store::{DatabaseSettings, Db, RunQueryDsl as _, on_conn};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

const SERVICE: &str = "bench";
const CHATS: usize = 50;
/// As in the relay's own defaults.
const BATCH: usize = 512;

struct Args {
    database: String,
    bus: String,
    events: usize,
    plain: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    let args = args()?;
    let topology = Topology::new("bench.relay").with(MessagePosted::TYPE, SERVICE, &["bench_sink"]);
    let done = measure(&args, &topology).await;
    bus::remove(&args.bus, &topology).await?;
    println!("{{\"per_s\":{:.1}}}", rate(args.events, done?));
    Ok(())
}

fn args() -> Result<Args> {
    let (mut database, mut bus, mut events, mut plain) = (None, None, 10_000, false);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--plain" => plain = true,
            "--database" => database = words.next(),
            "--bus" => bus = words.next(),
            "--events" => events = words.next().context("--events N")?.parse()?,
            other => anyhow::bail!("what is {other}?"),
        }
    }
    Ok(Args { database: database.context("--database URL")?, bus: bus.context("--bus URL")?, events, plain })
}

#[expect(clippy::cast_precision_loss, reason = "a count of events is small")]
fn rate(events: usize, time: Duration) -> f64 {
    events as f64 / time.as_secs_f64()
}

/// The time for all events, on a bus that has sent a batch before: connections and queues are there.
async fn measure(args: &Args, topology: &Topology) -> Result<Duration> {
    let settings =
        DatabaseSettings { url: args.database.as_str().into(), schema: None, pool_size: 8, statement_timeout_ms: 0 };
    let db = Db::open(&settings, SERVICE, &[store::MIGRATIONS, bus::migrations()], &Handle::current()).await?;
    let settings =
        BusSettings { url: args.bus.as_str().into(), batch_rows: u32::try_from(BATCH)?, ..BusSettings::default() };
    let mut bus = Bus::new(settings, topology.clone(), Clock::system());
    let outbox = bus.outbox();
    bus.join(db.clone(), outbox.clone(), Consumers::new(SERVICE))?;
    let shutdown = CancellationToken::new();
    let running = bus.start(shutdown.clone());
    send(&db, &outbox, BATCH).await?;
    let took = if args.plain {
        running.stop().await;
        plain(args, topology).await?
    } else {
        let took = send(&db, &outbox, args.events).await?;
        running.stop().await;
        took
    };
    Ok(took)
}

fn event(n: usize, chats: &[ChatId]) -> MessagePosted {
    let number = i64::try_from(n).unwrap_or(i64::MAX);
    MessagePosted {
        tenant: TenantId::new(),
        chat: chats[n % chats.len()],
        message: MessageId::new(),
        seq: number,
        number,
        author: Some(UserId::new()),
        origin: Open::Known(Surface::Voipbin),
        kind: Open::Known(MessageKind::Text),
        text: Some("The quick brown fox jumps over the lazy dog; then it rests a bit".to_owned()),
        media: Vec::new(),
        created_at: Clock::system().now(),
        membership_version: 1,
        extras: None,
    }
}

fn chats() -> Vec<ChatId> {
    (0..CHATS).map(|_| ChatId::new()).collect()
}

/// Writes events in one transaction; the time from its commit until the relay has marked the last one.
async fn send(db: &Db, outbox: &Outbox, events: usize) -> Result<Duration> {
    let chats = chats();
    let now = Clock::system().now();
    let tx = db.begin().await?;
    let mut rows = (0..events).map(|n| outbox.row(&event(n, &chats), now, None)).peekable();
    while rows.peek().is_some() {
        outbox.append_many(&tx, rows.by_ref().take(1_000).collect::<Vec<OutboxRow>>()).await?;
    }
    tx.commit().await?;
    let begun = Instant::now();
    outbox.wake();
    while unpublished(db).await? {
        ensure!(begun.elapsed() < Duration::from_mins(2), "the relay does not get on");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(begun.elapsed())
}

/// Not [`bus::outbox::pending`]: counting would take the database's time from the relay.
async fn unpublished(db: &Db) -> Result<bool> {
    let conn = db.read().await?;
    let some = diesel::select(exists(outbox::table.filter(outbox::published_at.is_null())));
    Ok(on_conn!(conn, |c| some.get_result(c).await)?)
}

/// Publishes as many events, in batches of the relay's size, each batch's confirms awaited while the next one is sent.
async fn plain(args: &Args, topology: &Topology) -> Result<Duration> {
    let link = Connection::connect(&args.bus, ConnectionProperties::default()).await?;
    let channel = link.create_channel().await?;
    channel.confirm_select(ConfirmSelectOptions::default()).await?;
    let chats = chats();
    let events: Vec<_> = (0..args.events).map(|n| event(n, &chats)).map(|e| (e.key(), e.encode())).collect();
    let options = BasicPublishOptions { mandatory: true, ..Default::default() };
    let begun = Instant::now();
    let mut before = Vec::new();
    for batch in events.chunks(BATCH) {
        let mut confirms = Vec::with_capacity(BATCH);
        for (key, payload) in batch {
            let to = routing_key(*key);
            let properties = properties(*key);
            let sent = channel.basic_publish(topology.exchange().into(), to.into(), options, payload, properties);
            confirms.push(sent.await?);
        }
        for confirm in std::mem::replace(&mut before, confirms) {
            ensure!(matches!(confirm.await?, Confirmation::Ack(None)), "not taken");
        }
    }
    for confirm in before {
        ensure!(matches!(confirm.await?, Confirmation::Ack(None)), "not taken");
    }
    let took = begun.elapsed();
    link.close(200, "bye".into()).await?;
    Ok(took)
}

fn routing_key(key: EventKey) -> String {
    let partition = partition(key);
    debug_assert!(partition < PARTITIONS, "there are no more");
    format!("{}.v{}.p{partition:02}", MessagePosted::TYPE, MessagePosted::VERSION)
}

/// As large as those of the relay.
fn properties(key: EventKey) -> BasicProperties {
    let text = |value: String| AMQPValue::LongString(value.as_str().into());
    let mut headers = FieldTable::default();
    headers.insert("key".into(), text(key.uuid().to_string()));
    headers.insert("tenant".into(), text(TenantId::new().to_string()));
    headers.insert("occurred_us".into(), AMQPValue::LongLongInt(Clock::system().now().micros()));
    BasicProperties::default()
        .with_delivery_mode(2)
        .with_content_type("application/x-protobuf".into())
        .with_message_id(MessageId::new().to_string().into())
        .with_headers(headers)
}
