//! When a delivery is tried again, and what becomes of one that is given up.

use std::time::Duration;

use contracts::BotsApi as _;
use contracts::bots::{ListWebhooks, UpdateWebhook};
use domain::{ChatId, DeliveryState, InteractionId, Limit, OnParked, WebhookFormat};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Behaviour, Endpoint, Fixture, TREES, at, bodies, eventually};

/// Seconds from one attempt to the next.
const VENDORS: [i64; 9] = [1, 5, 30, 300, 1800, 7200, 18_000, 36_000, 36_000];

/// Waits until the first delivery was tried so often, and that was written down.
async fn tried(fx: &Fixture, times: usize) {
    eventually(&format!("{times} attempts"), || async { (fx.all().await[0].attempts.len() == times).then_some(()) })
        .await;
}

on_each_engine! {
    migrations = TREES;

    /// A bot's delivery is tried after 1 s, 5 s, 30 s, … and parked after the tenth failure; the lane goes on.
    async fn a_bots_schedule(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        endpoint.always(Behaviour::Answers(500, ""));
        let bot = fx.bot(&endpoint.url).await;
        fx.tell_bot(bot, InteractionId::new(), ChatId::new(), &bodies("a", 2)).await;
        let mut now = 0;
        for (n, pause) in VENDORS.into_iter().enumerate() {
            tried(&fx, n + 1).await;
            assert_eq!(fx.all().await[0].due_at, at(now + pause), "after attempt {}", n + 1);
            // Not a moment sooner.
            fx.clock.set(at(now + pause).plus_micros(-1));
            tokio::time::sleep(Duration::from_millis(30)).await;
            assert_eq!(endpoint.calls().len(), n + 1);
            now += pause;
            if n + 1 == VENDORS.len() {
                endpoint.then([Behaviour::Answers(503, "")]);
                endpoint.recovers();
            }
            fx.clock.set(at(now));
        }
        fx.until(&[DeliveryState::Parked, DeliveryState::Delivered]).await;
        let parked = &fx.all().await[0];
        assert_eq!(parked.attempts.len(), 10);
        assert_eq!(parked.attempts[9].status, Some(503));
        assert_eq!(parked.attempts[1].at, at(1));
    }

    /// A native webhook's pauses are spread by a fifth; `Retry-After` makes them longer, never shorter.
    async fn a_receiver_asks_for_time(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        endpoint.then([Behaviour::Answers(429, "retry-after: 90\r\n"), Behaviour::Answers(503, "retry-after: 1\r\n")]);
        let hook = fx.webhook(&endpoint.url, WebhookFormat::Native, OnParked::Pass).await;
        fx.tell(hook.id, ChatId::new(), &bodies("a", 1)).await;
        tried(&fx, 1).await;
        assert_eq!(fx.all().await[0].due_at, at(90));
        fx.clock.set(at(90));
        tried(&fx, 2).await;
        let due = fx.all().await[0].due_at;
        assert!(at(90 + 240) <= due && due <= at(90 + 360), "{due}");
        fx.clock.set(due);
        fx.until(&[DeliveryState::Delivered]).await;
    }

    /// A native webhook is given up after eight attempts; with `wait` the later ones wait, until the operator lets them pass.
    async fn the_operator_chooses_whether_later_ones_wait(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        endpoint.always(Behaviour::Answers(500, ""));
        let hook = fx.webhook(&endpoint.url, WebhookFormat::Native, OnParked::Wait).await;
        let (chat, other) = (ChatId::new(), ChatId::new());
        fx.tell(hook.id, chat, &bodies("a", 3)).await;
        for n in 1..=7 {
            tried(&fx, n).await;
            fx.clock.set(fx.all().await[0].due_at);
        }
        fx.until(&[DeliveryState::Parked, DeliveryState::Pending, DeliveryState::Pending]).await;
        endpoint.recovers();
        fx.tell(hook.id, chat, &bodies("late", 1)).await;
        fx.tell(hook.id, other, &bodies("other", 1)).await;
        eventually("the other chat goes on", || async { (endpoint.of_lane("other").len() == 1).then_some(()) }).await;
        assert_eq!(endpoint.of_lane("a").len(), 8, "what is behind it waits");
        let change = UpdateWebhook {
            by: fx.by(),
            id: hook.id,
            url: None,
            events: None,
            secret: None,
            format: None,
            on_parked: Some(OnParked::Pass),
            enabled: None,
            idempotency: None,
        };
        fx.bots.update_webhook(change).await.unwrap();
        fx.settled().await;
        assert_eq!(endpoint.of_lane("a")[8..], bodies("a", 3)[1..]);
        assert_eq!(endpoint.of_lane("late"), bodies("late", 1));
    }

    /// 410 switches a native webhook off at once; what waits for it is cancelled.
    async fn whoever_is_gone_is_told_no_more(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        endpoint.always(Behaviour::Answers(410, ""));
        let hook = fx.webhook(&endpoint.url, WebhookFormat::Native, OnParked::Pass).await;
        fx.tell(hook.id, ChatId::new(), &bodies("a", 1)).await;
        eventually("it is off", || async { disabled(&fx).await.then_some(()) }).await;
        fx.clock.set(at(1));
        fx.tell(hook.id, ChatId::new(), &bodies("b", 2)).await;
        fx.until(&[DeliveryState::Rejected, DeliveryState::Cancelled, DeliveryState::Cancelled]).await;
        assert_eq!(endpoint.calls().len(), 1);
    }

    /// A webhook that only fails is switched off after five days, with an event; one success in between starts them anew.
    async fn five_days_of_failures(db: Db) {
        const DAY: i64 = 86_400;
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        endpoint.always(Behaviour::Answers(500, ""));
        let hook = fx.webhook(&endpoint.url, WebhookFormat::Native, OnParked::Pass).await;
        let bot = fx.bot(&endpoint.url).await;
        let (fx, endpoint) = (&fx, &endpoint);
        let fail = |day: i64, more: i64| async move {
            fx.clock.set(at(day * DAY + more));
            let before = endpoint.calls().len();
            fx.tell(hook.id, ChatId::new(), &bodies("x", 1)).await;
            fx.tell_bot(bot, InteractionId::new(), ChatId::new(), &bodies("y", 1)).await;
            endpoint.called(before + 2).await;
            tokio::time::sleep(Duration::from_millis(60)).await;
        };
        fail(0, 0).await;
        endpoint.recovers();
        fail(3, 0).await;
        endpoint.always(Behaviour::Answers(500, ""));
        fail(4, 0).await;
        fail(8, DAY - 1).await;
        assert!(!disabled(fx).await, "not five days since the first failure after the success");
        fail(9, 1).await;
        eventually("it is off", || async { disabled(fx).await.then_some(()) }).await;
        assert_eq!(bus::outbox::pending(&db).await.unwrap(), 1, "an event says so");
    }

    /// VoIPBin's webhooks take any answer for delivered; what does not arrive is tried again.
    async fn any_answer_counts_for_voipbin(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        endpoint.then([Behaviour::Resets, Behaviour::Answers(500, "")]);
        let hook = fx.webhook(&endpoint.url, WebhookFormat::Voipbin, OnParked::Pass).await;
        fx.tell(hook.id, ChatId::new(), &bodies("a", 1)).await;
        tried(&fx, 1).await;
        assert_eq!(fx.all().await[0].due_at, at(1));
        fx.clock.set(at(1));
        fx.until(&[DeliveryState::Delivered]).await;
        let attempts = &fx.all().await[0].attempts;
        assert_eq!((attempts[0].status, attempts[1].status), (None, Some(500)));
    }
}

async fn disabled(fx: &Fixture) -> bool {
    let command = ListWebhooks { by: fx.by(), after: None, limit: Limit::clamped(10) };
    fx.bots.webhooks(command).await.unwrap().items[0].disabled_at.is_some()
}
