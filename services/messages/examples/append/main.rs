//! How many messages a second go through the service, called in process; with `--raw`, how many one bare SQLite connection
//! writes by itself. `cargo xtask bench append` holds one against the other, or against pgbench.

mod chats;
mod raw;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use bus::{Bus, Topology};
use contracts::MessagesApi;
use contracts::messages::PostMessage;
use domain::{ChatId, Clock, MessageKind, Principal, Role, Scopes, Surface, TenantId, TokenId, TokenKind, UserId};
use messages::{Messages, Settings};
use runtime::Sources;
use store::Db;
use tokio::runtime::Handle;

/// Not counted: connections are opened, pages read, heads made.
const WARM_UP: Duration = Duration::from_millis(500);

struct Args {
    database: String,
    text: String,
    senders: usize,
    chats: usize,
    time: Duration,
    raw: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    let args = args()?;
    let settings = settings(&args.database)?;
    let trees = [store::MIGRATIONS, bus::migrations(), messages::migrations()];
    let db = Db::open(&settings.database, "messages", &trees, &Handle::current()).await?;
    let times = if args.raw {
        db.close();
        let path = args.database.strip_prefix("sqlite://").context("--raw is for SQLite")?.to_owned();
        let (text, chats, span) = (args.text.clone(), args.chats, Span::starting_now(args.time));
        tokio::task::spawn_blocking(move || raw::write(&path, &text, chats, span)).await??
    } else {
        send(db, &settings, &args).await?
    };
    println!("{}", report(times, args.time));
    Ok(())
}

fn args() -> Result<Args> {
    let (mut database, mut text, mut numbers, mut raw) = (None, "hello".to_owned(), [64, 50, 5], false);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} and what?"));
        match word.as_str() {
            "--raw" => raw = true,
            "--database" => database = Some(value()?),
            "--text" => text = value()?,
            "--senders" => numbers[0] = value()?.parse()?,
            "--chats" => numbers[1] = value()?.parse()?,
            "--seconds" => numbers[2] = value()?.parse()?,
            other => anyhow::bail!("what is {other}?"),
        }
    }
    let [senders, chats, seconds] = numbers;
    let time = Duration::from_secs(u64::try_from(seconds)?);
    Ok(Args { database: database.context("--database URL")?, text, senders, chats, time, raw })
}

fn settings(database: &str) -> Result<Settings> {
    let database = vec![("messages.database.url".to_owned(), database.to_owned())];
    Ok(Sources::new(&[messages::DEFAULTS]).overrides(database).load()?.section("messages")?)
}

/// What counts: from the end of the warm-up on.
#[derive(Clone, Copy)]
pub struct Span {
    from: Instant,
    to: Instant,
}

impl Span {
    fn starting_now(time: Duration) -> Self {
        let from = Instant::now() + WARM_UP;
        Self { from, to: from + time }
    }

    fn is_over(self) -> bool {
        Instant::now() >= self.to
    }

    /// Adds the microseconds since `begun`, if they count.
    fn note(self, times: &mut Vec<u64>, begun: Instant) {
        let now = Instant::now();
        if now >= self.from && now < self.to {
            times.push(u64::try_from((now - begun).as_micros()).unwrap_or(u64::MAX));
        }
    }
}

/// Every sender posts, waits for the answer, and posts again.
async fn send(db: Db, settings: &Settings, args: &Args) -> Result<Vec<u64>> {
    // Never started: events stay in the outbox, as they do for the other side.
    let bus = Bus::new(bus_settings()?, Topology::parlance(), Clock::system());
    let messages = Messages::new(db, bus.outbox(), Clock::system(), Arc::new(chats::Everybody), settings);
    let chats: Vec<ChatId> = (0..args.chats).map(|_| ChatId::new()).collect();
    let tenant = TenantId::new();
    let span = Span::starting_now(args.time);
    let senders = (0..args.senders).map(|n| {
        let (messages, chats, text) = (messages.clone(), chats.clone(), args.text.clone());
        tokio::spawn(async move {
            let by = principal(tenant);
            let mut times = Vec::new();
            for post in n.. {
                if span.is_over() {
                    break;
                }
                let begun = Instant::now();
                messages.post(message(&by, chats[post % chats.len()], &text)).await?;
                span.note(&mut times, begun);
            }
            anyhow::Ok(times)
        })
    });
    let mut times = Vec::new();
    for sender in senders.collect::<Vec<_>>() {
        times.extend(sender.await??);
    }
    Ok(times)
}

fn bus_settings() -> Result<bus::BusSettings> {
    Ok(Sources::new(&[bus::DEFAULTS]).load()?.section("bus")?)
}

fn principal(tenant: TenantId) -> Principal {
    Principal {
        tenant,
        user: Some(UserId::new()),
        role: Role::Agent,
        token: TokenId::new(),
        kind: TokenKind::VoipbinAccessKey,
        scopes: Scopes::ALL,
        surface: Surface::Voipbin,
        chat: None,
    }
}

fn message(by: &Principal, chat: ChatId, text: &str) -> PostMessage {
    PostMessage {
        by: by.clone(),
        chat,
        author: by.user,
        kind: MessageKind::Text,
        text: Some(text.to_owned()),
        media: Vec::new(),
        extras: contracts::Extras::new(),
        idempotency: None,
    }
}

/// One line of JSON.
#[expect(clippy::cast_precision_loss, reason = "counts and microseconds of a run are small")]
fn report(mut times: Vec<u64>, time: Duration) -> String {
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len() * percent / 100).map_or(0.0, |micros| *micros as f64 / 1e3);
    let per_s = times.len() as f64 / time.as_secs_f64();
    format!("{{\"per_s\":{per_s:.1},\"p50_ms\":{:.3},\"p99_ms\":{:.3}}}", at(50), at(99))
}
