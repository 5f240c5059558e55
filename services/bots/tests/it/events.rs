//! What events bring about: bots that come into chats, agents who write, customers who write again.

use contracts::BotsApi as _;
use contracts::bots::{BotAddress, CreateDepartment, End, UpdateDepartment};
use domain::{HandoverReason, InteractionState, Role, UserId};
use store::Db;
use store::testing::on_each_engine;

use HandoverReason::{Started, Taken};
use InteractionState::{Agent, Bot, Finished, Queued};

use crate::fixture::{BOT, Fixture, News, TREES};

on_each_engine! {
    migrations = TREES;

    /// Through whichever surface a bot is taken into a chat, that starts an interaction.
    async fn a_bot_that_comes_into_a_chat_serves_it(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let bot = sales.bot.clone().unwrap().user;
        let (visitor, ann) = (fx.visitor(), fx.agent());
        let made_with = fx.chat(&[ann, visitor, bot]).await;
        let one = fx.of_chat(made_with).await.unwrap();
        assert_eq!((one.state, one.user, one.customer, one.from_seq), (Bot, Some(bot), Some(visitor), 1));

        let joined = fx.chat(&[ann, visitor]).await;
        fx.talk.say(joined, visitor, "nobody here?");
        fx.settle().await;
        assert!(fx.of_chat(joined).await.is_none());
        fx.talk.join(joined, bot);
        fx.settle().await;
        let one = fx.of_chat(joined).await.unwrap();
        assert_eq!((one.state, one.from_seq, one.customer), (Bot, 2, Some(visitor)));
        // The chat is not owned by whoever serves it: it was not made for that.
        assert_eq!(fx.talk.chat(joined).owner, None);
    }

    /// Where nobody is a customer, whoever made the chat is served.
    async fn staff_may_be_served_too(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let bot = sales.bot.clone().unwrap().user;
        let ann = fx.agent();
        let chat = fx.chat(&[ann, bot]).await;
        fx.talk.say(chat, ann, "let me try it");
        fx.settle().await;
        let one = fx.of_chat(chat).await.unwrap();
        assert_eq!((one.state, one.customer, one.version), (Bot, Some(ann), 1));
    }

    /// A chat may be made, and its bot taken in, before the visitor comes.
    async fn whoever_comes_later_is_the_customer(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let bot = sales.bot.clone().unwrap().user;
        let (ann, visitor) = (fx.agent(), fx.visitor());
        let chat = fx.chat(&[ann, bot]).await;
        assert_eq!(fx.of_chat(chat).await.unwrap().customer, Some(ann));
        fx.talk.join(chat, visitor);
        fx.talk.say(chat, visitor, "hello");
        fx.settle().await;
        let one = fx.of_chat(chat).await.unwrap();
        assert_eq!((one.customer, one.state, one.version), (Some(visitor), Bot, 1));
        fx.talk.say(chat, ann, "let me");
        fx.settle().await;
        assert_eq!(fx.of_chat(chat).await.unwrap().user, Some(ann));
    }

    async fn other_bots_and_closed_departments_serve_nobody(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let bot = sales.bot.clone().unwrap().user;
        let stray = fx.users.add(fx.tenant, Role::Bot);
        let chat = fx.chat(&[fx.visitor(), stray]).await;
        assert!(fx.of_chat(chat).await.is_none());
        fx.bots.update_department(UpdateDepartment { active: Some(false), ..fx.change(&sales) }).await.unwrap();
        let chat = fx.chat(&[fx.visitor(), bot]).await;
        assert!(fx.of_chat(chat).await.is_none());
    }

    async fn an_agent_who_writes_takes_over(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let (ann, bob) = (fx.agent(), fx.agent());
        let one = fx.begin(&sales).await;
        fx.hear(&one, "hello").await.unwrap();
        fx.say(&one, "I am a bot").await.unwrap();
        fx.talk.join(one.chat, ann);
        fx.talk.join(one.chat, bob);
        fx.settle().await;
        assert_eq!(fx.now(&one).await.state, Bot, "looking on changes nothing");
        fx.talk.say(one.chat, ann, "and I am not");
        fx.hear(&one, "thanks").await.unwrap();
        fx.talk.say(one.chat, bob, "me too");
        fx.settle().await;
        let now = fx.now(&one).await;
        assert_eq!((now.state, now.user, now.from_seq), (Agent, Some(ann), 3));
        assert_eq!(fx.story(&one).await.last(), Some(&(Agent, Taken)));
    }

    /// As another instance may leave it: what was taken for known is asked then.
    async fn a_chat_that_stands_otherwise_than_when_last_heard_of(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let one = fx.begin(&sales).await;
        for text in ["hello", "is anybody there"] {
            fx.later(1);
            fx.hear(&one, text).await.unwrap();
            fx.settle().await;
        }
        fx.later(1);
        let customer = fx.now(&one).await.customer;
        assert!(customer.is_some());
        let tx = db.begin().await.unwrap();
        let forget = "UPDATE interactions SET customer = NULL";
        store::on_conn!(tx, |c| diesel_async::SimpleAsyncConnection::batch_execute(c, forget).await).unwrap();
        tx.commit().await.unwrap();
        fx.talk.say(one.chat, customer.unwrap(), "it is me");
        fx.settle().await;
        assert_eq!(fx.now(&one).await.customer, customer);
        let told: Vec<String> = fx.told(&one).await.into_iter().map(|delivery| delivery.event).collect();
        assert_eq!(told, ["new_interaction", "new_message", "new_message", "new_message"]);
    }

    async fn an_agent_who_writes_takes_who_waits(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", None, &[]).await;
        let ann = fx.agent();
        let one = fx.begin(&sales).await;
        fx.talk.join(one.chat, ann);
        fx.talk.say(one.chat, ann, "here I am");
        fx.settle().await;
        assert_eq!(fx.story(&one).await, [(Queued, Started), (Agent, Taken)]);
    }

    /// What was said before a bot got it takes nothing from it, however late that is heard.
    async fn what_was_said_before_is_the_former_owners(db: Db) {
        let fx = Fixture::start(&db);
        let (sales, other) = (fx.department("Sales", Some(BOT), &[]).await, fx.department("Other", Some(BOT), &[]).await);
        let ann = fx.agent();
        let one = fx.begin(&sales).await;
        fx.talk.join(one.chat, ann);
        fx.settle().await;
        fx.talk.say(one.chat, ann, "too late");
        let unheard = fx.talk.news.lock().unwrap().pop_front().unwrap();
        let given = fx.transfer(&one, Some(&other)).await.unwrap();
        assert_eq!(given.from_seq, 2);
        fx.tell_news(&unheard).await;
        fx.settle().await;
        assert_eq!(fx.now(&one).await.user, other.bot.map(|bot| bot.user));
    }

    /// The message may be heard before the joining that it follows.
    async fn a_message_that_is_heard_first_starts_it(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let bot = sales.bot.clone().unwrap().user;
        let visitor = fx.visitor();
        let chat = fx.chat(&[visitor]).await;
        fx.talk.join(chat, bot);
        fx.talk.say(chat, visitor, "hello");
        let [joined, said] = [(); 2].map(|()| fx.talk.news.lock().unwrap().pop_front().unwrap());
        assert!(matches!((&joined, &said), (News::Added(_), News::Posted(_))));
        fx.tell_news(&said).await;
        fx.settle().await;
        let one = fx.of_chat(chat).await.unwrap();
        assert_eq!((one.state, one.from_seq), (Bot, 1));
        fx.tell_news(&joined).await;
        fx.settle().await;
        assert_eq!(fx.of_chat(chat).await.unwrap(), one);
    }

    async fn a_customer_who_writes_again_is_served_again(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let other = fx.department("Other", Some(BOT), &[]).await;
        let one = fx.begin(&sales).await;
        fx.transfer(&one, Some(&other)).await.unwrap();
        fx.hear(&one, "hello").await.unwrap();
        fx.settle().await;
        fx.finish(&one, End::Bot).await.unwrap();
        let ann = fx.agent();
        fx.talk.join(one.chat, ann);
        fx.talk.say(one.chat, ann, "just a note");
        fx.settle().await;
        assert_eq!(fx.of_chat(one.chat).await.unwrap().id, one.id, "agents start nothing");
        fx.talk.say(one.chat, one.customer.unwrap(), "one more thing");
        fx.settle().await;
        let two = fx.of_chat(one.chat).await.unwrap();
        assert_ne!(two.id, one.id);
        // The bot it started with, from that message on.
        assert_eq!((two.state, two.user, two.from_seq), (Bot, sales.bot.map(|bot| bot.user), 3));
        assert_eq!((two.customer, fx.now(&one).await.state), (one.customer, Finished));
    }

    /// What was said before the end is not said anew, however late that is heard.
    async fn a_late_word_starts_nothing(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let one = fx.begin(&sales).await;
        fx.hear(&one, "bye").await.unwrap();
        fx.finish(&one, End::Customer).await.unwrap();
        fx.settle().await;
        assert_eq!(fx.of_chat(one.chat).await.unwrap().id, one.id);
    }

    /// Visitors who talked to the tenant's default bot before it was anybody's are served once it is.
    async fn a_bot_that_is_given_a_department_serves_the_chats_it_is_in(db: Db) {
        let fx = Fixture::start(&db);
        let bot = fx.users.add(fx.tenant, Role::Bot);
        fx.auth.bots.lock().unwrap().insert(fx.tenant, bot);
        let first = fx.bots.create_department(CreateDepartment::first(fx.by())).await.unwrap();
        let visitor = fx.visitor();
        let chat = fx.chat(&[visitor, bot]).await;
        fx.talk.say(chat, visitor, "anybody?");
        fx.settle().await;
        assert!(fx.of_chat(chat).await.is_none());
        let address = BotAddress { url: BOT.to_owned(), secret: None };
        let with_bot = UpdateDepartment { bot: Some(Some(address)), ..fx.change(&first) };
        fx.bots.update_department(with_bot).await.unwrap();
        assert!(fx.of_chat(chat).await.is_none());
        fx.talk.say(chat, visitor, "hello?");
        fx.settle().await;
        let one = fx.of_chat(chat).await.unwrap();
        assert_eq!((one.state, one.user, one.from_seq), (Bot, Some(bot), 2));
    }

    /// A second bot in a chat that is served waits for its turn.
    async fn one_owner_at_a_time(db: Db) {
        let fx = Fixture::start(&db);
        let (sales, other) = (fx.department("Sales", Some(BOT), &[]).await, fx.department("Other", Some(BOT), &[]).await);
        let bots: Vec<UserId> = [&sales, &other].map(|d| d.bot.clone().unwrap().user).into();
        let visitor = fx.visitor();
        let chat = fx.chat(&[visitor, bots[1], bots[0]]).await;
        let one = fx.of_chat(chat).await.unwrap();
        assert_eq!(one.user, Some(bots[0]), "the department with the lowest number");
        assert_eq!(fx.story(&one).await, [(Bot, Started)]);
    }
}
