//! ConnectNow and Odoo, both ways round.

use serde_json::{Value, json};

use super::connectnow::{chat_user, heard, number, through_connectnow};
use super::{identities, said, through_odoo};
use crate::harness::*;

on_each_stack! {
    async fn opened_through_connectnow_answered_through_odoo(t: Tenant) {
        let (manager, (user, ann)) = (t.connectnow(), t.odoo("Ann").await);
        let chat = manager.chat("Support").await;
        let (ben, bens) = manager.join(chat, &format!("{}@example.org", unique("ben"))).await;
        let added = manager.post(&format!("/api/chats/{chat}/users"), &json!({ "user_id": ann.uid })).send().await;
        let anns = added.expect(201).json()["id"].as_i64().unwrap();
        ben.say(chat, "from ConnectNow").await;

        let sessions = ann.sessions(json!({})).await;
        assert_eq!((sessions.len(), &sessions[0]["is_group"]), (1, &json!(false)));
        let uuid = sessions[0]["uuid"].as_str().unwrap();
        assert_eq!(identities(&t, "odoo", uuid).await["connectnow"], chat);
        assert_eq!(sessions[0]["is_read"], false);
        ann.say(uuid, "from Odoo").await;
        ben.say(chat, "and back").await;

        let texts = ["from ConnectNow", "from Odoo", "and back"];
        let b = bens["id"].as_i64().unwrap();
        assert_eq!(through_connectnow(&ben, chat).await, heard(&[(b, texts[0]), (anns, texts[1]), (b, texts[2])]));
        let name = bens["name"].as_str().unwrap();
        assert_eq!(through_odoo(&ann, uuid).await, said(&[(name, texts[0]), ("Ann", texts[1]), (name, texts[2])]), "once");
        assert_eq!(ann.session(uuid).await["is_read"], true);
        let origins: Vec<String> = crate::harness::texts(&t.messages(uuid).await, "origin");
        assert_eq!(origins, ["connectnow", "odoo", "connectnow"]);
        // Who leaves here is out there.
        manager.delete(&format!("/api/chats/{chat}/users/{anns}")).send().await.expect(200);
        assert!(ann.sessions(json!({})).await.is_empty());
        let params = json!({ "uuid": uuid, "message_type": "message", "message_content": "x" });
        assert_eq!(ann.ask("/im_chat/post", params).await, json!(false), "{}", user.id);
    }

    async fn opened_through_odoo_answered_through_connectnow(t: Tenant) {
        let ((_, ann), (two, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uuid = ann.with(&bob).await;
        ann.say(&uuid, "from Odoo").await;
        let chat = number(&t, "odoo", &uuid).await;
        let agent = t.connectnow_as(&two).await;
        let listed = agent.walk("/api/chats", 5).await;
        assert_eq!((listed.len(), listed[0]["id"].as_i64()), (1, Some(chat)));
        let (me, joined) = agent.join(chat, &t.email(&two).await).await;
        me.say(chat, "from ConnectNow").await;
        ann.say(&uuid, "and back").await;

        let texts = ["from Odoo", "from ConnectNow", "and back"];
        assert_eq!(through_odoo(&ann, &uuid).await, said(&[("Ann", texts[0]), ("Bob", texts[1]), ("Ann", texts[2])]));
        let view = t.operator("GET", "/users").query("identity", format!("odoo:{}", ann.uid)).send().await.ok();
        let a = chat_user(&t, &agent, chat, view["items"][0]["id"].as_str().unwrap()).await;
        let b = joined["id"].as_i64().unwrap();
        assert_eq!(through_connectnow(&me, chat).await, heard(&[(a, texts[0]), (b, texts[1]), (a, texts[2])]));
        // Edited and deleted here is edited and deleted there.
        let messages = format!("/api/chats/{chat}/messages");
        let mine: Value = me.walk(&messages, 10).await[1]["id"].clone();
        me.put(&format!("{messages}/{mine}"), &json!({ "message": "edited" })).send().await.expect(200);
        assert_eq!(through_odoo(&ann, &uuid).await[1].1, "edited");
        me.delete(&format!("{messages}/{mine}")).send().await.expect(200);
        assert_eq!(through_odoo(&ann, &uuid).await.len(), 2);
        // Still the pair's one session.
        assert_eq!(bob.with(&ann).await, uuid);
    }
}
