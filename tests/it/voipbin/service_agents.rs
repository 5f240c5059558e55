//! `/v1.0/service_agents/…`: the same for plain agents, limited to their own rooms.

use serde_json::json;

use crate::harness::*;

on_each_stack! {
    async fn a_plain_agent_reads_and_writes_in_their_own_rooms(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let chat = t.voipbin().chat("normal", &[&ann.id, &ben.id]).await;
        let agent = t.voipbin_as(&ann).await;

        let rooms = agent.list("/v1.0/service_agents/chatrooms").await;
        let [room] = rooms.as_slice() else { panic!("one room: {rooms:?}") };
        assert_eq!((&room["chat_id"], room["owner_id"].as_str()), (&chat["id"], Some(ann.id.as_str())));
        let id = room["id"].as_str().unwrap();
        assert_eq!(&agent.get(&format!("/v1.0/service_agents/chatrooms/{id}")).send().await.ok(), room);

        let body = json!({ "chatroom_id": id, "text": "hello Ben" });
        let sent = agent.post("/v1.0/service_agents/chatroommessages", &body).send().await.ok();
        assert_eq!(
            (sent["source"]["target"].as_str(), sent["source"]["target_name"].as_str()),
            (Some(ann.id.as_str()), Some("Ann"))
        );
        let path = format!("/v1.0/service_agents/chatroommessages?chatroom_id={id}");
        assert_eq!(texts(&agent.list(&path).await, "text"), ["hello Ben"]);
        let one = format!("/v1.0/service_agents/chatroommessages/{}", sent["id"].as_str().unwrap());
        assert_eq!(agent.get(&one).send().await.ok()["text"], "hello Ben");
        agent.delete(&one).send().await.expect(200);
        assert!(agent.list(&path).await.is_empty());
        assert_eq!(t.messages(chat["id"].as_str().unwrap()).await.len(), 1);
    }

    async fn a_room_is_opened_by_a_plain_agent(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let agent = t.voipbin_as(&ann).await;
        let body = json!({ "participant_ids": [ben.id], "name": "us", "detail": "" });
        let room = agent.post("/v1.0/service_agents/chatrooms", &body).send().await.ok();
        assert_eq!((room["owner_id"].as_str(), room["name"].as_str()), (Some(ann.id.as_str()), Some("us")));
        let removed =
            agent.delete(&format!("/v1.0/service_agents/chatrooms/{}", room["id"].as_str().unwrap())).send().await;
        removed.expect(200);
        assert!(agent.list("/v1.0/service_agents/chatrooms").await.is_empty());
    }

    async fn the_rooms_of_others_do_not_exist(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let admin = t.voipbin();
        admin.chat("normal", &[&ann.id, &ben.id]).await;
        let room =
            admin.list(&format!("/v1.0/chatrooms?owner_id={}", ben.id)).await[0]["id"].as_str().unwrap().to_owned();
        // Not for an administrator either: these are the caller's own.
        for caller in [t.voipbin_as(&ann).await, admin] {
            caller.get(&format!("/v1.0/service_agents/chatrooms/{room}")).send().await.expect_empty(400);
            caller.delete(&format!("/v1.0/service_agents/chatrooms/{room}")).send().await.expect_empty(400);
            caller
                .get("/v1.0/service_agents/chatroommessages")
                .query("chatroom_id", &room)
                .send()
                .await
                .expect_empty(400);
            let body = json!({ "chatroom_id": room, "text": "x" });
            caller.post("/v1.0/service_agents/chatroommessages", &body).send().await.expect_empty(400);
        }
    }

    /// What only a manager or an administrator may do elsewhere.
    async fn a_plain_agent_is_refused_elsewhere(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&t.admin.id, &ann.id, &ben.id]).await;
        let chat = chat["id"].as_str().unwrap();
        let said = admin.say(chat, &ann.id, "hi").await;
        let agent = t.voipbin_as(&ann).await;
        let room = agent.list("/v1.0/chatrooms").await[0]["id"].as_str().unwrap().to_owned();
        let refused = [
            agent.put(&format!("/v1.0/chats/{chat}"), &json!({ "name": "x" })),
            agent.delete(&format!("/v1.0/chats/{chat}")),
            agent.put(&format!("/v1.0/chats/{chat}/owner_id"), &json!({ "owner_id": ann.id })),
            agent.post(&format!("/v1.0/chats/{chat}/participant_ids"), &json!({ "participant_id": ann.id })),
            agent.delete(&format!("/v1.0/chats/{chat}/participant_ids/{}", ben.id)),
            agent.get("/v1.0/chatmessages").query("chat_id", chat),
            agent.delete(&format!("/v1.0/chatmessages/{}", said["id"].as_str().unwrap())),
            agent.post("/v1.0/chatroommessages", &json!({ "chatroom_id": room, "text": "x" })),
            agent.get("/v1.0/chatrooms").query("owner_id", &ben.id),
        ];
        for ask in refused {
            ask.send().await.expect_empty(400);
        }
        // A manager may.
        let manager = t.voipbin_as(&t.user("Max", "manager").await).await;
        assert_eq!(manager.list(&format!("/v1.0/chatmessages?chat_id={chat}")).await.len(), 1);
        manager.put(&format!("/v1.0/chats/{chat}"), &json!({ "name": "by a manager" })).send().await.expect(200);
        manager.say(chat, &ben.id, "as Ben").await;
    }
}
