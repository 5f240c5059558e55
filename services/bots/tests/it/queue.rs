//! Who serves whom: the least busy agent, else whoever comes.

use contracts::BotsApi as _;
use contracts::bots::{BotsError, Department, End, Interaction, UpdateDepartment};
use domain::{HandoverReason, InteractionState, UserId};
use store::Db;
use store::testing::on_each_engine;

use HandoverReason::{Assigned, BotRemoved, Started};
use InteractionState::{Agent, Bot, Queued};

use crate::fixture::{BOT, Fixture, TREES, people};

/// Gives a department these agents.
async fn staff(fx: &Fixture, department: &Department, agents: &[UserId]) -> Department {
    let change = UpdateDepartment { agents: Some(agents.to_vec()), ..fx.change(department) };
    fx.bots.update_department(change).await.unwrap()
}

async fn positions<const N: usize>(fx: &Fixture, of: &[Interaction; N]) -> [Option<i64>; N] {
    let mut positions = [None; N];
    for (place, one) in of.iter().enumerate() {
        positions[place] = fx.now(one).await.position;
    }
    positions
}

on_each_engine! {
    migrations = TREES;

    async fn the_least_busy_agent_is_next(db: Db) {
        let fx = Fixture::start(&db);
        let (ann, bob) = (fx.agent(), fx.agent());
        let sales = fx.department("Sales", None, &[bob, ann]).await;
        let mut served = Vec::new();
        for _ in 0..4 {
            let one = fx.begin(&sales).await;
            assert_eq!(one.state, Agent);
            assert!(people(&fx.talk, one.chat).contains(&one.user.unwrap()));
            served.push(one);
        }
        // Equally busy: the lowest number first.
        let users: Vec<UserId> = served.iter().filter_map(|one| one.user).collect();
        assert_eq!(users, [ann, bob, ann, bob]);
        fx.finish(&served[1], End::Agent).await.unwrap();
        assert_eq!(fx.begin(&sales).await.user, Some(bob));
        // What they serve for another department counts.
        let other = fx.department("Other", None, &[ann, bob]).await;
        assert_eq!(fx.begin(&other).await.user, Some(ann));
        assert_eq!(fx.begin(&sales).await.user, Some(bob));
    }

    async fn who_waits_is_given_to_whoever_comes(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", None, &[]).await;
        let (first, second) = (fx.begin(&sales).await, fx.begin(&sales).await);
        fx.later(1);
        let waiting = [first, second, fx.begin(&sales).await];
        assert_eq!(waiting.each_ref().map(|one| (one.state, one.user)), [(Queued, None); 3]);
        assert_eq!(positions(&fx, &waiting).await, [Some(1), Some(2), Some(3)]);
        fx.finish(&waiting[1], End::Customer).await.unwrap();
        assert_eq!(positions(&fx, &waiting).await, [Some(1), None, Some(2)]);

        let (ann, bob) = (fx.agent(), fx.agent());
        let staffed = staff(&fx, &sales, &[ann, bob]).await;
        assert_eq!(staffed.agents, [ann, bob]);
        assert_eq!(fx.story(&waiting[0]).await, [(Queued, Started), (Agent, Assigned)]);
        let users = [fx.now(&waiting[0]).await.user, fx.now(&waiting[2]).await.user];
        assert_eq!(users, [Some(ann), Some(bob)]);
        assert!(people(&fx.talk, waiting[0].chat).contains(&ann));
    }

    async fn who_waits_for_a_closed_department_waits_until_it_opens(db: Db) {
        let fx = Fixture::start(&db);
        let ann = fx.agent();
        let sales = fx.department("Sales", Some(BOT), &[ann]).await;
        let one = fx.begin(&sales).await;
        let shut = UpdateDepartment { active: Some(false), bot: Some(None), ..fx.change(&sales) };
        fx.bots.update_department(shut).await.unwrap();
        assert_eq!(fx.now(&one).await.state, Queued);
        fx.bots.update_department(UpdateDepartment { active: Some(true), ..fx.change(&sales) }).await.unwrap();
        assert_eq!(fx.now(&one).await.user, Some(ann));
        assert_eq!(fx.story(&one).await, [(Bot, Started), (Queued, BotRemoved), (Agent, Assigned)]);
    }

    /// A bot that is taken away leaves nobody behind.
    async fn customers_of_a_removed_bot_wait_for_an_agent(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let (one, done) = (fx.begin(&sales).await, fx.begin(&sales).await);
        fx.finish(&done, End::Bot).await.unwrap();
        fx.hear(&one, "still there?").await.unwrap();
        fx.bots.update_department(UpdateDepartment { bot: Some(None), ..fx.change(&sales) }).await.unwrap();
        let now = fx.now(&one).await;
        assert_eq!((now.state, now.from_seq, now.position), (Queued, 2, Some(1)));
        assert_eq!(fx.now(&done).await.state, InteractionState::Finished);
        assert_eq!(fx.say(&one, "x").await.unwrap_err(), BotsError::NotWithBot);
        // The next one goes to the queue at once.
        assert_eq!(fx.begin(&sales).await.state, Queued);
    }
}
