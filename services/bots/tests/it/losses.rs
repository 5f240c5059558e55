//! Who goes: bots, agents, customers, chats.

use contracts::BotsApi as _;
use contracts::bots::{Customer, DepartmentKey, GetDepartment, Interaction, StartInteraction};
use domain::{HandoverReason, InteractionState};
use proto_events::UserDeleted;
use store::Db;
use store::testing::on_each_engine;

use HandoverReason::{AgentGone, BotRemoved, ChatDeleted, FinishedByAgent, FinishedByCustomer, Started};
use InteractionState::{Agent, Bot, Finished, Queued};

use crate::fixture::{BOT, Fixture, TREES};

/// What the bot was told of it: messages by their text, the rest by its name.
async fn told(fx: &Fixture, of: &Interaction) -> Vec<String> {
    let said = fx.talk.said(of.chat);
    let told = fx.told(of).await.into_iter().map(|delivery| match delivery.message {
        Some(id) => said.iter().find(|message| message.id == id).and_then(|message| message.text.clone()).unwrap(),
        None => delivery.event,
    });
    told.collect()
}

on_each_engine! {
    migrations = TREES;

    async fn a_bot_that_leaves_leaves_it_to_the_agents(db: Db) {
        let fx = Fixture::start(&db);
        let ann = fx.agent();
        let sales = fx.department("Sales", Some(BOT), &[ann]).await;
        let one = fx.begin(&sales).await;
        fx.hear(&one, "hello").await.unwrap();
        fx.talk.leave(one.chat, one.user.unwrap());
        fx.settle().await;
        let now = fx.now(&one).await;
        assert_eq!((now.state, now.user, now.from_seq), (Agent, Some(ann), 2));
        assert_eq!(fx.story(&one).await, [(Bot, Started), (Agent, BotRemoved)]);
    }

    /// An agent who leaves gives it to another one, and never gets it back by himself.
    async fn an_agent_who_leaves_leaves_it_to_the_others(db: Db) {
        let fx = Fixture::start(&db);
        let (ann, bob) = (fx.agent(), fx.agent());
        let sales = fx.department("Sales", None, &[ann, bob]).await;
        let one = fx.begin(&sales).await;
        assert_eq!(one.user, Some(ann));
        fx.settle().await;
        fx.later(1);
        fx.talk.leave(one.chat, ann);
        fx.settle().await;
        assert_eq!(fx.now(&one).await.user, Some(bob));
        // The worker takes him into the chat.
        fx.work();
        let seated = async {
            while fx.talk.chat(one.chat).participant(bob).is_none() {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), seated).await.expect("told in time");

        let alone = fx.department("Alone", None, &[ann]).await;
        let two = fx.begin(&alone).await;
        fx.settle().await;
        fx.later(1);
        fx.talk.leave(two.chat, ann);
        fx.settle().await;
        assert_eq!(fx.story(&two).await, [(Agent, Started), (Queued, AgentGone)]);
    }

    async fn a_deleted_agent_serves_nobody(db: Db) {
        let fx = Fixture::start(&db);
        let (ann, bob) = (fx.agent(), fx.agent());
        let sales = fx.department("Sales", None, &[ann, bob]).await;
        let one = fx.begin(&sales).await;
        fx.users.delete(ann);
        fx.tell(&UserDeleted { tenant: fx.tenant, user: ann }).await;
        fx.settle().await;
        assert_eq!(fx.now(&one).await.user, Some(bob));
        let asked = GetDepartment { by: fx.by(), key: DepartmentKey::Id(sales.id) };
        assert_eq!(fx.bots.department(asked).await.unwrap().agents, [bob]);
    }

    async fn a_deleted_bot_leaves_its_customers_to_the_agents(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let one = fx.begin(&sales).await;
        fx.users.delete(one.user.unwrap());
        fx.tell(&UserDeleted { tenant: fx.tenant, user: one.user.unwrap() }).await;
        fx.settle().await;
        assert_eq!(fx.story(&one).await, [(Bot, Started), (Queued, BotRemoved)]);
        assert_eq!(fx.begin(&sales).await.state, Queued);
    }

    async fn a_customer_who_leaves_ends_it(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let one = fx.begin(&sales).await;
        fx.talk.leave(one.chat, one.customer.unwrap());
        fx.settle().await;
        assert_eq!(fx.story(&one).await, [(Bot, Started), (Finished, FinishedByCustomer)]);
    }

    /// Messages and leavings come by different ways: whichever is heard first, the bot is told all that was said, once, and
    /// then of the end.
    async fn a_customer_who_leaves_does_not_outrun_their_words(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        for left_first in [true, false] {
            let one = fx.begin(&sales).await;
            let customer = one.customer.unwrap();
            fx.settle().await;
            fx.later(1);
            fx.talk.say(one.chat, customer, "heard");
            fx.settle().await;
            fx.later(1);
            fx.talk.say(one.chat, customer, "thanks");
            fx.talk.say(one.chat, customer, "bye");
            fx.talk.leave(one.chat, customer);
            let mut news: Vec<_> = fx.talk.news.lock().unwrap().drain(..).collect();
            assert_eq!(news.len(), 3);
            if left_first {
                news.rotate_right(1);
            }
            for happened in &news {
                fx.tell_news(happened).await;
                fx.settle().await;
                fx.later(1);
            }
            assert_eq!(fx.story(&one).await, [(Bot, Started), (Finished, FinishedByCustomer)]);
            assert_eq!(told(&fx, &one).await, ["new_interaction", "heard", "thanks", "bye", "finished_interaction"]);
        }
    }

    async fn a_deleted_customer_s_interactions_are_over(db: Db) {
        let fx = Fixture::start(&db);
        let (ann, sales) = (fx.agent(), fx.department("Sales", Some(BOT), &[]).await);
        let with_agents = fx.department("Agents", None, &[ann]).await;
        let other = fx.begin(&sales).await;
        let one = fx.begin(&sales).await;
        let customer = one.customer.unwrap();
        let starting = StartInteraction { customer: Customer::default(), ..fx.starting(&with_agents) };
        let two = fx.bots.start(starting).await.unwrap();
        fx.settle().await;
        fx.later(1);
        fx.talk.say(one.chat, customer, "bye");
        fx.talk.news.lock().unwrap().clear();
        for gone in [customer, two.customer.unwrap()] {
            fx.users.delete(gone);
            fx.tell(&UserDeleted { tenant: fx.tenant, user: gone }).await;
        }
        fx.settle().await;
        assert_eq!(fx.story(&one).await, [(Bot, Started), (Finished, FinishedByCustomer)]);
        assert_eq!(told(&fx, &one).await, ["new_interaction", "bye", "finished_interaction"]);
        assert_eq!(fx.story(&two).await, [(Agent, Started), (Finished, FinishedByCustomer)]);
        assert_eq!(fx.now(&other).await.state, Bot, "others go on");
    }

    async fn a_chat_that_ends_ends_it(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let (deleted, closed) = (fx.begin(&sales).await, fx.begin(&sales).await);
        fx.later(1);
        fx.talk.delete(deleted.chat);
        fx.talk.close(closed.chat);
        fx.settle().await;
        assert_eq!(fx.story(&deleted).await, [(Bot, Started), (Finished, ChatDeleted)]);
        assert_eq!(fx.story(&closed).await, [(Bot, Started), (Finished, FinishedByAgent)]);
    }
}
