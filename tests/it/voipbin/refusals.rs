//! Bad input: always 400 with nothing in it, and nothing changed.

use serde_json::{Value, json};

use super::NOBODY;
use crate::harness::*;

on_each_stack! {
    async fn bodies_that_are_no_json_or_of_wrong_types(t: Tenant) {
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&t.admin.id]).await;
        let chat = chat["id"].as_str().unwrap();
        for body in ["", "{", "null", "[]", "7", "\"text\"", "{\"type\":\"normal\"", "\u{feff}{}", "{}trailing"] {
            for path in ["/v1.0/chats", "/v1.0/chatmessages", "/v1.0/chatrooms", "/v1.0/chatroommessages"] {
                admin.ask("POST", path).raw("text/plain", body).send().await.expect_empty(400);
            }
            let path = format!("/v1.0/chats/{chat}/owner_id");
            admin.ask("PUT", &path).raw("application/json", body).send().await.expect_empty(400);
        }
        for body in [
            json!({ "type": 1, "owner_id": t.admin.id, "participant_ids": [t.admin.id] }),
            json!({ "type": "group", "owner_id": 7, "participant_ids": [t.admin.id] }),
            json!({ "type": "group", "owner_id": t.admin.id, "participant_ids": t.admin.id }),
            json!({ "type": "group", "owner_id": t.admin.id, "participant_ids": [1] }),
            json!({ "type": "group", "owner_id": t.admin.id, "participant_ids": ["x"] }),
            json!({ "type": "group", "owner_id": t.admin.id, "participant_ids": [] }),
            json!({ "type": "group", "owner_id": t.admin.id }),
            json!({ "type": "group", "owner_id": NOBODY, "participant_ids": [t.admin.id] }),
            json!({ "type": "group", "owner_id": t.admin.id, "participant_ids": [NOBODY] }),
            json!({ "type": "group", "owner_id": t.admin.id, "participant_ids": [t.admin.id], "name": ["x"] }),
        ] {
            admin.post("/v1.0/chats", &body).send().await.expect_empty(400);
        }
        assert_eq!(admin.list("/v1.0/chats").await.len(), 1, "nothing was made");
        let with = |key: &str, value: Value| {
            let mut body = message_body(chat, &t.admin.id, "x");
            body[key] = value;
            body
        };
        for body in [
            with("chat_id", json!(NOBODY)),
            with("chat_id", json!("x")),
            with("chat_id", json!(5)),
            with("chat_id", Value::Null),
            with("text", json!(5)),
            with("text", json!({})),
            with("medias", json!("x")),
            with("source", json!("x")),
            with("source", json!({ "type": 1 })),
            json!({ "text": "x" }),
        ] {
            admin.post("/v1.0/chatmessages", &body).send().await.expect_empty(400);
        }
        assert!(t.messages(chat).await.is_empty());
    }

    /// The content type is ignored, unknown fields too.
    async fn any_content_type_will_do(t: Tenant) {
        let admin = t.voipbin();
        let mut body = chat_body("group", &[&t.admin.id]);
        body["unknown"] = json!({ "field": 1 });
        for content_type in ["", "text/plain", "application/json", "application/x-www-form-urlencoded", "image/png"] {
            admin.ask("POST", "/v1.0/chats").raw(content_type, body.to_string()).send().await.expect(200);
        }
    }

    async fn ids_that_name_nothing_here(t: Tenant) {
        let admin = t.voipbin();
        let other = t.another().await;
        let foreign = other.voipbin().chat("group", &[&other.admin.id]).await;
        let foreign = foreign["id"].as_str().unwrap();
        let said = other.voipbin().say(foreign, &other.admin.id, "theirs").await;
        let said = said["id"].as_str().unwrap();
        for id in [NOBODY, "x", "1", foreign, "%00", "e8b2e976f04344c8bb89e214e225e813x"] {
            let path = format!("/v1.0/chats/{id}");
            admin.get(&path).send().await.expect_empty(400);
            admin.put(&path, &json!({ "name": "x" })).send().await.expect_empty(400);
            admin.delete(&path).send().await.expect_empty(400);
            admin
                .post(&format!("{path}/participant_ids"), &json!({ "participant_id": t.admin.id }))
                .send()
                .await
                .expect_empty(400);
            admin.delete(&format!("{path}/participant_ids/{}", t.admin.id)).send().await.expect_empty(400);
            admin.put(&format!("{path}/owner_id"), &json!({ "owner_id": t.admin.id })).send().await.expect_empty(400);
        }
        for id in [NOBODY, "x", said] {
            admin.get(&format!("/v1.0/chatmessages/{id}")).send().await.expect_empty(400);
            admin.delete(&format!("/v1.0/chatmessages/{id}")).send().await.expect_empty(400);
        }
        for id in [NOBODY, "x", foreign] {
            admin.get("/v1.0/chatmessages").query("chat_id", id).send().await.expect_empty(400);
        }
        admin.get("/v1.0/chatmessages").send().await.expect_empty(400);
        // People of another tenant are nobody here.
        admin.post("/v1.0/chats", &chat_body("group", &[&t.admin.id, &other.admin.id])).send().await.expect_empty(400);
        admin.get("/v1.0/chatrooms").query("owner_id", &other.admin.id).send().await.expect_empty(400);
        admin.get(&format!("/v1.0/agents/{}", other.admin.id)).send().await.expect_empty(400);
        assert_eq!(other.messages(foreign).await.len(), 1, "and nothing was touched");
    }

    async fn a_body_that_is_too_large(t: Tenant) {
        let admin = t.voipbin();
        let body = format!("{{\"type\":\"{}\"}}", "x".repeat(1024 * 1024));
        admin.ask("POST", "/v1.0/chats").raw("text/plain", body).send().await.expect_empty(400);
        t.http.post("/auth/login").raw("text/plain", "x".repeat(1024 * 1024 + 1)).send().await.expect_empty(400);
        admin.get("/v1.0/chats").send().await.expect(200);
    }

    /// Ten failures a minute per account; then 429, also for the right password, and only for that account.
    async fn failed_log_ins_are_limited(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let log_in = async |login: &str, password: &str| {
            t.http.post("/auth/login").json(&json!({ "username": login, "password": password })).send().await
        };
        for _ in 0..10 {
            log_in(&ann.login, "wrong").await.expect_empty(400);
        }
        for password in ["wrong", &ann.password] {
            let reply = log_in(&ann.login, password).await;
            reply.expect_empty(429);
            let wait: u32 = reply.header("retry-after").expect("Retry-After").parse().expect("whole seconds");
            assert!((1..=60).contains(&wait), "{wait}");
        }
        log_in(&ben.login, &ben.password).await.expect(200);
    }
}
