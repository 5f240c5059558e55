//! Exchange, queues and bindings, as the subscription list wants them.
//!
//! One queue per group and partition, as in `chats.p07`. They are quorum queues without a length limit; one consumer at a
//! time is active on each; the delivery limit is so high that crashes never reach it.

use std::time::Duration;

use lapin::options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Channel, ExchangeKind};
use proto_events::PARTITIONS;

use super::LinkError;
use super::link::within;
use super::message::binding_key;
use crate::topology::Topology;

/// Many queues are made at the very first start; later ones only look.
const DECLARE: Duration = Duration::from_mins(1);

/// As in `chats.p07`.
pub(super) fn queue(group: &str, partition: u8) -> String {
    format!("{group}.p{partition:02}")
}

/// Declares everything. What is there already stays as it is.
pub(super) async fn declare(channel: &Channel, topology: &Topology) -> Result<(), LinkError> {
    within("declare", DECLARE, async {
        let exchange = topology.exchange();
        let durable = ExchangeDeclareOptions { durable: true, ..Default::default() };
        channel.exchange_declare(exchange.into(), ExchangeKind::Topic, durable, FieldTable::default()).await?;
        for group in topology.groups() {
            for partition in 0..PARTITIONS {
                declare_queue(channel, topology, group, partition).await?;
            }
        }
        Ok(())
    })
    .await
}

async fn declare_queue(channel: &Channel, topology: &Topology, group: &str, partition: u8) -> Result<(), LinkError> {
    let name = queue(group, partition);
    let durable = QueueDeclareOptions { durable: true, ..Default::default() };
    let mut arguments = FieldTable::default();
    arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
    arguments.insert("x-single-active-consumer".into(), AMQPValue::Boolean(true));
    arguments.insert("x-delivery-limit".into(), AMQPValue::LongInt(i32::MAX));
    channel.queue_declare(name.as_str().into(), durable, arguments).await?;
    for event in topology.heard_by(group) {
        let key = binding_key(event, partition);
        let (exchange, options) = (topology.exchange().into(), QueueBindOptions::default());
        channel.queue_bind(name.as_str().into(), exchange, key.into(), options, FieldTable::default()).await?;
    }
    Ok(())
}

/// Deletes everything `topology` names, for tests that tidy up.
#[cfg(feature = "testing")]
pub async fn remove(url: &str, topology: &Topology) -> Result<(), LinkError> {
    let link = super::link::Link::open(url, "remove").await?;
    for group in topology.groups() {
        for partition in 0..PARTITIONS {
            link.channel
                .queue_delete(queue(group, partition).into(), lapin::options::QueueDeleteOptions::default())
                .await?;
        }
    }
    link.channel.exchange_delete(topology.exchange().into(), lapin::options::ExchangeDeleteOptions::default()).await?;
    link.close().await;
    Ok(())
}
