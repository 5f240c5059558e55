//! Who takes part: joining, leaving, and what their rooms show.

use serde_json::{Value, json};

use super::{ALIVE, NOBODY};
use crate::harness::*;

async fn room_of(t: &Tenant, user: &User) -> Value {
    t.voipbin().list(&format!("/v1.0/chatrooms?owner_id={}", user.id)).await.into_iter().next().expect("a room")
}

async fn room_texts(t: &Tenant, room: &Value) -> Vec<String> {
    let path = format!("/v1.0/chatroommessages?chatroom_id={}", room["id"].as_str().unwrap());
    texts(&t.voipbin().list(&path).await, "text")
}

on_each_stack! {
    async fn who_joins_is_appended_and_gets_a_room_from_then_on(t: Tenant) {
        let early = t.user("Early", "agent").await;
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&ben.id, &ann.id]).await;
        let id = chat["id"].as_str().unwrap();
        admin.say(id, &ann.id, "before").await;

        // A user made first sorts first; joining later, it comes last.
        let path = format!("/v1.0/chats/{id}/participant_ids");
        let joined = admin.post(&path, &json!({ "participant_id": early.id })).send().await.ok();
        let mut expected = chat["participant_ids"].as_array().unwrap().clone();
        expected.push(json!(early.id));
        assert_eq!(joined["participant_ids"], json!(expected));
        admin.say(id, &early.id, "after").await;
        let room = room_of(&t, &early).await;
        assert_eq!(room["chat_id"], id);
        assert_eq!(room_texts(&t, &room).await, ["after"], "a room shows what came after joining");
        assert_eq!(room_texts(&t, &room_of(&t, &ann).await).await, ["after", "before"]);

        for wrong in [
            json!({ "participant_id": early.id }),
            json!({ "participant_id": NOBODY }),
            json!({}),
            json!({ "participant_id": 5 }),
        ] {
            admin.post(&path, &wrong).send().await.expect_empty(400);
        }
    }

    async fn who_leaves_keeps_nothing_and_a_return_is_a_new_room(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&ann.id, &ben.id]).await;
        let id = chat["id"].as_str().unwrap();
        let first = room_of(&t, &ben).await;
        admin.say(id, &ben.id, "one").await;

        let path = format!("/v1.0/chats/{id}/participant_ids/{}", ben.id);
        let left = admin.delete(&path).send().await.ok();
        assert_eq!(left["participant_ids"], json!([ann.id]));
        assert!(admin.list(&format!("/v1.0/chatrooms?owner_id={}", ben.id)).await.is_empty());
        let old = admin.get(&format!("/v1.0/chatrooms/{}", first["id"].as_str().unwrap())).send().await.ok();
        assert_ne!(old["tm_delete"], ALIVE, "their room is deleted");
        admin.delete(&path).send().await.expect_empty(400);
        admin.post("/v1.0/chatmessages", &message_body(id, &ben.id, "gone")).send().await.expect_empty(400);
        admin.say(id, &ann.id, "two").await;

        let back = json!({ "participant_id": ben.id });
        admin.post(&format!("/v1.0/chats/{id}/participant_ids"), &back).send().await.expect(200);
        admin.say(id, &ben.id, "three").await;
        let second = room_of(&t, &ben).await;
        assert_ne!(second["id"], first["id"], "new at each joining");
        assert_eq!(room_texts(&t, &second).await, ["three"]);
        assert_eq!(room_texts(&t, &first).await, ["one"], "the old room shows what it showed");
    }

    /// Removing somebody who does not take part changes nothing; upstream wiped the list.
    async fn removing_a_stranger_is_400(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&ann.id, &t.admin.id]).await;
        let path = format!("/v1.0/chats/{}", chat["id"].as_str().unwrap());
        for stranger in [ben.id.as_str(), NOBODY, "x"] {
            admin.delete(&format!("{path}/participant_ids/{stranger}")).send().await.expect_empty(400);
        }
        assert_eq!(admin.get(&path).send().await.ok()["participant_ids"], chat["participant_ids"]);
    }

    async fn a_third_makes_a_pair_a_group_for_good(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let admin = t.voipbin();
        let chat = admin.chat("normal", &[&ann.id, &ben.id]).await;
        let path = format!("/v1.0/chats/{}/participant_ids", chat["id"].as_str().unwrap());
        let grown = admin.post(&path, &json!({ "participant_id": t.admin.id })).send().await.ok();
        assert_eq!(grown["type"], "group");
        let shrunk = admin.delete(&format!("{path}/{}", t.admin.id)).send().await.ok();
        assert_eq!(shrunk["type"], "group", "for good");
        let fresh = admin.chat("normal", &[&ann.id, &ben.id]).await;
        assert_ne!(fresh["id"], chat["id"], "the pair may have a direct chat again");
    }

    /// Twenty people join at once; all are in, each once.
    async fn joining_at_once(t: Tenant) {
        let admin = t.voipbin();
        let mut people = Vec::new();
        for n in 0..10 {
            people.push(t.user(&format!("P{n}"), "agent").await.id);
        }
        let chat = admin.chat("group", &[&t.admin.id]).await;
        let path = format!("/v1.0/chats/{}", chat["id"].as_str().unwrap());
        let join = format!("{path}/participant_ids");
        let bodies: Vec<Value> = people.iter().chain(&people).map(|id| json!({ "participant_id": id })).collect();
        let replies = futures_util::future::join_all(bodies.iter().map(|body| admin.post(&join, body).send())).await;
        assert_eq!(replies.iter().filter(|reply| reply.status == 200).count(), 10);
        let mut inside: Vec<String> =
            serde_json::from_value(admin.get(&path).send().await.ok()["participant_ids"].take()).unwrap();
        assert_eq!(inside.remove(0), t.admin.id);
        inside.sort();
        people.sort();
        assert_eq!(inside, people);
    }
}
