//! Edits and deletes.

use bus::schema::outbox;
use contracts::MessagesApi as _;
use contracts::messages::{DeleteMessage, EditMessage, Media, Message, MessageKey, MessagesError};
use diesel::prelude::*;
use domain::Principal;
use proto_events::{Event as _, MessageEdited};
use store::{Db, on_conn};
use store::{RunQueryDsl, testing::on_each_engine};

use crate::fixture::{Fixture, TREES, assert_in_order, at};

fn edit(by: Principal, message: &Message, text: Option<&str>) -> EditMessage {
    let text = text.map(str::to_owned);
    EditMessage { by, key: MessageKey::Number(message.number), text, media: None, idempotency: None }
}

fn delete(by: Principal, message: &Message) -> DeleteMessage {
    DeleteMessage { by, key: MessageKey::Id(message.id) }
}

/// The types of the events written, in order, and their payloads.
async fn told(db: &Db) -> Vec<(String, Vec<u8>)> {
    let conn = db.read().await.unwrap();
    on_conn!(conn, |c| outbox::table.order(outbox::id).select((outbox::event_type, outbox::payload)).load(c).await)
        .unwrap()
}

on_each_engine! {
    migrations = TREES;

    async fn an_edit_changes_words_and_nothing_else(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        let message = fx.post(chat, "one").await;
        fx.clock.set(at(60));
        let edited = fx.messages.edit(edit(fx.ann(), &message, Some("two"))).await.unwrap();
        let expected =
            Message { text: Some("two".into()), updated_at: at(60), edited_at: Some(at(60)), ..message.clone() };
        assert_eq!(edited, expected);
        assert_eq!(fx.all(chat).await, [expected]);

        let files = vec![Media { url: "https://x/a".into(), name: None, mime: None, size: None }];
        let with_files = EditMessage { media: Some(files.clone()), ..edit(fx.manager(), &message, None) };
        assert_eq!(fx.messages.edit(with_files).await.unwrap().media, files);
        let nothing = EditMessage { media: Some(Vec::new()), ..edit(fx.ann(), &message, None) };
        assert!(matches!(fx.messages.edit(nothing).await, Err(MessagesError::Invalid(_))));

        let told = told(&db).await;
        let kinds: Vec<_> = told.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, ["message.posted", "message.edited", "message.edited"]);
        let event = MessageEdited::decode(&told[1].1).unwrap();
        assert_eq!((event.message, event.seq, event.text.as_deref()), (message.id, 1, Some("two")));
    }

    async fn a_deleted_message_keeps_its_place(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        let all = fx.posts(chat, 3).await;
        fx.clock.set(at(60));
        let gone = fx.messages.delete(delete(fx.ann(), &all[1])).await.unwrap();
        assert_eq!((gone.seq, gone.text.clone(), gone.deleted_at), (2, None, Some(at(60))));
        fx.clock.set(at(90));
        assert_eq!(fx.messages.delete(delete(fx.manager(), &all[1])).await.unwrap(), gone);
        let refused = fx.messages.edit(edit(fx.ann(), &all[1], Some("back"))).await;
        assert_eq!(refused, Err(MessagesError::MessageDeleted));

        fx.post(chat, "4").await;
        let now = fx.all(chat).await;
        assert_in_order(&now);
        assert_eq!(now[1], gone);
        assert_eq!(told(&db).await.iter().filter(|(kind, _)| kind == "message.deleted").count(), 1);
    }

    async fn only_authors_and_managers_change_a_message(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        let message = fx.post(chat, "one").await;
        let forbidden = Err(MessagesError::Forbidden);
        assert_eq!(fx.messages.edit(edit(fx.bob(), &message, Some("two"))).await, forbidden);
        assert_eq!(fx.messages.delete(delete(fx.bob(), &message)).await, forbidden);
        let elsewhere = Principal { tenant: domain::TenantId::new(), ..fx.ann() };
        assert_eq!(
            fx.messages.edit(edit(elsewhere, &message, Some("two"))).await,
            Err(MessagesError::MessageNotFound)
        );
        fx.messages.edit(edit(fx.manager(), &message, Some("two"))).await.unwrap();

        fx.chats.change(chat, |c| c.deleted = true);
        assert_eq!(
            fx.messages.edit(edit(fx.ann(), &message, Some("three"))).await,
            Err(MessagesError::ChatDeleted)
        );
        // What was said can be taken back even so.
        assert!(fx.messages.delete(delete(fx.ann(), &message)).await.unwrap().deleted_at.is_some());
    }

    async fn edits_under_load_stay_in_order(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        let first = fx.post(chat, "0").await;
        let posts = fx.posts(chat, 60);
        let edits = async {
            for i in 1..=20 {
                fx.messages.edit(edit(fx.ann(), &first, Some(&i.to_string()))).await.unwrap();
            }
        };
        tokio::join!(posts, edits);
        let all = fx.all(chat).await;
        assert_in_order(&all);
        assert_eq!((all.len(), all[0].text.as_deref()), (61, Some("20")));
    }
}
