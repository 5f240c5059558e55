//! At the same instant.

use std::collections::HashSet;
use std::sync::Arc;

use contracts::ChatsApi as _;
use contracts::chats::{ChatsError, CreateChat, Created, Existing, ListRooms};
use domain::{Limit, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES, request};

async fn at_once(fx: &Arc<Fixture>, drafts: Vec<CreateChat>) -> Vec<Result<Created, ChatsError>> {
    let all: Vec<_> = drafts
        .into_iter()
        .map(|draft| {
            let fx = fx.clone();
            tokio::spawn(async move { fx.chats.create(draft).await })
        })
        .collect();
    let mut answers = Vec::new();
    for one in all {
        answers.push(one.await.unwrap());
    }
    answers
}

on_each_engine! {
    migrations = TREES;

    async fn a_pair_asked_for_by_many_has_one_chat(db: Db) {
        let fx = Arc::new(Fixture::new(&db));
        for _ in 0..3 {
            let [ann, bob] = fx.people();
            let either = [[ann, bob], [bob, ann]];
            let draft = |n: usize| fx.draft(&either[n % 2], Existing::Return);
            let answers = at_once(&fx, (0..20).map(draft).collect()).await;
            let answers: Vec<Created> = answers.into_iter().map(Result::unwrap).collect();
            assert_eq!(answers.iter().filter(|a| a.created).count(), 1);
            assert!(answers.iter().all(|a| a.chat == answers[0].chat));
        }
    }

    async fn a_set_refused_by_many_is_made_once(db: Db) {
        let fx = Arc::new(Fixture::new(&db));
        let [ann, bob, cleo] = fx.people();
        for set in [vec![ann, bob], vec![ann, bob, cleo]] {
            let answers = at_once(&fx, vec![fx.draft(&set, Existing::Refuse); 20]).await;
            let made: Vec<_> = answers.iter().filter_map(|a| a.as_ref().ok()).collect();
            assert_eq!(made.len(), 1);
            let refused = answers.iter().filter_map(|a| a.as_ref().err());
            assert!(refused.clone().all(|e| *e == ChatsError::Exists(made[0].chat.id)) && refused.count() == 19);
        }
    }

    async fn one_request_sent_by_many_is_one(db: Db) {
        let fx = Arc::new(Fixture::new(&db));
        let people = fx.people::<3>();
        let draft = CreateChat { idempotency: Some(request(1, 1)), ..fx.draft(&people, Existing::Ignore) };
        let answers = at_once(&fx, vec![draft; 20]).await;
        assert!(answers.iter().all(|a| a.as_ref().unwrap() == answers[0].as_ref().unwrap()));
    }

    async fn times_rise_for_everybody(db: Db) {
        let fx = Arc::new(Fixture::new(&db));
        let people = fx.people::<6>();
        let draft = |n: usize| {
            let some: Vec<UserId> = people.iter().copied().cycle().skip(n % 6).take(3).collect();
            fx.draft(&some, Existing::Ignore)
        };
        let answers = at_once(&fx, (0..30).map(draft).collect()).await;
        let created: HashSet<_> = answers.iter().map(|a| a.as_ref().unwrap().chat.created_at).collect();
        assert_eq!(created.len(), 30);
        for user in people {
            let rooms = ListRooms { by: fx.by(user), user, before: None, limit: Limit::clamped(100) };
            let rooms = fx.chats.rooms(rooms).await.unwrap().items;
            let times: HashSet<_> = rooms.iter().map(|room| room.stay.joined_at).collect();
            assert_eq!((rooms.len(), times.len()), (15, 15));
        }
    }

    async fn somebody_added_by_many_joins_once(db: Db) {
        let fx = Arc::new(Fixture::new(&db));
        let [ann, bob, cleo] = fx.people();
        let chat = fx.chat(&[ann, bob], Existing::Return).await;
        let all: Vec<_> = (0..12)
            .map(|_| {
                let fx = fx.clone();
                tokio::spawn(async move { fx.add(chat.id, cleo).await })
            })
            .collect();
        let mut joined = 0;
        for one in all {
            match one.await.unwrap() {
                Ok(_) => joined += 1,
                Err(e) => assert_eq!(e, ChatsError::AlreadyParticipant),
            }
        }
        let now = fx.get(chat.id).await;
        assert_eq!((joined, now.participants.len(), now.version), (1, 3, 2));
    }
}
