//! Sessions that are stored like other credentials.

use contracts::AuthApi as _;
use contracts::auth::{AuthError, ListTokens, LogIn, RevokeToken, Session, SetLogin};
use domain::{Limit, Role, Surface, TenantId, TokenKind};
use store::Db;
use store::testing::on_each_engine;

use crate::world::{World, trees};

async fn open(world: &World, login: &str, password: &str, tenant: Option<TenantId>) -> Result<Session, AuthError> {
    let (login, password) = (login.to_owned(), password.to_owned());
    world.auth.log_in(LogIn { surface: Surface::Odoo, login, password, tenant, address: None }).await
}

async fn counts(world: &World, secret: &str) -> bool {
    world.who(&[(TokenKind::OdooSession, secret)]).await.is_ok()
}

on_each_engine! {
    migrations = trees();

    async fn a_session_is_a_credential_for_a_week(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let (tenant, admin) = (made.tenant.id, made.tenant.admin);
        let session = open(&world, &made.login, &made.password, None).await.unwrap();
        assert!(session.secret.len() == 40 && session.secret.bytes().all(|b| b.is_ascii_hexdigit()));
        let who = world.who(&[(TokenKind::OdooSession, &session.secret)]).await.unwrap();
        assert_eq!((who.tenant, who.user, who.role, who.kind), (tenant, Some(admin), Role::Admin, TokenKind::OdooSession));
        assert_eq!(who.token, session.principal.token);
        assert!(world.who(&[(TokenKind::Connectnow, &session.secret)]).await.is_err(), "it opens nothing else");

        let list = ListTokens {
            tenant,
            kinds: vec![TokenKind::OdooSession],
            user: Some(admin),
            before: None,
            limit: Limit::clamped(9),
        };
        let listed = world.auth.tokens(list).await.unwrap().items;
        assert_eq!(listed.iter().map(|t| (t.id, t.name.as_str())).collect::<Vec<_>>(), [(who.token, made.login.as_str())]);
        world.later(7 * 24 * 60 * 60 - 1);
        assert!(counts(&world, &session.secret).await);
        world.later(1);
        assert!(!counts(&world, &session.secret).await);
    }

    async fn a_session_ends_by_revocation_and_by_a_new_password(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let (tenant, user) = (made.tenant.id, made.tenant.admin);
        let one = open(&world, &made.login, &made.password, None).await.unwrap();
        let two = open(&world, &made.login, &made.password, None).await.unwrap();
        assert_ne!(one.secret, two.secret);
        world.auth.revoke(RevokeToken { tenant, id: one.principal.token }).await.unwrap();
        assert!(!counts(&world, &one.secret).await && counts(&world, &two.secret).await);
        let set = |password: &str| SetLogin { tenant, user, login: None, password: Some(password.to_owned()) };
        world.auth.set_login(set(&made.password)).await.unwrap();
        assert!(counts(&world, &two.secret).await, "the same password changes nothing");
        world.auth.set_login(set("another")).await.unwrap();
        assert!(!counts(&world, &two.secret).await);
        assert!(world.who(&[(TokenKind::Connectnow, &made.connectnow)]).await.is_ok(), "other credentials stay");
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM outbox WHERE event_type = 'token.revoked'").await, 2);
        open(&world, &made.login, "another", None).await.unwrap();
    }

    async fn a_login_of_another_tenant_is_a_wrong_one(db: Db) {
        let world = World::new(db);
        let (ours, theirs) = (world.tenant("ours").await, world.tenant("theirs").await);
        open(&world, &ours.login, &ours.password, Some(ours.tenant.id)).await.unwrap();
        for _ in 0..10 {
            let wrong = open(&world, &ours.login, &ours.password, Some(theirs.tenant.id)).await;
            assert_eq!(wrong.err(), Some(AuthError::Unauthenticated));
        }
        let limited = open(&world, &ours.login, &ours.password, None).await;
        assert!(matches!(limited.err(), Some(AuthError::Limited { .. })), "it counts as a failure");
    }
}
