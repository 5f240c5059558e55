//! Two instances over one PostgreSQL database.

use std::time::{Duration, Instant};

use contracts::MessagesApi as _;
use contracts::messages::PostMessage;
use diesel::sql_types::Binary;
use domain::ChatId;
use store::testing::{TestDb, on_postgres};
use store::{Db, Engine, RunQueryDsl, Tx};
use tokio::runtime::Handle;

use crate::fixture::{Fixture, TREES, assert_in_order, request};

async fn second(test: &TestDb) -> Db {
    Db::open(&test.settings, "second", &TREES, &Handle::current()).await.unwrap()
}

/// A transaction that holds the head of `chat`, as an instance that hangs would.
async fn hold(db: &Db, chat: ChatId) -> Tx {
    let mut tx = db.begin().await.unwrap();
    let Engine::Pg(c) = tx.engine() else { unreachable!() };
    let rows = diesel::sql_query("UPDATE heads SET last_seq = last_seq WHERE chat = $1")
        .bind::<Binary, _>(chat)
        .execute(c)
        .await;
    assert_eq!(rows, Ok(1));
    tx
}

#[test]
fn two_instances_write_into_the_same_chats() {
    on_postgres(TREES, |test: TestDb| async move {
        let fx = Fixture::new(&test.db);
        let twin = fx.twin(&second(&test).await);
        let chats: Vec<_> = (0..20).map(|_| fx.chat()).collect();
        let senders: Vec<_> = (0..64u8)
            .map(|sender| {
                let (instances, chats) = ([fx.messages.clone(), twin.messages.clone()], chats.clone());
                let command = |i: u8| PostMessage {
                    // Each request goes to both.
                    idempotency: request_of(sender / 2, i),
                    ..fx.says(chats[usize::from(sender / 2 + i) % 20], &format!("{} {i}", sender / 2))
                };
                let commands: Vec<_> = (0..20).map(command).collect();
                tokio::spawn(async move {
                    let mut answers = Vec::new();
                    for command in commands {
                        answers.push(instances[usize::from(sender % 2)].post(command).await.unwrap());
                    }
                    answers
                })
            })
            .collect();
        let mut answers = Vec::new();
        for sender in senders {
            answers.push(sender.await.unwrap());
        }
        for pair in answers.chunks(2) {
            assert_eq!(pair[0], pair[1], "both instances answer the same message");
        }
        let mut stored = 0;
        for chat in chats {
            let all = fx.all(chat).await;
            assert_in_order(&all);
            stored += all.len();
        }
        assert_eq!(stored, 32 * 20);
    });
}

fn request_of(sender: u8, i: u8) -> Option<domain::Idempotency> {
    let mut key = [sender; 32];
    key[31] = i;
    request(0, 0).map(|r| domain::Idempotency { key, ..r })
}

#[test]
fn a_held_chat_delays_nobody_else() {
    on_postgres(TREES, |test: TestDb| async move {
        let fx = Fixture::new(&test.db);
        let (held, free) = (fx.chat(), fx.chat());
        fx.post(held, "before").await;
        let tx = hold(&test.db, held).await;
        // More than one batch takes of a held chat.
        let waiting: Vec<_> = (0..600u16)
            .map(|i| {
                let [high, low] = i.to_be_bytes();
                let key = request_of(high, low).filter(|_| i.is_multiple_of(2));
                let command = PostMessage { idempotency: key, ..fx.says(held, &i.to_string()) };
                let mut post = Box::pin({
                    let messages = fx.messages.clone();
                    async move { messages.post(command).await }
                });
                // Polled here, so that they queue in this order.
                let waker = std::task::Waker::noop();
                assert!(post.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_pending());
                tokio::spawn(post)
            })
            .collect();
        let start = Instant::now();
        let mut longest = Duration::ZERO;
        while start.elapsed() < Duration::from_millis(300) {
            let sent = Instant::now();
            fx.post(free, "hi").await;
            longest = longest.max(sent.elapsed());
        }
        assert!(longest < Duration::from_millis(250), "a message elsewhere took {longest:?}");
        assert!(waiting.iter().all(|w| !w.is_finished()));
        tx.rollback().await.unwrap();
        for post in waiting {
            post.await.unwrap().unwrap();
        }
        let texts: Vec<_> = fx.all(held).await.into_iter().skip(1).filter_map(|m| m.text).collect();
        assert_eq!(texts, (0..600).map(|i| i.to_string()).collect::<Vec<_>>(), "they kept their order");
    });
}

#[test]
fn what_waits_too_long_for_a_held_chat_is_refused_and_can_be_sent_again() {
    on_postgres(TREES, |test: TestDb| async move {
        let fx = Fixture::new(&test.db);
        let chat = fx.chat();
        fx.post(chat, "before").await;
        let settings = messages::Settings { held_timeout_ms: 50, ..crate::fixture::settings() };
        let impatient = messages::append::Appender::start(
            test.db.clone(),
            fx.outbox.clone(),
            fx.chats.clone(),
            fx.clock.clone(),
            &settings,
        );
        let command = PostMessage { idempotency: request(1, 1), ..fx.says(chat, "after") };
        let tx = hold(&test.db, chat).await;
        let refused = impatient.post(command.clone()).await;
        assert!(matches!(refused, Err(contracts::messages::MessagesError::Unavailable(_))), "{refused:?}");
        tx.rollback().await.unwrap();
        assert_eq!(impatient.post(command).await.unwrap().seq, 2);
    });
}
