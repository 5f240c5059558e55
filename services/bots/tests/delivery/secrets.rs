//! Secrets: what is signed with which, what of it is stored.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contracts::BotsApi as _;
use contracts::bots::{CreateWebhook, UpdateWebhook, Webhook};
use diesel_async::RunQueryDsl as _;
use domain::{ChatId, Idempotency, OnParked, WebhookFormat};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use store::testing::on_each_engine;
use store::{Db, on_conn};

use crate::fixture::{Call, Endpoint, Fixture, TREES, at, bodies, egress, eventually, settings};

/// As a receiver checks it: any of the signatures may be right.
fn verifies(secret: &str, call: &Call) -> bool {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(
        format!("{}.{}.{}", call.headers["webhook-id"], call.headers["webhook-timestamp"], call.body).as_bytes(),
    );
    let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    call.headers["webhook-signature"].split(' ').any(|one| one == expected)
}

#[expect(clippy::option_option, reason = "none leaves the secret, none inside takes it away: as the command has it")]
fn change(fx: &Fixture, hook: &Webhook, secret: Option<Option<&str>>) -> UpdateWebhook {
    UpdateWebhook {
        by: fx.by(),
        id: hook.id,
        url: None,
        events: None,
        secret: secret.map(|secret| secret.map(Fixture::secret)),
        format: None,
        on_parked: None,
        enabled: None,
        idempotency: None,
    }
}

fn given(byte: u8) -> String {
    format!("whsec_{}", STANDARD.encode([byte; 32]))
}

#[derive(diesel::QueryableByName)]
struct Secret {
    #[diesel(sql_type = diesel::sql_types::Text)]
    key_id: String,
    #[diesel(sql_type = diesel::sql_types::Binary)]
    sealed: Vec<u8>,
}

async fn stored(db: &Db) -> Vec<Secret> {
    let conn = db.read().await.unwrap();
    let sql = "SELECT key_id, sealed FROM endpoint_secrets ORDER BY endpoint, place";
    on_conn!(conn, |c| diesel::sql_query(sql).load::<Secret>(c).await).unwrap()
}

on_each_engine! {
    migrations = TREES;

    /// A native webhook gets a secret, shown once; a new one signs beside it for a day, then alone.
    async fn secrets_overlap(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        let hook = fx.webhook(&endpoint.url, WebhookFormat::Native, OnParked::Pass).await;
        let first = hook.secret.clone().unwrap().0;
        let (fx, endpoint) = (&fx, &endpoint);
        let say = |times: usize| async move {
            fx.tell(hook.id, ChatId::new(), &bodies("a", 1)).await;
            endpoint.called(times).await;
            endpoint.calls()[times - 1].clone()
        };
        let call = say(1).await;
        assert!(verifies(&first, &call));
        let second = given(7);
        let changed = fx.bots.update_webhook(change(fx, &hook, Some(Some(&second)))).await.unwrap();
        assert_eq!(changed.secret.unwrap().0, second);
        let call = say(2).await;
        assert!(verifies(&first, &call) && verifies(&second, &call));
        assert_eq!(call.headers["webhook-signature"].split(' ').count(), 2);
        // A lease that ends before its outcome is written down would mean a second call.
        fx.settled().await;
        fx.clock.set(at(86_400));
        let call = say(3).await;
        assert!(!verifies(&first, &call) && verifies(&second, &call));
        let none = fx.bots.update_webhook(change(fx, &hook, Some(None))).await.unwrap();
        assert!(!none.signed && none.secret.is_none());
        assert!(!say(4).await.headers.contains_key("webhook-signature"));
    }

    /// No secret can be read in the database, and all come under a new key by themselves.
    async fn secrets_are_encrypted_and_their_keys_rotate(db: Db) {
        let (fx, endpoint) = (Fixture::start(&db), Endpoint::start().await);
        let key = Idempotency { key: [1; 32], body: [2; 32] };
        let make = || CreateWebhook {
            by: fx.by(),
            url: endpoint.url.clone(),
            events: None,
            secret: Some(Fixture::secret(&given(9))),
            format: WebhookFormat::Voipbin,
            on_parked: OnParked::Pass,
            idempotency: Some(key),
        };
        let hook = fx.bots.create_webhook(make()).await.unwrap();
        assert_eq!(fx.bots.create_webhook(make()).await.unwrap(), hook, "a repeat shows the secret, too");
        let before = stored(&db).await;
        assert_eq!(before[0].key_id, "k1");
        assert!(!before[0].sealed.windows(32).any(|part| part == [9; 32]));
        assert!(nowhere(&db, &given(9)).await, "nor in what is kept for repeats");
        let (tenant, clock) = (fx.tenant, fx.clock.clone());
        fx.end().await;

        let mut settings = settings();
        settings.secret_keys.insert(0, format!("k2:{}", "cd".repeat(32)).parse().unwrap());
        let fx = Fixture::with(&db, &settings, &clock, tenant);
        eventually("they are under the new key", || async { (stored(&db).await[0].key_id == "k2").then_some(()) }).await;
        fx.end().await;
        settings.secret_keys.pop();
        let fx = Fixture::with(&db, &settings, &clock, tenant);
        fx.tell(hook.id, ChatId::new(), &bodies("a", 1)).await;
        endpoint.called(1).await;
        assert!(verifies(&given(9), &endpoint.calls()[0]), "the old key is of no use any more");
    }

    /// Malformed secrets, unknown events and addresses inside are refused.
    async fn what_is_refused(db: Db) {
        let fx = Fixture::start(&db);
        let make = |url: &str, secret: Option<&str>, events: Option<Vec<String>>| CreateWebhook {
            by: fx.by(),
            url: url.to_owned(),
            events,
            secret: secret.map(Fixture::secret),
            format: WebhookFormat::Native,
            on_parked: OnParked::Pass,
            idempotency: None,
        };
        for (command, field) in [
            (make("http://127.0.0.1:1/", Some("hunter2"), None), "secret"),
            (make("http://127.0.0.1:1/", None, Some(vec!["message.sent".to_owned()])), "events"),
            (make("http://10.0.0.1/", None, None), "url"),
            (make("ftp://example.com/", None, None), "url"),
        ] {
            let refused = fx.bots.create_webhook(command).await.unwrap_err();
            assert_eq!(domain::ServiceError::field(&refused), Some(field), "{refused}");
        }
        assert!(egress().policy().vet_url("http://127.0.0.1:1/").is_ok());
    }
}

/// Whether a text stands in no row of the tables that keep texts.
async fn nowhere(db: &Db, text: &str) -> bool {
    #[derive(diesel::QueryableByName)]
    struct Answer {
        #[diesel(sql_type = diesel::sql_types::Nullable<diesel::sql_types::Text>)]
        answer: Option<String>,
    }
    let conn = db.read().await.unwrap();
    let sql = "SELECT answer FROM idempotency";
    let rows = on_conn!(conn, |c| diesel::sql_query(sql).load::<Answer>(c).await).unwrap();
    rows.iter().all(|row| row.answer.as_ref().is_none_or(|answer| !answer.contains(text)))
}
