//! Departments, their bots and agents.

use contracts::BotsApi as _;
use contracts::bots::{
    BotAddress, BotsError, CreateDepartment, DepartmentKey, GetDepartment, ListDepartments, OnlineAgents,
    UpdateDepartment,
};
use domain::{Limit, Principal, Role, Scopes, Surface, TenantId, UserId};
use proto_events::UserDeleted;
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{BOT, Fixture, TREES, request};

async fn find(fx: &Fixture, key: DepartmentKey) -> Result<contracts::bots::Department, BotsError> {
    fx.bots.department(GetDepartment { by: fx.by(), key }).await
}

fn at(url: &str) -> BotAddress {
    BotAddress { url: url.to_owned(), secret: None }
}

on_each_engine! {
    migrations = TREES;

    async fn a_department_is_made_found_and_listed(db: Db) {
        let fx = Fixture::start(&db);
        let (ann, bob) = (fx.agent(), fx.agent());
        let sales = fx.department(" Sales ", Some(BOT), &[bob, ann, bob]).await;
        assert_eq!((sales.name.as_str(), &sales.agents, sales.active), ("Sales", &vec![ann, bob], true));
        let bot = sales.bot.clone().unwrap();
        assert_eq!((bot.url.as_str(), fx.users.get(bot.user).role), (BOT, Role::Bot));
        assert_eq!(fx.users.get(bot.user).name, "Sales");

        let plain = fx.department("Plain", None, &[]).await;
        assert_eq!(plain.bot, None);
        assert!(plain.number > sales.number);
        for key in [DepartmentKey::Id(sales.id), DepartmentKey::Number(sales.number)] {
            assert_eq!(find(&fx, key).await.unwrap(), sales);
        }
        let list = |after, limit| ListDepartments { by: fx.by(), after, limit: Limit::clamped(limit) };
        let first = fx.bots.departments(list(None, 1)).await.unwrap();
        assert_eq!((first.items.clone(), first.more), (vec![sales.clone()], true));
        let rest = fx.bots.departments(list(Some(sales.id), 1)).await.unwrap();
        assert_eq!((rest.items, rest.more), (vec![plain], false));
    }

    async fn a_repeat_finds_the_same_department(db: Db) {
        let fx = Fixture::start(&db);
        let first = CreateDepartment::first(fx.by());
        let made = fx.bots.create_department(first.clone()).await.unwrap();
        assert_eq!(fx.bots.create_department(first).await.unwrap(), made);
        assert_eq!(made.id, CreateDepartment::first_id(fx.tenant));

        let keyed = CreateDepartment { idempotency: Some(request(1, 1)), ..fx.draft("Keyed", Some(BOT), &[]) };
        let made = fx.bots.create_department(keyed.clone()).await.unwrap();
        assert_eq!(fx.bots.create_department(keyed.clone()).await.unwrap(), made);
        let other = CreateDepartment { idempotency: Some(request(1, 2)), ..keyed };
        assert_eq!(fx.bots.create_department(other).await.unwrap_err(), BotsError::KeyReused);
        // One bot for all of them.
        assert_eq!(fx.users.people.lock().unwrap().len(), 1);
    }

    async fn what_makes_no_sense_is_refused(db: Db) {
        let fx = Fixture::start(&db);
        let (visitor, stranger) = (fx.visitor(), UserId::new());
        let foreign = fx.users.add(TenantId::new(), Role::Agent);
        for who in [visitor, stranger, foreign] {
            let refused = fx.bots.create_department(fx.draft("x", None, &[who])).await.unwrap_err();
            assert_eq!(refused, BotsError::NotAnAgent(who));
        }
        for name in ["", "  ", &"n".repeat(101), "a\0"] {
            let refused = fx.bots.create_department(fx.draft(name, None, &[])).await.unwrap_err();
            assert!(matches!(&refused, BotsError::Invalid(e) if e.field == "name"), "{refused}");
        }
        for url in ["http://127.0.0.1/", "http://0x7f.1/", "http://[::ffff:10.0.0.1]/", "ftp://bot.example/", "no url"] {
            let refused = fx.bots.create_department(fx.draft("x", Some(url), &[])).await.unwrap_err();
            assert!(matches!(refused, BotsError::EgressRefused(_)), "{url}: {refused}");
        }
        // Nothing was made on the way.
        assert!(fx.users.people.lock().unwrap().iter().all(|user| user.role != Role::Bot));

        let agent = Principal { user: Some(fx.agent()), role: Role::Agent, ..fx.by() };
        let reader = Principal { scopes: Scopes { read: true, write: false }, ..fx.by() };
        for by in [agent, reader] {
            let refused = fx.bots.create_department(CreateDepartment { by, ..fx.draft("x", None, &[]) }).await;
            assert_eq!(refused.unwrap_err(), BotsError::Forbidden);
        }
    }

    async fn another_tenants_department_does_not_exist(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", None, &[]).await;
        let by = Principal::service(TenantId::new(), Surface::Operator);
        for key in [DepartmentKey::Id(sales.id), DepartmentKey::Number(sales.number)] {
            let asked = GetDepartment { by: by.clone(), key };
            assert_eq!(fx.bots.department(asked).await.unwrap_err(), BotsError::DepartmentNotFound);
        }
        let theirs = UpdateDepartment { by: by.clone(), name: Some("Mine".into()), ..fx.change(&sales) };
        assert_eq!(fx.bots.update_department(theirs).await.unwrap_err(), BotsError::DepartmentNotFound);
        let list = ListDepartments { by, after: None, limit: Limit::clamped(10) };
        assert!(fx.bots.departments(list).await.unwrap().items.is_empty());
    }

    /// The first department's bot is the tenant's default bot, everybody's else is made for it.
    async fn the_default_bot_serves_the_first_department(db: Db) {
        let fx = Fixture::start(&db);
        let default = fx.users.add(fx.tenant, Role::Bot);
        fx.auth.bots.lock().unwrap().insert(fx.tenant, default);
        let other = fx.department("Other", Some(BOT), &[]).await;
        assert_ne!(other.bot.unwrap().user, default);

        let first = fx.bots.create_department(CreateDepartment::first(fx.by())).await.unwrap();
        let change = UpdateDepartment { bot: Some(Some(at(BOT))), ..fx.change(&first) };
        let first = fx.bots.update_department(change).await.unwrap();
        assert_eq!(first.bot.unwrap().user, default);
    }

    /// A bot that moves stays who it is; one that was deleted is not used again.
    async fn a_bot_is_one_user_for_as_long_as_it_lives(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let bot = sales.bot.clone().unwrap().user;
        let moved = UpdateDepartment { bot: Some(Some(at("https://bot.example/other"))), ..fx.change(&sales) };
        let moved = fx.bots.update_department(moved).await.unwrap().bot.unwrap();
        assert_eq!((moved.user, moved.url.as_str()), (bot, "https://bot.example/other"));

        let without = UpdateDepartment { bot: Some(None), ..fx.change(&sales) };
        assert_eq!(fx.bots.update_department(without).await.unwrap().bot, None);
        let again = UpdateDepartment { bot: Some(Some(at(BOT))), ..fx.change(&sales) };
        assert_eq!(fx.bots.update_department(again.clone()).await.unwrap().bot.unwrap().user, bot);

        fx.users.delete(bot);
        fx.tell(&UserDeleted { tenant: fx.tenant, user: bot }).await;
        fx.settle().await;
        assert_eq!(find(&fx, DepartmentKey::Id(sales.id)).await.unwrap().bot, None);
        let next = fx.bots.update_department(again).await.unwrap().bot.unwrap();
        assert_ne!(next.user, bot);
    }

    async fn only_what_is_said_changes(db: Db) {
        let fx = Fixture::start(&db);
        let (ann, bob) = (fx.agent(), fx.agent());
        let old = fx.department("Sales", Some(BOT), &[ann]).await;
        fx.later(1);
        let renamed = UpdateDepartment { name: Some("Service".into()), ..fx.change(&old) };
        let new = fx.bots.update_department(renamed).await.unwrap();
        assert_eq!((&new.bot, &new.agents, new.active), (&old.bot, &old.agents, true));
        assert!(new.updated_at > old.updated_at && new.created_at == old.created_at);
        let staffed = UpdateDepartment { agents: Some(vec![bob]), active: Some(false), ..fx.change(&old) };
        let new = fx.bots.update_department(staffed).await.unwrap();
        assert_eq!((new.name.as_str(), &new.agents, new.active), ("Service", &vec![bob], false));
    }

    async fn who_is_there_is_known(db: Db) {
        let fx = Fixture::start(&db);
        let (ann, bob, cleo) = (fx.agent(), fx.agent(), fx.agent());
        let sales = fx.department("Sales", None, &[ann, bob]).await;
        fx.department("Other", None, &[cleo]).await;
        fx.realtime.online.lock().unwrap().extend([bob, cleo]);
        let asked = |department| OnlineAgents { by: fx.by(), department };
        assert_eq!(fx.bots.online(asked(Some(sales.number))).await.unwrap(), [bob]);
        assert_eq!(fx.bots.online(asked(None)).await.unwrap(), [bob, cleo]);
        assert_eq!(fx.bots.online(asked(Some(9999))).await.unwrap_err(), BotsError::DepartmentNotFound);
    }
}
