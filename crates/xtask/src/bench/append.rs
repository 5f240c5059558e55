//! Appending through the messages service, without HTTP: what group commit is worth.

use anyhow::Result;
use serde::Deserialize;

use super::Context;
use super::pgbench::Database;
use super::programs::example;
use super::rounds::{Pair, alternate};
use super::row::Row;
use super::scene::TEXT;

/// What the example says.
#[derive(Deserialize)]
struct Appended {
    per_s: f64,
    p50_ms: f64,
}

/// On PostgreSQL.
pub fn postgres(context: &Context) -> Result<Vec<Row>> {
    let database = Database::create(context, "bench_append")?;
    let alone = append(context, &database.url, 1, 50, &[])?;
    database.ask(HEADS)?;
    let script = |chats| script(&database, chats);
    let mut rows = Vec::new();
    let cases = [(64, 50, 1.3), (256, 50, 4.0), (64, 1, 5.0)];
    for (senders, chats, must) in cases {
        let many = if chats == 1 { "one hot chat".to_owned() } else { format!("{chats} chats") };
        let name = format!("append, PostgreSQL, {senders} senders, {many}");
        let script = script(chats)?;
        let limit = || {
            empty(&database)?;
            Ok(database.load(&script, senders, context.seconds)?.per_s)
        };
        let ours = || {
            empty(&database)?;
            Ok(append(context, &database.url, senders, chats, &[])?.per_s)
        };
        let Pair { limit, measured } = alternate(context, &name, limit, ours)?;
        rows.push(Row::against(name, "msgs/s", limit, measured, must));
    }
    let plain = database.load(&script(50)?, 1, context.seconds)?.mean_ms;
    rows.push(Row::figure("one sender, PostgreSQL, p50", "ms", alone.p50_ms));
    rows.push(Row::figure("one sender, PostgreSQL, pgbench's mean", "ms", plain));
    Ok(rows)
}

/// On SQLite.
pub fn sqlite(context: &Context) -> Result<Vec<Row>> {
    let mut files = 0;
    // A new file each time: both sides start with empty tables.
    let mut url = || {
        files += 1;
        format!("sqlite://{}/append-{files}.db", context.dir().display())
    };
    let mut rows = Vec::new();
    for (senders, must) in [(64, 1.2), (256, 1.6)] {
        let name = format!("append, SQLite, {senders} senders, 50 chats");
        let (raw, own): (Vec<_>, Vec<_>) = (0..context.rounds).map(|_| (url(), url())).unzip();
        let (mut raw, mut own) = (raw.into_iter(), own.into_iter());
        let limit = || Ok(append(context, &raw.next().unwrap_or_default(), 1, 50, &["--raw"])?.per_s);
        let ours = || Ok(append(context, &own.next().unwrap_or_default(), senders, 50, &[])?.per_s);
        let Pair { limit, measured } = alternate(context, &name, limit, ours)?;
        rows.push(Row::against(name, "msgs/s", limit, measured, must));
    }
    let alone = append(context, &url(), 1, 50, &[])?;
    let raw = append(context, &url(), 1, 50, &["--raw"])?;
    rows.push(Row::figure("one sender, SQLite, p50", "ms", alone.p50_ms));
    rows.push(Row::figure("one sender, SQLite, raw connection's p50", "ms", raw.p50_ms));
    Ok(rows)
}

fn append(context: &Context, url: &str, senders: usize, chats: usize, more: &[&str]) -> Result<Appended> {
    let [senders, chats, seconds] = [senders.to_string(), chats.to_string(), context.seconds.to_string()];
    let mut args = vec!["--database", url, "--text", TEXT, "--senders", &senders];
    args.extend(["--chats", &chats, "--seconds", &seconds]);
    args.extend(more);
    example(context, "append", &args)
}

/// Both sides start each time with empty tables and nothing left to write out.
fn empty(database: &Database) -> Result<()> {
    database.ask("TRUNCATE messages, outbox")?;
    database.ask("CHECKPOINT").map(drop)
}

/// The heads of pgbench's chats.
const HEADS: &str = "INSERT INTO heads (chat, tenant, last_seq) \
     SELECT int8send(0) || int8send(n), int8send(0) || int8send(0), 0 FROM generate_series(1, 50) AS n";

/// One transaction a message: the head, the message, the event, with as many bytes as the service writes.
fn script(database: &Database, chats: usize) -> Result<String> {
    let event = database.ask(
        "SELECT event_type || ',' || max(octet_length(payload)) FROM outbox WHERE event_type = 'message.posted' GROUP BY event_type",
    )?;
    let (event_type, payload) = event.trim().split_once(',').unwrap_or(("message.posted", "200"));
    let payload = "a7".repeat(payload.parse()?);
    // As many bytes, as much in order of time, as the ids of the service.
    let id =
        "int8send((extract(epoch FROM clock_timestamp()) * 1000000)::int8) || substr(uuid_send(gen_random_uuid()), 9)";
    let (chat, tenant) = ("int8send(0) || int8send(:chat)", "int8send(0) || int8send(0)");
    let now = "clock_timestamp() AT TIME ZONE 'UTC'";
    Ok(format!(
        "\\set chat random(1, {chats})
BEGIN;
UPDATE heads SET last_seq = last_seq + 1, last_at = {now} WHERE chat = {chat} RETURNING last_seq AS seq \\gset
INSERT INTO messages (chat_id, seq, id, number, tenant, author, origin, kind, text, membership_version, created_at, updated_at)
VALUES ({chat}, :seq, {id}, nextval('message_numbers'), {tenant}, {tenant}, 'voipbin', 'text', '{TEXT}', 1, {now}, {now});
INSERT INTO outbox (event_id, event_type, version, partition, order_key, tenant, payload, occurred_at)
VALUES ({id}, '{event_type}', 1, :chat % 16, {chat}, {tenant}, '\\x{payload}', {now});
COMMIT;
"
    ))
}
