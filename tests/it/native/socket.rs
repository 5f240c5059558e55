//! The WebSocket: the same events, and a few words from the client.

use serde_json::json;

use super::tells;
use crate::harness::*;

on_each_stack! {
    async fn a_client_writes_reads_and_is_there(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let admin = t.voipbin();
        let chat = admin.chat("normal", &[&ann.id, &ben.id]).await["id"].as_str().unwrap().to_owned();
        let mut his = Socket::open(&t.stream(&t.voipbin_as(&ben).await.secret)).await;
        assert_eq!(his.next().await["event"], "stream.opened");
        // A browser cannot send headers: the token may stand in the query.
        let token = t.voipbin_as(&ann).await.secret;
        let mut hers = Socket::open(&t.http.get("/parlance/v1/stream").query("token", &token)).await;
        assert_eq!(hers.next().await["data"]["recovered"], false);
        let came = |word: &serde_json::Value| {
            word["event"] == "presence.changed" && word["data"] == json!({ "user_id": ann.id, "presence": "online" })
        };
        his.until(came).await;

        admin.say(&chat, &ben.id, "hello").await;
        let said = hers.until(|word| tells(word, "hello")).await.pop().unwrap();
        assert_eq!(said["data"], t.messages(&chat).await[0]);

        hers.say(&json!({ "type": "typing", "chat_id": chat })).await;
        let typing = his.until(|word| word["event"] == "typing").await.pop().unwrap();
        assert_eq!(typing["data"], json!({ "chat_id": chat, "user_id": ann.id }));

        hers.say(&json!({ "type": "read", "chat_id": chat, "seq": 1 })).await;
        let read = his.until(|word| word["event"] == "message.read").await.pop().unwrap();
        assert_eq!(read["data"], json!({ "chat_id": chat, "user_id": ann.id, "read_seq": 1 }));
        let view = t.operator("GET", &format!("/chats/{chat}")).send().await.ok();
        let her_mark = view["participants"].as_array().unwrap().iter().find(|p| p["user_id"] == ann.id.as_str());
        assert_eq!(her_mark.unwrap()["read_seq"], 1);

        for wrong in [json!({ "type": "sing" }), json!({ "type": "typing", "chat_id": ann.id })] {
            hers.say(&wrong).await;
            hers.until(|word| word["event"] == "error").await;
        }
    }
}
