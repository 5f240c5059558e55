//! Order per key, and what a second delivery does.

use diesel::prelude::*;
use domain::{ChatId, Clock, Timestamp};
use store::testing::TestDb;
use store::{RunQueryDsl, on_conn};

use crate::on_each_bus;
use crate::world::{Answer, Rules, World, assert_in_order, on_memory};

on_each_bus! {
    async fn every_group_gets_every_chat_in_order(world: World) {
        let node = world.start(&Rules::default());
        let (writers, chats, each) = (4, 5, 30);
        let posting = (0..writers).map(|_| {
            let (world, outbox) = (world.clone(), node.outbox.clone());
            tokio::spawn(async move {
                let chats: Vec<ChatId> = (0..chats).map(|_| ChatId::new()).collect();
                for seq in 1..=each {
                    let events: Vec<_> = chats.iter().map(|chat| (*chat, seq)).collect();
                    world.post(&outbox, &events).await;
                }
            })
        });
        for writer in posting.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        let all = usize::try_from(writers * chats * each).unwrap();
        for group in &world.groups {
            world.until_applied(group, all).await;
            let effects = world.effects(group).await;
            assert_eq!(effects.len(), all);
            assert_in_order(effects);
        }
        world.until_published().await;
        node.running.stop().await;
    }

    async fn an_event_delivered_again_does_nothing(world: World) {
        let node = world.start(&Rules::default());
        let chat = ChatId::new();
        world.post(&node.outbox, &[(chat, 1), (chat, 2)]).await;
        for group in &world.groups {
            world.until_applied(group, 2).await;
        }
        world.until_published().await;

        // As a restore does: publish the window again.
        let tx = world.db.begin().await.unwrap();
        let unpublished = None::<Timestamp>;
        on_conn!(tx, |c| diesel::update(bus::schema::outbox::table)
            .set(bus::schema::outbox::published_at.eq(unpublished)).execute(c).await).unwrap();
        tx.commit().await.unwrap();
        node.outbox.wake();
        world.post(&node.outbox, &[(chat, 3)]).await;

        for group in &world.groups {
            world.until_applied(group, 3).await;
            assert_eq!(world.seqs(group, chat).await, [1, 2, 3]);
        }
        world.until_published().await;
        node.running.stop().await;
    }

    async fn a_stuck_group_holds_nobody_else(world: World) {
        let rules = Rules::default();
        let [stuck, free] = &world.groups;
        let chats: Vec<ChatId> = (0..40).map(|_| ChatId::new()).collect();
        for chat in &chats {
            rules.set(stuck, *chat, 1, Some(Answer::Retry));
        }
        let node = world.start(&rules);
        for seq in 1..=10 {
            let events: Vec<_> = chats.iter().map(|chat| (*chat, seq)).collect();
            world.post(&node.outbox, &events).await;
        }
        world.until_applied(free, 400).await;
        assert_eq!(world.effects(stuck).await, []);

        for chat in &chats {
            rules.set(stuck, *chat, 1, None);
        }
        world.until_applied(stuck, 400).await;
        for group in &world.groups {
            assert_in_order(world.effects(group).await);
        }
        world.until_published().await;
        node.running.stop().await;
    }

    async fn an_event_that_is_retried_holds_only_its_partition(world: World) {
        let rules = Rules::default();
        let [group, _] = &world.groups;
        let (held, other) = two_partitions();
        rules.set(group, held, 3, Some(Answer::Retry));
        let node = world.start(&rules);
        for seq in 1..=5 {
            world.post(&node.outbox, &[(held, seq), (other, seq)]).await;
        }
        world.until_applied(group, 7).await;
        assert_eq!(world.seqs(group, held).await, [1, 2]);
        assert_eq!(world.seqs(group, other).await, [1, 2, 3, 4, 5]);

        rules.set(group, held, 3, Some(Answer::Panic));
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        assert_eq!(world.seqs(group, held).await, [1, 2], "a panic is a failure that may pass");
        rules.set(group, held, 3, None);
        world.until_applied(group, 10).await;
        assert_eq!(world.seqs(group, held).await, [1, 2, 3, 4, 5]);
        node.running.stop().await;
    }
}

/// Two chats whose events are in different partitions.
fn two_partitions() -> (ChatId, ChatId) {
    let partition = |chat| proto_events::partition(proto_events::EventKey::Chat(chat));
    let one = ChatId::new();
    loop {
        let other = ChatId::new();
        if partition(one) != partition(other) {
            return (one, other);
        }
    }
}

/// On PostgreSQL, whose writers do not wait for each other: a row that got its id sooner than others and is committed later.
#[test]
fn a_latecomer_is_not_overtaken_within_its_chat() {
    async fn body(test: TestDb) {
        on_memory(test, latecomers).await;
    }
    store::testing::on_postgres([bus::migrations()], body);
}

async fn latecomers(world: World) {
    let node = world.start(&Rules::default());
    let (busy, mut all) = (ChatId::new(), 0);
    for round in 1..=20 {
        let chat = ChatId::new();
        let first = node.outbox.row(&world.posted(chat, 1), Clock::system().now(), None);
        let late = world.db.begin().await.unwrap();
        node.outbox.append_many(&late, vec![first]).await.unwrap();
        world.post(&node.outbox, &[(busy, round)]).await;
        all += 1;
        for group in &world.groups {
            world.until_applied(group, all).await;
        }
        // Both are there to be seen before anybody looks again, or one after the other.
        late.commit().await.unwrap();
        world.post(&node.outbox, &[(chat, 2)]).await;
        all += 2;
    }
    for group in &world.groups {
        world.until_applied(group, all).await;
        assert_in_order(world.effects(group).await);
    }
    node.running.stop().await;
}
