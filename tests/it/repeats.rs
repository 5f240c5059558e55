//! `Idempotency-Key` on what takes away: a repeat gets the first answer, although there is nothing left to answer it from.

use serde_json::json;

use crate::harness::*;

/// Deletes once, and again under the same key; then under another one, and without.
async fn gone(delete: impl Fn() -> Ask, then: u16) {
    repeated(&delete).await;
    let other = delete().key(unique("other")).send().await;
    assert_eq!(other.status, then, "another request: {}", other.body);
    let plain = delete().send().await;
    assert_eq!(plain.status, then, "no promise: {}", plain.body);
}

/// Deletes once, and again under the same key.
async fn repeated(delete: &impl Fn() -> Ask) {
    let key = unique("key");
    let first = delete().key(&key).send().await;
    assert!((200..300).contains(&first.status), "{}: {}", first.status, first.body);
    for _ in 0..2 {
        let again = delete().key(&key).send().await;
        assert_eq!((again.status, &again.body), (first.status, &first.body), "the first answer");
        assert_eq!(again.header("content-type"), first.header("content-type"));
    }
}

on_each_stack! {
    async fn connectnow_s_deletions(t: Tenant) {
        let admin = t.connectnow();
        let company = admin.post("/api/companies", &json!({ "name": "ACME" })).send().await.expect(201).json();
        gone(|| admin.delete(&format!("/api/companies/{}", company["id"])), 404).await;
        let chat = admin.chat("short").await;
        let (visitor, _) = admin.join(chat, "ann@example.org").await;
        let said = visitor.say(chat, "hello").await;
        gone(|| visitor.delete(&format!("/api/chats/{chat}/messages/{}", said["id"])), 404).await;
        gone(|| admin.delete(&format!("/api/chats/{chat}")), 404).await;
    }

    async fn the_operators_deletions(t: Tenant) {
        let hook = json!({ "url": "https://example.com/hook", "format": "native" });
        let hook = t.operator("POST", "/webhooks").json(&hook).send().await.expect(201).json();
        let path = format!("/webhooks/{}", hook["id"].as_str().unwrap());
        gone(|| t.operator("DELETE", &path), 404).await;
        let ann = t.user("Ann", "agent").await;
        gone(|| t.operator("DELETE", &format!("/users/{}", ann.id)), 200).await;
        let other = t.another().await;
        repeated(&|| t.root("DELETE", &format!("/tenants/{}", other.id))).await;
    }

    async fn a_participant_is_removed_once(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&t.admin.id, &ann.id, &ben.id]).await;
        let path = format!("/v1.0/chats/{}/participant_ids/{}", chat["id"].as_str().unwrap(), ann.id);
        gone(|| admin.delete(&path), 400).await;
    }

    /// What could not be done is not kept: it is tried again.
    async fn a_refusal_is_no_answer(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&t.admin.id, &ann.id]).await;
        let chat = format!("/v1.0/chats/{}/participant_ids", chat["id"].as_str().unwrap());
        let remove = || admin.delete(&format!("{chat}/{}", ben.id)).key("once");
        remove().send().await.expect_empty(400);
        admin.post(&chat, &json!({ "participant_id": ben.id })).send().await.expect(200);
        remove().send().await.expect(200);
        remove().send().await.expect(200);
    }

    async fn a_key_has_1_to_255_visible_characters(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        for key in ["k".repeat(256), "two words".to_owned()] {
            t.voipbin().delete(&format!("/v1.0/agents/{}", ann.id)).key(&key).send().await.expect_empty(400);
            let refused = t.operator("DELETE", &format!("/users/{}", ann.id)).key(&key).send().await.expect(422);
            assert_eq!(refused.json()["error"]["field"], "Idempotency-Key");
        }
        t.voipbin().get(&format!("/v1.0/agents/{}", ann.id)).send().await.expect(200);
    }
}
