//! Chat users beyond the plain example.

use serde_json::json;

use super::{UNAUTHORIZED, refused, told};
use crate::harness::*;

on_each_stack! {
    async fn values_that_are_refused(t: Tenant) {
        let admin = t.connectnow();
        let chat = admin.chat("Support").await;
        let path = format!("/api/chats/{chat}/users");
        let errors = refused(admin.post(&path, &json!({})).send().await, &["email"]);
        assert_eq!(errors["email"], json!(["The email field is required."]));
        for email in ["x", "@x", "a b@example.org", "a@", "a..b@x"] {
            let errors = refused(admin.post(&path, &json!({ "email": email })).send().await, &["email"]);
            assert_eq!(errors["email"], json!(["The email must be a valid email address."]), "{email}");
        }
        let all = json!({ "email": 5, "name": [], "surname": {} });
        refused(admin.post(&path, &all).send().await, &["email", "name", "surname"]);
        refused(admin.post(&path, &json!({ "user_id": 999_999_999 })).send().await, &["user_id"]);
        assert!(admin.walk(&path, 10).await.is_empty());
    }

    /// By e-mail or by number; somebody who is in already stays the same chat user.
    async fn people_with_an_account_are_themselves(t: Tenant) {
        let admin = t.connectnow();
        let chat = admin.chat("Support").await;
        let ann = t.user("Ann", "agent").await;
        let email = t.email(&ann).await;
        let path = format!("/api/chats/{chat}/users");
        let body = json!({ "email": email.to_uppercase(), "name": "Somebody else" });
        let made = admin.post(&path, &body).send().await.expect(201).json();
        let view = t.operator("GET", &format!("/users/{}", ann.id)).send().await.ok();
        assert_eq!((&made["user_id"], &made["name"]), (&view["identities"]["connectnow"], &json!("Ann")));
        let again = admin.post(&path, &json!({ "user_id": made["user_id"] })).send().await.expect(201).json();
        assert_eq!(again["id"], made["id"]);

        let customer = t.user("Cleo", "customer").await;
        let (_, joined) = admin.join(chat, &t.email(&customer).await).await;
        assert!(joined["user_id"].is_i64(), "a login is an account: {joined}");
    }

    async fn names_are_changed_by_those_who_may(t: Tenant) {
        let (ann, mia) = (t.user("Ann", "agent").await, t.user("Mia", "manager").await);
        let (agent, manager) = (t.connectnow_as(&ann).await, t.connectnow_as(&mia).await);
        let chat = agent.chat("hers").await;
        let path = format!("/api/chats/{chat}/users");
        let add = |email: String| manager.post(&path, &json!({ "email": email })).send();
        let visitor = add(format!("{}@example.org", unique("ben"))).await.expect(201).json();
        let boss = add(t.email(&t.admin).await).await.expect(201).json();
        let one = |user: &serde_json::Value| format!("{path}/{}", user["id"]);
        assert_eq!(agent.put(&one(&visitor), &json!({ "name": "Ben" })).send().await.ok()["name"], "Ben");
        told(agent.put(&one(&boss), &json!({ "name": "Ben" })).send().await, 403, UNAUTHORIZED);
        manager.put(&one(&boss), &json!({ "surname": "Boss" })).send().await.expect(200);
        refused(manager.put(&one(&visitor), &json!({ "email": boss["email"] })).send().await, &["email"]);
        for body in [json!({ "name": "" }), json!({ "name": 5 })] {
            refused(manager.put(&one(&visitor), &body).send().await, &["name"]);
        }
        refused(manager.put(&one(&visitor), &json!({ "email": null })).send().await, &["email"]);
    }

    /// Who comes back is a new chat user; the past one stays listed.
    async fn coming_back(t: Tenant) {
        let admin = t.connectnow();
        let chat = admin.chat("Support").await;
        let email = format!("{}@example.org", unique("ann"));
        let (_, first) = admin.join(chat, &email).await;
        let path = format!("/api/chats/{chat}/users");
        admin.delete(&format!("{path}/{}", first["id"])).send().await.expect(200);
        let (ann, second) = admin.join(chat, &email).await;
        assert!(second["id"].as_i64() > first["id"].as_i64());
        assert_eq!(ann.say(chat, "back").await["chat_user_id"], second["id"]);
        let listed = admin.walk(&path, 10).await;
        let left: Vec<bool> = listed.iter().map(|user| user["left_at"].is_string()).collect();
        assert_eq!(left, [true, false]);
        let key = unique("key");
        let add = |email: &str| admin.post(&path, &json!({ "email": email })).key(&key);
        let fresh = format!("{}@example.org", unique("ben"));
        let made = add(&fresh).send().await.expect(201).json();
        assert_eq!(add(&fresh).send().await.expect(201).json(), made, "the same token too");
        refused(add("other@example.org").send().await, &["Idempotency-Key"]);
    }
}
