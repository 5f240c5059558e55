//! One at a time and in order on each lane; lanes side by side.

use contracts::bots::DeliveryFilter;
use domain::{ChatId, DeliveryState, InteractionId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Behaviour, Endpoint, Fixture, TREES, bodies};

on_each_engine! {
    migrations = TREES;

    /// Each lane's deliveries come one after the other; the lanes go side by side.
    async fn lanes_keep_their_order_and_go_side_by_side(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        endpoint.always(Behaviour::Slow(10));
        let bot = fx.bot(&endpoint.url).await;
        for lane in 0..20 {
            fx.tell_bot(bot, InteractionId::new(), ChatId::new(), &bodies(&lane.to_string(), 10)).await;
        }
        fx.settled().await;
        for lane in 0..20 {
            assert_eq!(endpoint.of_lane(&lane.to_string()), bodies(&lane.to_string(), 10));
        }
        let (most, crossed) = endpoint.at_once();
        assert!(most > 3, "lanes go side by side: {most} at once");
        assert_eq!(crossed, 0, "never two of one lane");
    }

    /// What comes while a call is under way is sent behind it, at once.
    async fn what_is_added_to_a_busy_lane_follows(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        endpoint.then([Behaviour::Slow(100)]);
        let (bot, interaction, chat) = (fx.bot(&endpoint.url).await, InteractionId::new(), ChatId::new());
        let all = bodies("a", 4);
        for body in &all {
            fx.tell_bot(bot, interaction, chat, std::slice::from_ref(body)).await;
        }
        fx.settled().await;
        assert_eq!(endpoint.bodies(), all);
    }

    /// A 4xx ends a bot's delivery, and the lane goes on.
    async fn a_refused_delivery_lets_the_lane_go_on(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        endpoint.then([Behaviour::Answers(404, "")]);
        let bot = fx.bot(&endpoint.url).await;
        fx.tell_bot(bot, InteractionId::new(), ChatId::new(), &bodies("a", 2)).await;
        fx.until(&[DeliveryState::Rejected, DeliveryState::Delivered]).await;
        let refused = &fx.all().await[0];
        assert_eq!((refused.attempts.len(), refused.attempts[0].status), (1, Some(404)));
        assert_eq!(refused.attempts[0].response.as_deref(), Some("ok"));
    }

    /// What is cancelled is not sent; what is on its way is not called back.
    async fn what_is_cancelled_is_not_sent(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        endpoint.then([Behaviour::Slow(200)]);
        let (bot, interaction, chat) = (fx.bot(&endpoint.url).await, InteractionId::new(), ChatId::new());
        fx.tell_bot(bot, interaction, chat, &bodies("a", 3)).await;
        endpoint.called(1).await;
        let mut out = bots::Outgoing::default();
        out.cancel(interaction);
        let mut tx = fx.db.begin().await.unwrap();
        let written = fx.delivery().write(&mut tx, out, fx.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        fx.delivery().send(written);
        fx.until(&[DeliveryState::Cancelled; 3]).await;
        // The lane is of use again.
        fx.tell_bot(bot, interaction, chat, &bodies("b", 1)).await;
        fx.settled().await;
        assert_eq!(endpoint.bodies(), [bodies("a", 1), bodies("b", 1)].concat());
    }

    /// Lists are filtered, and walked by cursor.
    async fn lists_are_filtered(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        let bot = fx.bot(&endpoint.url).await;
        let (first, second) = (InteractionId::new(), InteractionId::new());
        let (here, there) = (ChatId::new(), ChatId::new());
        fx.tell_bot(bot, first, here, &bodies("a", 120)).await;
        fx.clock.set(crate::fixture::at(10));
        fx.tell_bot(bot, second, there, &bodies("b", 3)).await;
        fx.settled().await;
        let count = |filter| async { fx.list(filter).await.len() };
        let all = DeliveryFilter::default;
        assert_eq!(count(all()).await, 123);
        assert_eq!(count(DeliveryFilter { interaction: Some(first), ..all() }).await, 120);
        assert_eq!(count(DeliveryFilter { chat: Some(there), ..all() }).await, 3);
        assert_eq!(count(DeliveryFilter { since: Some(crate::fixture::at(10)), ..all() }).await, 3);
        assert_eq!(count(DeliveryFilter { state: Some(DeliveryState::Delivered), ..all() }).await, 123);
        assert_eq!(count(DeliveryFilter { state: Some(DeliveryState::Parked), ..all() }).await, 0);
        assert_eq!(count(DeliveryFilter { endpoint: Some(bot.uuid()), ..all() }).await, 123);
        let ids: Vec<_> = fx.list(all()).await.iter().map(|one| one.id).collect();
        assert!(ids.is_sorted());
    }
}
