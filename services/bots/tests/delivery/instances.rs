//! Several instances over one database.

use std::time::Duration;

use domain::{ChatId, InteractionId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Behaviour, Endpoint, Fixture, TREES, at, bodies, eventually};

on_each_engine! {
    migrations = TREES;

    /// Two instances share the work, and never send two of one lane at once, nor one twice.
    async fn two_instances_never_send_the_same_lane(db: Db) {
        let first = Fixture::start(&db);
        let (second, endpoint) = (first.twin(), Endpoint::start().await);
        endpoint.always(Behaviour::Slow(3));
        let bot = first.bot(&endpoint.url).await;
        let lanes: Vec<_> = (0..12).map(|_| (InteractionId::new(), ChatId::new())).collect();
        for round in 0..10 {
            for (n, (interaction, chat)) in lanes.iter().enumerate() {
                let fx = if (round + n) % 2 == 0 { &first } else { &second };
                let body = bodies(&n.to_string(), 10)[round].clone();
                fx.tell_bot(bot, *interaction, *chat, &[body]).await;
            }
        }
        first.settled().await;
        assert_eq!(endpoint.calls().len(), 120, "each once");
        for n in 0..lanes.len() {
            assert_eq!(endpoint.of_lane(&n.to_string()), bodies(&n.to_string(), 10));
        }
        assert_eq!(endpoint.at_once().1, 0);
    }

    /// What a killed instance held goes on elsewhere when its leases are over, in order, and not before.
    async fn a_killed_instances_lanes_go_on_in_order(db: Db) {
        let first = Fixture::start(&db);
        let (second, endpoint) = (first.twin(), Endpoint::start().await);
        endpoint.then((0..5).map(|_| Behaviour::Hangs));
        let bot = first.bot(&endpoint.url).await;
        for lane in 0..5 {
            first.tell_bot(bot, InteractionId::new(), ChatId::new(), &bodies(&lane.to_string(), 3)).await;
        }
        endpoint.called(5).await;
        first.kill();
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(endpoint.calls().len(), 5, "the leases are not over");
        second.clock.set(at(11));
        second.settled().await;
        for lane in 0..5 {
            let (name, all) = (lane.to_string(), bodies(&lane.to_string(), 3));
            let heard = endpoint.of_lane(&name);
            assert_eq!(heard[0], all[0]);
            assert_eq!(heard[1..], all[..], "the first once more, then the others");
        }
    }

    /// An instance that stops in order gives its lanes back at once.
    async fn an_instance_that_stops_gives_its_lanes_back(db: Db) {
        let first = Fixture::start(&db);
        let (second, endpoint) = (first.twin(), Endpoint::start().await);
        endpoint.then([Behaviour::Slow(100)]);
        let bot = first.bot(&endpoint.url).await;
        first.tell_bot(bot, InteractionId::new(), ChatId::new(), &bodies("a", 5)).await;
        endpoint.called(1).await;
        first.end().await;
        eventually("the others are sent", || async { (endpoint.calls().len() == 5).then_some(()) }).await;
        second.settled().await;
        assert_eq!(endpoint.bodies(), bodies("a", 5));
    }

    /// A change of an endpoint made in one instance counts in the others.
    async fn changes_are_seen_elsewhere(db: Db) {
        let first = Fixture::start(&db);
        let (second, old, new) = (first.twin(), Endpoint::start().await, Endpoint::start().await);
        let bot = first.bot(&old.url).await;
        second.tell_bot(bot, InteractionId::new(), ChatId::new(), &bodies("a", 1)).await;
        old.called(1).await;
        let address = contracts::bots::BotAddress { url: new.url.clone(), secret: None };
        let mut tx = db.begin().await.unwrap();
        let department = domain::DepartmentId::from_uuid(bot.uuid());
        first.delivery().point_bot(&mut tx, first.tenant, department, &address, at(0)).await.unwrap();
        tx.commit().await.unwrap();
        // As it looks in the transaction of every batch of events.
        let tx = db.begin().await.unwrap();
        second.delivery().learn(&tx).await.unwrap();
        tx.commit().await.unwrap();
        second.tell_bot(bot, InteractionId::new(), ChatId::new(), &bodies("b", 1)).await;
        new.called(1).await;
        assert_eq!((old.calls().len(), new.bodies()), (1, bodies("b", 1)));
    }
}
