//! Issuing, listing and revoking credentials; standing ones.

use contracts::AuthApi as _;
use contracts::auth::{AuthError, GetToken, IssueToken, ListTokens, RevokeToken, StandToken, UpdateToken};
use domain::{Idempotency, Limit, Role, Scopes, TenantId, TokenId, TokenKind};
use store::Db;
use store::testing::on_each_engine;

use crate::world::{World, trees, until};

fn token(tenant: TenantId, kind: TokenKind, idempotency: Option<Idempotency>) -> IssueToken {
    let (name, detail) = ("first".to_owned(), "text".to_owned());
    IssueToken {
        tenant,
        kind,
        user: None,
        chat: None,
        name,
        detail,
        scopes: Scopes::ALL,
        expires_at: None,
        idempotency,
    }
}

on_each_engine! {
    migrations = trees();

    async fn a_repeated_request_answers_the_same_secret(db: Db) {
        let world = World::new(db);
        let tenant = world.tenant("demo").await.tenant.id;
        let promise = Some(Idempotency { key: [7; 32], body: [1; 32] });
        let command = token(tenant, TokenKind::Operator, promise);
        let (a, b) = tokio::join!(world.auth.issue(command.clone()), world.auth.issue(command.clone()));
        let (a, b) = (a.unwrap(), b.unwrap());
        let c = world.auth.issue(command.clone()).await.unwrap();
        assert_eq!((&a.token, &a.secret), (&b.token, &b.secret));
        assert_eq!((&a.token, &a.secret), (&c.token, &c.secret));
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM tokens").await, 7);
        let other = IssueToken { idempotency: Some(Idempotency { key: [7; 32], body: [2; 32] }), ..command };
        assert_eq!(world.auth.issue(other).await.err(), Some(AuthError::KeyReused));
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM idempotency WHERE answer LIKE '%op\\_%' ESCAPE '\\'").await, 0);
    }

    async fn what_makes_no_sense_is_refused(db: Db) {
        let world = World::new(db);
        let tenant = world.tenant("demo").await.tenant.id;
        for kind in [TokenKind::VoipbinSession, TokenKind::Root] {
            let refused = world.auth.issue(token(tenant, kind, None)).await;
            assert!(matches!(refused, Err(AuthError::Invalid(e)) if e.field == "kind"));
        }
        let nobody = world.auth.issue(token(tenant, TokenKind::Connectnow, None)).await;
        assert!(matches!(nobody, Err(AuthError::Invalid(e)) if e.field == "user"));
        let stranger = Some(world.user(TenantId::new(), Role::Agent));
        let foreign = IssueToken { user: stranger, ..token(tenant, TokenKind::Connectnow, None) };
        assert_eq!(world.auth.issue(foreign).await.err(), Some(AuthError::UserNotFound));
        let nowhere = world.auth.issue(token(TenantId::new(), TokenKind::Zenvia, None)).await;
        assert_eq!(nowhere.err(), Some(AuthError::TenantNotFound));
    }

    async fn a_list_is_strictly_newest_first_although_the_clock_stands(db: Db) {
        let world = World::new(db);
        let tenant = world.tenant("demo").await.tenant.id;
        let mut made = Vec::new();
        for _ in 0..5 {
            made.insert(0, world.auth.issue(token(tenant, TokenKind::VoipbinAccessKey, None)).await.unwrap().token);
            world.later(-1);
        }
        let list = async |before| {
            let kinds = vec![TokenKind::VoipbinAccessKey];
            let limit = Limit::clamped(4);
            world.auth.tokens(ListTokens { tenant, kinds, user: None, before, limit }).await.unwrap()
        };
        let first = list(None).await;
        assert_eq!((&first.items[..], first.more), (&made[..4], true));
        let rest = list(Some(made[3].created_at)).await;
        assert_eq!((rest.items.len(), rest.items[0].id, rest.more), (2, made[4].id, false));
        assert!(made.windows(2).all(|pair| pair[0].created_at > pair[1].created_at));
    }

    async fn revoking_ends_a_credential_and_is_told(db: Db) {
        let world = World::new(db);
        let tenant = world.tenant("demo").await.tenant.id;
        let made = world.auth.issue(token(tenant, TokenKind::Operator, None)).await.unwrap();
        let id = made.token.id;
        let renamed = UpdateToken { tenant, id, name: "second".into(), detail: String::new() };
        assert_eq!(world.auth.update_token(renamed.clone()).await.unwrap().name, "second");
        world.later(1);
        let first = world.auth.revoke(RevokeToken { tenant, id }).await.unwrap();
        world.later(1);
        let second = world.auth.revoke(RevokeToken { tenant, id }).await.unwrap();
        assert_eq!(first, second);
        assert!(first.revoked_at.is_some());
        assert_eq!(world.who(&[(TokenKind::Operator, &made.secret)]).await.err(), Some(AuthError::Unauthenticated));
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM outbox WHERE event_type = 'token.revoked'").await, 1);
        assert_eq!(world.auth.update_token(renamed).await.err(), Some(AuthError::TokenNotFound));
        assert_eq!(world.auth.token(GetToken { tenant, id }).await.unwrap(), first);
        for (tenant, id) in [(TenantId::new(), id), (tenant, TokenId::new())] {
            let foreign = world.auth.revoke(RevokeToken { tenant, id }).await;
            assert_eq!(foreign.err(), Some(AuthError::TokenNotFound));
        }
        let kinds = vec![TokenKind::Operator];
        let list = ListTokens { tenant, kinds, user: None, before: None, limit: Limit::clamped(9) };
        assert!(world.auth.tokens(list).await.unwrap().items.iter().all(|t| t.id != id));
    }

    async fn the_last_use_is_written_down_later_and_once_a_minute(db: Db) {
        let mut world = World::new(db);
        world.start();
        let made = world.tenant("demo").await;
        let tenant = made.tenant.id;
        let who = world.who(&[(TokenKind::Operator, &made.operator)]).await.unwrap();
        let used = async || world.auth.token(GetToken { tenant, id: who.token }).await.unwrap().last_used_at;
        let first = world.clock.now();
        until("the use is written", async || used().await == Some(first)).await;
        world.later(59);
        world.who(&[(TokenKind::Operator, &made.operator)]).await.unwrap();
        let second = world.later(1);
        world.who(&[(TokenKind::Operator, &made.operator)]).await.unwrap();
        until("the next use is written", async || used().await == Some(second)).await;
        world.stop().await;
    }

    async fn a_standing_credential_stays_until_revoked(db: Db) {
        let world = World::new(db);
        let tenant = world.tenant("demo").await.tenant.id;
        let user = world.user(tenant, Role::Customer);
        let stand = || world.auth.stand(StandToken { tenant, user, kind: TokenKind::ImbeeUser });
        let (a, b, c) = tokio::join!(stand(), stand(), stand());
        let answers = [a.unwrap(), b.unwrap(), c.unwrap(), stand().await.unwrap()];
        assert_eq!(answers.iter().filter(|s| s.created).count(), 1);
        let hex = |s: &str| s.len() == 40 && s.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase());
        let first = &answers[0];
        assert!(hex(&first.secret) && hex(&first.pass) && first.secret != first.pass);
        assert!(answers.iter().all(|s| s.secret == first.secret && s.pass == first.pass));
        let id = world.who(&[(TokenKind::ImbeeUser, &first.secret)]).await.unwrap().token;
        world.auth.revoke(RevokeToken { tenant, id }).await.unwrap();
        let next = stand().await.unwrap();
        assert!(next.created && next.secret != first.secret && next.pass != first.pass);
        assert!(!stand().await.unwrap().created);
        assert_eq!(world.who(&[(TokenKind::ImbeeUser, &first.secret)]).await.err(), Some(AuthError::Unauthenticated));
        let other = StandToken { tenant, user, kind: TokenKind::Operator };
        assert!(matches!(world.auth.stand(other).await, Err(AuthError::Invalid(_))));
    }
}
