//! Endpoints that misbehave: each attempt fails in bounded time, says why, and the next one gets through.

use std::time::{Duration, Instant};

use domain::{ChatId, DeliveryState, InteractionId, OnParked, WebhookFormat};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Behaviour, Endpoint, Fixture, TIMEOUT_MS, TREES, at, bodies, eventually, settings};

on_each_engine! {
    migrations = TREES;

    async fn every_misbehaviour_is_a_failed_attempt(db: Db) {
        let elsewhere = Endpoint::start().await;
        let redirect: &'static str = format!("location: {}\r\n", elsewhere.url).leak();
        for (behaviour, status, error) in [
            (Behaviour::Answers(500, ""), Some(500), None),
            (Behaviour::Hangs, None, Some("timeout")),
            (Behaviour::Resets, None, Some("broken_off")),
            (Behaviour::Drips, None, Some("timeout")),
            (Behaviour::Answers(302, redirect), Some(302), None),
        ] {
            let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
            endpoint.then([behaviour.clone()]);
            let bot = fx.bot(&endpoint.url).await;
            let began = Instant::now();
            fx.tell_bot(bot, InteractionId::new(), ChatId::new(), &bodies("a", 1)).await;
            let failed = eventually("it failed", || async { fx.all().await.pop().filter(|one| one.attempts.len() == 1) }).await;
            assert!(began.elapsed() < Duration::from_millis(10 * TIMEOUT_MS), "{behaviour:?}");
            let attempt = &failed.attempts[0];
            assert_eq!((attempt.status, attempt.error.as_deref()), (status, error), "{behaviour:?}");
            fx.clock.set(at(1));
            fx.until(&[DeliveryState::Delivered]).await;
            assert_eq!(endpoint.bodies(), [bodies("a", 1), bodies("a", 1)].concat());
            fx.end().await;
        }
        assert!(elsewhere.calls().is_empty(), "nobody follows a redirect");
    }

    /// Of an endless answer no more is read than is kept for; a closed port is a failed attempt.
    async fn floods_and_closed_ports(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        endpoint.then([Behaviour::Floods(100 << 20)]);
        let bot = fx.bot(&endpoint.url).await;
        fx.tell_bot(bot, InteractionId::new(), ChatId::new(), &bodies("a", 1)).await;
        fx.until(&[DeliveryState::Delivered]).await;
        assert_eq!(fx.all().await[0].attempts[0].response.as_ref().map(String::len), Some(1024));

        let nobody = fx.bot(&Endpoint::closed().await).await;
        fx.tell_bot(nobody, InteractionId::new(), ChatId::new(), &bodies("b", 1)).await;
        let refused = || async {
            let all = fx.all().await;
            all.into_iter().find(|one| one.attempts.first().is_some_and(|attempt| attempt.error.is_some()))
        };
        let failed = eventually("it failed", refused).await;
        assert_eq!(failed.attempts[0].error.as_deref(), Some("connect"));
    }

    /// One endpoint that hangs holds nobody else up.
    async fn a_dead_endpoint_holds_nobody_up(db: Db) {
        let mut settings = settings();
        settings.delivery.breaker_failures = 3;
        let fx = Fixture::with(&db, &settings, &domain::Clock::system(), domain::TenantId::new());
        let (dead, living) = (Endpoint::start().await, Endpoint::start().await);
        dead.always(Behaviour::Hangs);
        let (hangs, lives) = (fx.bot(&dead.url).await, fx.bot(&living.url).await);
        for _ in 0..100 {
            fx.tell_bot(hangs, InteractionId::new(), ChatId::new(), &bodies("dead", 1)).await;
        }
        let began = Instant::now();
        for lane in 0..20 {
            fx.tell_bot(lives, InteractionId::new(), ChatId::new(), &bodies(&lane.to_string(), 1)).await;
        }
        living.called(20).await;
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        // Held back, it is only tried now and then.
        tokio::time::sleep(Duration::from_millis(3 * TIMEOUT_MS)).await;
        let before = dead.calls().len();
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert!(dead.calls().len() - before <= 10, "{before} and then {}", dead.calls().len());
    }

    /// A poisonous delivery is parked and shown; what is behind it arrives, and other lanes never notice.
    async fn poison_is_parked(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        let hook = fx.webhook(&endpoint.url, WebhookFormat::Native, OnParked::Pass).await;
        endpoint.then((0..8).map(|_| Behaviour::Resets));
        let chat = ChatId::new();
        fx.tell(hook.id, chat, &bodies("poisoned", 2)).await;
        for n in 1..=7 {
            eventually("it was tried", || async { (fx.all().await[0].attempts.len() == n).then_some(()) }).await;
            fx.clock.set(fx.all().await[0].due_at);
        }
        fx.until(&[DeliveryState::Parked, DeliveryState::Delivered]).await;
        assert_eq!(endpoint.bodies().last(), bodies("poisoned", 2).last());
    }
}
