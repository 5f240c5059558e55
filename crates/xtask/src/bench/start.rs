//! How soon the all-in-one answers, and how much memory it holds.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::Context;
use super::programs::Server;
use super::rounds::{median, quiet};
use super::row::Row;
use crate::{http, signals};

const STARTS: usize = 5;

/// On a data directory that exists.
pub fn run(context: &Context) -> Result<Vec<Row>> {
    let data = context.dir().join("start");
    let begun = Instant::now();
    Server::all_in_one(context, &data, &[])?.stop()?;
    let first = milliseconds(begun.elapsed());
    quiet()?;
    let answered: Vec<f64> = (0..STARTS).map(|_| first_answer(context, &data)).collect::<Result<_>>()?;
    let app = Server::all_in_one(context, &data, &[])?;
    std::thread::sleep(Duration::from_secs(3));
    signals::check()?;
    let idle = app.memory("VmRSS")?;
    app.stop()?;
    Ok(vec![
        Row::at_most("start to first answer, existing data", "ms", 200.0, median(answered)),
        Row::figure("very first start and stop", "ms", first),
        Row::at_most("memory, idle", "MiB", 60.0, idle),
    ])
}

fn first_answer(context: &Context, data: &Path) -> Result<f64> {
    let begun = Instant::now();
    let app = Server::all_in_one(context, data, &[])?;
    let answer = http::get(&app.authority, "/ping").context("/ping")?;
    let took = milliseconds(begun.elapsed());
    ensure!(answer.status == 200, "/ping: {} {}", answer.status, answer.body);
    app.stop()?;
    Ok(took)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
