//! Chatrooms and their messages: each participant's own view.

use serde_json::{Value, json};

use super::{ALIVE, NOBODY};
use crate::harness::*;

/// A group of Ann, Ben and the admin: (chat, Ann, Ben).
async fn group(t: &Tenant) -> (String, User, User) {
    let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
    let chat = t.voipbin().chat("group", &[&ann.id, &ben.id, &t.admin.id]).await;
    (chat["id"].as_str().unwrap().to_owned(), ann, ben)
}

async fn room_of(t: &Tenant, user: &User) -> String {
    let rooms = t.voipbin().list(&format!("/v1.0/chatrooms?owner_id={}", user.id)).await;
    rooms[0]["id"].as_str().unwrap().to_owned()
}

async fn copies(t: &Tenant, room: &str) -> Vec<Value> {
    t.voipbin().list(&format!("/v1.0/chatroommessages?chatroom_id={room}")).await
}

on_each_stack! {
    async fn a_room_shows_its_chats_name_and_people(t: Tenant) {
        let (chat, ann, _) = group(&t).await;
        let admin = t.voipbin();
        let rename = json!({ "name": "renamed", "detail": "anew" });
        let changed = admin.put(&format!("/v1.0/chats/{chat}"), &rename).send().await.ok();
        let room = admin.get(&format!("/v1.0/chatrooms/{}", room_of(&t, &ann).await)).send().await.ok();
        for key in ["customer_id", "type", "participant_ids", "name", "detail"] {
            assert_eq!(room[key], changed[key], "{key}");
        }
        assert_eq!(
            (room["owner_id"].as_str(), room["room_owner_id"].as_str()),
            (Some(ann.id.as_str()), Some(ann.id.as_str()))
        );
        assert_eq!((room["owner_type"].as_str(), room["chat_id"].as_str()), (Some("agent"), Some(chat.as_str())));
    }

    async fn without_an_owner_the_rooms_are_the_callers(t: Tenant) {
        let (chat, ann, _) = group(&t).await;
        let own = t.voipbin_as(&ann).await.list("/v1.0/chatrooms").await;
        assert_eq!(own.len(), 1);
        assert_eq!(
            (own[0]["chat_id"].as_str(), own[0]["owner_id"].as_str()),
            (Some(chat.as_str()), Some(ann.id.as_str()))
        );
        for owner in [NOBODY, "x"] {
            t.voipbin().get("/v1.0/chatrooms").query("owner_id", owner).send().await.expect_empty(400);
        }
    }

    /// Deleting one room's copy leaves the others'.
    async fn one_rooms_copy_is_deleted_alone(t: Tenant) {
        let (chat, ann, ben) = group(&t).await;
        let admin = t.voipbin();
        admin.say(&chat, &ann.id, "here").await;
        let (mine, theirs) = (room_of(&t, &ann).await, room_of(&t, &ben).await);
        let path = format!("/v1.0/chatroommessages/{}", copies(&t, &mine).await[0]["id"].as_str().unwrap());
        let deleted = t.voipbin_as(&ann).await.delete(&path).send().await.ok();
        assert_ne!(deleted["tm_delete"], ALIVE);
        assert!(copies(&t, &mine).await.is_empty());
        assert_eq!(texts(&copies(&t, &theirs).await, "text"), ["here"]);
        assert_eq!(texts(&admin.list(&format!("/v1.0/chatmessages?chat_id={chat}")).await, "text"), ["here"]);
    }

    /// A room that is deleted takes nothing more; its owner stays in the chat.
    async fn a_deleted_room_is_gone_for_its_owner_only(t: Tenant) {
        let (chat, ann, ben) = group(&t).await;
        let admin = t.voipbin();
        admin.say(&chat, &ann.id, "one").await;
        let path = format!("/v1.0/chatrooms/{}", room_of(&t, &ben).await);
        let deleted = t.voipbin_as(&ben).await.delete(&path).send().await.ok();
        assert_ne!(deleted["tm_delete"], ALIVE);
        assert_ne!(admin.get(&path).send().await.ok()["tm_delete"], ALIVE);
        assert!(admin.list(&format!("/v1.0/chatrooms?owner_id={}", ben.id)).await.is_empty());
        admin.say(&chat, &ann.id, "two").await;
        assert_eq!(copies(&t, &room_of(&t, &ann).await).await.len(), 2);
    }

    async fn a_room_is_opened_with_the_caller_inside(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let admin = t.voipbin();
        let body = json!({ "participant_ids": [ann.id, ben.id], "name": "three of us", "detail": "d" });
        let room = admin.post("/v1.0/chatrooms", &body).send().await.ok();
        assert_eq!((room["owner_id"].as_str(), room["type"].as_str()), (Some(t.admin.id.as_str()), Some("group")));
        let mut people = vec![t.admin.id.clone(), ann.id.clone(), ben.id.clone()];
        people.sort();
        assert_eq!(room["participant_ids"], json!(people));
        let two = json!({ "participant_ids": [ann.id], "name": "two of us" });
        assert_eq!(admin.post("/v1.0/chatrooms", &two).send().await.ok()["type"], "normal");
    }

    async fn a_room_message_is_said_by_the_caller(t: Tenant) {
        let (chat, ..) = group(&t).await;
        let admin = t.voipbin();
        let room = admin.list("/v1.0/chatrooms").await[0]["id"].as_str().unwrap().to_owned();
        let body = json!({ "chatroom_id": room, "text": "from my room" });
        let sent = admin.post("/v1.0/chatroommessages", &body).send().await.ok();
        let source =
            json!({ "type": "agent", "target": t.admin.id, "target_name": t.admin.name, "name": "", "detail": "" });
        assert_eq!((&sent["source"], sent["text"].as_str()), (&source, Some("from my room")));
        assert_eq!(sent["chatroom_id"], room.as_str());
        let seen = t.messages(&chat).await;
        assert_eq!((seen.len(), seen[0]["author"]["id"].as_str()), (1, Some(t.admin.id.as_str())));
    }

    /// An administrator who owns the room may rename it; nobody else.
    async fn a_room_is_changed_by_an_admin_who_owns_it(t: Tenant) {
        let (_, ann, _) = group(&t).await;
        let admin = t.voipbin();
        let own = format!("/v1.0/chatrooms/{}", admin.list("/v1.0/chatrooms").await[0]["id"].as_str().unwrap());
        let theirs = format!("/v1.0/chatrooms/{}", room_of(&t, &ann).await);
        let body = json!({ "name": "mine", "detail": "now" });
        assert_eq!(admin.put(&own, &body).send().await.ok()["name"], "mine");
        admin.put(&theirs, &body).send().await.expect_empty(400);
        t.voipbin_as(&ann).await.put(&theirs, &body).send().await.expect_empty(400);
    }

    async fn unknown_rooms_are_400(t: Tenant) {
        let admin = t.voipbin();
        let other = t.another().await;
        let chat = other.voipbin().chat("group", &[&other.admin.id]).await;
        other.voipbin().say(chat["id"].as_str().unwrap(), &other.admin.id, "theirs").await;
        let foreign = room_of(&other, &other.admin).await;
        let copy = copies(&other, &foreign).await[0]["id"].as_str().unwrap().to_owned();
        for id in [NOBODY, "x", foreign.as_str()] {
            admin.get(&format!("/v1.0/chatrooms/{id}")).send().await.expect_empty(400);
            admin.delete(&format!("/v1.0/chatrooms/{id}")).send().await.expect_empty(400);
            admin.get("/v1.0/chatroommessages").query("chatroom_id", id).send().await.expect_empty(400);
            let body = json!({ "chatroom_id": id, "text": "x" });
            admin.post("/v1.0/chatroommessages", &body).send().await.expect_empty(400);
        }
        for id in [NOBODY, "x", copy.as_str()] {
            admin.get(&format!("/v1.0/chatroommessages/{id}")).send().await.expect_empty(400);
            admin.delete(&format!("/v1.0/chatroommessages/{id}")).send().await.expect_empty(400);
        }
        admin.get("/v1.0/chatroommessages").send().await.expect_empty(400);
    }
}
