//! One conversation through all of it: a bot written for Zenvia only serves a visitor who came through ConnectNow, hands
//! over to an agent who answers through Odoo, and a VoIPBin client reads the whole in order.

use serde_json::json;

use super::connectnow::through_connectnow;
use crate::harness::*;

on_each_stack! {
    async fn from_a_bot_to_an_agent(t: Tenant) {
        let robot = ZenviaBot::start(t.zenvia()).await;
        let (ann, odoo) = t.odoo("Ann").await;
        let sales = t.department("Sales", Some(&robot.hook), &[&ann]).await;
        let bot = t.operator("GET", &format!("/users/{}", sales.bot.unwrap())).send().await.ok();

        // A visitor comes in, and the bot is asked in by its ConnectNow id.
        let manager = t.connectnow();
        let chat = manager.chat("Support").await;
        let (visitor, _) = manager.join(chat, &format!("{}@example.org", unique("carl"))).await;
        let body = json!({ "user_id": bot["identities"]["connectnow"] });
        manager.post(&format!("/api/chats/{chat}/users"), &body).send().await.expect(201);
        let shown = async |n: usize| {
            eventually(&format!("{n} messages"), || async {
                let all: Vec<String> = through_connectnow(&visitor, chat).await.into_iter().map(|(_, text)| text).collect();
                (all.len() >= n).then_some(all)
            })
            .await
        };
        assert_eq!(shown(1).await, ["How can I help?"]);
        visitor.say(chat, "hello").await;
        assert_eq!(shown(3).await[2], "You said: hello");
        visitor.say(chat, "human").await;
        assert_eq!(shown(5).await[4], "One moment, please.");

        // The agent has it now, in her own client.
        let id = t.operator("GET", "/chats").query("identity", format!("connectnow:{chat}")).send().await.ok();
        let id = id["items"][0]["id"].as_str().unwrap().to_owned();
        eventually("Ann has it", || async {
            (t.served(&id).await["owner"] == json!({ "type": "agent", "id": ann.id })).then_some(())
        })
        .await;
        let sessions = eventually("Ann takes part", || async {
            Some(odoo.sessions(json!({})).await).filter(|sessions| !sessions.is_empty())
        })
        .await;
        assert_eq!((sessions.len(), &sessions[0]["uuid"]), (1, &json!(id)));
        assert_eq!(odoo.history(&id).await.len(), 5);
        odoo.say(&id, "Ann here").await;
        assert_eq!(shown(6).await[5], "Ann here");
        visitor.say(chat, "thank you").await;

        let whole = t.voipbin().walk(&format!("/v1.0/chatmessages?chat_id={id}"), 3).await;
        let words: Vec<&str> = whole.iter().rev().map(|message| message["text"].as_str().unwrap()).collect();
        let expected =
            ["How can I help?", "hello", "You said: hello", "human", "One moment, please.", "Ann here", "thank you"];
        assert_eq!(words, expected);
        let origins: Vec<String> = texts(&t.messages(&id).await, "origin");
        assert_eq!(origins, ["zenvia", "connectnow", "zenvia", "connectnow", "zenvia", "odoo", "connectnow"]);
        // The bot heard the visitor up to the handover, and nothing behind it.
        t.decided(&id).await;
        assert_eq!(texts(&robot.hook.bodies()[1..], "content"), ["hello", "human"]);
    }
}
