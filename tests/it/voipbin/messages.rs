//! Messages: who may say what as whom, deletes, repeats.

use serde_json::{Value, json};

use super::{ALIVE, NOBODY};
use crate::harness::*;

/// A pair's normal chat: (chat, first, second).
async fn pair_chat(t: &Tenant) -> (String, User, User) {
    let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
    let chat = t.voipbin().chat("normal", &[&ann.id, &ben.id]).await;
    (chat["id"].as_str().unwrap().to_owned(), ann, ben)
}

on_each_stack! {
    async fn every_participants_room_gets_the_message_before_the_answer(t: Tenant) {
        let (chat, ann, ben) = pair_chat(&t).await;
        let admin = t.voipbin();
        let message = admin.say(&chat, &ann.id, "to all").await;
        for owner in [&ann.id, &ben.id] {
            let room =
                admin.list(&format!("/v1.0/chatrooms?owner_id={owner}")).await[0]["id"].as_str().unwrap().to_owned();
            let copies = admin.list(&format!("/v1.0/chatroommessages?chatroom_id={room}")).await;
            let [copy] = copies.as_slice() else { panic!("one copy: {copies:?}") };
            assert_eq!(copy["chatroom_id"], room.as_str());
            assert_eq!(copy["messagechat_id"], message["id"]);
            for key in ["customer_id", "source", "text", "medias", "tm_delete"] {
                assert_eq!(copy[key], message[key], "{key}");
            }
            assert_ne!(copy["id"], message["id"]);
            let path = format!("/v1.0/chatroommessages/{}", copy["id"].as_str().unwrap());
            assert_eq!(&admin.get(&path).send().await.ok(), copy);
        }
    }

    /// Absent or of type agent, the source is the author, and the author takes part.
    async fn sources(t: Tenant) {
        let (chat, ann, _) = pair_chat(&t).await;
        let stranger = t.user("Cleo", "agent").await;
        let admin = t.voipbin();
        let post = async |source: Value| {
            let body = json!({ "chat_id": chat, "source": source, "type": "normal", "text": "hi" });
            admin.post("/v1.0/chatmessages", &body).send().await
        };
        post(json!({ "type": "agent", "target": ann.id })).await.expect(200);
        let untyped = post(json!({ "target": ann.id })).await.ok();
        assert_eq!(untyped["source"]["target"], ann.id.as_str());
        post(json!({ "type": "agent", "target": stranger.id })).await.expect_empty(400);
        post(json!({ "type": "agent", "target": NOBODY })).await.expect_empty(400);
        post(json!({ "type": "agent", "target": "x" })).await.expect_empty(400);
        post(json!({ "type": "agent" })).await.expect_empty(400);

        // Any other type is kept as sent, and the caller is the author.
        let mail = json!({ "type": "email", "target": "a@example.org", "target_name": "A" });
        let sent = post(mail).await.ok();
        let padded =
            json!({ "type": "email", "target": "a@example.org", "target_name": "A", "name": "", "detail": "" });
        assert_eq!(sent["source"], padded);
        let last = t.messages(&chat).await.pop().unwrap();
        assert_eq!(last["author"]["id"], t.admin.id.as_str());
    }

    async fn medias_come_back_as_sent(t: Tenant) {
        let (chat, ann, _) = pair_chat(&t).await;
        let medias = json!([{ "type": "link", "link_url": "https://example.org/a.png" }]);
        let body = json!({ "chat_id": chat, "source": { "type": "agent", "target": ann.id }, "type": "normal", "text": "look", "medias": medias });
        let sent = t.voipbin().post("/v1.0/chatmessages", &body).send().await.ok();
        assert_eq!(sent["medias"], medias);
    }

    async fn a_message_is_listed_and_read_again(t: Tenant) {
        let (chat, ann, ben) = pair_chat(&t).await;
        let admin = t.voipbin();
        let one = admin.say(&chat, &ann.id, "one").await;
        let two = admin.say(&chat, &ben.id, "two").await;
        assert_eq!(admin.list(&format!("/v1.0/chatmessages?chat_id={chat}")).await, [two, one.clone()], "newest first");
        let path = format!("/v1.0/chatmessages/{}", one["id"].as_str().unwrap());
        assert_eq!(admin.get(&path).send().await.ok(), one);
        // Chat messages are for managers; a plain agent reads rooms.
        let agent = t.voipbin_as(&ann).await;
        agent.get(&format!("/v1.0/chatmessages?chat_id={chat}")).send().await.expect_empty(400);
    }

    async fn a_deleted_message_leaves_every_list_and_keeps_its_place(t: Tenant) {
        let (chat, ann, _) = pair_chat(&t).await;
        let admin = t.voipbin();
        let gone = admin.say(&chat, &ann.id, "gone").await;
        let kept = admin.say(&chat, &ann.id, "kept").await;
        let path = format!("/v1.0/chatmessages/{}", gone["id"].as_str().unwrap());
        let deleted = admin.delete(&path).send().await.ok();
        assert_eq!(deleted["id"], gone["id"]);
        assert_ne!(deleted["tm_delete"], ALIVE);
        assert_eq!(admin.delete(&path).send().await.ok()["tm_delete"], deleted["tm_delete"], "again the same");
        assert_eq!(texts(&admin.list(&format!("/v1.0/chatmessages?chat_id={chat}")).await, "text"), ["kept"]);
        let room =
            admin.list(&format!("/v1.0/chatrooms?owner_id={}", ann.id)).await[0]["id"].as_str().unwrap().to_owned();
        assert_eq!(texts(&admin.list(&format!("/v1.0/chatroommessages?chatroom_id={room}")).await, "text"), ["kept"]);

        let seen = t.messages(&chat).await;
        assert_eq!((seen.len(), seen[0]["seq"].as_i64(), seen[1]["seq"].as_i64()), (2, Some(1), Some(2)));
        assert!(seen[0]["text"].is_null() && seen[0]["deleted_at"].is_string(), "a tombstone: {}", seen[0]);
        assert_eq!(seen[1]["id"], kept["id"]);
    }

    async fn a_repeat_with_the_same_key_is_the_same_message(t: Tenant) {
        let (chat, ann, _) = pair_chat(&t).await;
        let admin = t.voipbin();
        let (body, key) = (message_body(&chat, &ann.id, "once"), unique("key"));
        let first = admin.post("/v1.0/chatmessages", &body).key(&key).send().await.ok();
        // The same JSON in another order of keys and with other white space is the same request.
        let respelt = format!(
            r#"{{ "text": "once",  "type":"normal", "source": {{"target": "{}", "type": "agent"}}, "chat_id": "{chat}" }}"#,
            ann.id
        );
        let again = admin.ask("POST", "/v1.0/chatmessages").raw("text/plain", respelt).key(&key).send().await.ok();
        assert_eq!(again, first);
        let other = message_body(&chat, &ann.id, "twice");
        admin.post("/v1.0/chatmessages", &other).key(&key).send().await.expect_empty(400);

        let asked = (0..20).map(|_| admin.post("/v1.0/chatmessages", &body).key("at once").send());
        for reply in futures_util::future::join_all(asked).await {
            reply.expect_empty(400); // A space is not visible.
        }
        let key = unique("key");
        let asked = (0..20).map(|_| admin.post("/v1.0/chatmessages", &body).key(&key).send());
        let ids: std::collections::HashSet<String> =
            futures_util::future::join_all(asked).await.into_iter().map(|reply| reply.ok()["id"].to_string()).collect();
        assert_eq!(ids.len(), 1);
        assert_eq!(t.messages(&chat).await.len(), 2);
    }

    async fn text_may_have_twenty_thousand_characters(t: Tenant) {
        let (chat, ann, _) = pair_chat(&t).await;
        let admin = t.voipbin();
        let longest = "ü".repeat(20_000);
        assert_eq!(admin.say(&chat, &ann.id, &longest).await["text"], longest.as_str());
        let longer = message_body(&chat, &ann.id, &"ü".repeat(20_001));
        admin.post("/v1.0/chatmessages", &longer).send().await.expect_empty(400);
        for strange in ["\u{1F600} \u{202E} \u{0301}", "\"quoted\" \\ </script>", "line\nline\ttab", "' OR 1=1 --"] {
            assert_eq!(admin.say(&chat, &ann.id, strange).await["text"], strange);
        }
    }

    /// Parallel senders: every message once, places without gaps, each sender's own order kept.
    async fn parallel_senders_lose_nothing(t: Tenant) {
        let (chat, ann, ben) = pair_chat(&t).await;
        let admin = t.voipbin();
        let sender = async |author: &User, name: &str| {
            for n in 0..20 {
                admin.say(&chat, &author.id, &format!("{name} {n:02}")).await;
            }
        };
        tokio::join!(sender(&ann, "a"), sender(&ben, "b"), sender(&ann, "c"), sender(&ben, "d"));
        let seen = t.messages(&chat).await;
        let places: Vec<i64> = seen.iter().map(|m| m["seq"].as_i64().unwrap()).collect();
        assert_eq!(places, (1..=80).collect::<Vec<_>>());
        assert!(seen.is_sorted_by(|a, b| a["number"].as_i64() < b["number"].as_i64()), "numbers rise");
        for name in ["a", "b", "c", "d"] {
            let own: Vec<String> = texts(&seen, "text").into_iter().filter(|text| text.starts_with(name)).collect();
            assert_eq!(own, (0..20).map(|n| format!("{name} {n:02}")).collect::<Vec<_>>());
        }
    }
}
