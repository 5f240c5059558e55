//! From a message posted to the bot's hand: 200 interactions, against a bare client that keeps 200 POSTs to the same bot in
//! flight; what one dead bot among 100 does to the others; and how a backlog drains.

mod bot;
mod visitors;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use serde::Deserialize;
use serde_json::json;
use tokio::runtime::Runtime;

use super::Context;
use super::posts::Split;
use super::programs::{Server, credentials, example};
use super::realtime::nearly_all;
use super::realtime::readers::{count, many_files, runtime};
use super::rounds::{Pair, alternate, median, quiet};
use super::row::Row;
use super::scene::{ask, text};
use crate::stack::reachable;
use bot::{Bot, Heard};
use visitors::Visitors;

/// Interactions, and POSTs of the bare client.
const INTERACTIONS: usize = 200;
/// Messages that each visitor has under way where the highest rate is looked for.
const UNDER_WAY: usize = 2;
/// Bots where one is dead.
const BOTS: usize = 100;
/// Deliveries of the backlog.
const BACKLOG: usize = 100_000;

/// What a deployment must reach.
struct Wanted {
    name: &'static str,
    /// Of the bare client's rate.
    share: f64,
    /// At 100 messages/s, p50. Milliseconds.
    p50_ms: f64,
}

#[derive(Deserialize)]
struct Rate {
    per_s: f64,
}

/// The all-in-one on SQLite.
pub fn whole(context: &Context) -> Result<Vec<Row>> {
    many_files()?;
    let data = context.dir().join("webhooks");
    let app = Server::all_in_one(context, &data, &["--allow-egress", "127.0.0.0/8"])?;
    let visitors = Visitors::new(&app.authority, &credentials(&data)?)?;
    let rows = measure(context, visitors, &app.authority, &Wanted { name: "all-in-one", share: 0.25, p50_ms: 1.5 })?;
    app.stop()?;
    Ok(rows)
}

/// A process per service, PostgreSQL and RabbitMQ.
pub fn split(context: &Context) -> Result<Vec<Row>> {
    many_files()?;
    let split = Split::up(context)?;
    let gateway = reachable(split.0.plan().gateway()?.listen);
    let visitors = Visitors::new(&gateway, &credentials(split.0.dir())?)?;
    measure(context, visitors, &gateway, &Wanted { name: "split", share: 0.2, p50_ms: 5.0 })
}

fn measure(context: &Context, mut visitors: Visitors, authority: &str, wanted: &Wanted) -> Result<Vec<Row>> {
    let rt = runtime()?;
    let bot = Bot::start(&rt, false)?;
    let Wanted { name, share, p50_ms } = *wanted;
    visitors.come(&bot.url, INTERACTIONS)?;
    quiet()?;
    let mut rows = Vec::new();
    for rate in [10, 100, 1000] {
        let told = rt.block_on(visitors.say(std::slice::from_ref(&bot.heard), rate, context.seconds))?;
        let (p50, p99) = (median(told.ms.clone()), nearly_all(told.ms));
        eprintln!("   {name}: at {rate} messages/s p50 {p50:.2} ms, p99 {p99:.2} ms");
        let row = format!("post to bot at {rate}/s, {name}, p50");
        rows.push(if rate == 100 { Row::at_most(row, "ms", p50_ms, p50) } else { Row::figure(row, "ms", p50) });
        rows.push(Row::figure(format!("post to bot at {rate}/s, {name}, p99"), "ms", p99));
        quiet()?;
    }

    let body = json!({
        "type": "new_message", "interaction_hash": "0000a-000b-0c00-0d0e-f00d00f11111",
        "content": "The quick brown fox jumps over the lazy dog", "content_type": "text"
    })
    .to_string();
    let (in_flight, seconds) = (INTERACTIONS.to_string(), context.seconds.to_string());
    let limit = || Ok(example::<Rate>(context, "posts", &[&bot.url, &in_flight, &seconds, &body])?.per_s);
    let mut slowest = Vec::new();
    let ours = || {
        let told = rt.block_on(visitors.say_all(&bot.heard, UNDER_WAY, context.seconds))?;
        slowest.push(nearly_all(told.ms));
        Ok(told.per_s)
    };
    let Pair { limit, measured } = alternate(context, "deliveries", limit, ours)?;
    rows.push(Row::against(format!("deliveries sustained, {name}"), "msgs/s", limit, measured, share));
    rows.push(Row::at_most(format!("post to bot at that rate, {name}, p99"), "ms", 100.0, median(slowest)));

    rows.push(one_dead(context, &rt, &mut visitors, name)?);
    rows.push(backlog(&rt, &mut visitors, authority, &bot.heard, name, measured)?);
    Ok(rows)
}

/// One bot among many takes calls and never answers.
fn one_dead(context: &Context, rt: &Runtime, visitors: &mut Visitors, name: &str) -> Result<Row> {
    visitors.leave();
    let bots: Vec<Bot> = (1..BOTS).map(|_| Bot::start(rt, false)).collect::<Result<_>>()?;
    for bot in &bots {
        visitors.come(&bot.url, 1)?;
    }
    let heard: Vec<Arc<Heard>> = bots.iter().map(|bot| bot.heard.clone()).collect();
    quiet()?;
    let before = nearly_all(rt.block_on(visitors.say(&heard, 200, context.seconds))?.ms);
    let dead = Bot::start(rt, true)?;
    // Whoever comes to it is told of by it alone: its calls are under way while the others speak.
    let mut others = visitors.others()?;
    others.come(&dead.url, 20)?;
    rt.block_on(others.pour(200))?;
    let after = nearly_all(rt.block_on(visitors.say(&heard, 200, context.seconds))?.ms);
    eprintln!("   {name}: p99 of 99 living bots {before:.2} ms, beside a dead one {after:.2} ms");
    Ok(Row::at_most(format!("p99 of others beside a dead bot, {name}"), "ms", 1.5 * before, after))
}

/// What waits for a webhook that was away.
fn backlog(
    rt: &Runtime,
    visitors: &mut Visitors,
    authority: &str,
    sustained: &Arc<Heard>,
    name: &str,
    rate: f64,
) -> Result<Row> {
    let bot = Bot::start(rt, false)?;
    let away = "http://127.0.0.1:1/";
    let body = json!({ "url": away, "format": "native", "events": ["message.posted"] });
    let hook = text(&ask(authority, "/operator/v1/webhooks", &visitors.operator, &body)?, "/id")?;
    visitors.leave();
    let idle = Bot::start(rt, false)?;
    visitors.come(&idle.url, INTERACTIONS)?;
    rt.block_on(visitors.pour(BACKLOG))?;
    // The bots have all of it; the webhook has none.
    wait(|| idle.heard.count() >= u64::try_from(BACKLOG).unwrap_or(u64::MAX))?;
    quiet()?;
    let began = Instant::now();
    visitors.patch(&format!("/operator/v1/webhooks/{hook}"), &json!({ "url": bot.url }))?;
    wait(|| bot.heard.count() >= u64::try_from(BACKLOG).unwrap_or(u64::MAX))?;
    let drained = count(BACKLOG) / began.elapsed().as_secs_f64();
    eprintln!("   {name}: a backlog of {BACKLOG} drains at {drained:.0}/s ({} came before)", sustained.count());
    Ok(Row::against(format!("a backlog of 100,000 drains, {name}"), "msgs/s", rate, drained, 0.8))
}

fn wait(mut done: impl FnMut() -> bool) -> Result<()> {
    let deadline = Instant::now() + Duration::from_mins(5);
    while !done() {
        ensure!(Instant::now() < deadline, "it takes too long");
        crate::signals::check()?;
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}
