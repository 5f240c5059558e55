//! The five examples of seed 002 with ids and tokens replaced, answered key by key.

use insta::assert_json_snapshot;
use serde_json::Value;

use crate::harness::*;

/// The seed's request body, white space and all.
fn create_body(owner: &str, first: &str, second: &str) -> String {
    format!(
        r#"{{
            "type": "normal",
            "owner_id": "{owner}",
            "participant_ids": [
                "{first}",
                "{second}"
            ],
            "name": "test chat normal",
            "detail": "test chat with agent 1 and agent2"
        }}"#
    )
}

/// Two people, ids rising.
async fn pair(t: &Tenant) -> (User, User) {
    let (one, two) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
    if one.id < two.id { (one, two) } else { (two, one) }
}

/// Keys that came after 2022 say the same as the seed's, and stand beside them.
#[track_caller]
fn seed_keys_of(mut object: Value) -> Value {
    let owner = object["owner_id"].clone();
    let keys = object.as_object_mut().expect("an object");
    if let Some(added) = keys.remove("room_owner_id") {
        assert_eq!(added, owner);
    }
    if let Some(added) = keys.remove("owner_type") {
        assert_eq!(added, "agent");
    }
    object
}

macro_rules! assert_chat {
    ($chat:expr, $t:expr, $low:expr, $high:expr) => {
        assert_json_snapshot!(seed_keys_of($chat), {
            ".id" => uuid(),
            ".customer_id" => is("customer", &$t.id),
            ".owner_id" => is("high", &$high.id),
            ".participant_ids[0]" => is("low", &$low.id),
            ".participant_ids[1]" => is("high", &$high.id),
            ".tm_create" => voipbin_time(),
            ".tm_update" => voipbin_time(),
        }, @r#"
        {
          "customer_id": "[customer]",
          "detail": "test chat with agent 1 and agent2",
          "id": "[uuid]",
          "name": "test chat normal",
          "owner_id": "[high]",
          "participant_ids": [
            "[low]",
            "[high]"
          ],
          "tm_create": "[time]",
          "tm_delete": "9999-01-01 00:00:00.000000",
          "tm_update": "[time]",
          "type": "normal"
        }
        "#)
    };
}

on_each_stack! {
    /// "Create a new chat", "Get detail of chat", "Get list of chats": the same object three times.
    async fn chats(t: Tenant) {
        let (low, high) = pair(&t).await;
        let admin = t.voipbin_as(&t.admin).await;

        // Sent in falling order, answered in rising order.
        let body = create_body(&high.id, &high.id, &low.id);
        let ask = t.http.post("/v1.0/chats").query("token", &admin.secret).raw("text/plain", body);
        let created = ask.send().await.ok();
        assert_chat!(created.clone(), t, low, high);
        assert_eq!(created["tm_update"], created["tm_create"]);

        let id = created["id"].as_str().unwrap();
        let detail = t.http.get(&format!("/v1.0/chats/{id}")).query("token", &admin.secret).send().await.ok();
        assert_eq!(detail, created);

        let list = t.http.get("/v1.0/chats").query("token", &admin.secret).send().await.ok();
        assert_eq!(keys(&list), ["next_page_token", "result"]);
        assert_eq!(list["result"], Value::Array(vec![created.clone()]));
        assert_eq!(list["next_page_token"], created["tm_create"], "also on a short, final page");
    }

    /// "Get list of chatrooms": one for each participant.
    async fn chatrooms(t: Tenant) {
        let (low, high) = pair(&t).await;
        let admin = t.voipbin_as(&t.admin).await;
        let body = create_body(&high.id, &high.id, &low.id);
        let chat = admin.ask("POST", "/v1.0/chats").raw("text/plain", body).send().await.ok();

        let ask = t.http.get("/v1.0/chatrooms").query("token", &admin.secret).query("owner_id", &high.id);
        let list = ask.send().await.ok();
        assert_eq!(keys(&list), ["next_page_token", "result"]);
        let [room] = list["result"].as_array().unwrap().as_slice() else { panic!("one room: {list}") };
        assert_eq!(list["next_page_token"], room["tm_create"]);
        assert_json_snapshot!(seed_keys_of(room.clone()), {
            ".id" => uuid(),
            ".customer_id" => is("customer", &t.id),
            ".chat_id" => is("chat", chat["id"].as_str().unwrap()),
            ".owner_id" => is("high", &high.id),
            ".participant_ids[0]" => is("low", &low.id),
            ".participant_ids[1]" => is("high", &high.id),
            ".tm_create" => voipbin_time(),
            ".tm_update" => voipbin_time(),
        }, @r#"
        {
          "chat_id": "[chat]",
          "customer_id": "[customer]",
          "detail": "test chat with agent 1 and agent2",
          "id": "[uuid]",
          "name": "test chat normal",
          "owner_id": "[high]",
          "participant_ids": [
            "[low]",
            "[high]"
          ],
          "tm_create": "[time]",
          "tm_delete": "9999-01-01 00:00:00.000000",
          "tm_update": "[time]",
          "type": "normal"
        }
        "#);

        let other = admin.list(&format!("/v1.0/chatrooms?owner_id={}", low.id)).await;
        assert_eq!(other.len(), 1);
        assert_eq!(other[0]["chat_id"], room["chat_id"]);
        assert_ne!(other[0]["id"], room["id"], "each participant has a room of their own");
    }

    /// "Send chatmessage": `source` comes back with five keys, `medias` is never null.
    async fn chatmessages(t: Tenant) {
        let (low, high) = pair(&t).await;
        let admin = t.voipbin_as(&t.admin).await;
        let chat = admin.chat("normal", &[&high.id, &low.id]).await;
        let id = chat["id"].as_str().unwrap();

        let body = format!(
            r#"{{
            "chat_id": "{id}",
            "source": {{
                "type": "agent",
                "target": "{}"
            }},
            "type": "normal",
            "text": "test message"
        }}"#,
            high.id
        );
        let ask = t.http.post("/v1.0/chatmessages").query("token", &admin.secret).raw("text/plain", body);
        let message = ask.send().await.ok();
        assert_eq!(message["tm_update"], message["tm_create"]);
        assert_json_snapshot!(message, {
            ".id" => uuid(),
            ".customer_id" => is("customer", &t.id),
            ".chat_id" => is("chat", id),
            ".source.target" => is("high", &high.id),
            ".tm_create" => voipbin_time(),
            ".tm_update" => voipbin_time(),
        }, @r#"
        {
          "chat_id": "[chat]",
          "customer_id": "[customer]",
          "id": "[uuid]",
          "medias": [],
          "source": {
            "detail": "",
            "name": "",
            "target": "[high]",
            "target_name": "",
            "type": "agent"
          },
          "text": "test message",
          "tm_create": "[time]",
          "tm_delete": "9999-01-01 00:00:00.000000",
          "tm_update": "[time]",
          "type": "normal"
        }
        "#);
    }

    /// A plain agent's own session works on all five calls, for what is theirs.
    async fn as_a_plain_agent(t: Tenant) {
        let (low, high) = pair(&t).await;
        let stranger = t.user("Cleo", "agent").await;
        let theirs = t.voipbin().chat("normal", &[&stranger.id, &low.id]).await;
        let agent = t.voipbin_as(&high).await;

        let body = create_body(&high.id, &high.id, &low.id);
        let chat = agent.ask("POST", "/v1.0/chats").raw("text/plain", body).send().await.ok();
        assert_chat!(chat.clone(), t, low, high);
        assert_eq!(agent.list("/v1.0/chats").await, std::slice::from_ref(&chat), "not the chats of others");

        let id = chat["id"].as_str().unwrap();
        assert_eq!(agent.get(&format!("/v1.0/chats/{id}")).send().await.ok(), chat);
        let other = format!("/v1.0/chats/{}", theirs["id"].as_str().unwrap());
        agent.get(&other).send().await.expect_empty(400);

        assert_eq!(agent.list(&format!("/v1.0/chatrooms?owner_id={}", high.id)).await.len(), 1);
        assert_eq!(agent.say(id, &high.id, "mine").await["text"], "mine");
        let as_other = message_body(id, &low.id, "not mine");
        agent.post("/v1.0/chatmessages", &as_other).send().await.expect_empty(400);
        assert_eq!(t.messages(id).await.len(), 1, "a refused message leaves nothing behind");
    }
}
