//! Appending: order, authority, poison, what is told about it.

use bus::schema::outbox;
use contracts::MessagesApi as _;
use contracts::messages::{Media, MessagesError, PostMessage};
use diesel::prelude::*;
use diesel_async::{RunQueryDsl, SimpleAsyncConnection as _};
use domain::{MessageKind, Principal, Role, Scopes, Surface, TenantId, UserId};
use proto_events::{Event as _, MessagePosted};
use store::testing::on_each_engine;
use store::{Db, Engine, on_conn};

use crate::fixture::{Fixture, TREES, assert_in_order, at, at_once};

/// What the outbox tells of, in the order it was written.
async fn told(db: &Db) -> Vec<MessagePosted> {
    let conn = db.read().await.unwrap();
    let rows: Vec<Vec<u8>> = on_conn!(conn, |c| outbox::table
        .filter(outbox::event_type.eq(MessagePosted::TYPE))
        .order(outbox::id)
        .select(outbox::payload)
        .load(c)
        .await)
    .unwrap();
    rows.iter().map(|payload| MessagePosted::decode(payload).unwrap()).collect()
}

/// Makes the database refuse messages with this text.
async fn refuse_poison(db: &Db) {
    let mut tx = db.begin().await.unwrap();
    match tx.engine() {
        Engine::Pg(c) => c.batch_execute("ALTER TABLE messages ADD CHECK (text <> 'poison')").await,
        Engine::Sqlite(c) => {
            c.batch_execute(
                "CREATE TRIGGER poison BEFORE INSERT ON messages WHEN NEW.text = 'poison' \
                 BEGIN SELECT RAISE(ABORT, 'poison'); END",
            )
            .await
        }
    }
    .unwrap();
    tx.commit().await.unwrap();
}

on_each_engine! {
    migrations = TREES;

    async fn a_message_is_answered_as_it_is_stored(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        let media = vec![Media { url: "https://x/a.png".into(), name: None, mime: None, size: Some("12".into()) }];
        let mut extras = contracts::Extras::new();
        extras.insert("voipbin".into(), serde_json::json!({ "source": { "type": "agent" } }));
        let command = PostMessage { kind: MessageKind::Media, media: media.clone(), extras, ..fx.says(chat, "hi") };
        let answered = fx.messages.post(command).await.unwrap();
        assert_eq!(fx.all(chat).await, std::slice::from_ref(&answered));
        assert_eq!((answered.seq, answered.author, answered.origin), (1, Some(fx.ann), Surface::Voipbin));
        assert_eq!((answered.created_at, answered.updated_at), (at(0), at(0)));

        let told = told(&db).await;
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].message, told[0].seq, told[0].number), (answered.id, 1, answered.number));
        assert_eq!((told[0].membership_version, told[0].text.as_deref()), (7, Some("hi")));
        assert_eq!(told[0].media[0].size, Some(12));
        assert_eq!(told[0].extras.as_deref(), Some(r#"{"voipbin":{"source":{"type":"agent"}}}"#));
    }

    async fn many_senders_leave_no_gaps(db: Db) {
        let fx = Fixture::new(&db);
        let chats: Vec<_> = (0..20).map(|_| fx.chat()).collect();
        let senders: Vec<_> = (0..64usize)
            .map(|sender| {
                let (messages, chats) = (fx.messages.clone(), chats.clone());
                let commands: Vec<_> = (0..25usize)
                    .map(|i| fx.says(chats[(sender * 7 + i * 3) % chats.len()], &format!("{sender} {i}")))
                    .collect();
                tokio::spawn(async move {
                    for command in commands {
                        messages.post(command).await.unwrap();
                    }
                })
            })
            .collect();
        for sender in senders {
            sender.await.unwrap();
        }
        let mut stored = 0;
        for chat in chats {
            let all = fx.all(chat).await;
            assert_in_order(&all);
            // What one sender said stays in its order.
            let mut said = std::collections::HashMap::new();
            for message in &all {
                let text = message.text.clone().unwrap();
                let (sender, i) = text.split_once(' ').map(|(s, i)| (s.to_owned(), i.parse::<i32>().unwrap())).unwrap();
                assert!(said.insert(sender, i).is_none_or(|before| before < i));
            }
            stored += all.len();
        }
        assert_eq!(stored, 64 * 25);
        // Events of a chat are in the order of its places.
        let told = told(&db).await;
        assert_eq!(told.len(), stored);
        let mut last = std::collections::HashMap::new();
        for event in told {
            assert_eq!(event.seq, last.insert(event.chat, event.seq).unwrap_or(0) + 1);
        }
        let calls = fx.chats.calls();
        assert!(calls < 64 * 25, "one question a batch, not a message: {calls}");
    }

    async fn messages_sent_at_once_by_one_sender_keep_their_order(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        // Polled in this order, so that they queue in this order.
        let mut sending = Vec::new();
        for i in 0..300 {
            let mut post = Box::pin(fx.messages.post(fx.says(chat, &i.to_string())));
            let polled = std::future::poll_fn(|cx| std::task::Poll::Ready(post.as_mut().poll(cx))).await;
            assert!(polled.is_pending());
            sending.push(post);
        }
        for post in sending {
            post.await.unwrap();
        }
        let texts: Vec<_> = fx.all(chat).await.into_iter().filter_map(|m| m.text).collect();
        assert_eq!(texts, (0..300).map(|i| i.to_string()).collect::<Vec<_>>());
    }

    async fn a_bad_message_fails_alone(db: Db) {
        refuse_poison(&db).await;
        let fx = Fixture::new(&db);
        let chats: Vec<_> = (0..10).map(|_| fx.chat()).collect();
        let text = |i: usize| if i % 100 == 37 { "poison" } else { "fine" };
        let commands = (0..500).map(|i| fx.says(chats[i % 10], text(i))).collect();
        for (i, answer) in at_once(&fx, commands).await.into_iter().enumerate() {
            assert_eq!(answer.is_ok(), text(i) == "fine", "{i}: {answer:?}");
            if let Err(e) = answer {
                assert_eq!(e, MessagesError::Internal);
            }
        }
        let mut stored = 0;
        for chat in chats {
            let all = fx.all(chat).await;
            assert_in_order(&all);
            stored += all.len();
        }
        assert_eq!(stored, 495);
        assert_eq!(told(&db).await.len(), 495);
    }

    async fn times_rise_when_the_clock_steps_back(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        fx.clock.set(at(50));
        fx.posts(chat, 3).await;
        fx.clock.set(at(10));
        fx.posts(chat, 2).await;
        fx.clock.set(at(1000));
        fx.posts(chat, 1).await;
        let times: Vec<_> = fx.all(chat).await.iter().map(|m| m.created_at).collect();
        assert_eq!(times, [50, 51, 52, 53, 54, 1000].map(at));
    }

    async fn who_may_say_what(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        let (owner, stranger) = (UserId::new(), UserId::new());
        fx.chats.change(chat, |c| c.owner = Some(owner));
        let post = |by: Principal, author: Option<UserId>| PostMessage { by, author, ..fx.says(chat, "hi") };
        let agent = |user| fx.by(user, Role::Agent);

        for allowed in [
            post(fx.ann(), Some(fx.ann)),
            post(fx.manager(), Some(fx.ann)),
            post(fx.by(stranger, Role::Manager), Some(stranger)),
            PostMessage { kind: MessageKind::System, ..post(fx.manager(), None) },
        ] {
            fx.messages.post(allowed).await.unwrap();
        }
        let other_tenant = Principal { tenant: TenantId::new(), ..fx.ann() };
        let read_only = Principal { scopes: Scopes { read: true, write: false }, ..fx.ann() };
        for (refused, why) in [
            (post(agent(stranger), Some(stranger)), MessagesError::NotParticipant),
            (post(fx.manager(), Some(stranger)), MessagesError::NotParticipant),
            (post(fx.manager(), Some(owner)), MessagesError::NotParticipant),
            (post(agent(owner), Some(owner)), MessagesError::NotParticipant),
            (post(fx.ann(), Some(fx.bob)), MessagesError::Forbidden),
            (PostMessage { kind: MessageKind::System, ..post(fx.ann(), None) }, MessagesError::Forbidden),
            (post(read_only, Some(fx.ann)), MessagesError::Forbidden),
            (post(other_tenant, Some(fx.ann)), MessagesError::ChatNotFound),
            (PostMessage { chat: domain::ChatId::new(), ..fx.says(chat, "hi") }, MessagesError::ChatNotFound),
        ] {
            assert_eq!(fx.messages.post(refused).await, Err(why));
        }
        for invalid in [
            PostMessage { text: Some(String::new()), ..fx.says(chat, "") },
            fx.says(chat, &"x".repeat(20_001)),
            PostMessage { kind: MessageKind::Text, ..post(fx.manager(), None) },
        ] {
            assert!(matches!(fx.messages.post(invalid).await, Err(MessagesError::Invalid(_))));
        }
        fx.post(chat, &"é".repeat(20_000)).await;

        fx.chats.change(chat, |c| c.deleted = true);
        assert_eq!(fx.messages.post(fx.says(chat, "hi")).await, Err(MessagesError::ChatDeleted));
        assert_eq!(fx.all(chat).await.len(), 5);
    }
}

#[test]
fn a_full_queue_is_busy_at_once() {
    store::testing::on_sqlite(TREES, |db: Db| async move {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        // Nobody gets to write.
        let held = db.begin().await.unwrap();
        let settings = messages::Settings { queue_count: 4, ..crate::fixture::settings() };
        let small = messages::append::Appender::start(
            db.clone(),
            fx.outbox.clone(),
            fx.chats.clone(),
            fx.clock.clone(),
            &settings,
        );
        let waiting: Vec<_> = (0..4)
            .map(|_| {
                let (small, command) = (small.clone(), fx.says(chat, "hi"));
                tokio::spawn(async move { small.post(command).await })
            })
            .collect();
        let mut busy = false;
        while !busy {
            let probe =
                tokio::time::timeout(std::time::Duration::from_millis(50), small.post(fx.says(chat, "hi"))).await;
            busy = probe == Ok(Err(MessagesError::Busy));
        }
        held.rollback().await.unwrap();
        for post in waiting {
            let answer = post.await.unwrap();
            assert!(answer.is_ok() || answer == Err(MessagesError::Busy), "{answer:?}");
        }
    });
}
