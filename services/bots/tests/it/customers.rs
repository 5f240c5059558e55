//! Who is meant by a customer, and what is kept of an interaction.

use contracts::BotsApi as _;
use contracts::bots::{BotsError, Customer, InteractionKey, StartInteraction, UpdateInteraction};
use domain::{ChatKind, Mood, Role};
use serde_json::json;
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{BOT, Fixture, TREES, request};

fn known(email: Option<&str>, phone: Option<&str>, cpf: Option<&str>) -> Customer {
    let text = |text: Option<&str>| text.map(ToOwned::to_owned);
    Customer { name: Some("Eva".to_owned()), email: text(email), phone: text(phone), cpf: text(cpf) }
}

on_each_engine! {
    migrations = TREES;

    async fn a_customer_is_known_by_mail_then_telephone_then_cpf(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let start = async |customer| {
            let cmd = StartInteraction { customer, ..fx.starting(&sales) };
            fx.bots.start(cmd).await.unwrap().customer.unwrap()
        };
        let by_mail = start(known(Some("eva@x.example"), Some("1"), None)).await;
        let by_cpf = start(known(None, Some("2"), Some("123"))).await;
        assert_ne!(by_mail, by_cpf);
        let user = fx.users.get(by_mail);
        assert_eq!((user.name.as_str(), user.role, user.phone.as_deref()), ("Eva", Role::Customer, Some("1")));
        assert_eq!(start(known(Some("eva@x.example"), Some("2"), None)).await, by_mail);
        assert_eq!(start(known(Some("other@x.example"), Some("1"), None)).await, by_mail);
        assert_eq!(start(known(None, None, Some("123"))).await, by_cpf);
        assert_eq!(start(known(Some(" "), Some(""), Some("123"))).await, by_cpf);
        assert_ne!(start(known(None, None, Some("124"))).await, by_cpf);
        let nobody = start(Customer::default()).await;
        assert_eq!(fx.users.get(nobody).name, "Visitor");
        assert_ne!(start(Customer::default()).await, nobody);
    }

    async fn a_support_chat_is_made(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let cmd = StartInteraction {
            extra: Some(json!({"order": 7})),
            external_history: Some("https://client.example/history".into()),
            media_type: Some("WHATSAPP".into()),
            ..fx.starting(&sales)
        };
        let one = fx.bots.start(cmd).await.unwrap();
        let chat = fx.talk.chat(one.chat);
        assert_eq!((chat.kind, chat.creator), (ChatKind::Support, one.customer));
        assert_eq!(one.extra, Some(json!({"order": 7})));
        assert_eq!(one.external_history.as_deref(), Some("https://client.example/history"));
        assert_eq!((one.media_type.as_deref(), one.started_in), (Some("WHATSAPP"), sales.number));
        assert_eq!(fx.now(&one).await, one);
        fx.settle().await;
        assert_eq!(fx.of_chat(one.chat).await.unwrap(), one, "its own events start nothing");
    }

    async fn a_repeated_start_is_one(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let cmd = StartInteraction { idempotency: Some(request(1, 1)), ..fx.starting(&sales) };
        let one = fx.bots.start(cmd.clone()).await.unwrap();
        assert_eq!(fx.bots.start(cmd.clone()).await.unwrap(), one);
        let other = StartInteraction { idempotency: Some(request(1, 2)), ..cmd };
        assert_eq!(fx.bots.start(other).await.unwrap_err(), BotsError::KeyReused);
        assert_eq!(fx.talk.chats.lock().unwrap().len(), 1);
    }

    async fn what_is_noted_is_kept(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let one = fx.begin(&sales).await;
        let nothing = UpdateInteraction {
            by: fx.by(),
            key: InteractionKey::Id(one.id),
            mood: None,
            tags: None,
            customer_key: None,
            note: None,
        };
        assert_eq!(fx.bots.update(nothing.clone()).await.unwrap(), one);
        let all = UpdateInteraction {
            mood: Some(Mood::Positive),
            tags: Some(vec![3, 1, 3]),
            customer_key: Some("K-7".into()),
            note: Some("friendly".into()),
            ..nothing.clone()
        };
        let noted = fx.bots.update(all).await.unwrap();
        assert_eq!((noted.mood, &noted.tags), (Some(Mood::Positive), &vec![3, 1]));
        assert_eq!((noted.customer_key.as_deref(), noted.note.as_deref()), (Some("K-7"), Some("friendly")));
        assert_eq!((noted.version, noted.state), (1, one.state), "that is no change of hands");
        // Finished ones too.
        fx.finish(&one, contracts::bots::End::Bot).await.unwrap();
        let mood = UpdateInteraction { mood: Some(Mood::Negative), ..nothing.clone() };
        let noted = fx.bots.update(mood).await.unwrap();
        assert_eq!((noted.mood, noted.note.as_deref()), (Some(Mood::Negative), Some("friendly")));
        let long = UpdateInteraction { note: Some("x".repeat(20_001)), ..nothing };
        assert!(matches!(fx.bots.update(long).await.unwrap_err(), BotsError::Invalid(e) if e.field == "note"));
    }
}
