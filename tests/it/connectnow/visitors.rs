//! Visitors: in by a chat's password, or by a code that is mailed to them.

use serde_json::{Value, json};

use super::{UNAUTHENTICATED, refused, told};
use crate::harness::*;

/// A chat that is shared: its number and its password.
async fn shared(t: &Tenant) -> (i64, String) {
    let admin = t.connectnow();
    let chat = admin.chat("Support").await;
    let shared = admin.ask("POST", &format!("/chats/{chat}/share")).send().await.ok();
    (chat, shared["password"].as_str().unwrap().to_owned())
}

fn email() -> String {
    format!("{}@example.org", unique("visitor"))
}

/// Asks to come in with a password.
fn knock(t: &Tenant, chat: i64, password: &str, email: &str) -> Ask {
    let body = json!({ "password": password, "email": email, "name": "Ann", "surname": "Lee" });
    t.http.post(&format!("/api/chats/{chat}/users")).json(&body)
}

fn redeem(t: &Tenant, prefix: &str, chat: i64, body: &Value) -> Ask {
    t.http.post(&format!("{prefix}/chats/{chat}/users/get-token")).json(body)
}

fn other(code: &str) -> &'static str {
    if code == "123456" { "654321" } else { "123456" }
}

on_each_stack! {
    /// Somebody new comes in at once, and speaks.
    async fn by_password(t: Tenant) {
        let (chat, password) = shared(&t).await;
        let made = knock(&t, chat, &password, &email()).send().await.expect(201).json();
        assert_eq!((&made["name"], &made["surname"], &made["user_id"]), (&json!("Ann"), &json!("Lee"), &json!(null)));
        let visitor = t.connectnow().with(made["chat_user_token"].as_str().unwrap());
        visitor.say(chat, "hello").await;
        assert_eq!(visitor.get("/api/chat-user").send().await.ok()["id"], made["id"]);
        // In the link, in a form, and without a name.
        let path = format!("/api/chats/{chat}/users?password={password}");
        let form = t.http.post(&path).raw("application/x-www-form-urlencoded", format!("email={}", email()));
        let made = form.send().await.expect(201).json();
        assert!(made["name"].as_str().unwrap().starts_with("visitor"), "{made}");
    }

    async fn by_code(t: Tenant) {
        let (chat, password) = shared(&t).await;
        let email = email();
        let first = knock(&t, chat, &password, &email).send().await.expect(201).json();
        let sent = knock(&t, chat, &password, &email.to_uppercase()).send().await.expect(202).json();
        assert_eq!(sent, json!({ "message": "A code has been sent." }));
        let Some(codes) = t.mailed_codes(&email, 1).await else { return };
        let code = &codes[0];
        // Wrong, then right as text, then used.
        refused(redeem(&t, "", chat, &json!({ "email": email, "auth-code": other(code) })).send().await, &["auth-code"]);
        let body = json!({ "email": email, "auth-code": code });
        let let_in = redeem(&t, "", chat, &body).send().await.ok();
        assert_eq!(keys(&let_in), ["chat_user", "chat_user_token"]);
        assert_eq!(let_in["chat_user"]["id"], first["id"], "the same person in the same chat");
        let visitor = t.connectnow().with(let_in["chat_user_token"].as_str().unwrap());
        visitor.say(chat, "again").await;
        refused(redeem(&t, "", chat, &body).send().await, &["auth-code"]);

        // A number will do, under either name and either path; and in a chat one was never in.
        let (elsewhere, password) = shared(&t).await;
        knock(&t, elsewhere, &password, &email).send().await.expect(202);
        let code: i64 = t.mailed_codes(&email, 2).await.unwrap()[1].parse().unwrap();
        let body = json!({ "email": email, "auth_code": code });
        refused(redeem(&t, "/api", chat, &body).send().await, &["auth-code"]);
        let let_in = redeem(&t, "/api", elsewhere, &body).send().await.ok();
        assert_eq!(let_in["chat_user"]["chat_id"], elsewhere);
    }

    async fn five_tries(t: Tenant) {
        let (chat, password) = shared(&t).await;
        let email = email();
        knock(&t, chat, &password, &email).send().await.expect(201);
        knock(&t, chat, &password, &email).send().await.expect(202);
        let Some(codes) = t.mailed_codes(&email, 1).await else { return };
        for _ in 0..5 {
            let body = json!({ "email": email, "auth-code": other(&codes[0]) });
            refused(redeem(&t, "", chat, &body).send().await, &["auth-code"]);
        }
        let body = json!({ "email": email, "auth-code": codes[0] });
        refused(redeem(&t, "", chat, &body).send().await, &["auth-code"]);
    }

    async fn ten_codes_an_hour(t: Tenant) {
        let (chat, password) = shared(&t).await;
        let email = email();
        knock(&t, chat, &password, &email).send().await.expect(201);
        for _ in 0..10 {
            knock(&t, chat, &password, &email).send().await.expect(202);
        }
        let limited = knock(&t, chat, &password, &email).send().await;
        assert!((3000..=3600).contains(&limited.header("retry-after").unwrap().parse::<i32>().unwrap()));
        for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
            assert!(limited.header(name).is_some(), "{name}");
        }
        told(limited, 429, "Too Many Attempts.");
    }

    /// Whoever works here, or was ever let in, proves it; an address nobody proved yet does not.
    async fn known_means_an_account_or_a_token(t: Tenant) {
        let (chat, password) = shared(&t).await;
        let agent = t.user("Ann", "agent").await;
        knock(&t, chat, &password, &t.email(&agent).await).send().await.expect(202);
        let customer = t.user("Cleo", "customer").await;
        knock(&t, chat, &password, &t.email(&customer).await).send().await.expect(202);
        let address = email();
        let body = json!({ "name": "Only noted", "role": "customer", "email": address });
        t.operator("POST", "/users").json(&body).send().await.expect(201);
        let made = knock(&t, chat, &password, &address).send().await.expect(201).json();
        assert_eq!(made["name"], "Only noted", "they are that person, by the name they have here");
    }

    /// Without the password nobody learns whether an address is known.
    async fn nothing_tells_known_from_unknown(t: Tenant) {
        let (chat, password) = shared(&t).await;
        let (known, unknown) = (email(), email());
        knock(&t, chat, &password, &known).send().await.expect(201);
        for email in [&known, &unknown] {
            let errors = refused(knock(&t, chat, "wrong", email).send().await, &["password"]);
            assert_eq!(errors["password"], json!(["The password is incorrect."]));
            let body = json!({ "email": email, "name": "Ann" });
            let without = t.http.post(&format!("/api/chats/{chat}/users")).json(&body);
            told(without.send().await, 401, UNAUTHENTICATED);
            let errors = refused(redeem(&t, "", chat, &json!({ "email": email, "auth-code": 123_456 })).send().await, &["auth-code"]);
            assert_eq!(errors["auth-code"], json!(["The selected auth-code is invalid."]));
        }
        // Each chat has a password of its own; one that nobody shared has none.
        let silent = t.connectnow().chat("silent").await;
        refused(knock(&t, silent, &password, &unknown).send().await, &["password"]);
    }

    /// The same request with the same key is the same visitor; with another body it is refused.
    async fn a_repeated_request_lets_in_once(t: Tenant) {
        let (chat, password) = shared(&t).await;
        let (email, key) = (email(), unique("key"));
        let first = knock(&t, chat, &password, &email).key(&key).send().await.expect(201).json();
        let again = knock(&t, chat, &password, &email).key(&key).send().await.expect(201).json();
        assert_eq!(again, first);
        refused(knock(&t, chat, &password, "other@example.org").key(&key).send().await, &["Idempotency-Key"]);
        assert_eq!(t.connectnow().walk(&format!("/api/chats/{chat}/users"), 10).await.len(), 1);

        let key = unique("key");
        for _ in 0..3 {
            knock(&t, chat, &password, &email).key(&key).send().await.expect(202);
        }
        let Some(codes) = t.mailed_codes(&email, 1).await else { return };
        assert_eq!(codes.len(), 1, "mailed once");
    }

    /// A code is used up by the request that lets somebody in, and by no other; its repeat gets the same answer.
    async fn a_code_outlives_what_fails(t: Tenant) {
        let (chat, password) = shared(&t).await;
        let (email, key) = (email(), unique("key"));
        let first = knock(&t, chat, &password, &email).send().await.expect(201).json();
        knock(&t, chat, &password, &email).send().await.expect(202);
        let Some(codes) = t.mailed_codes(&email, 1).await else { return };
        let body = json!({ "email": email, "auth-code": codes[0] });
        let let_in = redeem(&t, "", chat, &body).key(&key).send().await.ok();
        assert_eq!(let_in["chat_user"]["id"], first["id"]);
        for _ in 0..6 {
            assert_eq!(redeem(&t, "", chat, &body).key(&key).send().await.ok(), let_in);
        }
        let wrong = json!({ "email": email, "auth-code": other(&codes[0]) });
        refused(redeem(&t, "", chat, &wrong).key(&key).send().await, &["Idempotency-Key"]);
        refused(redeem(&t, "", chat, &body).send().await, &["auth-code"]);
        refused(redeem(&t, "", chat, &body).key(unique("key")).send().await, &["auth-code"]);
    }
}
