//! Who a caller is.

use contracts::AuthApi as _;
use contracts::auth::{AuthError, IssueToken, IssuedToken};
use domain::{Role, Scopes, TenantId, Timestamp, TokenKind, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::world::{ROOT, World, trees};

async fn issue(
    world: &World,
    tenant: TenantId,
    kind: TokenKind,
    user: Option<UserId>,
    expires_at: Option<Timestamp>,
) -> IssuedToken {
    let scopes = Scopes { read: true, write: false };
    let command = IssueToken {
        tenant,
        kind,
        user,
        chat: None,
        name: "n".into(),
        detail: String::new(),
        scopes,
        expires_at,
        idempotency: None,
    };
    world.auth.issue(command).await.unwrap()
}

on_each_engine! {
    migrations = trees();

    async fn a_tenants_first_secrets_all_count(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let tenant = made.tenant.id;
        for (kind, secret, user) in [
            (TokenKind::Operator, &made.operator, None),
            (TokenKind::ImbeeAuthorization, &made.imbee_authorization, None),
            (TokenKind::ImbeeCorporate, &made.imbee_corporate, None),
            (TokenKind::VoipbinAccessKey, &made.voipbin_access_key, Some(made.tenant.admin)),
            (TokenKind::Connectnow, &made.connectnow, Some(made.tenant.admin)),
            (TokenKind::Zenvia, &made.zenvia, None),
        ] {
            let who = world.who(&[(kind, secret)]).await.unwrap();
            assert_eq!((who.tenant, who.kind, who.user, who.role), (tenant, kind, user, Role::Admin));
            assert_eq!(who.scopes, Scopes::ALL);
            let mistaken = if kind == TokenKind::Zenvia { TokenKind::Operator } else { TokenKind::Zenvia };
            assert_eq!(world.who(&[(mistaken, secret)]).await.err(), Some(AuthError::Unauthenticated));
        }
        assert_eq!(world.who(&[]).await.err(), Some(AuthError::Unauthenticated));
        assert_eq!(world.who(&[(TokenKind::Zenvia, "nonsense")]).await.err(), Some(AuthError::Unauthenticated));
    }

    async fn all_secrets_must_count_and_the_last_one_acts(db: Db) {
        let world = World::new(db);
        let (a, b) = (world.tenant("a").await, world.tenant("b").await);
        let user = world.user(a.tenant.id, Role::Customer);
        let key = issue(&world, a.tenant.id, TokenKind::ImbeeUser, Some(user), None).await;
        let gate = |s: &str| (TokenKind::ImbeeAuthorization, s.to_owned());
        let ask = async |gate: (TokenKind, String), secret: &str| {
            world.who(&[(gate.0, &gate.1), (TokenKind::ImbeeUser, secret)]).await
        };
        let who = ask(gate(&a.imbee_authorization), &key.secret).await.unwrap();
        assert_eq!((who.user, who.role, who.token), (Some(user), Role::Customer, key.token.id));
        assert_eq!(who.scopes, Scopes { read: true, write: false });
        for (first, second) in [(&b.imbee_authorization, &key.secret), (&key.secret, &key.secret)] {
            assert_eq!(ask(gate(first), second).await.err(), Some(AuthError::Unauthenticated));
        }
    }

    async fn the_root_token_is_of_no_tenant(db: Db) {
        let world = World::new(db);
        let who = world.who(&[(TokenKind::Root, ROOT)]).await.unwrap();
        assert!(who.tenant.uuid().is_nil());
        assert_eq!((who.kind, who.role, who.user), (TokenKind::Root, Role::Admin, None));
        assert_eq!(world.who(&[(TokenKind::Operator, ROOT)]).await.err(), Some(AuthError::Unauthenticated));
        assert_eq!(world.who(&[(TokenKind::Root, "")]).await.err(), Some(AuthError::Unauthenticated));
        let rootless = world.beside(&[("auth.root_token", "")]);
        assert_eq!(rootless.who(&[(TokenKind::Root, "")]).await.err(), Some(AuthError::Unauthenticated));
    }

    async fn deleted_people_and_ended_credentials_are_refused(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let user = world.user(made.tenant.id, Role::Agent);
        let soon = Some(world.clock.now().plus_seconds(60));
        let key = issue(&world, made.tenant.id, TokenKind::Connectnow, Some(user), soon).await;
        let ask = async || world.who(&[(TokenKind::Connectnow, &key.secret)]).await;
        assert_eq!(ask().await.unwrap().role, Role::Agent);
        world.people.promote(user, Role::Manager);
        assert_eq!(ask().await.unwrap().role, Role::Manager);
        world.later(60);
        assert_eq!(ask().await.err(), Some(AuthError::Unauthenticated));
        world.later(-60);
        world.people.remove(user);
        assert_eq!(ask().await.err(), Some(AuthError::Unauthenticated));
    }

    async fn an_access_key_of_nobody_stands_for_the_first_admin(db: Db) {
        let world = World::new(db);
        let made = world.tenant("demo").await;
        let key = issue(&world, made.tenant.id, TokenKind::VoipbinAccessKey, None, None).await;
        let ask = async || world.who(&[(TokenKind::VoipbinAccessKey, &key.secret)]).await;
        assert_eq!(ask().await.unwrap().user, Some(made.tenant.admin));
        let second = world.user(made.tenant.id, Role::Admin);
        world.people.remove(made.tenant.admin);
        assert_eq!(ask().await.unwrap().user, Some(second));
        world.people.remove(second);
        assert_eq!(ask().await.err(), Some(AuthError::Unauthenticated));
    }
}
