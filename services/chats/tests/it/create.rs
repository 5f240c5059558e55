//! Making chats, and the one chat of the same people.

use contracts::ChatsApi as _;
use contracts::chats::{ChatsError, CreateChat, CreateSupport, Existing};
use domain::{ChatKind, ParticipantRole, ParticipantState, TenantId, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES, at, request, users};

on_each_engine! {
    migrations = TREES;

    async fn a_chat_starts_with_a_room_for_everybody(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob, cleo] = fx.people();
        let draft = CreateChat {
            by: fx.by(ann),
            owner: Some(bob),
            title: Some("Plans".into()),
            detail: "of ours".into(),
            ..fx.draft(&[cleo, ann, bob, ann], Existing::Ignore)
        };
        let made = fx.chats.create(draft).await.unwrap();
        let chat = made.chat;
        assert!(made.created && chat.kind == ChatKind::Group && chat.version == 1 && chat.deleted_at.is_none());
        assert_eq!((chat.owner, chat.creator), (Some(bob), Some(ann)));
        assert_eq!((chat.title.as_deref(), chat.detail.as_str()), (Some("Plans"), "of ours"));
        assert_eq!(users(&chat), [ann, bob, cleo], "sorted by id");
        for (n, stay) in (0..).zip(&chat.participants) {
            assert_eq!((stay.position, stay.joined_seq, stay.state), (n, 0, ParticipantState::Open));
            let role = if stay.user == bob { ParticipantRole::Owner } else { ParticipantRole::Member };
            assert_eq!(stay.role, role);
        }
        assert_eq!(chat.updated_at, chat.created_at);
        assert_eq!(fx.get(chat.id).await, chat);
    }

    async fn a_pair_has_one_direct_chat(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob] = fx.people();
        let first = fx.create(&[ann, bob], Existing::Return).await.unwrap();
        assert!(first.created && first.chat.kind == ChatKind::Direct);
        let again = fx.create(&[bob, ann], Existing::Return).await.unwrap();
        assert!(!again.created && again.chat == first.chat);
        let refused = fx.create(&[bob, ann], Existing::Refuse).await;
        assert_eq!(refused.unwrap_err(), ChatsError::Exists(first.chat.id));
        let other = fx.create(&[ann, bob], Existing::Ignore).await.unwrap();
        assert!(other.created && other.chat.kind == ChatKind::Group);

        let gone = fx.delete(first.chat.id).await;
        assert!(gone.deleted_at.is_some() && fx.delete(first.chat.id).await == gone);
        let new = fx.create(&[ann, bob], Existing::Refuse).await.unwrap();
        assert!(new.created && new.chat.id != first.chat.id && new.chat.kind == ChatKind::Direct);
        let mine = new.chat.participant(ann).unwrap().id;
        assert_ne!(first.chat.participant(ann).unwrap().id, mine);
    }

    async fn other_sets_are_refused_twice_when_asked_for(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob, cleo] = fx.people();
        for set in [vec![ann], vec![ann, bob, cleo]] {
            fx.chat(&set, Existing::Ignore).await;
            let one = fx.create(&set, Existing::Refuse).await.unwrap();
            assert!(one.created && one.chat.kind == ChatKind::Group);
            assert_eq!(fx.create(&set, Existing::Refuse).await.unwrap_err(), ChatsError::Exists(one.chat.id));
            assert!(fx.create(&set, Existing::Ignore).await.unwrap().created);
            fx.delete(one.chat.id).await;
            assert!(fx.create(&set, Existing::Refuse).await.unwrap().created);
        }
        // Who changes is another set.
        let three = fx.create(&[ann, bob, cleo], Existing::Refuse).await.unwrap_err();
        let ChatsError::Exists(three) = three else { panic!("{three:?}") };
        fx.remove(three, cleo).await.unwrap();
        assert!(fx.create(&[ann, bob, cleo], Existing::Refuse).await.unwrap().created);
        let pair = fx.create(&[ann, bob], Existing::Refuse).await.unwrap();
        assert_eq!(pair.chat.kind, ChatKind::Direct, "a group that shrank is no direct chat");
    }

    async fn only_living_users_of_the_tenant_take_part(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob] = fx.people();
        let (stranger, foreign) = (UserId::new(), fx.users.add(TenantId::new()));
        for missing in [stranger, foreign] {
            let refused = fx.create(&[ann, missing], Existing::Return).await;
            assert_eq!(refused.unwrap_err(), ChatsError::UserNotFound(missing));
        }
        let owned = CreateChat { owner: Some(stranger), ..fx.draft(&[ann], Existing::Ignore) };
        assert_eq!(fx.chats.create(owned).await.unwrap_err(), ChatsError::UserNotFound(stranger));
        fx.users.delete(bob);
        assert_eq!(fx.create(&[ann, bob], Existing::Return).await.unwrap_err(), ChatsError::UserNotFound(bob));
        assert!(matches!(fx.create(&[], Existing::Return).await, Err(ChatsError::Invalid(_))));
        let nul = CreateChat { title: Some("a\0".into()), ..fx.draft(&[ann], Existing::Ignore) };
        assert!(matches!(fx.chats.create(nul).await, Err(ChatsError::Invalid(_))));
    }

    async fn a_thousand_may_start_a_chat(db: Db) {
        let fx = Fixture::new(&db);
        let many = fx.people::<1000>();
        let owner = fx.users.add(fx.tenant);
        let draft = CreateChat { owner: Some(owner), ..fx.draft(&many, Existing::Refuse) };
        let chat = fx.chats.create(draft).await.unwrap().chat;
        assert_eq!(users(&chat), many);
        let all = fx.create(&many, Existing::Refuse).await;
        assert_eq!(all.unwrap_err(), ChatsError::Exists(chat.id));
    }

    async fn a_repeated_request_gets_its_first_answer(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob] = fx.people();
        let one = CreateChat { idempotency: Some(request(1, 1)), ..fx.draft(&[ann, bob], Existing::Refuse) };
        let first = fx.chats.create(one.clone()).await.unwrap();
        // Whatever happened since.
        fx.delete(first.chat.id).await;
        fx.users.delete(bob);
        assert_eq!(fx.chats.create(one.clone()).await.unwrap(), first);
        let other = CreateChat { idempotency: Some(request(1, 2)), ..one };
        assert_eq!(fx.chats.create(other).await.unwrap_err(), ChatsError::KeyReused);
        // What was refused may be asked again.
        let draft = CreateChat { idempotency: Some(request(2, 2)), ..fx.draft(&[ann, bob], Existing::Return) };
        assert_eq!(fx.chats.create(draft.clone()).await.unwrap_err(), ChatsError::UserNotFound(bob));
        let [cleo] = fx.people();
        let draft = CreateChat { participants: vec![ann, cleo], ..draft };
        assert!(fx.chats.create(draft).await.unwrap().created);
    }

    async fn times_rise_although_the_clock_does_not(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob] = fx.people();
        let mut last = None;
        for n in 0..5 {
            fx.clock.set(at(-n));
            let chat = fx.chat(&[ann, bob], Existing::Ignore).await;
            let times = (chat.created_at, chat.participant(ann).unwrap().joined_at);
            if let Some((created, joined)) = last.replace(times) {
                assert!(times.0 > created && times.1 > joined);
            }
        }
    }

    /// A department's customer has a chat of their own each time, served by whoever owns it.
    async fn a_support_chat_is_always_another_one(db: Db) {
        let fx = Fixture::new(&db);
        let [bot, visitor] = fx.people();
        let support = |key| CreateSupport {
            by: fx.manager(),
            participants: vec![visitor, bot],
            owner: Some(bot),
            customer: visitor,
            idempotency: Some(request(key, 1)),
        };
        let one = fx.chats.support(support(1)).await.unwrap();
        assert_eq!((one.kind, one.owner, one.creator), (ChatKind::Support, Some(bot), Some(visitor)));
        assert_eq!(one.participant(bot).map(|stay| stay.role), Some(ParticipantRole::Owner));
        assert_eq!(fx.chats.support(support(1)).await.unwrap(), one, "a repeat");
        assert_ne!(fx.chats.support(support(2)).await.unwrap().id, one.id);
        // It is nobody's direct chat, and stays what it is when a third comes.
        assert_ne!(fx.chat(&[visitor, bot], Existing::Return).await.id, one.id);
        let [agent] = fx.people();
        assert_eq!(fx.add(one.id, agent).await.unwrap().kind, ChatKind::Support);
        let plain = CreateSupport { by: fx.by(visitor), ..support(3) };
        assert_eq!(fx.chats.support(plain).await.unwrap_err(), ChatsError::Forbidden);
    }
}
