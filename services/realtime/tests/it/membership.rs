//! Nobody is told what happened outside their stay, in whatever order the events come.

use std::sync::atomic::Ordering;

use contracts::realtime::FeedEvent;
use domain::{TenantId, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES, names};

on_each_engine! {
    migrations = TREES;

    /// Who joins sees what comes behind the place they joined at; who leaves sees up to the place they left at.
    async fn a_stay_says_what_is_seen(db: Db) {
        let fx = Fixture::start(&db);
        let (ann, bob, eve) = (UserId::new(), UserId::new(), UserId::new());
        let chat = fx.chat(&[ann]);
        fx.created(chat).await;
        // Told as it was: before anybody else came.
        fx.settle().await;
        fx.says(chat, 1, "before").await;
        fx.tell(&fx.joins(chat, bob, 1)).await;
        fx.says(chat, 2, "with bob").await;
        fx.tell(&fx.leaves(chat, bob, 2)).await;
        fx.says(chat, 3, "after").await;
        fx.renamed(chat, "not for bob").await;
        fx.settle().await;
        let his = fx.seen(bob).await;
        assert_eq!(names(&his), ["participant.added", "message.posted", "participant.removed"]);
        assert!(!format!("{his:?}").contains("not for bob"), "{his:?}");
        assert_eq!(fx.seen(ann).await.len(), 7);
        assert!(fx.seen(eve).await.is_empty());
    }

    /// A message that is ahead of the news about who takes part: `chats` is asked, and it is shown to the right people.
    async fn a_message_ahead_of_the_news_asks_first(db: Db) {
        let fx = Fixture::start(&db);
        let (ann, bob) = (UserId::new(), UserId::new());
        let chat = fx.chat(&[ann]);
        fx.says(chat, 1, "nothing was told of this chat yet").await;
        fx.settle().await;
        assert_eq!((names(&fx.seen(ann).await), fx.chats.asked.load(Ordering::SeqCst)), (vec!["message.posted"], 1));

        fx.says(chat, 2, "known by now").await;
        fx.settle().await;
        assert_eq!(fx.chats.asked.load(Ordering::SeqCst), 1);

        let added = fx.joins(chat, bob, 2);
        fx.says(chat, 3, "bob sees this before he is told that he joined").await;
        fx.settle().await;
        assert_eq!((names(&fx.seen(bob).await), fx.chats.asked.load(Ordering::SeqCst)), (vec!["message.posted"], 2));
        fx.tell(&added).await;
        fx.settle().await;
        assert_eq!(names(&fx.seen(bob).await), ["message.posted", "participant.added"]);

        // He has left, and nothing says so yet but the version.
        let removed = fx.leaves(chat, bob, 3);
        fx.says(chat, 4, "not for bob").await;
        fx.settle().await;
        fx.tell(&removed).await;
        fx.settle().await;
        assert_eq!(names(&fx.seen(bob).await), ["message.posted", "participant.added", "participant.removed"]);
    }

    /// Said between the look at a chat's last place and the joining behind it: it is the newcomer's to see. Heard behind the
    /// joining it is told; heard before, it stands in the history, which whoever is told that they joined reads.
    async fn what_is_said_while_somebody_joins_is_not_lost(db: Db) {
        let fx = Fixture::start(&db);
        for heard_first in [true, false] {
            let (ann, bob) = (UserId::new(), UserId::new());
            let chat = fx.chat(&[ann]);
            fx.created(chat).await;
            fx.says(chat, 1, "before").await;
            fx.settle().await;
            let between = fx.posted(chat, 2, "between");
            let added = fx.joins(chat, bob, 1);
            assert!(between.membership_version < added.version, "checked before he joined");
            if heard_first {
                fx.tell(&between).await;
                fx.settle().await;
                fx.tell(&added).await;
            } else {
                fx.tell(&added).await;
                fx.settle().await;
                fx.tell(&between).await;
            }
            fx.settle().await;
            let his = fx.seen(bob).await;
            let FeedEvent::ParticipantAdded { stay, .. } = &his[0].what else { panic!("{his:?}") };
            assert!(stay.joined_seq < between.seq, "the history he reads then shows it");
            let told: &[&str] = if heard_first { &[] } else { &["message.posted"] };
            assert_eq!(names(&his[1..]), told);
        }
    }

    /// While `chats` is down, what needs it waits, what does not goes on, and nothing is lost.
    async fn what_needs_chats_waits_for_it(db: Db) {
        let fx = Fixture::start(&db);
        let ann = UserId::new();
        let (known, unknown) = (fx.chat(&[ann]), fx.chat(&[ann]));
        fx.says(known, 1, "a").await;
        fx.settle().await;
        fx.chats.down.store(true, Ordering::SeqCst);
        fx.says(unknown, 1, "b").await;
        fx.says(known, 2, "c").await;
        let waited = async {
            while fx.seen(ann).await.len() < 2 {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        let same_partition = proto_events::partition(proto_events::EventKey::Chat(known))
            == proto_events::partition(proto_events::EventKey::Chat(unknown));
        if !same_partition {
            tokio::time::timeout(std::time::Duration::from_secs(20), waited).await.expect("what is known goes on");
        }
        fx.chats.down.store(false, Ordering::SeqCst);
        fx.settle().await;
        assert_eq!(fx.seen(ann).await.len(), 3);
    }

    /// A user's feed of one tenant holds nothing of another.
    async fn tenants_are_apart(db: Db) {
        let mut fx = Fixture::start(&db);
        let ann = UserId::new();
        let chat = fx.chat(&[ann]);
        fx.says(chat, 1, "a").await;
        fx.settle().await;
        fx.tenant = TenantId::new();
        let feed = fx.feed(None, 0).await;
        assert_eq!((feed.items.len(), feed.head), (0, 0));
    }
}
