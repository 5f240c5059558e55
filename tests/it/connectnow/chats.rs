//! Chats beyond the plain example.

use serde_json::{Value, json};

use super::refused;
use crate::harness::*;

on_each_stack! {
    async fn nothing_is_required(t: Tenant) {
        let admin = t.connectnow();
        for ask in [
            admin.ask("POST", "/api/chats"),
            admin.post("/api/chats", &json!({})),
            admin.ask("POST", "/api/chats").raw("application/json", "{broken"),
            admin.ask("POST", "/api/chats").raw("application/x-www-form-urlencoded", "name=&company_id="),
        ] {
            let made = ask.send().await.expect(201).json();
            assert_eq!((&made["name"], &made["company_id"]), (&Value::Null, &Value::Null));
        }
        let trimmed = admin.post("/api/chats", &json!({ "name": "  x  " })).send().await.expect(201).json();
        assert_eq!(trimmed["name"], "x");
    }

    /// Only what is sent changes; what is sent empty is emptied.
    async fn a_change_touches_what_is_sent(t: Tenant) {
        let admin = t.connectnow();
        let company = admin.post("/api/companies", &json!({ "name": "ACME" })).send().await.expect(201).json();
        let body = json!({ "name": "Support", "company_id": company["id"] });
        let path = format!("/api/chats/{}", admin.post("/api/chats", &body).send().await.expect(201).json()["id"]);
        let shown = |chat: &Value| ["name", "company_id", "closed_at"].map(|key| chat[key].clone());
        let change = async |body: Value| shown(&admin.put(&path, &body).send().await.ok());
        let number = company["id"].clone();
        assert_eq!(change(json!({})).await, [json!("Support"), number.clone(), json!(null)]);
        let closed = "2021-07-05T09:31:38.000000Z";
        assert_eq!(change(json!({ "closed_at": closed })).await, [json!("Support"), number.clone(), json!(closed)]);
        assert_eq!(change(json!({ "name": "" })).await, [json!(null), number, json!(closed)]);
        assert_eq!(change(json!({ "company_id": null, "closed_at": null })).await, [json!(null), json!(null), json!(null)]);
        let form = admin.ask("PUT", &path).raw("application/x-www-form-urlencoded", "name=by+form");
        assert_eq!(form.send().await.ok()["name"], "by form");
    }

    async fn values_that_are_refused(t: Tenant) {
        let admin = t.connectnow();
        let path = format!("/api/chats/{}", admin.chat("x").await);
        for (body, fields) in [
            (json!({ "name": 5 }), &["name"][..]),
            (json!({ "name": ["x"] }), &["name"]),
            (json!({ "name": "x".repeat(256) }), &["name"]),
            (json!({ "company_id": "x" }), &["company_id"]),
            (json!({ "company_id": 1.5 }), &["company_id"]),
            (json!({ "company_id": 999_999_999 }), &["company_id"]),
            (json!({ "name": {}, "company_id": "x" }), &["name", "company_id"]),
        ] {
            refused(admin.post("/api/chats", &body).send().await, fields);
            refused(admin.put(&path, &body).send().await, fields);
        }
        refused(admin.put(&path, &json!({ "closed_at": "soon" })).send().await, &["closed_at"]);
        let errors = refused(admin.post("/api/chats", &json!({ "name": "x".repeat(256) })).send().await, &["name"]);
        assert_eq!(errors["name"], json!(["The name must not be greater than 255 characters."]));
        assert_eq!(admin.walk("/api/chats", 10).await.len(), 1, "nothing was made");
    }

    async fn a_repeated_request_makes_one(t: Tenant) {
        let admin = t.connectnow();
        let key = unique("key");
        let make = |name: &str, key: &str| admin.post("/api/chats", &json!({ "name": name })).key(key);
        let first = make("one", &key).send().await.expect(201).json();
        assert_eq!(make("one", &key).send().await.expect(201).json(), first);
        let errors = refused(make("two", &key).send().await, &["Idempotency-Key"]);
        assert!(errors["Idempotency-Key"][0].is_string());
        for bad in ["", " ", "a b", &"x".repeat(256)] {
            refused(make("one", bad).send().await, &["Idempotency-Key"]);
        }
        let path = format!("/api/chats/{}", first["id"]);
        let change = |name: &str| admin.put(&path, &json!({ "name": name })).key("change");
        let changed = change("new").send().await.ok();
        admin.put(&path, &json!({ "name": "newer" })).send().await.expect(200);
        assert_eq!(change("new").send().await.ok(), changed, "the first answer");
        refused(change("other").send().await, &["Idempotency-Key"]);
        assert_eq!(admin.walk("/api/chats", 10).await.len(), 1);
    }
}
