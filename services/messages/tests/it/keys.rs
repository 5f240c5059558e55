//! Repeated requests.

use contracts::MessagesApi as _;
use contracts::messages::{EditMessage, MessageKey, MessagesError, PostMessage};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES, assert_in_order, at_once, request};

on_each_engine! {
    migrations = TREES;

    async fn a_repeated_post_gets_the_first_answer(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        let keyed = |key, body| PostMessage { idempotency: request(key, body), ..fx.says(chat, "hi") };
        let first = fx.messages.post(keyed(1, 1)).await.unwrap();
        fx.post(chat, "in between").await;
        assert_eq!(fx.messages.post(keyed(1, 1)).await.unwrap(), first);
        assert_eq!(fx.messages.post(keyed(1, 2)).await, Err(MessagesError::KeyReused));
        assert_eq!(fx.messages.post(keyed(2, 1)).await.unwrap().seq, 3);
        // Also when it would not be allowed any more.
        fx.chats.change(chat, |c| c.deleted = true);
        assert_eq!(fx.messages.post(keyed(1, 1)).await.unwrap(), first);
        assert_eq!(fx.messages.post(keyed(3, 1)).await, Err(MessagesError::ChatDeleted));
        assert_eq!(fx.all(chat).await.len(), 3);
    }

    async fn the_same_request_many_times_at_once_is_one_message(db: Db) {
        let fx = Fixture::new(&db);
        let chats = [fx.chat(), fx.chat()];
        for round in 1..=3 {
            // Ten requests, each twenty times, half of them with another body.
            let command = |i: u8| PostMessage {
                idempotency: request(round * 16 + i % 10, i / 100),
                ..fx.says(chats[usize::from(i % 2)], "hi")
            };
            let answers = at_once(&fx, (0..200).map(command).collect()).await;
            for key in 0..10usize {
                let same: Vec<_> = answers.iter().skip(key).step_by(10).collect();
                let made: Vec<_> = same.iter().filter_map(|a| a.as_ref().ok()).collect();
                assert_eq!(made.len(), 10, "one of the two bodies");
                assert!(made.iter().all(|m| *m == made[0]));
                let refused = same.iter().filter(|a| **a == &Err(MessagesError::KeyReused)).count();
                assert_eq!(refused, 10);
            }
        }
        for chat in chats {
            let all = fx.all(chat).await;
            assert_in_order(&all);
            assert_eq!(all.len(), 15);
        }
    }

    async fn the_same_key_in_one_batch_counts_once(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        // While one instance writes, these queue up and go together.
        let held = db.begin().await.unwrap();
        let command = |body| PostMessage { idempotency: request(9, body), ..fx.says(chat, "hi") };
        let mut sending = Vec::new();
        for body in [1, 1, 2, 1] {
            let mut post = Box::pin(fx.messages.post(command(body)));
            let polled = std::future::poll_fn(|cx| std::task::Poll::Ready(post.as_mut().poll(cx))).await;
            assert!(polled.is_pending());
            sending.push(post);
        }
        held.rollback().await.unwrap();
        let mut answers = Vec::new();
        for post in sending {
            answers.push(post.await);
        }
        assert_eq!(answers[0].as_ref().unwrap().seq, 1);
        assert_eq!((&answers[1], &answers[3]), (&answers[0], &answers[0]));
        assert_eq!(answers[2], Err(MessagesError::KeyReused));
        assert_eq!(fx.all(chat).await.len(), 1);
    }

    async fn a_repeated_edit_changes_nothing(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        let message = fx.post(chat, "one").await;
        let edit = |text: &str, body| EditMessage {
            by: fx.ann(),
            key: MessageKey::Id(message.id),
            text: Some(text.to_owned()),
            media: None,
            idempotency: request(5, body),
        };
        let first = fx.messages.edit(edit("two", 1)).await.unwrap();
        assert_eq!(fx.messages.edit(edit("two", 1)).await.unwrap(), first);
        assert_eq!(fx.messages.edit(edit("three", 2)).await, Err(MessagesError::KeyReused));
        assert_eq!(fx.all(chat).await, [first]);
    }
}
