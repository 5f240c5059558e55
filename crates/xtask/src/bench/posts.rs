//! `POST /v1.0/chatmessages` end to end: 64 connections, 64 tokens, the limiter on, the load generator on the same machine.

use std::time::Duration;

use anyhow::{Result, ensure};

use super::Context;
use super::pgbench::Database;
use super::programs::{Server, credentials};
use super::rounds::{Pair, alternate};
use super::row::Row;
use super::scene::{Scene, TEXT, TOKENS};
use super::wrk::{self, Request};
use crate::process::Process;
use crate::servers::Servers;
use crate::stack::{Stack, Wanted, reachable, write_credentials};

/// The all-in-one on SQLite beside an echo.
pub fn sqlite(context: &Context) -> Result<Vec<Row>> {
    let data = context.dir().join("http-sqlite");
    let app = Server::all_in_one(context, &data, &[])?;
    let scene = Scene::make(&app.authority, &credentials(&data)?)?;
    let echo = context.release()?.join("examples/echo");
    let echo = Server::start(&echo, &[], &context.dir().join("echo.log"))?;
    let posts = scene.posts();
    let mut sent = Sent::default();
    let limit = || Ok(wrk::load(context, &echo.authority, &posts, TOKENS)?.per_s);
    let ours = || sent.load(context, &app, &posts);
    let name = "POST chatmessages, SQLite";
    let Pair { limit, measured } = alternate(context, name, limit, ours)?;
    let peak = app.memory("VmHWM")?;
    sent.check(&scene)?;
    app.stop()?;
    Ok(vec![
        Row::against(name, "req/s", limit, measured, 0.08),
        Row::figure("POST chatmessages, SQLite, p50", "ms", sent.p50_ms),
        Row::figure("POST chatmessages, SQLite, p99", "ms", sent.p99_ms),
        Row::figure("memory at most under that load", "MiB", peak),
    ])
}

/// The all-in-one on PostgreSQL with the bus in the process, beside pgbench.
pub fn postgres(context: &Context) -> Result<Vec<Row>> {
    let database = Database::create(context, "bench_http")?;
    let data = context.dir().join("http-postgres");
    let app = Server::all_in_one(context, &data, &["--database-url", &database.url])?;
    let scene = Scene::make(&app.authority, &credentials(&data)?)?;
    let plain = Database::create(context, "bench_insert")?;
    plain.ask(
        "CREATE TABLE said (id BIGSERIAL PRIMARY KEY, chat BIGINT NOT NULL, at TIMESTAMP NOT NULL, text TEXT NOT NULL)",
    )?;
    let insert = format!(
        "\\set chat random(1, 64)\nINSERT INTO said (chat, at, text) VALUES (:chat, clock_timestamp(), '{TEXT}');\n"
    );
    let posts = scene.posts();
    let mut sent = Sent::default();
    let limit = || Ok(plain.load(&insert, TOKENS, context.seconds)?.per_s);
    let ours = || sent.load(context, &app, &posts);
    let name = "POST chatmessages, PostgreSQL";
    let Pair { limit, measured } = alternate(context, name, limit, ours)?;
    sent.check(&scene)?;
    app.stop()?;
    Ok(vec![
        Row::against(name, "req/s", limit, measured, 0.35),
        Row::figure("POST chatmessages, PostgreSQL, p50", "ms", sent.p50_ms),
    ])
}

/// The split deployment beside the all-in-one, both on PostgreSQL and RabbitMQ; each has servers of its own.
pub fn split(context: &Context) -> Result<Vec<Row>> {
    let database = Database::create(context, "bench_whole")?;
    let data = context.dir().join("http-whole");
    let bus = context.servers()?.rabbitmq.url();
    let app = Server::all_in_one(context, &data, &["--database-url", &database.url, "--bus-url", &bus])?;
    let whole = Scene::make(&app.authority, &credentials(&data)?)?;

    let split = Split::up(context)?;
    let gateway = reachable(split.0.plan().gateway()?.listen);
    let scene = Scene::make(&gateway, &credentials(split.0.dir())?)?;
    let (whole_posts, posts) = (whole.posts(), scene.posts());
    let idle = shares(&split.0);
    let mut sent = Sent::default();
    let limit = || Ok(wrk::load(context, &app.authority, &whole_posts, TOKENS)?.per_s);
    let ours = || sent.load_at(context, &gateway, &posts);
    let name = "POST chatmessages, split";
    let Pair { limit, measured } = alternate(context, name, limit, ours)?;
    sent.check(&scene)?;
    app.stop()?;
    let mut rows = vec![
        Row::against(name, "req/s", limit, measured, 0.4),
        Row::figure("POST chatmessages, split, p50", "ms", sent.p50_ms),
    ];
    let thousands = f64::from(u32::try_from(sent.requests)?) / 1e3;
    for ((part, memory, time), (_, idle_memory, idle_time)) in shares(&split.0).into_iter().zip(idle) {
        let each = time.saturating_sub(idle_time).as_secs_f64() * 1e3 / thousands;
        rows.push(Row::figure(format!("processors' time of {part} for 1,000 of these posts"), "ms", each));
        rows.push(Row::figure(format!("memory of {part} before them"), "MiB", idle_memory));
        rows.push(Row::figure(format!("memory of {part} at most"), "MiB", memory));
    }
    Ok(rows)
}

/// Of each process: its name, the most memory it ever held, the processors' time it has taken.
fn shares(stack: &Stack) -> Vec<(String, f64, Duration)> {
    let share = |(name, process): (String, Process)| Some((name, process.memory("VmHWM")?, process.processor_time()?));
    stack.processes().into_iter().filter_map(share).collect()
}

/// What all rounds sent, and the last one's times.
#[derive(Default)]
struct Sent {
    requests: u64,
    p50_ms: f64,
    p99_ms: f64,
}

impl Sent {
    fn load(&mut self, context: &Context, app: &Server, posts: &[Request]) -> Result<f64> {
        self.load_at(context, &app.authority, posts)
    }

    fn load_at(&mut self, context: &Context, authority: &str, posts: &[Request]) -> Result<f64> {
        let load = wrk::load(context, authority, posts, TOKENS)?;
        self.requests += load.requests;
        (self.p50_ms, self.p99_ms) = (load.p50_ms, load.p99_ms);
        Ok(load.per_s)
    }

    /// Whether everything that was answered is there.
    fn check(&self, scene: &Scene) -> Result<()> {
        let stored = scene.stored()?;
        ensure!(stored >= self.requests, "{} messages were acknowledged, {stored} are there", self.requests);
        Ok(())
    }
}

/// A split deployment, gone when dropped.
pub struct Split(pub Stack);

impl Split {
    /// One instance of everything.
    pub fn up(context: &Context) -> Result<Self> {
        let wanted = Wanted {
            instances: 1,
            listen: ([127, 0, 0, 1], 0).into(),
            admin_listen: None,
            bin_dir: context.release()?.to_path_buf(),
            env: [("RUST_LOG", "warn"), ("PARLANCE__EGRESS__ALLOW", "127.0.0.0/8")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        };
        let split = Self(Stack::up(&context.dir().join("stack"), wanted)?);
        write_credentials(&split.0)?;
        Ok(split)
    }
}

impl Drop for Split {
    fn drop(&mut self) {
        let gone = self.0.down().and_then(|()| Servers::open(self.0.dir())?.destroy());
        if let Err(error) = gone {
            eprintln!("xtask: the split deployment was not removed: {error:#}");
        }
    }
}
