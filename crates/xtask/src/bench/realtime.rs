//! From a post to the event in each reader's hand: 1,000 readers, ten posts a second, twenty recipients each; and what
//! connections cost on which nothing happens.

mod crowd;
pub(super) mod readers;

use anyhow::{Result, ensure};

use super::Context;
use super::posts::Split;
use super::programs::{Server, credentials};
use super::rounds::{median, quiet};
use super::row::Row;
use crate::stack::reachable;
use crowd::Crowd;
use readers::{Heard, Readers};

/// Readers with a stream open.
const READERS: usize = 1000;
/// Readers of one chat.
const RECIPIENTS: usize = 20;
/// Posts a second.
const RATE: u64 = 10;
/// Streams on which nothing happens.
const IDLE: usize = 10_000;
/// What that many may hold. MiB.
const IDLE_MEMORY: f64 = 1024.0;

/// The all-in-one on SQLite.
pub fn whole(context: &Context) -> Result<Vec<Row>> {
    readers::many_files()?;
    let data = context.dir().join("realtime");
    let app = Server::all_in_one(context, &data, &[])?;
    let crowd = Crowd::make(&app.authority, &credentials(&data)?, READERS, RECIPIENTS)?;
    let mut rows = latency(context, "all-in-one", &app.authority, &crowd, 3.0)?;
    quiet()?;
    let before = app.memory("VmRSS")?;
    let runtime = readers::runtime()?;
    let idle = runtime.block_on(Readers::open(&app.authority, &crowd, IDLE))?;
    quiet()?;
    let held = app.memory("VmRSS")? - before;
    drop(idle);
    app.stop()?;
    rows.push(Row::at_most("memory of 10,000 idle streams", "MiB", IDLE_MEMORY, held));
    rows.push(Row::figure("memory of one idle stream", "KiB", held * 1024.0 / readers::count(IDLE)));
    Ok(rows)
}

/// A process per service, PostgreSQL and RabbitMQ.
pub fn split(context: &Context) -> Result<Vec<Row>> {
    readers::many_files()?;
    let split = Split::up(context)?;
    let gateway = reachable(split.0.plan().gateway()?.listen);
    let crowd = Crowd::make(&gateway, &credentials(split.0.dir())?, READERS, RECIPIENTS)?;
    latency(context, "split", &gateway, &crowd, 6.0)
}

/// `allowed`: how many times as long as the post itself its event may take.
fn latency(context: &Context, name: &str, authority: &str, crowd: &Crowd, allowed: f64) -> Result<Vec<Row>> {
    let runtime = readers::runtime()?;
    let readers = runtime.block_on(Readers::open(authority, crowd, READERS))?;
    // Everybody came just now, and is told of everybody else.
    quiet()?;
    let rounds = u64::try_from(context.rounds)?;
    let Heard { posts_ms, events_ms, missed } =
        runtime.block_on(readers.listen(authority, crowd, RATE, context.seconds * rounds))?;
    ensure!(missed == 0, "{missed} events did not come");
    let (post, event) = (median(posts_ms), median(events_ms.clone()));
    eprintln!(
        "   {name}: a post takes {post:.2} ms, its event comes after {event:.2} ms, {:.2} times that",
        event / post
    );
    Ok(vec![
        Row::at_most(format!("post to event, {name}, p50"), "ms", allowed * post, event),
        Row::figure(format!("post to event, {name}, p99"), "ms", nearly_all(events_ms)),
        Row::figure(format!("post to event, {name}, in posts"), "times", event / post),
        Row::figure(format!("the post itself, {name}, p50"), "ms", post),
    ])
}

/// What 99 of 100 stay below.
pub(super) fn nearly_all(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = values.len() * 99 / 100;
    values.get(at.min(values.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::nearly_all;

    #[test]
    fn one_in_a_hundred_does_not_count() {
        let values = (1..=200).map(f64::from).collect();
        assert!((nearly_all(values) - 199.0).abs() < f64::EPSILON);
        assert!(nearly_all(Vec::new()).is_nan());
    }
}
