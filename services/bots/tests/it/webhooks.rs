//! Which webhooks hear of what is not said in a chat.

use contracts::BotsApi as _;
use contracts::bots::{CreateWebhook, DeliveryFilter, ListDeliveries, UpdateWebhook, Webhook};
use domain::{Limit, OnParked, ParticipationId, Presence, UserId, WebhookFormat};
use proto_events::{ParticipantChanged, PresenceChanged, WebhookDisabled};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{BOT, Fixture, TREES};

async fn webhook(fx: &Fixture, format: WebhookFormat, events: &[&str]) -> Webhook {
    let events = (!events.is_empty()).then(|| events.iter().map(ToString::to_string).collect());
    let (by, url, on_parked) = (fx.by(), BOT.to_owned(), OnParked::Pass);
    let make = CreateWebhook { by, url, events, secret: None, format, on_parked, idempotency: None };
    fx.bots.create_webhook(make).await.unwrap()
}

/// The names of what it is told.
async fn told(fx: &Fixture, webhook: &Webhook) -> Vec<String> {
    let filter = DeliveryFilter { endpoint: Some(webhook.id.uuid()), ..DeliveryFilter::default() };
    let asked = ListDeliveries { by: fx.by(), filter, after: None, limit: Limit::clamped(100) };
    fx.bots.deliveries(asked).await.unwrap().items.into_iter().map(|delivery| delivery.event).collect()
}

on_each_engine! {
    migrations = TREES;

    async fn a_webhook_that_is_switched_off_is_told_to_the_others(db: Db) {
        let fx = Fixture::start(&db);
        let off = webhook(&fx, WebhookFormat::Native, &[]).await;
        let (all, named) = (webhook(&fx, WebhookFormat::Native, &[]).await, webhook(&fx, WebhookFormat::Native, &["webhook.disabled"]).await);
        let (other, vendor) = (webhook(&fx, WebhookFormat::Native, &["chat.created"]).await, webhook(&fx, WebhookFormat::Voipbin, &[]).await);
        let disable = UpdateWebhook {
            by: fx.by(),
            id: off.id,
            url: None,
            events: None,
            secret: None,
            format: None,
            on_parked: None,
            enabled: Some(false),
            idempotency: None,
        };
        fx.bots.update_webhook(disable).await.unwrap();
        let (since, at) = (fx.clock.now(), fx.clock.now());
        let (tenant, webhook, url, because) = (fx.tenant, off.id, off.url.clone(), "gone".to_owned());
        fx.tell(&WebhookDisabled { tenant, webhook, url, because, since, at }).await;
        fx.settle().await;
        for hears in [&all, &named] {
            assert_eq!(told(&fx, hears).await, ["webhook.disabled"]);
        }
        for quiet in [&off, &other, &vendor] {
            assert!(told(&fx, quiet).await.is_empty());
        }
    }

    /// There is much of it, and hardly anybody acts on it: it is told to who asks for it.
    async fn presence_is_told_by_name_only(db: Db) {
        let fx = Fixture::start(&db);
        let (all, named) = (webhook(&fx, WebhookFormat::Native, &[]).await, webhook(&fx, WebhookFormat::Native, &["presence.changed"]).await);
        let vendor = webhook(&fx, WebhookFormat::Voipbin, &["presence.changed"]).await;
        for presence in [Presence::Online, Presence::Offline] {
            let changed = PresenceChanged { tenant: fx.tenant, user: UserId::new(), presence: presence.into() };
            fx.tell(&changed).await;
        }
        fx.settle().await;
        assert_eq!(told(&fx, &named).await, ["presence.changed", "presence.changed"]);
        assert!(told(&fx, &all).await.is_empty() && told(&fx, &vendor).await.is_empty());
    }

    /// Only one vendor knows of rooms.
    async fn a_dropped_room_is_told_to_whoever_knows_of_rooms(db: Db) {
        let fx = Fixture::start(&db);
        let (native, vendor) = (webhook(&fx, WebhookFormat::Native, &["participant.removed"]).await, webhook(&fx, WebhookFormat::Voipbin, &["participant.removed"]).await);
        let ann = fx.agent();
        let chat = fx.chat(&[ann]).await;
        let participation = fx.talk.chat(chat).participant(ann).unwrap().id;
        let view = |participation, dropped| ParticipantChanged { tenant: fx.tenant, chat, user: ann, participation, dropped };
        fx.tell(&view(participation, false)).await;
        fx.tell(&view(participation, true)).await;
        fx.tell(&view(ParticipationId::new(), true)).await;
        fx.settle().await;
        assert_eq!(told(&fx, &vendor).await, ["participant.removed"], "once, of the stay there is");
        assert!(told(&fx, &native).await.is_empty());
    }
}
