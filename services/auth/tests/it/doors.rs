//! Passwords of chats, and codes that are mailed.

use std::path::Path;
use std::sync::Arc;

use contracts::AuthApi as _;
use contracts::auth::{
    AskPassword, AuthError, IssueToken, Knock, LetIn, MailCode, MustProve, RedeemCode, SetLogin, TryCode,
};
use domain::{ChatId, Clock, Idempotency, Role, Scopes, TenantId, TokenKind, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::world::{World, trees, until};

/// A world that stands still and puts mail into `dir`.
fn mailing(db: Db, dir: &Path) -> World {
    let clock = Clock::fixed("2026-11-21T10:00:00Z".parse().unwrap());
    let mut world = World::with(db, clock, &[("mail.dir", dir.to_str().unwrap())], Arc::default());
    world.start();
    world
}

async fn mail(
    world: &World,
    tenant: TenantId,
    chat: ChatId,
    user: UserId,
    promise: Option<u8>,
) -> Result<(), AuthError> {
    let idempotency = promise.map(|body| Idempotency { key: [9; 32], body: [body; 32] });
    let email = "Ann@Example.org".to_owned();
    world.auth.mail_code(MailCode { tenant, chat, user, email, idempotency }).await
}

/// The codes that were mailed, once there are `n`.
async fn codes(world: &World, dir: &Path, n: usize) -> Vec<String> {
    until("it is sent", async || world.count("SELECT COUNT(*) AS n FROM outgoing").await == 0).await;
    let entries = std::fs::read_dir(dir).unwrap().map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap());
    let line = |mail: String| {
        mail.lines().map(str::trim).find(|l| l.len() == 6 && l.bytes().all(|b| b.is_ascii_digit())).map(str::to_owned)
    };
    let codes: Vec<String> = entries.filter_map(line).collect();
    assert_eq!(codes.len(), n);
    codes
}

/// Tries a code and uses it up.
async fn redeem(world: &World, tenant: TenantId, chat: ChatId, code: &str) -> Result<UserId, AuthError> {
    let LetIn { code, .. } = attempt(world, tenant, chat, code, None).await?;
    let redeem = RedeemCode { tenant, chat, code, idempotency: None };
    world.auth.redeem_code(redeem).await.map(|made| made.token.user.unwrap())
}

/// Tries a code.
async fn attempt(
    world: &World,
    tenant: TenantId,
    chat: ChatId,
    code: &str,
    idempotency: Option<Idempotency>,
) -> Result<LetIn, AuthError> {
    let (email, code) = ("ann@example.ORG".to_owned(), code.to_owned());
    world.auth.try_code(TryCode { tenant, chat, email, code, idempotency }).await
}

fn other(code: &str) -> &'static str {
    if code == "123456" { "654321" } else { "123456" }
}

on_each_engine! {
    migrations = trees();

    async fn a_chat_s_password_is_the_same_at_each_call(db: Db) {
        let world = World::new(db);
        let tenant = world.tenant("demo").await.tenant.id;
        let (chat, silent) = (ChatId::new(), ChatId::new());
        let ask = async |chat| world.auth.chat_password(AskPassword { tenant, chat }).await.unwrap().password;
        let password = ask(chat).await;
        assert_eq!(ask(chat).await, password);
        assert_ne!(ask(ChatId::new()).await, password);
        assert_eq!(world.beside(&[]).auth.chat_password(AskPassword { tenant, chat }).await.unwrap().password, password);
        let knock = |tenant, chat, password: &str| {
            world.auth.knock(Knock { tenant, chat, password: password.to_owned(), address: None })
        };
        knock(tenant, chat, &password).await.unwrap();
        for (tenant, chat, word) in [
            (tenant, chat, "wrong"),
            (tenant, chat, ""),
            (tenant, silent, password.as_str()),
            (TenantId::new(), chat, password.as_str()),
        ] {
            assert_eq!(knock(tenant, chat, word).await.unwrap_err(), AuthError::WrongPassword, "{word}");
        }
    }

    async fn an_address_that_guesses_passwords_has_to_wait(db: Db) {
        let world = World::new(db).beside(&[("auth.failures_per_address", "3")]);
        let tenant = world.tenant("demo").await.tenant.id;
        let chat = ChatId::new();
        let password = world.auth.chat_password(AskPassword { tenant, chat }).await.unwrap().password;
        let knock = |password: &str, address: &str| {
            let address = Some(address.parse().unwrap());
            world.auth.knock(Knock { tenant, chat, password: password.to_owned(), address })
        };
        for _ in 0..3 {
            assert_eq!(knock("wrong", "192.0.2.1").await.unwrap_err(), AuthError::WrongPassword);
        }
        assert!(matches!(knock(&password, "192.0.2.1").await, Err(AuthError::Limited { .. })));
        knock(&password, "192.0.2.2").await.unwrap();
        world.later(61);
        knock(&password, "192.0.2.1").await.unwrap();
    }

    async fn who_is_known_must_prove_it(db: Db) {
        let world = World::new(db);
        let tenant = world.tenant("demo").await.tenant.id;
        let proof = async |user| world.auth.must_prove(MustProve { tenant, user }).await.unwrap();
        for (role, expected) in [(Role::Customer, false), (Role::Bot, false), (Role::Agent, true), (Role::Admin, true)] {
            assert_eq!(proof(world.user(tenant, role)).await, expected, "{role}");
        }
        let visitor = world.user(tenant, Role::Customer);
        let issue = IssueToken {
            tenant,
            kind: TokenKind::ChatUser,
            user: Some(visitor),
            chat: Some(ChatId::new()),
            name: String::new(),
            detail: String::new(),
            scopes: Scopes::ALL,
            expires_at: None,
            idempotency: None,
        };
        let chat = issue.chat;
        let issued = world.auth.issue(issue.clone()).await.unwrap();
        let who = world.who(&[(TokenKind::ChatUser, &issued.secret)]).await.unwrap();
        assert_eq!((who.user, who.chat, who.manages()), (Some(visitor), chat, false));
        assert!(proof(visitor).await, "once a credential was issued");
        let with_login = world.user(tenant, Role::Customer);
        let login = SetLogin { tenant, user: with_login, login: Some("cleo".into()), password: Some("x".into()) };
        world.auth.set_login(login).await.unwrap();
        assert!(proof(with_login).await);
        for wrong in [IssueToken { chat: None, ..issue.clone() }, IssueToken { kind: TokenKind::Connectnow, ..issue }] {
            assert!(matches!(world.auth.issue(wrong).await, Err(AuthError::Invalid(_))));
        }
        let stranger = MustProve { tenant, user: UserId::new() };
        assert_eq!(world.auth.must_prove(stranger).await.unwrap_err(), AuthError::UserNotFound);
    }

    async fn a_code_works_once_in_its_chat(db: Db) {
        let dir = tempfile::tempdir().unwrap();
        let world = mailing(db, dir.path());
        let tenant = world.tenant("demo").await.tenant.id;
        let (ann, chat) = (world.user(tenant, Role::Customer), ChatId::new());
        mail(&world, tenant, chat, ann, None).await.unwrap();
        let code = codes(&world, dir.path(), 1).await.remove(0);
        let stored = world.count("SELECT COUNT(*) AS n FROM codes WHERE used_at IS NULL AND tries = 0").await;
        assert_eq!(stored, 1);
        for (tenant, chat) in [(tenant, ChatId::new()), (TenantId::new(), chat)] {
            assert_eq!(redeem(&world, tenant, chat, &code).await.unwrap_err(), AuthError::WrongCode);
        }
        assert_eq!(redeem(&world, tenant, chat, other(&code)).await.unwrap_err(), AuthError::WrongCode);
        assert_eq!(redeem(&world, tenant, chat, &code).await.unwrap(), ann);
        assert_eq!(redeem(&world, tenant, chat, &code).await.unwrap_err(), AuthError::WrongCode, "once");
        world.stop().await;
    }

    /// A request that breaks off between trying a code and using it up leaves it as it was, however often that happens; and a
    /// repeat of one that came to its end gets the same credential.
    async fn a_code_is_used_up_with_its_credential(db: Db) {
        let dir = tempfile::tempdir().unwrap();
        let world = mailing(db, dir.path());
        let tenant = world.tenant("demo").await.tenant.id;
        let (ann, chat) = (world.user(tenant, Role::Customer), ChatId::new());
        mail(&world, tenant, chat, ann, None).await.unwrap();
        let code = codes(&world, dir.path(), 1).await.remove(0);
        let promise = |body| Some(Idempotency { key: [7; 32], body: [body; 32] });
        let try_it = |body| attempt(&world, tenant, chat, &code, promise(body));
        for _ in 0..7 {
            assert_eq!(try_it(1).await.unwrap().user, ann);
        }
        let let_in = try_it(1).await.unwrap();
        let redeem = |chat, code, body| {
            world.auth.redeem_code(RedeemCode { tenant, chat, code, idempotency: promise(body) })
        };
        assert_eq!(redeem(ChatId::new(), let_in.code, 1).await.unwrap_err(), AuthError::WrongCode, "another chat's");
        let first = redeem(chat, let_in.code, 1).await.unwrap();
        let who = world.who(&[(TokenKind::ChatUser, &first.secret)]).await.unwrap();
        assert_eq!((who.user, who.chat), (Some(ann), Some(chat)));
        let again = try_it(1).await.unwrap();
        assert_eq!(again, LetIn { user: ann, code: None });
        assert_eq!(redeem(chat, again.code, 1).await.unwrap().secret, first.secret);
        // Another body under the same key; and the code without it.
        assert_eq!(try_it(2).await.unwrap_err(), AuthError::KeyReused);
        assert_eq!(redeem(chat, let_in.code, 2).await.unwrap_err(), AuthError::KeyReused);
        assert_eq!(attempt(&world, tenant, chat, &code, None).await.unwrap_err(), AuthError::WrongCode);
        world.stop().await;
    }

    async fn a_code_ends_with_its_time_its_tries_and_its_user(db: Db) {
        let dir = tempfile::tempdir().unwrap();
        let world = mailing(db, dir.path());
        let tenant = world.tenant("demo").await.tenant.id;
        let (ann, chat) = (world.user(tenant, Role::Customer), ChatId::new());
        mail(&world, tenant, chat, ann, None).await.unwrap();
        let tried = codes(&world, dir.path(), 1).await.remove(0);
        for _ in 0..5 {
            assert_eq!(redeem(&world, tenant, chat, other(&tried)).await.unwrap_err(), AuthError::WrongCode);
        }
        assert_eq!(redeem(&world, tenant, chat, &tried).await.unwrap_err(), AuthError::WrongCode, "five tries");

        mail(&world, tenant, chat, ann, None).await.unwrap();
        let mut all = codes(&world, dir.path(), 2).await;
        all.retain(|code| *code != tried);
        let late = all.pop().unwrap();
        world.later(15 * 60);
        assert_eq!(redeem(&world, tenant, chat, &late).await.unwrap_err(), AuthError::WrongCode, "15 minutes");

        mail(&world, tenant, chat, ann, None).await.unwrap();
        let mut all = codes(&world, dir.path(), 3).await;
        all.retain(|code| *code != tried && *code != late);
        world.people.remove(ann);
        assert_eq!(redeem(&world, tenant, chat, &all[0]).await.unwrap_err(), AuthError::WrongCode, "the user is gone");
        world.stop().await;
    }

    async fn of_many_at_once_one_uses_the_code(db: Db) {
        let dir = tempfile::tempdir().unwrap();
        let world = mailing(db, dir.path());
        let tenant = world.tenant("demo").await.tenant.id;
        let (ann, chat) = (world.user(tenant, Role::Customer), ChatId::new());
        mail(&world, tenant, chat, ann, None).await.unwrap();
        let code = codes(&world, dir.path(), 1).await.remove(0);
        let again = || redeem(&world, tenant, chat, &code);
        let tries = tokio::join!(again(), again(), again(), again());
        let tries = [tries.0, tries.1, tries.2, tries.3];
        assert_eq!(tries.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{tries:?}");
        world.stop().await;
    }

    async fn ten_codes_an_hour_and_a_repeat_is_none(db: Db) {
        let dir = tempfile::tempdir().unwrap();
        let world = mailing(db, dir.path());
        let tenant = world.tenant("demo").await.tenant.id;
        let (ann, chat) = (world.user(tenant, Role::Customer), ChatId::new());
        for _ in 0..3 {
            mail(&world, tenant, chat, ann, Some(1)).await.unwrap();
        }
        assert_eq!(mail(&world, tenant, chat, ann, Some(2)).await.unwrap_err(), AuthError::KeyReused);
        codes(&world, dir.path(), 1).await;
        for _ in 0..9 {
            // Each chat counts: it is one address.
            mail(&world, tenant, ChatId::new(), ann, None).await.unwrap();
        }
        let AuthError::Limited { retry_after_s } = mail(&world, tenant, chat, ann, None).await.unwrap_err() else {
            panic!("the eleventh")
        };
        assert_eq!(retry_after_s, 3600);
        // A mail still under way would be sent again: its lease ends within the hour.
        codes(&world, dir.path(), 10).await;
        world.later(3600);
        mail(&world, tenant, chat, ann, None).await.unwrap();
        codes(&world, dir.path(), 11).await;
        world.stop().await;
    }

    /// Codes wait for a mail server that is away like any other mail, and hold nobody up.
    async fn a_code_waits_for_its_server(db: Db) {
        let nowhere = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let world = World::at_work(db, &[("mail.smtp_url", &format!("smtp://{nowhere}"))]);
        let tenant = world.tenant("demo").await.tenant.id;
        let user = world.user(tenant, Role::Customer);
        mail(&world, tenant, ChatId::new(), user, None).await.unwrap();
        until("it was tried", async || world.count("SELECT COALESCE(MAX(attempts), 0) AS n FROM outgoing").await > 1).await;
        let mails = crate::delivery::smtp_server(nowhere).await;
        until("it is sent", async || world.count("SELECT COUNT(*) AS n FROM outgoing").await == 0).await;
        let mails = mails.lock().unwrap().clone();
        assert!(mails.len() == 1 && mails[0].contains("Ann@Example.org"), "{mails:?}");
        world.stop().await;
    }
}
