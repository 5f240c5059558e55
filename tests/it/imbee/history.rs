//! `chat/message/new` and `chat/history/{conversationId}`.

use serde_json::{Value, json};

use super::refused;
use crate::harness::*;

/// Two people and their chat.
async fn pair(t: &Tenant) -> (Guest, Guest, String) {
    let imbee = t.imbee();
    let (ann, ben) = (imbee.guest().await, imbee.guest().await);
    let chat = ann.direct(&ben.idsha).await;
    (ann, ben, chat)
}

on_each_stack! {
    async fn a_message_is_said_and_read(t: Tenant) {
        let (ann, ben, chat) = pair(&t).await;
        let said = ann.ask("/chat/message/new", &json!({ "conversationId": chat, "text": "hello" })).await;
        assert_eq!(
            (keys(&said), said["conversationId"].as_str()),
            (vec!["conversationId", "message"], Some(chat.as_str()))
        );
        let message = &said["message"];
        assert_eq!(keys(message), ["id", "idsha", "text", "time", "type"]);
        assert!(message["id"].is_i64() && message["time"].is_number(), "{message}");
        assert_eq!((message["idsha"].as_str(), message["text"].as_str()), (Some(ann.idsha.as_str()), Some("hello")));
        assert_eq!(message["type"], "text");

        let read = ben.ask(&format!("/chat/history/{chat}"), &json!({})).await;
        assert_eq!(keys(&read), ["conversationId", "history", "more"]);
        assert_eq!((&read["history"], &read["more"]), (&json!([message]), &json!(false)));
        assert_eq!(read["conversationId"], chat.as_str());
    }

    async fn history_is_walked_backwards(t: Tenant) {
        let (ann, ben, chat) = pair(&t).await;
        let mut newest_first = Vec::new();
        for n in 0..25 {
            let speaker = if n % 2 == 0 { &ann } else { &ben };
            newest_first.insert(0, speaker.say(&chat, &format!("message {n}")).await);
        }
        let path = format!("/chat/history/{chat}");
        let page = async |asked: Value| {
            let mut page = ann.ask(&path, &asked).await;
            (page["history"].as_array_mut().map(std::mem::take).unwrap(), page["more"].as_bool().unwrap())
        };
        assert_eq!(page(json!({})).await, (newest_first[..20].to_vec(), true), "twenty by default");
        assert_eq!(page(json!({ "limit": 25 })).await, (newest_first.clone(), false));
        // The limit is clamped to 1..=100; numbers may be texts.
        assert_eq!(page(json!({ "limit": 0 })).await.0.len(), 1);
        assert_eq!(page(json!({ "limit": 5000 })).await.0.len(), 25);
        assert_eq!(page(json!({ "limit": "3" })).await.0, newest_first[..3]);

        let (mut walked, mut before) = (Vec::new(), Value::Null);
        loop {
            let (items, more) = page(json!({ "limit": 7, "before_id": before })).await;
            before = items.last().map(|item| item["id"].clone()).unwrap();
            walked.extend(items);
            if !more {
                break;
            }
        }
        assert_eq!(walked, newest_first);
        assert_eq!(page(json!({ "before_id": newest_first[24]["id"] })).await, (Vec::new(), false));
    }

    /// Reading the history moves the one read mark.
    async fn reading_marks_as_read(t: Tenant) {
        let (ann, ben, chat) = pair(&t).await;
        ann.say(&chat, "one").await;
        ann.say(&chat, "two").await;
        ben.history(&chat).await;
        let found = t.operator("GET", "/chats").query("identity", format!("imbee:{chat}")).send().await.ok();
        let id = ben.id(&t).await;
        let participants = found["items"][0]["participants"].as_array().unwrap().clone();
        let reader = participants.iter().find(|p| p["user_id"] == id.as_str()).unwrap();
        assert_eq!(reader["read_seq"], 2);
    }

    async fn a_repeat_with_the_same_key_is_the_same_message(t: Tenant) {
        let (ann, ben, chat) = pair(&t).await;
        let (asked, key) = (json!({ "conversationId": chat, "text": "once" }), unique("key"));
        let replies = (0..20).map(|_| ann.call("/chat/message/new", &asked).key(&key).send());
        let said: Vec<Value> = futures_util::future::join_all(replies).await.into_iter().map(body).collect();
        assert!(said.iter().all(|message| message["message"] == said[0]["message"]));
        refused(
            ann.call("/chat/message/new", &json!({ "conversationId": chat, "text": "twice" })).key(&key).send().await,
            200,
        );
        // The acting user is part of the key's scope.
        body(ben.call("/chat/message/new", &asked).key(&key).send().await);
        assert_eq!(ann.history(&chat).await.len(), 2);
    }

    async fn refusals(t: Tenant) {
        let (ann, ben, chat) = pair(&t).await;
        let cleo = t.imbee().guest().await;
        let foreign = t.another().await.imbee().guest().await;
        let nothing = "0".repeat(32);
        for who in [&cleo, &foreign] {
            refused(who.call(&format!("/chat/history/{chat}"), &json!({})).send().await, 200);
            let asked = json!({ "conversationId": chat, "text": "x" });
            refused(who.call("/chat/message/new", &asked).send().await, 200);
        }
        for wrong in ["nothing", &nothing] {
            refused(ann.call(&format!("/chat/history/{wrong}"), &json!({})).send().await, 200);
        }
        for wrong in [
            json!({ "conversationId": chat }),
            json!({ "text": "x" }),
            json!({ "conversationId": nothing, "text": "x" }),
            json!({ "conversationId": chat, "text": "" }),
            json!({ "conversationId": chat, "text": 5 }),
            json!({ "conversationId": 5, "text": "x" }),
            json!({ "conversationId": chat, "text": "x".repeat(20_001) }),
            json!([]),
        ] {
            refused(ann.call("/chat/message/new", &wrong).send().await, 200);
        }
        for wrong in [json!({ "limit": "many" }), json!({ "before_id": "x" }), json!({ "limit": [] })] {
            refused(ann.call(&format!("/chat/history/{chat}"), &wrong).send().await, 200);
        }
        assert!(ben.history(&chat).await.is_empty());
    }
}
