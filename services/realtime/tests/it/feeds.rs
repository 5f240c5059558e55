//! Feeds: in order, without loss, for so long.

use contracts::RealtimeApi as _;
use contracts::bots::Owner;
use contracts::realtime::{FeedEvent, ReadFeed};
use domain::{
    DepartmentId, HandoverReason, InteractionId, InteractionState, Limit, ParticipationId, TokenId, UserId, WebhookId,
};
use proto_events::{
    InteractionAccepted, InteractionChange, InteractionFinished, InteractionStarted, InteractionTransferred,
    MessageDeleted, MessageEdited, MessagesRead, ParticipantChanged, TokenRevoked, UserUpdated, WebhookDisabled,
};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES, at, names, settings};

on_each_engine! {
    migrations = TREES;

    /// Every event is told once, in the order of its chat, and offsets only rise.
    async fn what_happened_stands_in_the_feed_in_order(db: Db) {
        let fx = Fixture::start(&db);
        let ann = UserId::new();
        let chat = fx.chat(&[ann]);
        fx.created(chat).await;
        for seq in 1..=50 {
            fx.says(chat, seq, &seq.to_string()).await;
        }
        let post = fx.posted(chat, 51, "x");
        let (tenant, message) = (fx.tenant, post.message);
        fx.tell(&post).await;
        let (seq, number, now) = (51, 51, fx.clock.now());
        fx.tell(&MessageEdited { tenant, chat, message, seq, number, text: Some("y".to_owned()), at: now }).await;
        fx.tell(&MessageDeleted { tenant, chat, message, seq, number, at: now }).await;
        fx.tell(&MessagesRead { tenant, chat, user: ann, seq: 51 }).await;
        fx.renamed(chat, "a title").await;
        fx.settle().await;

        let seen = fx.seen(ann).await;
        assert!(seen.is_sorted_by(|a, b| a.offset < b.offset));
        let texts: Vec<String> = seen
            .iter()
            .filter_map(|item| match &item.what {
                FeedEvent::MessagePosted(message) => message.text.clone(),
                _ => None,
            })
            .collect();
        assert_eq!(texts, (1..=50).map(|n| n.to_string()).chain(["x".to_owned()]).collect::<Vec<_>>());
        let rest = ["message.edited", "message.deleted", "message.read", "chat.updated"];
        assert_eq!(names(&seen)[52..], rest);
        assert!(matches!(&seen[55].what, FeedEvent::ChatUpdated(chat) if chat.title.as_deref() == Some("a title")));
    }

    /// Pages go on where the last one ended, also when it showed nothing.
    async fn a_feed_is_read_in_pages(db: Db) {
        let fx = Fixture::start(&db);
        let (ann, bob) = (UserId::new(), UserId::new());
        let (first, second) = (fx.chat(&[ann]), fx.chat(&[bob]));
        for seq in 1..=10 {
            fx.says(first, seq, "a").await;
        }
        fx.settle().await;
        fx.says(second, 1, "b").await;
        fx.settle().await;
        let page = |after, limit| ReadFeed {
            tenant: fx.tenant,
            user: Some(bob),
            after: Some(after),
            limit: Limit::clamped(limit),
        };
        let one = fx.realtime.read(page(0, 4)).await.unwrap();
        assert_eq!((one.items.len(), one.upto, one.head, one.kept_after), (0, 4, 11, 0));
        let rest = fx.realtime.read(page(one.upto, 100)).await.unwrap();
        assert_eq!((rest.items.len(), rest.upto), (1, 11));
        let none = fx.realtime.read(ReadFeed { after: None, ..page(0, 1) }).await.unwrap();
        assert_eq!((none.items.len(), none.upto, none.head), (0, 11, 11));
    }

    /// A feed keeps so many rows and so many hours; a reader from before that is told.
    async fn old_rows_go_and_readers_are_told(db: Db) {
        let fx = Fixture::with(&db, &realtime::Settings { kept_rows: 5, ..settings() });
        let chat = fx.chat(&[UserId::new()]);
        for seq in 1..=12 {
            fx.says(chat, seq, "x").await;
        }
        fx.settle().await;
        fx.realtime.sweep().await.unwrap();
        let feed = fx.feed(None, 7).await;
        assert_eq!((feed.items.len(), feed.kept_after, feed.head), (5, 7, 12));
        assert!(feed.reaches(7) && !feed.reaches(6));

        fx.clock.set(at(3600));
        fx.says(chat, 13, "young").await;
        fx.settle().await;
        fx.clock.set(at(3601));
        fx.realtime.sweep().await.unwrap();
        let feed = fx.feed(None, 12).await;
        assert_eq!((names(&feed.items), feed.kept_after), (vec!["message.posted"], 12));
    }

    /// A revoked token and a changed person are told to those who keep streams open.
    async fn ends_and_changes_are_told(db: Db) {
        let fx = Fixture::start(&db);
        let (tenant, user, token) = (fx.tenant, UserId::new(), TokenId::new());
        fx.tell(&TokenRevoked { tenant, token }).await;
        fx.tell(&UserUpdated { tenant, user }).await;
        let (webhook, url, at) = (WebhookId::new(), "https://example.com/hook".to_owned(), fx.clock.now());
        fx.tell(&WebhookDisabled { tenant, webhook, url, because: "gone".to_owned(), since: at, at }).await;
        fx.settle().await;
        let items = fx.feed(None, 0).await.items;
        assert_eq!(names(&items), ["token.revoked", "user.updated", "webhook.disabled"]);
        assert!(items[2].audience.is_empty(), "for whoever sees the whole tenant");
        assert_eq!(items[0].what, FeedEvent::TokenRevoked { token });
        assert!(items[0].audience.is_empty());
    }

    /// How somebody arranges their own view is theirs alone.
    async fn a_view_is_told_to_whose_it_is(db: Db) {
        let fx = Fixture::start(&db);
        let (tenant, ann, bob) = (fx.tenant, UserId::new(), UserId::new());
        let chat = fx.chat(&[ann, bob]);
        fx.created(chat).await;
        let stay = ParticipationId::new();
        for dropped in [false, true] {
            fx.tell(&ParticipantChanged { tenant, chat, user: ann, participation: stay, dropped }).await;
        }
        fx.settle().await;
        let seen = fx.seen(ann).await;
        let told = |dropped| FeedEvent::ParticipantChanged { user: ann, stay, dropped };
        assert_eq!(seen[1..].iter().map(|item| (item.chat, item.what.clone())).collect::<Vec<_>>(), [
            (Some(chat), told(false)),
            (Some(chat), told(true)),
        ]);
        assert_eq!(names(&fx.seen(bob).await), ["chat.created"]);
    }

    /// Who is in a chat is told who serves it.
    async fn handovers_are_told_to_whoever_is_there(db: Db) {
        let fx = Fixture::start(&db);
        let (tenant, ann, bob) = (fx.tenant, UserId::new(), UserId::new());
        let chat = fx.chat(&[ann]);
        fx.created(chat).await;
        let change = InteractionChange {
            tenant,
            chat,
            interaction: InteractionId::new(),
            version: 2,
            state: InteractionState::Agent.into(),
            user: Some(bob),
            department: DepartmentId::new(),
            department_number: 7,
            from_seq: 3,
            customer: Some(ann),
            position: None,
            by: None,
            why: HandoverReason::Unreachable.into(),
            at: fx.clock.now(),
        };
        fx.tell(&InteractionStarted::from(change.clone())).await;
        fx.tell(&InteractionAccepted::from(change.clone())).await;
        fx.tell(&InteractionTransferred::from(change.clone())).await;
        fx.tell(&InteractionFinished::from(change)).await;
        fx.settle().await;
        let seen = fx.seen(ann).await;
        let told = ["interaction.started", "interaction.accepted", "interaction.transferred", "interaction.finished"];
        assert_eq!(names(&seen)[1..], told);
        let FeedEvent::InteractionTransferred(moved) = &seen[3].what else { panic!("{:?}", seen[3].what) };
        assert_eq!((moved.owner(), moved.why), (Some(Owner::Agent(bob)), HandoverReason::Unreachable));
        assert_eq!(fx.seen(UserId::new()).await, []);
    }
}
