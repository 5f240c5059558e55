//! Chats: kinds, pairs, changes, soft deletes, repeated requests.

use serde_json::json;

use super::{ALIVE, NOBODY};
use crate::harness::*;

on_each_stack! {
    async fn a_second_normal_chat_of_a_pair_is_400_and_groups_are_not_counted(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let admin = t.voipbin();
        let first = admin.chat("normal", &[&ann.id, &ben.id]).await;
        admin.post("/v1.0/chats", &chat_body("normal", &[&ben.id, &ann.id])).send().await.expect_empty(400);
        for _ in 0..2 {
            assert_eq!(admin.chat("group", &[&ann.id, &ben.id]).await["type"], "group");
        }
        // After a soft delete the next request makes a new one.
        let path = format!("/v1.0/chats/{}", first["id"].as_str().unwrap());
        admin.delete(&path).send().await.expect(200);
        assert_ne!(admin.chat("normal", &[&ann.id, &ben.id]).await["id"], first["id"]);
    }

    async fn twenty_at_once_make_one_normal_chat(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let admin = t.voipbin();
        let body = chat_body("normal", &[&ann.id, &ben.id]);
        let asked = (0..20).map(|_| admin.post("/v1.0/chats", &body).send());
        let replies = futures_util::future::join_all(asked).await;
        let made = replies.iter().filter(|reply| reply.status == 200).count();
        assert_eq!(made, 1);
        replies.iter().filter(|reply| reply.status != 200).for_each(|reply| reply.expect_empty(400));
        assert_eq!(admin.list("/v1.0/chats").await.len(), 1);
    }

    /// The vendor's own tool says `direct`; nothing checks the word.
    async fn any_type_is_taken_and_shown_again(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let admin = t.voipbin();
        let chat = admin.chat("direct", &[&ann.id, &t.admin.id]).await;
        assert_eq!(chat["type"], "direct");
        let room = &admin.list("/v1.0/chatrooms").await[0];
        assert_eq!((&room["chat_id"], room["type"].as_str()), (&chat["id"], Some("unknown")));
    }

    async fn participants_are_sorted_and_repeats_collapse(t: Tenant) {
        let mut people = vec![t.user("Ann", "agent").await.id, t.user("Ben", "customer").await.id, t.admin.id.clone()];
        people.sort();
        let admin = t.voipbin();
        let twice = [&people[2], &people[0], &people[1], &people[0]].map(String::as_str);
        let chat = admin.chat("group", &twice).await;
        assert_eq!(chat["participant_ids"], json!(people));
        assert_eq!(chat["owner_id"], people[2].as_str());
        let alone = admin.chat("normal", &[&people[0]]).await;
        assert_eq!(alone["participant_ids"], json!([people[0]]), "one is enough");
    }

    async fn the_owner_need_not_take_part(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let body = json!({ "type": "normal", "owner_id": t.admin.id, "participant_ids": [ann.id, ben.id] });
        let chat = t.voipbin().post("/v1.0/chats", &body).send().await.ok();
        assert_eq!((chat["owner_id"].as_str(), chat["name"].as_str()), (Some(t.admin.id.as_str()), Some("")));
        assert_eq!(chat["detail"], "", "absent is empty");
    }

    async fn a_change_writes_both_columns(t: Tenant) {
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&t.admin.id]).await;
        let path = format!("/v1.0/chats/{}", chat["id"].as_str().unwrap());
        let renamed =
            admin.put(&path, &json!({ "name": "renamed", "detail": "more", "nonsense": 1 })).send().await.ok();
        assert_eq!((renamed["name"].as_str(), renamed["detail"].as_str()), (Some("renamed"), Some("more")));
        assert!(renamed["tm_update"].as_str() > chat["tm_update"].as_str());
        assert_eq!(renamed["tm_create"], chat["tm_create"]);
        let emptied = admin.put(&path, &json!({ "name": "only" })).send().await.ok();
        assert_eq!(
            (emptied["name"].as_str(), emptied["detail"].as_str()),
            (Some("only"), Some("")),
            "an omitted one empties"
        );
        assert_eq!(admin.get(&path).send().await.ok(), emptied);
    }

    async fn both_owner_routes_take_either_key(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&t.admin.id]).await;
        let id = chat["id"].as_str().unwrap();
        for (route, key, owner) in [
            ("owner_id", "owner_id", &ann),
            ("owner_id", "room_owner_id", &ben),
            ("room_owner_id", "room_owner_id", &ann),
            ("room_owner_id", "owner_id", &ben),
        ] {
            let changed = admin.put(&format!("/v1.0/chats/{id}/{route}"), &json!({ key: owner.id })).send().await.ok();
            assert_eq!(changed["owner_id"], owner.id.as_str(), "{route} with {key}");
            assert_eq!(changed["room_owner_id"], owner.id.as_str());
        }
        for owner in [json!({}), json!({ "owner_id": NOBODY }), json!({ "owner_id": "x" })] {
            admin.put(&format!("/v1.0/chats/{id}/owner_id"), &owner).send().await.expect_empty(400);
        }
    }

    async fn a_delete_is_soft(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let admin = t.voipbin();
        let chat = admin.chat("normal", &[&ann.id, &ben.id]).await;
        let id = chat["id"].as_str().unwrap();
        let path = format!("/v1.0/chats/{id}");
        assert_eq!(chat["tm_delete"], ALIVE);

        let deleted = admin.delete(&path).send().await.ok();
        assert_eq!(deleted["id"], id);
        assert_ne!(deleted["tm_delete"], ALIVE);
        assert_eq!(deleted["tm_update"], deleted["tm_delete"]);
        assert_eq!(admin.get(&path).send().await.ok(), deleted, "still answered by id");
        assert_eq!(admin.delete(&path).send().await.ok(), deleted, "again the same");
        assert!(admin.list("/v1.0/chats").await.is_empty());
        assert!(admin.list(&format!("/v1.0/chatrooms?owner_id={}", ann.id)).await.is_empty());

        admin.put(&path, &json!({ "name": "late" })).send().await.expect_empty(400);
        admin.post("/v1.0/chatmessages", &message_body(id, &ann.id, "late")).send().await.expect_empty(400);
        let join = json!({ "participant_id": t.admin.id });
        admin.post(&format!("{path}/participant_ids"), &join).send().await.expect_empty(400);
    }

    async fn a_repeat_with_the_same_key_is_the_same_chat(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let admin = t.voipbin();
        let body = chat_body("group", &[&t.admin.id, &ann.id]);
        let key = unique("key");
        let first = admin.post("/v1.0/chats", &body).key(&key).send().await.ok();
        assert_eq!(admin.post("/v1.0/chats", &body).key(&key).send().await.ok()["id"], first["id"]);
        admin.post("/v1.0/chats", &chat_body("group", &[&ann.id])).key(&key).send().await.expect_empty(400);
        assert_eq!(admin.list("/v1.0/chats").await.len(), 1);
        // The acting user is part of the key's scope.
        let other = t.voipbin_as(&ann).await.post("/v1.0/chats", &body).key(&key).send().await.ok();
        assert_ne!(other["id"], first["id"]);
        for wrong in ["with space".to_owned(), "x".repeat(256)] {
            admin.post("/v1.0/chats", &body).key(wrong).send().await.expect_empty(400);
        }
        admin.post("/v1.0/chats", &body).key("x".repeat(255)).send().await.expect(200);
    }

    async fn twenty_repeats_at_once_make_one_chat(t: Tenant) {
        let admin = t.voipbin();
        let (body, key) = (chat_body("group", &[&t.admin.id]), unique("key"));
        let asked = (0..20).map(|_| admin.post("/v1.0/chats", &body).key(&key).send());
        let replies = futures_util::future::join_all(asked).await;
        let ids: std::collections::HashSet<_> = replies.into_iter().map(|reply| reply.ok()["id"].to_string()).collect();
        assert_eq!(ids.len(), 1);
        assert_eq!(admin.list("/v1.0/chats").await.len(), 1);
    }
}
