//! Logins, and how often a log-in may fail.

use contracts::AuthApi as _;
use contracts::auth::{AuthError, FindLogin, LogIn, Login, LoginsOf, SetLogin};
use domain::{Role, Surface, TenantId, TokenKind, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::world::{World, trees};

fn set(tenant: TenantId, user: UserId, login: Option<&str>, password: Option<&str>) -> SetLogin {
    SetLogin { tenant, user, login: login.map(Into::into), password: password.map(Into::into) }
}

fn retry_after(e: Option<&AuthError>) -> Option<u32> {
    match e {
        Some(AuthError::Limited { retry_after_s }) => Some(*retry_after_s),
        _ => None,
    }
}

on_each_engine! {
    migrations = trees();

    async fn a_login_is_unique_in_the_instance_without_case(db: Db) {
        let world = World::new(db);
        let (a, b) = (world.tenant("a").await.tenant.id, world.tenant("b").await.tenant.id);
        let (ann, bob) = (world.user(a, Role::Agent), world.user(b, Role::Agent));
        let made = world.auth.set_login(set(a, ann, Some(" Ann "), Some("pw"))).await.unwrap();
        assert_eq!(made, Login { user: ann, login: "Ann".into() });
        let taken = world.auth.set_login(set(b, bob, Some("aNN"), Some("pw"))).await;
        assert_eq!(taken.err(), Some(AuthError::LoginTaken));
        world.auth.set_login(set(b, bob, Some("bob"), None)).await.unwrap();
        let renamed = world.auth.set_login(set(b, bob, Some("ann"), None)).await;
        assert_eq!(renamed.err(), Some(AuthError::LoginTaken));
        let find = |login: &str, tenant| world.auth.find_login(FindLogin { login: login.into(), tenant });
        assert_eq!(find("ANN", None).await.unwrap(), Some(made.clone()));
        assert_eq!(find("ann", Some(b)).await.unwrap(), None);
        let of = world.auth.logins(LoginsOf { tenant: a, users: vec![ann, bob] }).await.unwrap();
        assert_eq!(of, [made]);
        let nobody = world.user(a, Role::Agent);
        for bad in [set(a, nobody, None, Some("pw")), set(a, nobody, Some(" "), None), set(a, ann, None, Some(""))] {
            assert!(matches!(world.auth.set_login(bad).await, Err(AuthError::Invalid(_))));
        }
        let foreign = world.auth.set_login(set(b, ann, Some("x"), None)).await;
        assert_eq!(foreign.err(), Some(AuthError::UserNotFound));
    }

    async fn a_new_password_ends_sessions_and_the_same_one_does_not(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let (tenant, admin) = (made.tenant.id, made.tenant.admin);
        let session = world.log_in(&made.login.to_uppercase(), &made.password).await.unwrap();
        assert_eq!((session.principal.tenant, session.principal.user), (tenant, Some(admin)));
        let ask = async || world.who(&[(TokenKind::VoipbinSession, &session.secret)]).await;
        assert_eq!(ask().await.unwrap().token, session.principal.token);
        world.auth.set_login(set(tenant, admin, Some("chief"), Some(&made.password))).await.unwrap();
        ask().await.unwrap();
        world.auth.set_login(set(tenant, admin, None, Some("another"))).await.unwrap();
        assert_eq!(ask().await.err(), Some(AuthError::Unauthenticated));
        assert_eq!(world.log_in("chief", &made.password).await.err(), Some(AuthError::Unauthenticated));
        assert_eq!(world.log_in(&made.login, "another").await.err(), Some(AuthError::Unauthenticated));
        world.log_in("chief", "another").await.unwrap();
    }

    async fn a_login_without_password_and_other_surfaces_open_nothing(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let user = world.user(made.tenant.id, Role::Agent);
        world.auth.set_login(set(made.tenant.id, user, Some("bare"), None)).await.unwrap();
        assert_eq!(world.log_in("bare", "").await.err(), Some(AuthError::Unauthenticated));
        let (login, password) = (made.login.clone(), made.password.clone());
        let odd = world.auth.log_in(LogIn { surface: Surface::Zenvia, login, password, tenant: None, address: None }).await;
        assert!(matches!(odd, Err(AuthError::Invalid(_))));
        world.people.remove(made.tenant.admin);
        assert_eq!(world.log_in(&made.login, &made.password).await.err(), Some(AuthError::Unauthenticated));
    }

    async fn ten_failures_a_minute_and_the_account_waits_known_or_not(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        for login in [made.login.as_str(), "nobody"] {
            for n in 0..10 {
                let wrong = world.log_in_from(&login.to_uppercase(), "wrong", &format!("10.0.0.{n}")).await;
                assert_eq!(wrong.err(), Some(AuthError::Unauthenticated));
            }
            world.later(20);
            // Another instance counts along, and the right password is no help.
            let refused = world.beside(&[]).log_in_from(login, &made.password, "10.0.1.1").await;
            assert_eq!(retry_after(refused.err().as_ref()), Some(40));
            world.later(40);
            let over = world.log_in(login, "wrong").await;
            assert_eq!(over.err(), Some(AuthError::Unauthenticated));
        }
        world.log_in(&made.login, &made.password).await.unwrap();
    }

    async fn an_address_has_its_own_limit_and_success_costs_nothing(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let world = world.beside(&[("auth.failures_per_address", "3")]);
        for _ in 0..12 {
            world.log_in_from(&made.login, &made.password, "10.0.0.1").await.unwrap();
        }
        for n in 0..3 {
            let wrong = world.log_in_from(&format!("guess{n}"), "x", "10.0.0.1").await;
            assert_eq!(wrong.err(), Some(AuthError::Unauthenticated));
        }
        let refused = world.log_in_from(&made.login, &made.password, "::ffff:10.0.0.1").await;
        assert_eq!(retry_after(refused.err().as_ref()), Some(60));
        world.log_in_from(&made.login, &made.password, "10.0.0.2").await.unwrap();
    }

    async fn guesses_at_the_same_instant_are_bounded(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let world = world.beside(&[("auth.hash_parallel", "2")]);
        let mut guesses = tokio::task::JoinSet::new();
        for _ in 0..40 {
            let (auth, login) = (world.auth.clone(), made.login.clone());
            let guess = LogIn { surface: Surface::Voipbin, login, password: "wrong".into(), tenant: None, address: None };
            guesses.spawn(async move { auth.log_in(guess).await.err() });
        }
        let answers = guesses.join_all().await;
        let tried = answers.iter().filter(|e| **e == Some(AuthError::Unauthenticated)).count();
        assert!((10..=11).contains(&tried), "{tried} guesses were tried");
        assert_eq!(answers.into_iter().filter(|e| retry_after(e.as_ref()).is_some()).count(), 40 - tried);
    }
}
