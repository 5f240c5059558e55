//! The newest page of a chat, end to end, on PostgreSQL.

use anyhow::{Result, ensure};

use super::Context;
use super::pgbench::Database;
use super::programs::{Server, credentials};
use super::rounds::{Pair, alternate};
use super::row::Row;
use super::scene::{Chat, Scene, TEXT, TOKENS};
use super::wrk;

/// Against pgbench selecting the same rows; and a long chat against a short one.
pub fn run(context: &Context) -> Result<Vec<Row>> {
    let database = Database::create(context, "bench_page")?;
    let data = context.dir().join("page");
    let app = Server::all_in_one(context, &data, &["--database-url", &database.url])?;
    let scene = Scene::make(&app.authority, &credentials(&data)?)?;
    let [short, long] = [&scene.chats[0], &scene.chats[1]];
    fill(&database, &scene, short, 100)?;
    fill(&database, &scene, long, 100_000)?;
    database.ask("VACUUM ANALYZE messages.messages")?;

    let read = |chat: &Chat| Ok(wrk::load(context, &app.authority, &scene.pages(chat), TOKENS)?.per_s);
    let (select, variables) = select(short);
    let rows = database.ask(&filled(&select, &variables))?.lines().count();
    ensure!(rows == 50, "the page has {rows} messages");
    let name = "newest page of 50";
    let plain = || Ok(database.load_with(&variables, &select, TOKENS, context.seconds)?.per_s);
    let against_pgbench = alternate(context, name, plain, || read(short))?;
    let deep = "newest page of 50, chat of 100,000";
    let Pair { limit, measured } = alternate(context, deep, || read(short), || read(long))?;
    app.stop()?;
    Ok(vec![
        Row::against(name, "req/s", against_pgbench.limit, against_pgbench.measured, 0.5),
        Row::against(deep, "req/s", limit, measured, 0.9),
    ])
}

fn bytes(id: &str) -> String {
    format!("'\\x{}'::bytea", id.replace('-', ""))
}

/// `count` messages at once, as the service would have stored them.
fn fill(database: &Database, scene: &Scene, chat: &Chat, count: u32) -> Result<()> {
    let [id, tenant, author] = [&chat.id, &scene.tenant, &chat.author].map(|id| bytes(id));
    database.ask(&format!(
        "WITH said AS (
           INSERT INTO messages.messages (chat_id, seq, id, number, tenant, author, origin, kind, text, membership_version, created_at, updated_at)
           SELECT {id}, n, uuid_send(gen_random_uuid()), nextval('messages.message_numbers'), {tenant}, {author}, 'voipbin', 'text', '{TEXT}', 1, at, at
           FROM generate_series(1, {count}) AS n, LATERAL (SELECT (now() AT TIME ZONE 'UTC') - ({count} - n) * interval '1 ms' AS at) AS t
           RETURNING seq, created_at)
         INSERT INTO messages.heads (chat, tenant, last_seq, last_at)
         SELECT {id}, {tenant}, max(seq), max(created_at) FROM said
         ON CONFLICT (chat) DO UPDATE SET last_seq = excluded.last_seq, last_at = excluded.last_at"
    ))
    .map(drop)
}

/// The service's own statement, and what it is given: the server then plans both alike.
fn select(chat: &Chat) -> (String, [(&'static str, String); 2]) {
    let select = "SELECT chat_id, seq, id, number, tenant, author, origin, kind, text, media, extras, created_at, updated_at, edited_at, deleted_at \
         FROM messages.messages WHERE chat_id = :chat AND deleted_at IS NULL ORDER BY seq DESC LIMIT :rows;";
    (select.to_owned(), [("chat", format!("\\x{}", chat.id.replace('-', ""))), ("rows", "50".to_owned())])
}

fn filled(select: &str, variables: &[(&str, String)]) -> String {
    let fill = |sql: String, (name, value): &(&str, String)| sql.replace(&format!(":{name}"), &format!("'{value}'"));
    variables.iter().fold(select.to_owned(), fill)
}
