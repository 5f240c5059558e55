//! The relay and the broker.

use domain::ChatId;
use lapin::options::{QueueDeclareOptions, QueueDeleteOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Connection, ConnectionProperties};
use proto_events::{EventKey, partition};
use secrecy::ExposeSecret as _;

use crate::on_rabbit;
use crate::world::{Rules, World, until};

async fn channel(world: &World) -> (Connection, Channel) {
    let url = world.settings.url.expose_secret();
    let connection = Connection::connect(url, ConnectionProperties::default()).await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    (connection, channel)
}

on_rabbit! {
    async fn an_event_without_a_queue_counts_as_unpublished(world: World) {
        let [group, _] = &world.groups;
        let chat = ChatId::new();
        let queue = format!("{group}.p{:02}", partition(EventKey::Chat(chat)));
        let node = world.start(&Rules::default());
        world.post(&node.outbox, &[(chat, 1)]).await;
        world.until_applied(group, 1).await;

        // The broker acks what follows, for it has nowhere to put it.
        let (_connection, channel) = channel(&world).await;
        for group in &world.groups {
            let queue = queue.replace(&world.groups[0], group);
            channel.queue_delete(queue.into(), QueueDeleteOptions::default()).await.unwrap();
        }
        for seq in 2..=20 {
            world.post(&node.outbox, &[(chat, seq)]).await;
        }
        world.until_published().await;
        for group in &world.groups {
            world.until_applied(group, 20).await;
            assert_eq!(world.seqs(group, chat).await, (1..=20).collect::<Vec<_>>());
        }
        node.running.stop().await;
    }

    async fn events_wait_in_durable_queues_for_a_group_that_is_away(world: World) {
        let [group, _] = &world.groups;
        let chat = ChatId::new();
        let mut bus = bus::Bus::new(world.settings.clone(), world.topology.clone(), domain::Clock::system());
        let outbox = bus.outbox();
        bus.join(world.db.clone(), outbox.clone(), bus::Consumers::new(&world.source)).unwrap();
        let relay = bus.start(tokio_util::sync::CancellationToken::new());
        world.post(&outbox, &[(chat, 1), (chat, 2)]).await;
        world.until_published().await;
        relay.stop().await;

        let (_connection, channel) = channel(&world).await;
        let queue = format!("{group}.p{:02}", partition(EventKey::Chat(chat)));
        let look = QueueDeclareOptions { passive: true, ..QueueDeclareOptions::default() };
        until("two events wait", || async {
            let queue = channel.queue_declare(queue.clone().into(), look, FieldTable::default()).await.unwrap();
            queue.message_count() == 2
        })
        .await;
        let node = world.start(&Rules::default());
        world.until_applied(group, 2).await;
        assert_eq!(world.seqs(group, chat).await, [1, 2]);
        node.running.stop().await;
    }

    async fn a_message_that_is_no_event_is_dropped(world: World) {
        let [group, _] = &world.groups;
        let node = world.start(&Rules::default());
        let chat = ChatId::new();
        world.post(&node.outbox, &[(chat, 1)]).await;
        world.until_applied(group, 1).await;
        let (_connection, channel) = channel(&world).await;
        let key = format!("message.posted.v1.p{:02}", partition(EventKey::Chat(chat)));
        let (options, bare) = (lapin::options::BasicPublishOptions::default(), lapin::BasicProperties::default());
        channel.basic_publish(world.topology.exchange().into(), key.into(), options, b"junk", bare).await.unwrap();
        world.post(&node.outbox, &[(chat, 2)]).await;
        world.until_applied(group, 2).await;
        node.running.stop().await;
    }
}
