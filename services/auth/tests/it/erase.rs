//! What is left of deleted tenants and users.

use contracts::AuthApi as _;
use contracts::auth::{
    AskPassword, AuthError, DeleteTenant, FindLogin, Invite, IssueToken, MailCode, SetLogin, StandToken,
};
use domain::{ChatId, Idempotency, Role, Scopes, TenantId, TokenKind, UserId};
use proto_events::UserDeleted;
use store::Db;
use store::testing::on_each_engine;

use crate::world::{World, trees, until};

/// Rows of this service and the kernel in all tables but those of events.
const ROWS: &str = "SELECT (SELECT COUNT(*) FROM tenants) + (SELECT COUNT(*) FROM logins) + (SELECT COUNT(*) FROM tokens) \
    + (SELECT COUNT(*) FROM login_failures) + (SELECT COUNT(*) FROM standing_tokens) + (SELECT COUNT(*) FROM invitations) \
    + (SELECT COUNT(*) FROM chat_passwords) + (SELECT COUNT(*) FROM codes) + (SELECT COUNT(*) FROM outgoing) + (SELECT COUNT(*) FROM erasures) + (SELECT COUNT(*) FROM idempotency) AS n";

/// Somebody with one of everything.
async fn furnished(world: &World, tenant: TenantId, bot: UserId, key: u8) -> (UserId, String) {
    let user = world.user(tenant, Role::Agent);
    let login = format!("user-{key}");
    let set = SetLogin { tenant, user, login: Some(login.clone()), password: Some("pw".into()) };
    world.auth.set_login(set).await.unwrap();
    world.auth.stand(StandToken { tenant, user, kind: TokenKind::ImbeeUser }).await.unwrap();
    let issue = IssueToken {
        tenant,
        kind: TokenKind::Connectnow,
        user: Some(user),
        chat: None,
        name: String::new(),
        detail: String::new(),
        scopes: Scopes::ALL,
        expires_at: None,
        idempotency: Some(Idempotency { key: [key; 32], body: [0; 32] }),
    };
    let secret = world.auth.issue(issue).await.unwrap().secret;
    let invite = Invite {
        tenant,
        visitor: user,
        bot,
        max_uses: None,
        last_day: None,
        mail: Some("ann@example.com".into()),
        phone: None,
        link_prefix: String::new(),
        idempotency: None,
    };
    world.auth.invite(invite).await.unwrap();
    let (chat, email) = (ChatId::new(), "ann@example.com".to_owned());
    world.auth.chat_password(AskPassword { tenant, chat }).await.unwrap();
    world.auth.mail_code(MailCode { tenant, chat, user, email, idempotency: None }).await.unwrap();
    assert_eq!(world.log_in(&login, "wrong").await.err(), Some(AuthError::Unauthenticated));
    (user, secret)
}

on_each_engine! {
    migrations = trees();

    async fn nothing_is_left_of_a_deleted_tenant(db: Db) {
        let world = World::at_work(db, &[]);
        let kept = world.tenant("kept").await;
        furnished(&world, kept.tenant.id, kept.tenant.bot, 1).await;
        let before = world.count(ROWS).await;
        let gone = world.tenant("gone").await;
        for key in 2..5 {
            furnished(&world, gone.tenant.id, gone.tenant.bot, key).await;
        }
        world.auth.delete_tenant(DeleteTenant { id: gone.tenant.id }).await.unwrap();
        until("it is erased", async || world.count(ROWS).await == before).await;
        world.who(&[(TokenKind::Operator, &kept.operator)]).await.unwrap();
        let again = world.auth.delete_tenant(DeleteTenant { id: gone.tenant.id }).await;
        assert_eq!(again.err(), Some(AuthError::TenantNotFound));
        world.stop().await;
    }

    async fn a_deleted_user_holds_nothing_any_more(db: Db) {
        let world = World::at_work(db, &[]);
        let made = world.tenant("demo").await;
        let tenant = made.tenant.id;
        let (ann, secret) = furnished(&world, tenant, made.tenant.bot, 1).await;
        let (_, other) = furnished(&world, tenant, made.tenant.bot, 2).await;
        // The user still lives here, so that it is the credential itself that must end.
        let tx = world.db.begin().await.unwrap();
        world.outbox.append(&tx, &UserDeleted { tenant, user: ann }, world.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        world.outbox.wake();
        until("the credential has ended", async || world.who(&[(TokenKind::Connectnow, &secret)]).await.is_err()).await;
        until("all is done", async || world.count("SELECT COUNT(*) AS n FROM erasures").await == 0).await;
        assert_eq!(world.log_in("user-1", "pw").await.err(), Some(AuthError::Unauthenticated));
        let free = world.auth.find_login(FindLogin { login: "user-1".into(), tenant: None }).await.unwrap();
        assert_eq!(free, None);
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM standing_tokens").await, 1);
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM invitations").await, 1);
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM outbox WHERE event_type = 'token.revoked'").await, 2);
        world.who(&[(TokenKind::Connectnow, &other)]).await.unwrap();
        world.log_in("user-2", "pw").await.unwrap();
        world.stop().await;
    }
}
