//! While a service is gone altogether.

use std::time::{Duration, Instant};

use serde_json::json;

use super::OwnStack;
use crate::harness::*;

/// Quickly, in each surface's own shape, and named by readiness; and over as soon as it is back.
pub async fn a_peer_that_is_down_is_a_quick_503(stack: &OwnStack, t: &Tenant, person: &Guest, chat: &str) {
    let (body, conversation) = (message_body(chat, &t.admin.id, "99 000000"), chat.replace('-', ""));
    let asked = json!({ "conversationId": conversation, "text": "99 000001" });
    let admin = Http::of_admin(t.credential("/admin_url"));
    for instance in ["messages", "messages.1"] {
        stack.command(&["kill", instance]);
    }
    let began = Instant::now();
    let voipbin = t.voipbin().post("/v1.0/chatmessages", &body).send().await;
    let imbee = person.call("/chat/message/new", &asked).send().await;
    let operator = t.operator("GET", &format!("/chats/{chat}/messages")).send().await;
    let took = began.elapsed();
    voipbin.expect_empty(503);
    let envelope = imbee.expect(503).json();
    assert_eq!((&envelope["code"], &envelope["body"]), (&json!(1), &json!({})));
    assert_eq!(operator.expect(503).json()["error"]["code"], "unavailable");
    assert!(took < Duration::from_secs(5), "three refusals in {took:?}");

    let names = eventually("readiness names it", || async {
        let ready = admin.get("/readyz").send().await;
        (ready.status == 503).then_some(ready.body)
    })
    .await;
    assert!(names.contains("messages"), "{names}");
    admin.get("/healthz").send().await.expect(200);
    // What does not need it works.
    t.voipbin().get("/v1.0/me").send().await.expect(200);

    for instance in ["messages", "messages.1"] {
        stack.command(&["start", instance]);
    }
    eventually("it is served again", || async {
        let ask = t.operator("GET", &format!("/chats/{chat}/messages")).send().await;
        (ask.status == 200 && admin.get("/readyz").send().await.status == 200).then_some(())
    })
    .await;
    assert!(t.messages(chat).await.is_empty(), "what was refused was not stored");
}
