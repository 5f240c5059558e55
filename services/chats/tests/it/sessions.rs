//! Chats found by whom and what they are about, and each participant's own window.

use contracts::ChatsApi as _;
use contracts::chats::{
    ArrangeChat, Chat, ChatsError, ChatsWith, Circle, Created, Existing, FollowGroup, OpenChat, PairsWith, Record,
};
use domain::{ChatKind, Limit, ParticipantState, ParticipantStatus, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES, request, users};

fn record(id: i64) -> Record {
    Record { model: "res.partner".to_owned(), id }
}

fn opening(fx: &Fixture, me: UserId, circle: Circle, about: Option<Record>) -> OpenChat {
    OpenChat { by: fx.by(me), circle, about, idempotency: None }
}

async fn open(fx: &Fixture, me: UserId, circle: Circle, about: Option<Record>) -> Created {
    fx.chats.open(opening(fx, me, circle, about)).await.unwrap()
}

fn with(fx: &Fixture, me: UserId) -> ChatsWith {
    let limit = Limit::clamped(100);
    let (user, group, model, record, after) = (None, None, None, None, None);
    ChatsWith { by: fx.by(me), grouped: false, user, group, model, record, after, limit }
}

async fn found(fx: &Fixture, wanted: ChatsWith) -> Vec<Chat> {
    fx.chats.with(wanted).await.unwrap().items
}

on_each_engine! {
    migrations = TREES;

    async fn a_pair_has_one_chat_and_one_more_for_each_record(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob] = fx.people();
        let direct = fx.chat(&[ann, bob], Existing::Return).await;
        let again = open(&fx, ann, Circle::User(bob), None).await;
        assert_eq!((again.created, again.chat.id, again.chat.kind), (false, direct.id, ChatKind::Direct));

        let about = open(&fx, ann, Circle::User(bob), Some(record(25))).await;
        assert!(about.created && about.chat.id != direct.id);
        assert_eq!((about.chat.kind, users(&about.chat)), (ChatKind::Group, vec![ann, bob]));
        assert_eq!(about.chat.documents.iter().map(|d| d.record.id).collect::<Vec<_>>(), [25]);
        let back = open(&fx, bob, Circle::User(ann), Some(record(25))).await;
        assert_eq!((back.created, back.chat), (false, about.chat.clone()));
        let other = open(&fx, ann, Circle::User(bob), Some(record(26))).await;
        assert!(other.created && other.chat.documents[0].number > about.chat.documents[0].number);

        assert_eq!(fx.chat(&[ann, bob], Existing::Return).await.id, direct.id, "the direct one stays the pair's");
        let pairs = PairsWith { by: fx.by(bob), users: vec![ann, bob, UserId::new()] };
        assert_eq!(fx.chats.pairs(pairs).await.unwrap().iter().map(|c| c.id).collect::<Vec<_>>(), [direct.id]);
    }

    async fn a_chat_with_oneself_nobody_or_nothing_is_refused(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob] = fx.people();
        let refused = async |me, circle, about| fx.chats.open(opening(&fx, me, circle, about)).await.unwrap_err();
        assert!(matches!(refused(ann, Circle::User(ann), None).await, ChatsError::Invalid(_)));
        assert!(matches!(refused(ann, Circle::User(UserId::new()), None).await, ChatsError::UserNotFound(_)));
        assert_eq!(refused(ann, Circle::Group(7), None).await, ChatsError::GroupNotFound);
        let nameless = Some(Record { model: String::new(), id: 1 });
        assert!(matches!(refused(ann, Circle::User(bob), nameless).await, ChatsError::Invalid(_)));
        let nobody = OpenChat { by: fx.manager(), ..opening(&fx, ann, Circle::User(bob), None) };
        assert_eq!(fx.chats.open(nobody).await.unwrap_err(), ChatsError::Forbidden);
    }

    async fn a_groups_chat_follows_its_members(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob, cleo] = fx.people();
        let group = fx.users.group(fx.tenant, &[ann, bob]);
        let circle = Circle::Group(group.number);
        let made = open(&fx, ann, circle, None).await;
        assert!(made.created);
        assert_eq!((made.chat.group, users(&made.chat)), (Some(group.id), vec![ann, bob]));
        assert_eq!(made.chat.title.as_deref(), Some("group 1"));
        assert_eq!(open(&fx, bob, circle, None).await.chat.id, made.chat.id);
        let stranger = fx.chats.open(opening(&fx, cleo, circle, None)).await;
        assert_eq!(stranger.unwrap_err(), ChatsError::GroupNotFound);
        let about = open(&fx, ann, circle, Some(record(3))).await;
        assert!(about.created && about.chat.id != made.chat.id);

        fx.messages.said(made.chat.id, 4);
        fx.users.regroup(group.id, &[bob, cleo]);
        fx.chats.follow_group(FollowGroup { by: fx.manager(), group: group.id }).await.unwrap();
        for chat in [made.chat.id, about.chat.id] {
            assert_eq!(users(&fx.get(chat).await), [bob, cleo]);
        }
        let chat = fx.get(made.chat.id).await;
        assert_eq!(chat.participant(cleo).unwrap().joined_seq, 4);
        assert_eq!(chat.version, made.chat.version + 2, "one went, one came");
        let gone = fx.chats.open(opening(&fx, ann, circle, None)).await;
        assert_eq!(gone.unwrap_err(), ChatsError::GroupNotFound);

        // Also when nobody told: whoever opens it brings it up to date.
        fx.users.regroup(group.id, &[ann, bob]);
        let again = open(&fx, ann, circle, None).await;
        assert_eq!((again.created, again.chat.id, users(&again.chat)), (false, made.chat.id, vec![bob, ann]));
        let plain = FollowGroup { by: fx.by(ann), group: group.id };
        assert_eq!(fx.chats.follow_group(plain).await.unwrap_err(), ChatsError::Forbidden);
    }

    async fn lists_are_narrowed_by_each_filter_alone(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob, cleo] = fx.people();
        let group = fx.users.group(fx.tenant, &[ann, bob]);
        let direct = open(&fx, ann, Circle::User(bob), None).await.chat.id;
        let about = open(&fx, ann, Circle::User(cleo), Some(record(25))).await.chat.id;
        let grouped = open(&fx, ann, Circle::Group(group.number), Some(record(25))).await.chat.id;
        let ids = async |wanted: ChatsWith| found(&fx, wanted).await.iter().map(|c| c.id).collect::<Vec<_>>();
        let mine = || with(&fx, ann);
        assert_eq!(ids(mine()).await, [about, direct]);
        assert_eq!(ids(ChatsWith { user: Some(bob), ..mine() }).await, [direct]);
        assert_eq!(ids(ChatsWith { record: Some(25), ..mine() }).await, [about]);
        assert_eq!(ids(ChatsWith { model: Some("res.partner".to_owned()), ..mine() }).await, [about]);
        assert!(ids(ChatsWith { model: Some("res.user".to_owned()), ..mine() }).await.is_empty());
        assert!(ids(ChatsWith { model: Some("\0".to_owned()), ..mine() }).await.is_empty());
        assert_eq!(ids(ChatsWith { grouped: true, ..mine() }).await, [grouped]);
        assert_eq!(ids(ChatsWith { grouped: true, group: Some(group.id), ..mine() }).await, [grouped]);
        assert!(ids(with(&fx, UserId::new())).await.is_empty());

        let first = fx.chats.with(ChatsWith { limit: Limit::clamped(1), ..mine() }).await.unwrap();
        assert!(first.more);
        let after = first.items.last().map(|chat| (chat.created_at, chat.id));
        assert_eq!(ids(ChatsWith { after, ..mine() }).await, [direct]);
    }

    async fn a_window_is_ones_own_and_a_message_reopens_it(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob, cleo] = fx.people();
        let chat = open(&fx, ann, Circle::User(bob), None).await.chat.id;
        fx.messages.said(chat, 3);
        let arrange = async |user, state, status| {
            fx.chats.arrange(ArrangeChat { by: fx.by(user), chat, state, status }).await
        };
        let after = arrange(ann, Some(ParticipantState::Closed), Some(ParticipantStatus::Favorite)).await.unwrap();
        let window = after.participant(ann).unwrap().clone();
        assert_eq!((window.state, window.status), (ParticipantState::Closed, ParticipantStatus::Favorite));
        assert_eq!(window.state_at(3), ParticipantState::Closed);
        assert_eq!(window.state_at(4), ParticipantState::Folded);
        let others = after.participant(bob).unwrap();
        assert_eq!((others.state, others.status), (ParticipantState::Open, ParticipantStatus::Active));
        let opened = arrange(ann, Some(ParticipantState::Open), None).await.unwrap();
        let window = opened.participant(ann).unwrap();
        assert_eq!((window.state_at(9), window.status), (ParticipantState::Open, ParticipantStatus::Favorite));
        assert_eq!(arrange(cleo, None, None).await.unwrap_err(), ChatsError::NotParticipant);
        fx.delete(chat).await;
        assert_eq!(arrange(ann, None, None).await.unwrap_err(), ChatsError::Deleted);
    }

    async fn leaving_ends_what_people_had_and_a_groups_chat_stays(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob] = fx.people();
        let group = fx.users.group(fx.tenant, &[ann, bob]);
        let about = open(&fx, ann, Circle::User(bob), Some(record(1))).await.chat.id;
        let grouped = open(&fx, ann, Circle::Group(group.number), None).await.chat.id;
        for chat in [about, grouped] {
            fx.remove(chat, bob).await.unwrap();
        }
        assert_ne!(open(&fx, ann, Circle::User(bob), Some(record(1))).await.chat.id, about);
        let again = open(&fx, ann, Circle::Group(group.number), None).await.chat;
        assert_eq!((again.id, users(&again)), (grouped, vec![ann, bob]));
        fx.delete(grouped).await;
        assert!(open(&fx, ann, Circle::Group(group.number), None).await.created);
    }

    async fn a_repeated_request_opens_one_chat(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob] = fx.people();
        let asked = OpenChat { idempotency: Some(request(1, 1)), ..opening(&fx, ann, Circle::User(bob), Some(record(1))) };
        let made = fx.chats.open(asked.clone()).await.unwrap();
        assert_eq!(fx.chats.open(asked.clone()).await.unwrap(), made);
        let other = OpenChat { idempotency: Some(request(1, 2)), ..asked };
        assert_eq!(fx.chats.open(other).await.unwrap_err(), ChatsError::KeyReused);
    }

    async fn opened_at_once_it_is_one_chat(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob] = fx.people();
        let mut racing = tokio::task::JoinSet::new();
        for n in 0..8 {
            let (me, other) = if n % 2 == 0 { (ann, bob) } else { (bob, ann) };
            let (chats, asked) = (fx.chats.clone(), opening(&fx, me, Circle::User(other), Some(record(5))));
            racing.spawn(async move { chats.open(asked).await.unwrap() });
        }
        let made = racing.join_all().await;
        assert_eq!(made.iter().filter(|made| made.created).count(), 1);
        assert!(made.iter().all(|one| one.chat.id == made[0].chat.id));
    }
}
