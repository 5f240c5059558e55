//! What bots, customers and operators do with an interaction: lenient before it is taken on, strict afterwards.

use contracts::BotsApi as _;
use contracts::bots::{
    BotsError, Department, End, FinishInteraction, InteractionKey, OnInteraction, Say, TransferInteraction,
    UpdateDepartment,
};
use domain::{
    DeliveryState, HandoverReason, InteractionState, MessageKind, Principal, Role, Surface, TenantId, UserId,
};
use store::Db;
use store::testing::on_each_engine;

use HandoverReason::{Accepted, FinishedByAgent, FinishedByBot, FinishedByCustomer, Started, Taken, Transferred};
use InteractionState::{Agent, Bot, Finished, Queued};

use crate::fixture::{BOT, Fixture, TREES, people, request};

on_each_engine! {
    migrations = TREES;

    async fn a_bot_takes_on_answers_and_ends(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let bot = sales.bot.clone().unwrap().user;
        let one = fx.begin(&sales).await;
        assert_eq!((one.state, one.user, one.version, one.from_seq), (Bot, Some(bot), 1, 1));
        assert_eq!(people(&fx.talk, one.chat), [bot, one.customer.unwrap()]);
        assert_eq!(fx.talk.chat(one.chat).owner, Some(bot));

        let taken_on = fx.accept(&one).await.unwrap();
        assert_eq!(taken_on.accepted_at, Some(fx.clock.now()));
        assert_eq!(fx.accept(&one).await.unwrap(), taken_on, "again is fine");
        let said = fx.say(&one, "hello").await.unwrap();
        assert_eq!((said.author, said.origin, said.seq), (Some(bot), Surface::Zenvia, 1));
        let heard = fx.hear(&one, "hi").await.unwrap();
        assert_eq!((heard.author, heard.seq), (one.customer, 2));

        let ended = fx.finish(&one, End::Bot).await.unwrap();
        assert_eq!((ended.state, ended.user, ended.finished_at), (Finished, None, Some(fx.clock.now())));
        assert_eq!(fx.story(&one).await, [(Bot, Started), (Bot, Accepted), (Finished, FinishedByBot)]);
    }

    /// Whatever a bot does says that it took the interaction on.
    async fn acting_is_accepting(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let [said, ended, given] = [fx.begin(&sales).await, fx.begin(&sales).await, fx.begin(&sales).await];
        fx.say(&said, "hello").await.unwrap();
        fx.finish(&ended, End::Bot).await.unwrap();
        fx.transfer(&given, None).await.unwrap();
        assert_eq!(fx.story(&said).await, [(Bot, Started), (Bot, Accepted)]);
        assert_eq!(fx.story(&ended).await, [(Bot, Started), (Bot, Accepted), (Finished, FinishedByBot)]);
        assert_eq!(fx.story(&given).await, [(Bot, Started), (Bot, Accepted), (Queued, Transferred)]);
    }

    async fn nothing_follows_an_end(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let one = fx.begin(&sales).await;
        fx.finish(&one, End::Customer).await.unwrap();
        assert_eq!(fx.story(&one).await, [(Bot, Started), (Finished, FinishedByCustomer)]);
        assert_eq!(fx.accept(&one).await.unwrap_err(), BotsError::Finished);
        assert_eq!(fx.say(&one, "x").await.unwrap_err(), BotsError::Finished);
        assert_eq!(fx.hear(&one, "x").await.unwrap_err(), BotsError::Finished);
        assert_eq!(fx.typing(&one).await.unwrap_err(), BotsError::Finished);
        assert_eq!(fx.cleared(&one).await.unwrap_err(), BotsError::Finished);
        assert_eq!(fx.transfer(&one, None).await.unwrap_err(), BotsError::Finished);
        assert_eq!(fx.take(&one, fx.agent()).await.unwrap_err(), BotsError::Finished);
        for end in [End::Bot, End::Customer, End::Agent] {
            assert_eq!(fx.finish(&one, end).await.unwrap_err(), BotsError::Finished);
        }
        assert!(fx.talk.said(one.chat).is_empty());
    }

    async fn a_bot_that_gave_it_away_has_no_say(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let one = fx.begin(&sales).await;
        fx.transfer(&one, None).await.unwrap();
        assert_eq!(fx.accept(&one).await.unwrap_err(), BotsError::NotWithBot);
        assert_eq!(fx.say(&one, "x").await.unwrap_err(), BotsError::NotWithBot);
        assert_eq!(fx.transfer(&one, None).await.unwrap_err(), BotsError::NotWithBot);
        assert_eq!(fx.finish(&one, End::Bot).await.unwrap_err(), BotsError::NotWithBot);
        // The customer has.
        fx.hear(&one, "anybody?").await.unwrap();
        fx.finish(&one, End::Customer).await.unwrap();
    }

    /// Null is the department it started in: from its own bot that means its agents.
    async fn a_bots_own_department_gives_it_to_its_agents(db: Db) {
        let fx = Fixture::start(&db);
        let ann = fx.agent();
        let sales = fx.department("Sales", Some(BOT), &[ann]).await;
        for to in [None, Some(&sales)] {
            let one = fx.begin(&sales).await;
            fx.hear(&one, "first").await.unwrap();
            let given = fx.transfer(&one, to).await.unwrap();
            assert_eq!((given.state, given.user, given.from_seq), (Agent, Some(ann), 2));
            assert!(people(&fx.talk, one.chat).contains(&ann));
            assert_eq!(fx.talk.chat(one.chat).owner, Some(ann));
        }
    }

    async fn another_departments_bot_gets_what_is_said_from_then_on(db: Db) {
        let fx = Fixture::start(&db);
        let ann = fx.agent();
        let sales = fx.department("Sales", Some(BOT), &[ann]).await;
        let other = fx.department("Other", Some(BOT), &[]).await;
        let second = other.bot.clone().unwrap().user;
        let one = fx.begin(&sales).await;
        fx.hear(&one, "first").await.unwrap();
        let given = fx.transfer(&one, Some(&other)).await.unwrap();
        assert_eq!((given.state, given.user, given.from_seq, given.accepted_at), (Bot, Some(second), 2, None));
        assert_eq!((given.department_number, given.started_in), (other.number, sales.number));
        assert!(people(&fx.talk, one.chat).contains(&second));
        fx.settle().await;
        assert_eq!(fx.talk.chat(one.chat).owner, Some(second));
        assert_eq!(fx.say(&one, "second here").await.unwrap().author, Some(second));

        // Back to where it started: that is another department's bot now.
        let back = fx.transfer(&one, None).await.unwrap();
        assert_eq!((back.state, back.user), (Bot, sales.bot.map(|bot| bot.user)));
        fx.settle().await;
        fx.finish(&one, End::Bot).await.unwrap();
        fx.settle().await;
        // Having been taken in on the way starts nothing.
        assert_eq!(fx.of_chat(one.chat).await.unwrap().id, one.id);
    }

    async fn only_active_departments_get_customers(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let closed = fx.department("Closed", None, &[]).await;
        fx.bots.update_department(UpdateDepartment { active: Some(false), ..fx.change(&closed) }).await.unwrap();
        let one = fx.begin(&sales).await;
        assert_eq!(fx.transfer(&one, Some(&closed)).await.unwrap_err(), BotsError::DepartmentInactive);
        let nowhere = TransferInteraction {
            by: fx.by(),
            key: InteractionKey::Hash(one.hash()),
            department: Some(9999),
            idempotency: None,
        };
        assert_eq!(fx.bots.transfer(nowhere).await.unwrap_err(), BotsError::DepartmentNotFound);
        assert_eq!(fx.bots.start(fx.starting(&closed)).await.unwrap_err(), BotsError::DepartmentInactive);
        assert_eq!(fx.now(&one).await, one, "nothing happened");
    }

    async fn an_agent_is_told_to_take_it(db: Db) {
        let fx = Fixture::start(&db);
        let (ann, bob) = (fx.agent(), fx.agent());
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let one = fx.begin(&sales).await;
        let taken = fx.take(&one, ann).await.unwrap();
        assert_eq!((taken.state, taken.user, taken.version), (Agent, Some(ann), 2));
        assert_eq!(fx.take(&one, ann).await.unwrap().version, 2, "who has it keeps it");
        assert_eq!(fx.take(&one, bob).await.unwrap().user, Some(bob));
        assert_eq!(fx.story(&one).await, [(Bot, Started), (Agent, Taken), (Agent, Taken)]);
        for who in [fx.visitor(), UserId::new()] {
            assert_eq!(fx.take(&one, who).await.unwrap_err(), BotsError::NotAnAgent(who));
        }
        assert_eq!(fx.finish(&one, End::Agent).await.unwrap().state, Finished);
        let with_bot = fx.begin(&sales).await;
        assert_eq!(fx.finish(&with_bot, End::Agent).await.unwrap_err(), BotsError::NotWithAgent);
        assert_eq!(fx.story(&one).await.last(), Some(&(Finished, FinishedByAgent)));
    }

    async fn a_hash_of_nobody_is_unknown(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let one = fx.begin(&sales).await;
        let mut words = fx.words(&one, "x");
        for hash in ["0000a-000b-0c00-0d0e-f00d00f11111".to_owned(), one.hash().to_uppercase(), String::new()] {
            words.key = InteractionKey::Hash(hash);
            assert_eq!(fx.bots.say(words.clone()).await.unwrap_err(), BotsError::InteractionNotFound);
        }
        let by = Principal::service(TenantId::new(), Surface::Zenvia);
        let theirs = Say { by, ..fx.words(&one, "x") };
        assert_eq!(fx.bots.say(theirs).await.unwrap_err(), BotsError::InteractionNotFound);
    }

    async fn a_repeat_with_a_key_gets_the_first_answer(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let one = fx.begin(&sales).await;
        let words = Say { idempotency: Some(request(1, 1)), ..fx.words(&one, "once") };
        let first = fx.bots.say(words.clone()).await.unwrap();
        let key = InteractionKey::Hash(one.hash());
        let give = TransferInteraction { by: fx.by(), key, department: None, idempotency: Some(request(2, 1)) };
        let given = fx.bots.transfer(give.clone()).await.unwrap();
        // Also when the bot could not say it now.
        assert_eq!(fx.bots.say(words.clone()).await.unwrap(), first);
        assert_eq!(fx.bots.transfer(give).await.unwrap(), given);
        let other = Say { idempotency: Some(request(1, 2)), ..words };
        assert_eq!(fx.bots.say(other).await.unwrap_err(), BotsError::KeyReused);
        assert_eq!(fx.talk.said(one.chat).len(), 1);
    }

    async fn writing_is_told_and_lapses(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let one = fx.begin(&sales).await;
        fx.typing(&one).await.unwrap();
        fx.cleared(&one).await.unwrap();
        assert_eq!(*fx.realtime.writing.lock().unwrap(), [(one.chat, one.customer.unwrap())]);
    }

    async fn media_is_said_as_it_is(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let one = fx.begin(&sales).await;
        let media = contracts::messages::Media {
            url: "https://files.example/logo.png".into(),
            name: None,
            mime: Some("image".into()),
            size: Some("1.0MB".into()),
        };
        let say = Say { kind: MessageKind::Media, media: vec![media.clone()], ..fx.words(&one, "logo") };
        let said = fx.bots.say(say).await.unwrap();
        assert_eq!((said.kind, said.media), (MessageKind::Media, vec![media]));
    }

    /// The customer's last words may not have been heard of when they end it: the bot is told them all the same, before.
    async fn the_last_words_are_told_before_the_end(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let one = fx.begin(&sales).await;
        // Lists are by the moment of the decision.
        fx.later(1);
        fx.hear(&one, "heard").await.unwrap();
        fx.settle().await;
        fx.later(1);
        fx.say(&one, "my own").await.unwrap();
        fx.hear(&one, "thanks").await.unwrap();
        fx.hear(&one, "bye").await.unwrap();
        let ended = fx.finish(&one, End::Customer).await.unwrap();
        assert_eq!(ended.from_seq, 5);
        fx.settle().await;
        let told = fx.told(&one).await;
        let events: Vec<&str> = told.iter().map(|delivery| delivery.event.as_str()).collect();
        assert_eq!(events, ["new_interaction", "new_message", "new_message", "new_message", "finished_interaction"]);
        let said = fx.talk.said(one.chat);
        let wanted = [None, Some(said[0].id), Some(said[2].id), Some(said[3].id), None];
        assert_eq!(told.iter().map(|delivery| delivery.message).collect::<Vec<_>>(), wanted);
    }

    /// The vendor's token names an account, and so whichever bot serves. One that was made for a bot names that bot.
    async fn a_bot_with_a_credential_of_its_own_speaks_for_itself_alone(db: Db) {
        let fx = Fixture::start(&db);
        let (sales, other) = (fx.department("Sales", Some(BOT), &[]).await, fx.department("Other", Some(BOT), &[]).await);
        let one = fx.begin(&sales).await;
        let of = |department: &Department| {
            let by = Principal { user: department.bot.as_ref().map(|bot| bot.user), role: Role::Bot, ..fx.by() };
            (OnInteraction { by: by.clone(), key: InteractionKey::Hash(one.hash()) }, Say { by, ..fx.words(&one, "hello") })
        };
        let ((former, formers), (present, presents)) = (of(&sales), of(&other));
        fx.bots.accept(former.clone()).await.unwrap();
        assert_eq!(fx.bots.say(presents.clone()).await.unwrap_err(), BotsError::NotWithBot, "not yet");
        fx.transfer(&one, Some(&other)).await.unwrap();
        assert_eq!(fx.bots.accept(former).await.unwrap_err(), BotsError::NotWithBot, "no more");
        assert_eq!(fx.bots.say(formers.clone()).await.unwrap_err(), BotsError::NotWithBot);
        let end = FinishInteraction { by: formers.by, key: formers.key, end: End::Bot, idempotency: None };
        assert_eq!(fx.bots.finish(end).await.unwrap_err(), BotsError::NotWithBot);
        fx.bots.accept(present).await.unwrap();
        fx.bots.say(presents).await.unwrap();
        fx.say(&one, "for the account").await.unwrap();
    }

    /// A bot that gave it away, or ended it itself, is told no more of it.
    async fn a_bot_stops_receiving_at_that_moment(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        for end in [false, true] {
            let one = fx.begin(&sales).await;
            fx.hear(&one, "unheard").await.unwrap();
            if end {
                fx.finish(&one, End::Bot).await.unwrap();
            } else {
                fx.transfer(&one, None).await.unwrap();
                fx.hear(&one, "for an agent").await.unwrap();
            }
            fx.settle().await;
            let told = fx.told(&one).await;
            assert_eq!(told.iter().map(|delivery| delivery.event.as_str()).collect::<Vec<_>>(), ["new_interaction"]);
            assert_eq!(told[0].state, DeliveryState::Cancelled);
        }
    }
}
