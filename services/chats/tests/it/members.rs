//! Joining, leaving, coming back.

use contracts::ChatsApi as _;
use contracts::chats::{AddParticipant, ChatsError, DropRoom, Existing, GetRoom, Room, RoomKey, UpdateChat};
use domain::ParticipantRole::{Member, Owner};
use domain::{ChatKind, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES, request, users};

on_each_engine! {
    migrations = TREES;

    async fn who_joins_later_sees_what_comes_behind(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob, cleo, dan] = fx.people();
        let chat = fx.chat(&[bob, dan], Existing::Ignore).await;
        fx.messages.said(chat.id, 7);
        let joined = fx.add(chat.id, ann).await.unwrap();
        assert_eq!((users(&joined), joined.version), (vec![bob, dan, ann], 2), "appended, not sorted in");
        assert_eq!(joined.participant(ann).unwrap().joined_seq, 7);
        let joined = fx.add(chat.id, cleo).await.unwrap();
        assert_eq!(users(&joined), [bob, dan, ann, cleo]);
        assert_eq!(fx.add(chat.id, ann).await.unwrap_err(), ChatsError::AlreadyParticipant);
        let nobody = UserId::new();
        assert_eq!(fx.add(chat.id, nobody).await.unwrap_err(), ChatsError::UserNotFound(nobody));
    }

    async fn who_comes_back_has_a_new_room(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob, cleo] = fx.people();
        let chat = fx.chat(&[ann, bob, cleo], Existing::Ignore).await;
        let old = chat.participant(ann).unwrap().clone();
        fx.messages.said(chat.id, 3);
        let left = fx.remove(chat.id, ann).await.unwrap();
        assert_eq!((users(&left), left.version), (vec![bob, cleo], 2));
        assert_eq!(fx.remove(chat.id, ann).await.unwrap_err(), ChatsError::NotParticipant);
        fx.messages.said(chat.id, 5);
        let back = fx.add(chat.id, ann).await.unwrap();
        let new = back.participant(ann).unwrap();
        assert_eq!(users(&back), [bob, cleo, ann]);
        assert!(new.id != old.id && new.number > old.number && new.joined_at > old.joined_at && new.joined_seq == 5);

        let room = |key| fx.chats.room(GetRoom { by: fx.by(ann), key });
        let Room { stay, .. } = room(RoomKey::Id(old.id)).await.unwrap();
        assert_eq!((stay.joined_seq, stay.left_seq, stay.left_at.is_some()), (0, Some(3), true));
        assert_eq!(&room(RoomKey::Number(new.number)).await.unwrap().stay, new);
    }

    async fn a_third_makes_a_group_for_good(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob, cleo] = fx.people();
        let chat = fx.chat(&[ann, bob], Existing::Return).await;
        assert_eq!(fx.add(chat.id, cleo).await.unwrap().kind, ChatKind::Group);
        assert_eq!(fx.remove(chat.id, cleo).await.unwrap().kind, ChatKind::Group);
        let new = fx.create(&[ann, bob], Existing::Return).await.unwrap();
        assert!(new.created && new.chat.id != chat.id && new.chat.kind == ChatKind::Direct);
    }

    async fn a_direct_chat_that_one_left_is_not_found_until_they_are_back(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob] = fx.people();
        let chat = fx.chat(&[ann, bob], Existing::Return).await;
        fx.remove(chat.id, bob).await.unwrap();
        assert_eq!(fx.add(chat.id, bob).await.unwrap().kind, ChatKind::Direct);
        assert_eq!(fx.chat(&[ann, bob], Existing::Return).await.id, chat.id);

        fx.remove(chat.id, bob).await.unwrap();
        let other = fx.chat(&[ann, bob], Existing::Return).await;
        assert_ne!(other.id, chat.id);
        // They have another direct chat by now.
        assert_eq!(fx.add(chat.id, bob).await.unwrap().kind, ChatKind::Group);
        assert_eq!(fx.chat(&[ann, bob], Existing::Return).await.id, other.id);
    }

    async fn a_repeated_joining_is_one(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob, cleo] = fx.people();
        let chat = fx.chat(&[ann, bob], Existing::Ignore).await;
        let add = AddParticipant { by: fx.by(ann), chat: chat.id, user: cleo, idempotency: Some(request(1, 1)) };
        let first = fx.chats.add(add.clone()).await.unwrap();
        assert_eq!(fx.chats.add(add).await.unwrap(), first);
    }

    async fn without_messages_nobody_joins_or_leaves(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob, cleo] = fx.people();
        let chat = fx.chat(&[ann, bob], Existing::Ignore).await;
        fx.messages.down(true);
        assert!(matches!(fx.add(chat.id, cleo).await, Err(ChatsError::Unavailable(_))));
        assert!(matches!(fx.remove(chat.id, ann).await, Err(ChatsError::Unavailable(_))));
        fx.messages.down(false);
        assert_eq!(fx.get(chat.id).await, chat);
    }

    async fn who_dropped_the_room_sees_no_more_after_leaving(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob] = fx.people();
        let chat = fx.chat(&[ann, bob], Existing::Ignore).await;
        let id = chat.participant(ann).unwrap().id;
        fx.messages.said(chat.id, 2);
        fx.chats.drop_room(DropRoom { by: fx.by(ann), id }).await.unwrap();
        fx.messages.said(chat.id, 9);
        fx.remove(chat.id, ann).await.unwrap();
        let room = fx.chats.room(GetRoom { by: fx.by(ann), key: RoomKey::Id(id) }).await.unwrap();
        assert_eq!(room.stay.left_seq, Some(2));
    }

    async fn the_owner_changes_hands(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob, cleo] = fx.people();
        let chat = fx.chat(&[ann, bob], Existing::Ignore).await;
        let give = |owner| UpdateChat {
            by: fx.manager(),
            id: chat.id,
            title: Some(Some("T".into())),
            detail: None,
            owner: Some(owner),
            company: None,
            closed_at: None,
            idempotency: None,
        };
        let roles = |chat: &contracts::chats::Chat| -> Vec<_> { chat.participants.iter().map(|p| p.role).collect() };
        let now = fx.chats.update(give(ann)).await.unwrap();
        assert_eq!((now.owner, now.title.as_deref(), roles(&now)), (Some(ann), Some("T"), vec![Owner, Member]));
        let now = fx.chats.update(give(bob)).await.unwrap();
        assert_eq!((now.owner, roles(&now)), (Some(bob), vec![Member, Owner]));
        // The owner need not take part, but becomes one as owner.
        let now = fx.chats.update(give(cleo)).await.unwrap();
        assert_eq!((now.owner, roles(&now)), (Some(cleo), vec![Member, Member]));
        assert_eq!(roles(&fx.add(chat.id, cleo).await.unwrap()), [Member, Member, Owner]);
        assert_eq!(fx.chats.update(give(UserId::new())).await.unwrap_err().to_string().split(' ').next(), Some("user"));
    }
}
