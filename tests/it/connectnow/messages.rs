//! Messages beyond the plain example.

use serde_json::{Value, json};

use super::refused;
use crate::harness::*;

/// A chat, and a visitor in it.
async fn visitor(t: &Tenant) -> (i64, ConnectNow) {
    let admin = t.connectnow();
    let chat = admin.chat("Support").await;
    (chat, admin.join(chat, &format!("{}@example.org", unique("ann"))).await.0)
}

on_each_stack! {
    async fn words_have_four_names_and_files_a_url(t: Tenant) {
        let (chat, ann) = visitor(&t).await;
        let path = format!("/api/chats/{chat}/messages");
        for name in ["message", "body", "text", "content"] {
            let said = ann.post(&path, &json!({ name: " hi " })).send().await.expect(201).json();
            assert_eq!((&said["message"], &said["type"]), (&json!("hi"), &json!("text")), "{name}");
        }
        let form = ann.ask("POST", &path).raw("application/x-www-form-urlencoded", "message=a%2Fb+%C3%A9");
        let said = form.send().await.expect(201);
        assert!(said.body.contains(r#""message":"a\/b \u00e9""#), "{}", said.body);
        for kind in ["image", "gif", "video", "audio", "pdf", "file"] {
            let body = json!({ "type": kind, "url": "https://example.org/a", "message": "look" });
            let said = ann.post(&path, &body).send().await.expect(201).json();
            assert_eq!([&said["type"], &said["url"], &said["message"]], [&json!(kind), &body["url"], &body["message"]]);
        }
        let bare = ann.post(&path, &json!({ "type": "pdf", "url": "https://example.org/a.pdf" })).send().await;
        assert_eq!(bare.expect(201).json()["message"], Value::Null);
    }

    async fn values_that_are_refused(t: Tenant) {
        let (chat, ann) = visitor(&t).await;
        let path = format!("/api/chats/{chat}/messages");
        let errors = refused(ann.post(&path, &json!({})).send().await, &["message"]);
        assert_eq!(errors["message"], json!(["The message field is required."]));
        for (body, field) in [
            (json!({ "message": "  " }), "message"),
            (json!({ "message": 5 }), "message"),
            (json!({ "message": ["x"] }), "message"),
            (json!({ "message": "x".repeat(20_001) }), "message"),
            (json!({ "message": "a\u{0}b" }), "message"),
            (json!({ "message": "x", "type": "poem" }), "type"),
            (json!({ "type": "image" }), "url"),
            (json!({ "type": "image", "url": "x" }), "url"),
        ] {
            refused(ann.post(&path, &body).send().await, &[field]);
        }
        refused(ann.ask("POST", &path).raw("application/json", "{broken").send().await, &["message"]);
        refused(ann.ask("POST", &path).send().await, &["message"]);
        let said = ann.say(chat, "kept").await;
        let one = format!("{path}/{}", said["id"]);
        for body in [json!({}), json!({ "message": "" }), json!({ "message": {} })] {
            refused(ann.put(&one, &body).send().await, &["message"]);
        }
        assert_eq!(ann.get(&path).send().await.ok()["data"], json!([said]));
    }

    async fn a_repeated_request_says_it_once(t: Tenant) {
        let (chat, ann) = visitor(&t).await;
        let path = format!("/api/chats/{chat}/messages");
        let say = |text: &str| ann.post(&path, &json!({ "message": text })).key("once");
        let replies = futures_util::future::join_all((0..5).map(|_| say("hi").send())).await;
        let first = replies[0].json();
        assert!(replies.iter().all(|reply| reply.status == 201 && reply.json() == first));
        refused(say("other").send().await, &["Idempotency-Key"]);
        let one = format!("{path}/{}", first["id"]);
        let edit = |text: &str| ann.put(&one, &json!({ "message": text })).key("edit");
        let edited = edit("ho").send().await.ok();
        assert_eq!(edit("ho").send().await.ok(), edited);
        refused(edit("hm").send().await, &["Idempotency-Key"]);
        assert_eq!(ann.walk(&path, 10).await.len(), 1);
    }

    async fn what_is_deleted_is_not_there(t: Tenant) {
        let (chat, ann) = visitor(&t).await;
        let path = format!("/api/chats/{chat}/messages");
        let (gone, kept) = (ann.say(chat, "gone").await, ann.say(chat, "kept").await);
        let one = format!("{path}/{}", gone["id"]);
        ann.delete(&one).send().await.expect(200);
        for method in ["GET", "PUT", "DELETE"] {
            let reply = ann.ask(method, &one).json(&json!({ "message": "x" })).send().await.expect(404);
            let message = format!("No query results for model [App\\Models\\ChatMessage] {}", gone["id"]);
            assert_eq!(reply.json(), json!({ "message": message }));
        }
        assert_eq!(ann.get(&path).send().await.ok()["data"], json!([kept]));
    }
}
