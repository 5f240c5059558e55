//! `GET /v1.0/ws`: topics, events, and who may hear what.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::harness::*;

fn ws(client: &VoipBin) -> Ask {
    client.get("/v1.0/ws")
}

async fn subscribed(client: &VoipBin, topics: &[&str]) -> Socket {
    let mut socket = Socket::open(&ws(client)).await;
    socket.say(&json!({ "type": "subscribe", "topics": topics })).await;
    socket
}

/// Does something again and again until it is heard: subscribing has no answer.
async fn until_heard(socket: &mut Socket, enough: impl Fn(&Value) -> bool, mut doing: impl AsyncFnMut()) -> Vec<Value> {
    let again = async {
        loop {
            doing().await;
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        words = socket.until(enough) => words,
        () = again => unreachable!("it never stops"),
    }
}

/// Says something in `chat` until the socket's subscription holds.
async fn heard(t: &Tenant, socket: &mut Socket, chat: &str) {
    let admin = t.voipbin();
    let said = |word: &Value| word["type"].as_str().unwrap().starts_with("messagechat");
    until_heard(socket, said, async || drop(admin.say(chat, &t.admin.id, "are you there").await)).await;
}

/// The next `number` of those that are `wanted`. Others come in between: what was done before the socket subscribed, and what
/// [`heard`] said last, is told by services that do not wait for each other.
async fn gathered(socket: &mut Socket, number: usize, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
    let mut words = Vec::new();
    while words.len() < number {
        words.extend(socket.until(&wanted).await.pop());
    }
    words
}

fn types(words: &[Value]) -> Vec<&str> {
    words.iter().map(|word| word["type"].as_str().unwrap()).collect()
}

on_each_stack! {
    /// The chat stays, and so do the others' rooms.
    async fn a_dropped_room_is_told_to_its_owner_and_managers(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let (admin, agent, other) = (t.voipbin(), t.voipbin_as(&ann).await, t.voipbin_as(&ben).await);
        let chat = admin.chat("group", &[&ann.id, &ben.id, &t.admin.id]).await["id"].as_str().unwrap().to_owned();
        let rooms = agent.list("/v1.0/chatrooms").await;
        let room = rooms[0]["id"].as_str().unwrap().to_owned();
        let mut sockets = [
            subscribed(&admin, &[&format!("customer_id:{}:", t.id)]).await,
            subscribed(&agent, &[&format!("agent_id:{}:", ann.id)]).await,
            subscribed(&other, &[&format!("agent_id:{}:", ben.id)]).await,
        ];
        for socket in &mut sockets {
            heard(&t, socket, &chat).await;
        }
        let dropped = agent.delete(&format!("/v1.0/chatrooms/{room}")).send().await.ok();
        let [managers, own, others] = &mut sockets;
        for socket in [managers, own] {
            let words = socket.until(|word| word["type"] == "chatroom_deleted").await;
            assert_eq!(words.last().unwrap()["data"], dropped, "as the call answered it");
        }
        // What was said afterwards comes, and nothing of the room before it.
        admin.say(&chat, &t.admin.id, "after").await;
        let words = others.until(|word| word["data"]["text"] == "after").await;
        assert!(!types(&words).contains(&"chatroom_deleted"), "{words:?}");
    }

    /// The whole life of a chat, as the customer's topic tells it.
    async fn events_look_like_the_calls_objects(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let admin = t.voipbin();
        let before = admin.chat("group", &[&t.admin.id]).await["id"].as_str().unwrap().to_owned();
        let mut socket = subscribed(&admin, &[&format!("customer_id:{}:", t.id)]).await;
        heard(&t, &mut socket, &before).await;

        let chat = admin.chat("group", &[&ann.id, &t.admin.id]).await;
        let id = chat["id"].as_str().unwrap().to_owned();
        let path = format!("/v1.0/chats/{id}");
        let words = gathered(&mut socket, 3, |word| word.to_string().contains(&id)).await;
        assert_eq!(types(&words), ["chat_created", "chatroom_created", "chatroom_created"]);
        assert_eq!(words[0]["data"], chat);
        let room = admin.list(&format!("/v1.0/chatrooms?owner_id={}", ann.id)).await.remove(0);
        let hers = words.iter().find(|word| word["data"]["owner_id"] == ann.id.as_str() && word["type"] == "chatroom_created");
        assert_eq!(hers.unwrap()["data"], room);

        let said = admin.say(&id, &ann.id, "hello").await;
        let words = gathered(&mut socket, 3, |word| word["data"]["text"] == "hello").await;
        let (messages, copies): (Vec<_>, Vec<_>) = words.into_iter().partition(|word| word["type"] == "messagechat_created");
        assert_eq!(types(&copies), ["messagechatroom_created"; 2]);
        assert_eq!(messages[0]["data"], said);
        let listed = admin.list(&format!("/v1.0/chatroommessages?chatroom_id={}", room["id"].as_str().unwrap())).await.remove(0);
        let hers = copies.iter().find(|copy| copy["data"]["owner_id"] == ann.id.as_str()).unwrap();
        assert_eq!(hers["data"], listed);
        assert_json_snapshot!(hers, {
            ".data.id" => uuid(), ".data.customer_id" => is("customer", &t.id), ".data.chatroom_id" => uuid(),
            ".data.messagechat_id" => uuid(), ".data.source.target" => is("Ann", &ann.id), ".data.owner_id" => is("Ann", &ann.id),
            ".data.tm_create" => voipbin_time(), ".data.tm_update" => voipbin_time(),
        }, @r#"
        {
          "data": {
            "chatroom_id": "[uuid]",
            "customer_id": "[customer]",
            "id": "[uuid]",
            "medias": [],
            "messagechat_id": "[uuid]",
            "owner_id": "[Ann]",
            "owner_type": "agent",
            "source": {
              "detail": "",
              "name": "",
              "target": "[Ann]",
              "target_name": "",
              "type": "agent"
            },
            "text": "hello",
            "tm_create": "[time]",
            "tm_delete": "9999-01-01 00:00:00.000000",
            "tm_update": "[time]",
            "type": "normal"
          },
          "type": "messagechatroom_created"
        }
        "#);

        admin.put(&path, &json!({ "name": "anew", "detail": "" })).send().await.expect(200);
        let words = socket.until(|word| word["type"] == "chat_updated").await;
        assert_eq!(words.last().unwrap()["data"]["name"], "anew");
        admin.delete(&format!("/v1.0/chatmessages/{}", said["id"].as_str().unwrap())).send().await.expect(200);
        let words = socket.until(|word| word["type"] == "messagechat_deleted").await;
        assert_ne!(words.last().unwrap()["data"]["tm_delete"], "9999-01-01 00:00:00.000000");
        admin.delete(&format!("{path}/participant_ids/{}", ann.id)).send().await.expect(200);
        let words = socket.until(|word| word["type"] == "chatroom_deleted").await;
        assert_eq!(words.last().unwrap()["data"]["id"], room["id"]);
        let gone = admin.delete(&path).send().await.ok();
        let words = socket.until(|word| word["type"] == "chat_deleted").await;
        assert_eq!(words.last().unwrap()["data"], gone);
    }

    /// An agent hears what is theirs, by either form of topic, and nothing else.
    async fn an_agent_hears_their_own(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&ann.id, &ben.id, &t.admin.id]).await["id"].as_str().unwrap().to_owned();
        let (hers, his) = (t.voipbin_as(&ann).await, t.voipbin_as(&ben).await);
        let mut own = subscribed(&hers, &[&format!("agent_id:{}:", ann.id)]).await;
        heard(&t, &mut own, &chat).await;
        // The form of 2022: one resource, within the customer.
        let mut one = subscribed(&his, &[&format!("messagechat:{}", "00000000-0000-0000-0000-000000000001")]).await;
        let room = his.list("/v1.0/chatrooms").await.remove(0)["id"].as_str().unwrap().to_owned();
        one.say(&json!({ "type": "subscribe", "topics": [format!("chatroom:{room}")] })).await;

        admin.say(&chat, &t.admin.id, "the end").await;
        let words = own.until(|word| word["type"] == "messagechatroom_created" && word["data"]["text"] == "the end").await;
        let copies = words.iter().filter(|word| word["type"] == "messagechatroom_created");
        assert!(copies.into_iter().all(|word| word["data"]["owner_id"] == ann.id.as_str()), "{words:?}");

        let words = until_heard(&mut one, |word| word["type"] == "chatroom_updated", async || {
            let body = json!({ "name": unique("n"), "detail": "" });
            admin.put(&format!("/v1.0/chats/{chat}"), &body).send().await.expect(200);
        })
        .await;
        assert!(words.iter().all(|word| word["data"]["id"] == room.as_str()), "{words:?}");
    }

    async fn what_is_unsubscribed_is_not_heard(t: Tenant) {
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&t.admin.id]).await["id"].as_str().unwrap().to_owned();
        let messages = format!("customer_id:{}:messagechat:", t.id);
        let mut socket = subscribed(&admin, &[&messages]).await;
        heard(&t, &mut socket, &chat).await;
        let chats = format!("customer_id:{}:chat:", t.id);
        socket.say(&json!({ "type": "unsubscribe", "topics": [messages] })).await;
        socket.say(&json!({ "type": "subscribe", "topics": [chats] })).await;
        // What is no such message is passed over.
        socket.say(&json!("hello")).await;
        socket.say(&json!({ "type": "sing", "topics": [] })).await;
        until_heard(&mut socket, |word| word["type"] == "chat_updated", async || {
            admin.say(&chat, &t.admin.id, "nobody hears this, sooner or later").await;
            let body = json!({ "name": "n", "detail": "" });
            admin.put(&format!("/v1.0/chats/{chat}"), &body).send().await.expect(200);
        })
        .await;
        admin.say(&chat, &t.admin.id, "nor this").await;
        admin.delete(&format!("/v1.0/chats/{chat}")).send().await.expect(200);
        let words = socket.until(|word| word["type"] == "chat_deleted").await;
        assert!(types(&words).iter().all(|kind| kind.starts_with("chat_")), "{words:?}");
    }

    async fn a_topic_that_is_not_ones_own_ends_the_connection(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let (admin, hers, other) = (t.voipbin(), t.voipbin_as(&ann).await, t.another().await);
        let customer = format!("customer_id:{}:chat:", t.id);
        let foreign = format!("customer_id:{}:chat:", other.id);
        let admins = format!("agent_id:{}:chat:", t.admin.id);
        for (client, topic) in
            [(&hers, customer.as_str()), (&hers, &admins), (&admin, &foreign), (&admin, "chat"), (&admin, "chat:x"), (&admin, "")]
        {
            let mut socket = subscribed(client, &[topic]).await;
            assert_eq!(socket.closed().await, (1008, "invalid topic".to_owned()), "{topic}");
        }
        t.http.get("/v1.0/ws").send().await.expect_empty(401);
        ws(&admin).send().await.expect_empty(400);
        assert_eq!(Socket::try_open(&t.http.get("/v1.0/ws").query("token", "x")).await.err(), Some(401));
    }
}
