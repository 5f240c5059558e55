//! How many chats stand for one user; numbers of what is never stored.

use contracts::MessagesApi as _;
use contracts::messages::{
    ChatOverview, DeleteMessage, MarkRead, MessageKey, MessagesError, Overview, OverviewAsked, PostMessage, TakeNumber,
};
use domain::{ChatId, Role, TenantId, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES};

fn asked(fx: &Fixture, chat: ChatId) -> OverviewAsked {
    OverviewAsked { chat, after_seq: 0, authors: vec![fx.ann, fx.bob] }
}

async fn look(fx: &Fixture, reader: UserId, chats: Vec<OverviewAsked>) -> Vec<ChatOverview> {
    fx.messages.overview(Overview { tenant: fx.tenant, reader, chats }).await.unwrap()
}

async fn bob_says(fx: &Fixture, chat: ChatId, text: &str) {
    let says = PostMessage { by: fx.bob(), author: Some(fx.bob), ..fx.says(chat, text) };
    fx.messages.post(says).await.unwrap();
}

fn words(overview: &ChatOverview) -> Vec<(UserId, &str)> {
    let mut words: Vec<_> =
        overview.last.iter().map(|m| (m.author.unwrap(), m.text.as_deref().unwrap_or_default())).collect();
    words.sort_unstable();
    words
}

on_each_engine! {
    migrations = TREES;

    async fn each_author_s_last_words_and_what_is_unread(db: Db) {
        let fx = Fixture::new(&db);
        let (busy, quiet, silent) = (fx.chat(), fx.chat(), fx.chat());
        fx.posts(busy, 3).await;
        bob_says(&fx, busy, "from Bob").await;
        fx.post(busy, "and Ann").await;
        bob_says(&fx, quiet, "hello?").await;

        let chats = vec![asked(&fx, silent), asked(&fx, busy), asked(&fx, quiet), asked(&fx, ChatId::new())];
        let ids: Vec<ChatId> = chats.iter().map(|a| a.chat).collect();
        let seen = look(&fx, fx.ann, chats.clone()).await;
        assert_eq!(seen.iter().map(|o| o.chat).collect::<Vec<_>>(), ids, "in the order of asking");
        assert_eq!(seen.iter().map(|o| (o.last_seq, o.unread)).collect::<Vec<_>>(), [
            (0, false),
            (5, true),
            (1, true),
            (0, false)
        ]);
        let mut expected = [(fx.ann, "and Ann"), (fx.bob, "from Bob")];
        expected.sort_unstable();
        assert_eq!(words(&seen[1]), expected);
        assert_eq!(words(&seen[2]), [(fx.bob, "hello?")]);
        assert!(words(&seen[0]).is_empty());

        // What one said oneself is no news, nor what was read, nor what was said before one came.
        fx.messages.mark_read(MarkRead { by: fx.ann(), chat: busy, upto_seq: Some(4) }).await.unwrap();
        let read = look(&fx, fx.ann, vec![asked(&fx, busy), OverviewAsked { after_seq: 1, ..asked(&fx, quiet) }]).await;
        assert_eq!(read.iter().map(|o| o.unread).collect::<Vec<_>>(), [false, false]);
        assert!(look(&fx, fx.bob, vec![asked(&fx, busy)]).await[0].unread);

        let elsewhere = Overview { tenant: TenantId::new(), reader: fx.ann, chats };
        let strange = fx.messages.overview(elsewhere).await.unwrap();
        assert!(strange.iter().all(|o| o.last_seq == 0 && !o.unread && o.last.is_empty()));
    }

    async fn deleted_messages_are_passed_over(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        fx.post(chat, "kept").await;
        let gone = fx.post(chat, "gone").await;
        fx.messages.delete(DeleteMessage { by: fx.ann(), key: MessageKey::Id(gone.id) }).await.unwrap();
        let seen = look(&fx, fx.bob, vec![asked(&fx, chat)]).await;
        assert_eq!((words(&seen[0]), seen[0].last_seq), (vec![(fx.ann, "kept")], 2));
        fx.messages.mark_read(MarkRead { by: fx.bob(), chat, upto_seq: Some(1) }).await.unwrap();
        assert!(!look(&fx, fx.bob, vec![asked(&fx, chat)]).await[0].unread);
    }

    async fn no_more_than_a_thousand_at_once(db: Db) {
        let fx = Fixture::new(&db);
        let many = vec![asked(&fx, ChatId::new()); 1001];
        let refused = fx.messages.overview(Overview { tenant: fx.tenant, reader: fx.ann, chats: many }).await;
        assert!(matches!(refused, Err(MessagesError::Invalid(_))));
        assert_eq!(look(&fx, fx.ann, vec![]).await, []);
    }

    async fn numbers_are_drawn_among_those_of_messages(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        let first = fx.post(chat, "one").await.number;
        let drawn = fx.messages.take_number(TakeNumber { by: fx.bob(), chat }).await.unwrap();
        let second = fx.post(chat, "two").await.number;
        assert!(first < drawn && drawn < second, "{first} {drawn} {second}");
        assert_eq!(fx.all(chat).await.len(), 2, "nothing is stored");
        let stranger = fx.by(UserId::new(), Role::Manager);
        let refused = fx.messages.take_number(TakeNumber { by: stranger, chat }).await;
        assert_eq!(refused, Err(MessagesError::NotParticipant));
        let nowhere = TakeNumber { by: fx.bob(), chat: ChatId::new() };
        assert_eq!(fx.messages.take_number(nowhere).await, Err(MessagesError::ChatNotFound));
    }
}
