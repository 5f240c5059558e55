//! Deliveries made once more, and forgotten in the end.

use contracts::BotsApi as _;
use contracts::bots::{BotsError, DeliveryFilter, ReplayDeliveries, ReplayDelivery};
use diesel_async::RunQueryDsl as _;
use domain::{ChatId, DeliveryState, Idempotency, InteractionId, OnParked, WebhookFormat};
use store::testing::on_each_engine;
use store::{Db, on_conn};

use crate::fixture::{Behaviour, Endpoint, Fixture, TREES, at, bodies, eventually};

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    n: i64,
}

async fn rows(db: &Db, table: &str) -> i64 {
    let conn = db.read().await.unwrap();
    let sql = format!("SELECT COUNT(*) AS n FROM {table}");
    on_conn!(conn, |c| diesel::sql_query(sql).get_result::<Count>(c).await).unwrap().n
}

on_each_engine! {
    migrations = TREES;

    /// A replay is a new delivery with the same `webhook-id` and the same body.
    async fn a_replay_keeps_the_webhook_id(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        let bot = fx.bot(&endpoint.url).await;
        fx.tell_bot(bot, InteractionId::new(), ChatId::new(), &bodies("a", 1)).await;
        fx.settled().await;
        let first = fx.all().await.remove(0);
        fx.clock.set(at(1));
        let again = fx.bots.replay(ReplayDelivery { by: fx.by(), id: first.id, idempotency: None }).await.unwrap();
        assert_eq!((again.webhook_id.as_str(), again.chat), (first.webhook_id.as_str(), first.chat));
        assert_ne!(again.id, first.id);
        fx.settled().await;
        let calls = endpoint.calls();
        assert_eq!(calls.len(), 2);
        for call in &calls {
            assert_eq!((call.headers["webhook-id"].as_str(), &call.body), (first.webhook_id.as_str(), &bodies("a", 1)[0]));
            assert_eq!(call.headers["content-type"], "application/json");
        }
        assert_eq!(calls[0].headers["webhook-timestamp"], "1800000000");
        assert_eq!(calls[1].headers["webhook-timestamp"], "1800000001");
        assert!(!calls[0].headers.contains_key("webhook-signature"), "no secret is set");
    }

    /// What is on its way is not made once more, and nobody reaches another tenant's.
    async fn not_everything_can_be_replayed(db: Db) {
        let (mut fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        endpoint.always(Behaviour::Hangs);
        let bot = fx.bot(&endpoint.url).await;
        fx.tell_bot(bot, InteractionId::new(), ChatId::new(), &bodies("a", 1)).await;
        let id = fx.all().await[0].id;
        let replay = || ReplayDelivery { by: fx.by(), id, idempotency: None };
        assert_eq!(fx.bots.replay(replay()).await.unwrap_err(), BotsError::NotReplayable);
        let stranger = ReplayDelivery { by: domain::Principal { tenant: domain::TenantId::new(), ..fx.by() }, id, idempotency: None };
        assert_eq!(fx.bots.replay(stranger).await.unwrap_err(), BotsError::DeliveryNotFound);
        fx.tenant = domain::TenantId::new();
        assert!(fx.all().await.is_empty());
    }

    /// By filter and by time, in order; without a state those that were given up.
    async fn many_are_replayed_in_order(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        endpoint.always(Behaviour::Answers(400, ""));
        let (bot, interaction, chat) = (fx.bot(&endpoint.url).await, InteractionId::new(), ChatId::new());
        fx.tell_bot(bot, interaction, chat, &bodies("a", 250)).await;
        fx.settled().await;
        endpoint.recovers();
        fx.clock.set(at(100));
        fx.tell_bot(bot, interaction, chat, &bodies("b", 1)).await;
        fx.settled().await;
        let replay = |filter| async {
            fx.bots.replay_all(ReplayDeliveries { by: fx.by(), filter, idempotency: None }).await.unwrap().replayed
        };
        assert_eq!(replay(DeliveryFilter::default()).await, 0, "none was given up");
        let since = |since| DeliveryFilter { state: Some(DeliveryState::Rejected), since, ..DeliveryFilter::default() };
        assert_eq!(replay(since(Some(at(100)))).await, 0);
        fx.clock.set(at(200));
        assert_eq!(replay(since(None)).await, 250);
        fx.settled().await;
        assert_eq!(endpoint.of_lane("a")[250..], bodies("a", 250));
    }

    /// A repeat under the same key sends nothing twice, whether it comes later or at the same instant.
    async fn a_repeated_replay_is_the_same_replay(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        endpoint.always(Behaviour::Answers(400, ""));
        let (bot, interaction, chat) = (fx.bot(&endpoint.url).await, InteractionId::new(), ChatId::new());
        fx.tell_bot(bot, interaction, chat, &bodies("a", 450)).await;
        fx.settled().await;
        endpoint.recovers();
        fx.clock.set(at(100));
        let promise = |key: u8, body: u8| Some(Idempotency { key: [key; 32], body: [body; 32] });
        let many = |key, body| {
            let filter = DeliveryFilter { state: Some(DeliveryState::Rejected), ..DeliveryFilter::default() };
            fx.bots.replay_all(ReplayDeliveries { by: fx.by(), filter, idempotency: promise(key, body) })
        };
        let (one, two, three) = tokio::join!(many(1, 1), many(1, 1), many(1, 1));
        for done in [one, two, three, many(1, 1).await] {
            assert_eq!(done.unwrap().replayed, 450);
        }
        assert_eq!(many(1, 2).await.unwrap_err(), BotsError::KeyReused);
        fx.settled().await;
        assert_eq!(endpoint.of_lane("a")[450..], bodies("a", 450));

        let id = fx.all().await[0].id;
        let single = |key, body| fx.bots.replay(ReplayDelivery { by: fx.by(), id, idempotency: promise(key, body) });
        let (one, two) = tokio::join!(single(2, 1), single(2, 1));
        let made = one.unwrap().id;
        assert_eq!((two.unwrap().id, single(2, 1).await.unwrap().id), (made, made));
        assert_eq!(single(2, 2).await.unwrap_err(), BotsError::KeyReused);
        fx.settled().await;
        assert_eq!(endpoint.calls().len(), 450 + 450 + 1);
    }

    /// One that blocks its lane is made again in its own place: the others follow it.
    async fn a_replay_frees_its_lane(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        endpoint.then((0..8).map(|_| Behaviour::Answers(500, "")));
        let hook = fx.webhook(&endpoint.url, WebhookFormat::Native, OnParked::Wait).await;
        fx.tell(hook.id, ChatId::new(), &bodies("a", 3)).await;
        for n in 1..=7 {
            eventually("it was tried", || async { (fx.all().await[0].attempts.len() == n).then_some(()) }).await;
            fx.clock.set(fx.all().await[0].due_at);
        }
        let pending = DeliveryState::Pending;
        fx.until(&[DeliveryState::Parked, pending, pending]).await;
        let parked = fx.all().await.remove(0);
        let all = ReplayDeliveries { by: fx.by(), filter: DeliveryFilter::default(), idempotency: None };
        // Replays come behind what was there when they were asked for.
        fx.clock.set(fx.clock.now().plus_seconds(1));
        assert_eq!(fx.bots.replay_all(all).await.unwrap().replayed, 1);
        fx.settled().await;
        assert_eq!(endpoint.bodies()[8..], bodies("a", 3));
        assert_eq!(endpoint.calls()[8].headers["webhook-id"], parked.webhook_id);
    }

    /// After a while nothing is left of what is over; a deleted tenant leaves nothing at all.
    async fn old_deliveries_are_forgotten(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        let bot = fx.bot(&endpoint.url).await;
        fx.tell_bot(bot, InteractionId::new(), ChatId::new(), &bodies("old", 10)).await;
        fx.settled().await;
        fx.clock.set(at(86_400 * 15));
        fx.tell_bot(bot, InteractionId::new(), ChatId::new(), &bodies("young", 2)).await;
        fx.settled().await;
        fx.clock.set(at(86_400 * 31));
        fx.delivery().forget().await.unwrap();
        assert_eq!((rows(&db, "deliveries").await, rows(&db, "attempts").await), (2, 2));
    }
}
