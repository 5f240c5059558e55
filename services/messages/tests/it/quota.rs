//! How many messages a tenant may post on a day.

use contracts::MessagesApi as _;
use contracts::messages::{MessagesError, PostMessage};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES, at, at_once, request};

/// [`at(0)`](at) is 08:00 UTC.
const MORNING_S: i64 = 8 * 3600;
const DAY_S: i64 = 86_400;

fn limited(retry_after_s: i64) -> Result<contracts::messages::Message, MessagesError> {
    Err(MessagesError::Limited { retry_after_s: u32::try_from(retry_after_s).unwrap() })
}

on_each_engine! {
    migrations = TREES;

    async fn a_tenant_that_has_posted_its_share_waits_for_the_next_day(db: Db) {
        let fx = Fixture::with_quota(&db, 3);
        let chats = [fx.chat(), fx.chat()];
        let keyed = PostMessage { idempotency: request(1, 1), ..fx.says(chats[0], "first") };
        let first = fx.messages.post(keyed.clone()).await.unwrap();
        // A repeat is the same message, and counts once.
        assert_eq!(fx.messages.post(keyed.clone()).await.unwrap(), first);
        fx.post(chats[1], "second").await;
        fx.post(chats[1], "third").await;
        assert_eq!(fx.messages.post(fx.says(chats[1], "fourth")).await, limited(DAY_S - MORNING_S));
        assert_eq!(fx.messages.post(keyed).await.unwrap(), first, "a repeat gets its first answer all the same");
        // Nothing of it is another tenant's concern.
        let other = Fixture::with_quota(&db, 3);
        other.post(other.chat(), "hi").await;

        fx.clock.set(at((DAY_S - MORNING_S) * 1_000_000 - 1));
        assert_eq!(fx.messages.post(fx.says(chats[0], "late")).await, limited(1));
        fx.clock.set(at((DAY_S - MORNING_S) * 1_000_000));
        fx.post(chats[0], "the next morning").await;
        assert_eq!(fx.all(chats[0]).await.len() + fx.all(chats[1]).await.len(), 4);
    }

    /// What comes at once is cut where the quota ends: 20 chats post 200, 50 are there.
    async fn of_many_at_once_as_many_are_posted_as_may_be(db: Db) {
        let fx = Fixture::with_quota(&db, 50);
        let chats: Vec<_> = (0..20).map(|_| fx.chat()).collect();
        let commands = (0..200).map(|n| fx.says(chats[n % 20], &n.to_string())).collect();
        let answers = at_once(&fx, commands).await;
        let stored = answers.iter().filter(|answer| answer.is_ok()).count();
        let refused = answers.iter().filter(|answer| matches!(answer, Err(MessagesError::Limited { .. }))).count();
        assert_eq!(stored + refused, 200);
        // What is under way when the count is read may go beyond it, by a batch.
        assert!((50..=150).contains(&stored), "{stored} of 50");
        assert_eq!(fx.messages.post(fx.says(chats[0], "more")).await, limited(DAY_S - MORNING_S));
        let mut all = 0;
        for chat in chats {
            all += fx.all(chat).await.len();
        }
        assert_eq!(all, stored);
    }

    async fn two_instances_count_together(db: Db) {
        let fx = Fixture::with_quota(&db, 4);
        let twin = fx.twin(&db);
        let chat = fx.chat();
        for _ in 0..2 {
            fx.post(chat, "here").await;
            twin.post(chat, "there").await;
        }
        for instance in [&fx, &twin] {
            assert_eq!(instance.messages.post(fx.says(chat, "more")).await, limited(DAY_S - MORNING_S));
        }
    }
}
