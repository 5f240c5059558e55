//! Several at once: one owner at a time, agents equally busy, nothing lost on the way.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use contracts::BotsApi as _;
use contracts::bots::{BotsError, End};
use domain::InteractionState;
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{BOT, Fixture, TREES, people};

on_each_engine! {
    migrations = TREES;

    /// A bot and a customer act at the same instant: each change of hands follows the one before it.
    async fn one_change_follows_the_other(db: Db) {
        let fx = Fixture::start(&db);
        let (ann, bob) = (fx.agent(), fx.agent());
        let sales = fx.department("Sales", Some(BOT), &[ann]).await;
        for _ in 0..5 {
            let one = fx.begin(&sales).await;
            let (given, ended, taken, accepted) = tokio::join!(
                fx.transfer(&one, None),
                fx.finish(&one, End::Customer),
                fx.take(&one, bob),
                fx.accept(&one),
            );
            assert!(matches!(ended, Ok(_) | Err(BotsError::Unavailable(_))), "{ended:?}");
            for outcome in [&given, &accepted] {
                let lost = matches!(outcome, Err(BotsError::Finished | BotsError::NotWithBot | BotsError::Unavailable(_)));
                assert!(outcome.is_ok() || lost, "{outcome:?}");
            }
            assert!(matches!(taken, Ok(_) | Err(BotsError::Finished | BotsError::Unavailable(_))), "{taken:?}");
            // Checks that no version is missing.
            let story = fx.story(&one).await;
            let ends = story.iter().filter(|(state, _)| *state == InteractionState::Finished).count();
            assert_eq!(ends, usize::from(ended.is_ok()));
        }
    }

    async fn agents_are_equally_busy_however_many_come_at_once(db: Db) {
        let fx = std::sync::Arc::new(Fixture::start(&db));
        let agents = [fx.agent(), fx.agent(), fx.agent()];
        let sales = fx.department("Sales", None, &agents).await;
        let starts: Vec<_> = (0..12)
            .map(|_| {
                let (fx, start) = (fx.clone(), fx.starting(&sales));
                tokio::spawn(async move { fx.bots.start(start).await.unwrap().user.unwrap() })
            })
            .collect();
        let mut served = BTreeMap::new();
        for start in starts {
            *served.entry(start.await.unwrap()).or_insert(0) += 1;
        }
        assert_eq!(served, agents.map(|agent| (agent, 4)).into());
    }

    /// A handover that chats could not be told of is told later.
    async fn chats_is_told_as_soon_as_it_answers(db: Db) {
        let fx = Fixture::start(&db);
        let ann = fx.agent();
        let sales = fx.department("Sales", Some(BOT), &[ann]).await;
        let one = fx.begin(&sales).await;
        fx.talk.down.store(true, Ordering::SeqCst);
        assert_eq!(fx.transfer(&one, None).await.unwrap().user, Some(ann));
        assert!(!people(&fx.talk, one.chat).contains(&ann));
        fx.work();
        fx.talk.down.store(false, Ordering::SeqCst);
        let told = async {
            while fx.talk.chat(one.chat).owner != Some(ann) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), told).await.expect("told in time");
        assert!(people(&fx.talk, one.chat).contains(&ann));
    }

    /// A start that stopped half-way is finished by its repeat.
    async fn a_start_resumes_where_it_stopped(db: Db) {
        use contracts::bots::StartInteraction;
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let start = StartInteraction { idempotency: Some(crate::fixture::request(7, 1)), ..fx.starting(&sales) };
        fx.talk.down.store(true, Ordering::SeqCst);
        assert!(matches!(fx.bots.start(start.clone()).await.unwrap_err(), BotsError::Unavailable(_)));
        fx.talk.down.store(false, Ordering::SeqCst);
        let one = fx.bots.start(start.clone()).await.unwrap();
        assert_eq!(fx.bots.start(start).await.unwrap(), one);
    }
}
