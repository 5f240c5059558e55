//! Presence and "is writing".

use contracts::RealtimeApi as _;
use contracts::realtime::{FeedEvent, PresenceOf, RealtimeError, Seen, TellTyping, Touch};
use domain::{Presence, Principal, Role, Scopes, Surface, TokenId, TokenKind, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES, at, names};

async fn touch(fx: &Fixture, user: UserId, active: bool) {
    fx.realtime.touch(Touch { seen: vec![Seen { tenant: fx.tenant, user, active }] }).await.unwrap();
}

async fn stands(fx: &Fixture, user: UserId) -> Presence {
    fx.realtime.presence(PresenceOf { tenant: fx.tenant, users: vec![user] }).await.unwrap()[0].presence
}

/// What `viewer` was told about how people stand.
async fn told(fx: &Fixture, viewer: UserId) -> Vec<(UserId, Presence)> {
    let presence = |what| match what {
        FeedEvent::PresenceChanged { user, presence } => Some((user, presence)),
        _ => None,
    };
    fx.seen(viewer).await.into_iter().filter_map(|item| presence(item.what)).collect()
}

fn by(fx: &Fixture, user: Option<UserId>) -> Principal {
    Principal {
        tenant: fx.tenant,
        user,
        role: Role::Agent,
        token: TokenId::new(),
        kind: TokenKind::VoipbinSession,
        scopes: Scopes::ALL,
        surface: Surface::Native,
        chat: None,
    }
}

on_each_engine! {
    migrations = TREES;

    /// Online while seen, away after ten minutes without doing anything, offline 55 seconds after the last sign.
    async fn people_come_pause_and_go(db: Db) {
        let fx = Fixture::start(&db);
        let (ann, bob, eve) = (UserId::new(), UserId::new(), UserId::new());
        let chat = fx.chat(&[ann, bob]);
        fx.created(chat).await;
        fx.settle().await;
        assert_eq!(stands(&fx, ann).await, Presence::Offline);
        touch(&fx, ann, false).await;
        assert_eq!(stands(&fx, ann).await, Presence::Online);
        for seconds in (20..=620).step_by(20) {
            fx.clock.set(at(seconds));
            touch(&fx, ann, false).await;
        }
        assert_eq!(stands(&fx, ann).await, Presence::Away);
        touch(&fx, ann, true).await;
        assert_eq!(stands(&fx, ann).await, Presence::Online);
        // That she came is over by now: nobody comes late to be told what was ten minutes ago.
        assert_eq!(told(&fx, bob).await, [(ann, Presence::Away), (ann, Presence::Online)]);
        fx.clock.set(at(620 + 54));
        fx.realtime.sweep().await.unwrap();
        assert_eq!(stands(&fx, ann).await, Presence::Online);
        fx.clock.set(at(620 + 55));
        fx.realtime.sweep().await.unwrap();
        fx.realtime.sweep().await.unwrap();
        assert_eq!(stands(&fx, ann).await, Presence::Offline);
        assert_eq!(told(&fx, bob).await.last(), Some(&(ann, Presence::Offline)));
        assert!(told(&fx, eve).await.is_empty());
    }

    /// Whoever posts is doing something.
    async fn posting_is_doing_something(db: Db) {
        let fx = Fixture::start(&db);
        let ann = UserId::new();
        let chat = fx.chat(&[ann]);
        touch(&fx, ann, true).await;
        for seconds in (40..=640).step_by(40) {
            fx.clock.set(at(seconds));
            touch(&fx, ann, false).await;
        }
        assert_eq!(stands(&fx, ann).await, Presence::Away);
        let post = proto_events::MessagePosted { author: Some(ann), ..fx.posted(chat, 1, "here") };
        fx.tell(&post).await;
        fx.settle().await;
        assert_eq!(stands(&fx, ann).await, Presence::Online);
    }

    /// Writing is told to the others in the chat for a moment, and only by somebody in it.
    async fn writing_is_told_for_a_moment(db: Db) {
        let fx = Fixture::start(&db);
        let (ann, bob) = (UserId::new(), UserId::new());
        let chat = fx.chat(&[ann, bob]);
        let typing = |user| TellTyping { by: by(&fx, user), chat, number: Some(7) };
        fx.realtime.typing(typing(Some(ann))).await.unwrap();
        assert_eq!(fx.seen(bob).await[0].what, FeedEvent::Typing { user: ann, number: Some(7) });
        assert!(fx.seen(ann).await.is_empty(), "whoever writes knows");
        fx.clock.set(at(10));
        let feed = fx.feed(Some(bob), 0).await;
        assert_eq!((feed.items.len(), feed.upto), (0, 1));

        for refused in [Some(UserId::new()), None] {
            assert_eq!(fx.realtime.typing(typing(refused)).await, Err(RealtimeError::Forbidden));
        }
        let nowhere = TellTyping { chat: domain::ChatId::new(), ..typing(Some(ann)) };
        assert_eq!(fx.realtime.typing(nowhere).await, Err(RealtimeError::ChatNotFound));
        assert!(names(&fx.feed(None, 1).await.items).is_empty());
    }
}
