//! A tenant that asks ten times what it may, beside one that does what it always does.
//!
//! Requests go out when they are due, whatever became of those before (an open loop), and a request's time counts from when it was
//! due: one that waits because the one before it does is not left out.

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use super::Context;
use super::programs::{Server, credentials};
use super::realtime::nearly_all;
use super::realtime::readers::{count, runtime};
use super::rounds::{Pair, alternate};
use super::row::Row;
use super::scene::{Scene, ask};
use super::wrk::Request;

/// Requests a tenant may make. Each second, and at once.
const ALLOWED: u32 = 100;
/// What the flood asks each second: ten times that.
const FLOOD: u32 = 1000;
/// What the other tenant asks each second: half of what it may.
const QUIET: u32 = 50;
/// Connections of the flood, and of the other tenant.
const CONNECTIONS: (usize, usize) = (40, 10);
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The all-in-one on SQLite.
pub fn run(context: &Context) -> Result<Vec<Row>> {
    let data = context.dir().join("tenants");
    let settings = context.dir().join("tenants.toml");
    std::fs::write(&settings, format!("[limits.tenant]\nrequests_per_s = {ALLOWED}\nburst = {ALLOWED}\n"))?;
    let settings = settings.to_str().context("the settings' name is no text")?;
    let app = Server::all_in_one(context, &data, &["--config", settings])?;
    let root = std::fs::read_to_string(data.join("root-token"))?;
    let other = ask(&app.authority, "/operator/v1/tenants", root.trim(), &serde_json::json!({"name": "flood"}))?;
    let calm = Scene::make(&app.authority, &credentials(&data)?)?.posts();
    let flood = Scene::make(&app.authority, &other)?.posts();

    let rt = runtime()?;
    let seconds = context.seconds;
    let (mut taken, mut refused) = (Vec::new(), Vec::new());
    let alone = || Ok(nearly_all(rt.block_on(asked(&app.authority, &calm, QUIET, CONNECTIONS.1, seconds))?.ok()?));
    let beside = || {
        let (calm, flood) = rt.block_on(async {
            tokio::try_join!(
                asked(&app.authority, &calm, QUIET, CONNECTIONS.1, seconds),
                asked(&app.authority, &flood, FLOOD, CONNECTIONS.0, seconds),
            )
        })?;
        taken.push(count(flood.ms.len()) / count(usize::try_from(seconds)?));
        refused.push(count(flood.refused) / count(usize::try_from(seconds)?));
        Ok(nearly_all(calm.ok()?))
    };
    let Pair { limit, measured } = alternate(context, "p99 beside a flood", alone, beside)?;
    app.stop()?;
    ensure!(refused.iter().all(|per_s| *per_s > 0.0), "the flood was never refused");
    Ok(vec![
        Row::at_most("POST chatmessages beside a flooding tenant, p99", "ms", 2.0 * limit, measured),
        Row::figure("of the flood, taken", "req/s", super::rounds::median(taken)),
        Row::figure("of the flood, refused", "req/s", super::rounds::median(refused)),
    ])
}

/// What became of requests.
#[derive(Default)]
struct Became {
    /// How long those took that were taken. Milliseconds.
    ms: Vec<f64>,
    /// How many were too many.
    refused: usize,
}

impl Became {
    /// The times, if everything was taken.
    fn ok(self) -> Result<Vec<f64>> {
        ensure!(self.refused == 0, "{} requests of the calm tenant were refused", self.refused);
        Ok(self.ms)
    }
}

/// Sends `requests` in turn, `per_s` each second, over so many connections.
async fn asked(authority: &str, requests: &[Request], per_s: u32, connections: usize, seconds: u64) -> Result<Became> {
    let between = Duration::from_secs(1) / per_s;
    let turns = usize::try_from(u64::from(per_s) * seconds)? / connections;
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for first in 0..connections {
        let mut stream = TcpStream::connect(authority).await?;
        stream.set_nodelay(true)?;
        let words: Vec<String> = requests.iter().skip(first).step_by(connections).map(|r| said(authority, r)).collect();
        tasks.spawn(async move {
            let mut became = Became::default();
            for turn in 0..turns {
                let due = start + between * u32::try_from(first + turn * connections)?;
                sleep_until(due).await;
                stream.write_all(words[turn % words.len()].as_bytes()).await?;
                match timeout(PATIENCE, status(&mut stream)).await?? {
                    200 => became.ms.push(due.elapsed().as_secs_f64() * 1e3),
                    429 => became.refused += 1,
                    other => bail!("a post is answered {other}"),
                }
            }
            Ok(became)
        });
    }
    let mut all = Became::default();
    while let Some(one) = tasks.join_next().await {
        let Became { ms, refused } = one??;
        all.ms.extend(ms);
        all.refused += refused;
    }
    Ok(all)
}

/// A request as HTTP has it.
fn said(authority: &str, Request { method, path, body }: &Request) -> String {
    let length = body.len();
    format!(
        "{method} {path} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

/// Reads one answer to its end; its status.
async fn status(stream: &mut TcpStream) -> Result<u16> {
    let (mut answer, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let n = stream.read(&mut buffer).await?;
        ensure!(n > 0, "the connection ended in an answer");
        answer.extend_from_slice(&buffer[..n]);
        let text = String::from_utf8_lossy(&answer);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length =
            head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0usize) {
            return head.split(' ').nth(1).and_then(|word| word.parse().ok()).context("an answer without a status");
        }
    }
}
