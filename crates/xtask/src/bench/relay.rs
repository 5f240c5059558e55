//! The outbox relay to RabbitMQ beside plain publishes with pipelined confirms.

use anyhow::Result;
use serde::Deserialize;

use super::Context;
use super::pgbench::Database;
use super::programs::example;
use super::rounds::{Pair, alternate};
use super::row::Row;

/// What the example says.
#[derive(Deserialize)]
struct Published {
    per_s: f64,
}

/// Events a second, to the same queues, confirmed alike.
pub fn run(context: &Context) -> Result<Vec<Row>> {
    let database = Database::create(context, "bench_relay")?;
    let broker = context.servers()?.rabbitmq.url();
    let events = (context.seconds * 8_000).to_string();
    let publish = |more: &[&str]| -> Result<f64> {
        let mut args = vec!["--database", database.url.as_str(), "--bus", &broker, "--events", &events];
        args.extend(more);
        Ok(example::<Published>(context, "relay", &args)?.per_s)
    };
    let name = "outbox relay to RabbitMQ";
    let Pair { limit, measured } = alternate(context, name, || publish(&["--plain"]), || publish(&[]))?;
    Ok(vec![Row::against(name, "events/s", limit, measured, 0.7)])
}
