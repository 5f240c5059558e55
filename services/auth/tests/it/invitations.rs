//! Invitations, and their use.

use chrono::NaiveDate;
use contracts::AuthApi as _;
use contracts::auth::{AuthError, HoldPromise, InvitationBy, Invite, KeepAnswer, KeptAnswer, Redeem, TenantSecrets};
use domain::{Idempotency, Role, TokenKind, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::world::{World, trees};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn by(secret: &str) -> InvitationBy {
    InvitationBy { secret: secret.to_owned() }
}

fn once(secret: &str) -> Redeem {
    Redeem { secret: secret.to_owned(), idempotency: None }
}

fn invite(made: &TenantSecrets, visitor: UserId) -> Invite {
    Invite {
        tenant: made.tenant.id,
        visitor,
        bot: made.tenant.bot,
        max_uses: None,
        last_day: None,
        mail: None,
        phone: None,
        link_prefix: "http://x/t/".into(),
        idempotency: None,
    }
}

on_each_engine! {
    migrations = trees();

    async fn the_same_two_get_the_same_invitation(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let visitor = world.user(made.tenant.id, Role::Customer);
        let ask = || world.auth.invite(Invite { mail: Some("a@b.example".into()), ..invite(&made, visitor) });
        let (a, b, c) = tokio::join!(ask(), ask(), ask());
        let answers = [a.unwrap(), b.unwrap(), c.unwrap()];
        assert_eq!(answers.iter().filter(|i| i.created).count(), 1);
        let first = &answers[0].invitation;
        assert!(answers.iter().all(|i| i.invitation == *first));
        assert_eq!((first.max_uses, first.uses, first.last_day, first.open), (10, 0, day("2026-12-21"), true));
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM outgoing").await, 3);
        assert_eq!(world.auth.invitation(by(&first.secret)).await.unwrap(), *first);
        let leaked = format!("SELECT COUNT(*) AS n FROM outgoing WHERE body LIKE '%{}%'", first.secret);
        assert_eq!(world.count(&leaked).await, 0);
        let nobody = world.auth.invitation(by("nonsense")).await;
        assert_eq!(nobody.err(), Some(AuthError::InvitationNotFound));
    }

    async fn a_repeated_request_sends_nothing_again(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let visitor = world.user(made.tenant.id, Role::Customer);
        let promise = |body| Some(Idempotency { key: [7; 32], body: [body; 32] });
        let ask = |body| {
            let mail = Some("a@b.example".into());
            world.auth.invite(Invite { mail, idempotency: promise(body), ..invite(&made, visitor) })
        };
        let first = ask(1).await.unwrap();
        assert_eq!(ask(1).await.unwrap(), first);
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM outgoing").await, 1);
        assert_eq!(ask(2).await.err(), Some(AuthError::KeyReused));
        let held = |body| HoldPromise { tenant: made.tenant.id, idempotency: Idempotency { key: [8; 32], body: [body; 32] } };
        assert_eq!(world.auth.promise(held(1)).await, Ok(None));
        assert_eq!(world.auth.promise(held(1)).await, Ok(None));
        assert_eq!(world.auth.promise(held(2)).await, Err(AuthError::KeyReused));
    }

    async fn a_promise_keeps_its_first_answer(db: Db) {
        let world = World::new(db);
        let tenant = world.tenant("demo").await.tenant.id;
        let promise = |body| Idempotency { key: [8; 32], body: [body; 32] };
        let held = |body| world.auth.promise(HoldPromise { tenant, idempotency: promise(body) });
        let answer = |status| KeptAnswer { status, content_type: Some("text/plain".into()), body: "gone".into() };
        let kept = |body, status| {
            world.auth.keep_answer(KeepAnswer { tenant, idempotency: promise(body), answer: answer(status) })
        };
        assert_eq!(held(1).await, Ok(None));
        assert_eq!((kept(1, 200).await, kept(1, 204).await), (Ok(()), Ok(())));
        assert_eq!(held(1).await, Ok(Some(answer(200))));
        assert_eq!((held(2).await, kept(2, 200).await), (Err(AuthError::KeyReused), Err(AuthError::KeyReused)));
    }

    async fn only_a_later_day_makes_another(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let visitor = world.user(made.tenant.id, Role::Customer);
        let ask = async |last_day: Option<&str>, max_uses| {
            world.auth.invite(Invite { last_day: last_day.map(day), max_uses, ..invite(&made, visitor) }).await.unwrap()
        };
        let past = ask(Some("2000-01-01"), Some(3)).await;
        assert!(past.created && !past.invitation.open);
        assert_eq!((past.invitation.last_day, past.invitation.max_uses), (day("2000-01-01"), 3));
        for same in [ask(None, Some(5)).await, ask(Some("2000-01-01"), None).await, ask(Some("1999-01-01"), None).await] {
            assert_eq!((same.created, &same.invitation), (false, &past.invitation));
        }
        let later = ask(Some("2026-11-21"), Some(0)).await;
        assert!(later.created && later.invitation.open && later.invitation.max_uses == 10);
        assert_ne!(later.invitation.secret, past.invitation.secret);
        let old = world.auth.invitation(by(&past.invitation.secret)).await;
        assert_eq!(old.err(), Some(AuthError::InvitationNotFound));
        let negative = Invite { max_uses: Some(-1), ..invite(&made, visitor) };
        assert!(matches!(world.auth.invite(negative).await, Err(AuthError::Invalid(_))));
        let stranger = world.user(domain::TenantId::new(), Role::Customer);
        assert_eq!(world.auth.invite(invite(&made, stranger)).await.err(), Some(AuthError::UserNotFound));
    }

    async fn each_use_counts_once_also_at_the_same_instant(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let visitor = world.user(made.tenant.id, Role::Customer);
        let three = Invite { max_uses: Some(3), ..invite(&made, visitor) };
        let secret = world.auth.invite(three).await.unwrap().invitation.secret;
        let mut uses = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (auth, once) = (world.auth.clone(), once(&secret));
            uses.spawn(async move { auth.redeem(once).await });
        }
        let (done, refused): (Vec<_>, Vec<_>) = uses.join_all().await.into_iter().partition(Result::is_ok);
        assert_eq!((done.len(), refused.len()), (3, 5));
        assert!(refused.iter().all(|r| matches!(r, Err(AuthError::InvitationEnded))));
        let spent = world.auth.invitation(by(&secret)).await.unwrap();
        assert_eq!((spent.uses, spent.open), (3, false));
        assert_eq!(world.auth.redeem(once("nonsense")).await.err(), Some(AuthError::InvitationNotFound));
    }

    async fn a_repeated_use_is_the_same_use(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let visitor = world.user(made.tenant.id, Role::Customer);
        let secret = world.auth.invite(Invite { max_uses: Some(1), ..invite(&made, visitor) }).await.unwrap();
        let secret = secret.invitation.secret;
        let using = |key: u8, body: u8| {
            let idempotency = Some(Idempotency { key: [key; 32], body: [body; 32] });
            world.auth.redeem(Redeem { secret: secret.clone(), idempotency })
        };
        let (one, two) = tokio::join!(using(1, 1), using(1, 1));
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_eq!((&one.visit, one.invitation.uses, two.invitation.id), (&two.visit, 1, one.invitation.id));
        let late = using(1, 1).await.unwrap();
        assert_eq!((late.visit, late.invitation.uses), (one.visit, 1), "also when no use is left");
        assert_eq!(using(1, 2).await.err(), Some(AuthError::KeyReused));
        assert_eq!(using(2, 2).await.err(), Some(AuthError::InvitationEnded));
    }

    async fn a_visit_is_the_visitors_and_ends_with_the_invitation(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let visitor = world.user(made.tenant.id, Role::Customer);
        let today = Invite { last_day: Some(day("2026-11-21")), ..invite(&made, visitor) };
        let secret = world.auth.invite(today).await.unwrap().invitation.secret;
        let redeemed = world.auth.redeem(once(&secret)).await.unwrap();
        assert_eq!(redeemed.invitation.uses, 1);
        let ask = async || world.who(&[(TokenKind::ImbeeVisit, &redeemed.visit)]).await;
        let who = ask().await.unwrap();
        assert_eq!((who.user, who.role, who.kind), (Some(visitor), Role::Customer, TokenKind::ImbeeVisit));
        world.later(14 * 60 * 60 - 1);
        ask().await.unwrap();
        world.later(1);
        assert_eq!(ask().await.err(), Some(AuthError::Unauthenticated));
        assert_eq!(world.auth.redeem(once(&secret)).await.err(), Some(AuthError::InvitationEnded));
        world.later(-60);
        world.people.remove(visitor);
        assert_eq!(world.auth.redeem(once(&secret)).await.err(), Some(AuthError::InvitationNotFound));
    }
}
