//! ConnectNow as one end, VoIPBin and imBee as the other, both ways round.

use serde_json::{Value, json};

use super::{identities, said, through_imbee, through_voipbin};
use crate::harness::*;

/// What a chat shows here, oldest first, as (chat user, text).
pub(super) async fn through_connectnow(who: &ConnectNow, chat: i64) -> Vec<(i64, String)> {
    let shown = |m: &Value| (m["chat_user_id"].as_i64().expect("an author"), m["message"].as_str().unwrap().to_owned());
    who.walk(&format!("/api/chats/{chat}/messages"), 2).await.iter().map(shown).collect()
}

/// Each chat user's person, by VoIPBin's id.
pub(super) async fn chat_user(t: &Tenant, who: &ConnectNow, chat: i64, person: &str) -> i64 {
    let view = t.operator("GET", &format!("/users/{person}")).send().await.ok();
    let users = who.walk(&format!("/api/chats/{chat}/users"), 50).await;
    let same = |user: &&Value| user["name"] == view["name"] && user["email"] == view["email"];
    users.iter().find(same).unwrap_or_else(|| panic!("{person} is not in {users:?}"))["id"].as_i64().unwrap()
}

pub(super) async fn number(t: &Tenant, surface: &str, id: &str) -> i64 {
    identities(t, surface, id).await["connectnow"].as_i64().unwrap()
}

pub(super) fn heard(pairs: &[(i64, &str)]) -> Vec<(i64, String)> {
    pairs.iter().map(|(author, text)| (*author, (*text).to_owned())).collect()
}

on_each_stack! {
    /// A chat made here is a group there, its owner whoever made it.
    async fn opened_through_connectnow_answered_through_voipbin(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let email = t.email(&ann).await;
        let agent = t.connectnow_as(&ann).await;
        let chat = agent.chat("Support").await;
        let (me, joined) = agent.join(chat, &email).await;
        let manager = t.connectnow();
        let (ben, bens) = manager.join(chat, &format!("{}@example.org", unique("ben"))).await;
        ben.say(chat, "from ConnectNow").await;

        let voipbin = t.voipbin_as(&ann).await;
        let listed = voipbin.list("/v1.0/chats").await;
        let [there] = listed.as_slice() else { panic!("one chat: {listed:?}") };
        assert_eq!([&there["type"], &there["name"], &there["owner_id"]], [&json!("group"), &json!("Support"), &json!(ann.id)]);
        let people = there["participant_ids"].as_array().unwrap();
        assert!(people.len() == 2 && people.contains(&json!(ann.id)), "{people:?}");
        let ben_id = people.iter().find(|id| **id != ann.id.as_str()).unwrap().as_str().unwrap().to_owned();
        let id = there["id"].as_str().unwrap();
        assert_eq!(number(&t, "voipbin", id).await, chat);

        voipbin.say(id, &ann.id, "from VoIPBin").await;
        me.say(chat, "and back").await;
        let texts = ["from ConnectNow", "from VoIPBin", "and back"];
        let by_id = said(&[(&ben_id, texts[0]), (&ann.id, texts[1]), (&ann.id, texts[2])]);
        assert_eq!(through_voipbin(&t, id).await, by_id);
        let (a, b) = (joined["id"].as_i64().unwrap(), bens["id"].as_i64().unwrap());
        for who in [&me, &ben, &manager] {
            assert_eq!(through_connectnow(who, chat).await, heard(&[(b, texts[0]), (a, texts[1]), (a, texts[2])]));
        }
        let origins: Vec<String> = t.messages(id).await.iter().map(|m| m["origin"].as_str().unwrap().to_owned()).collect();
        assert_eq!(origins, ["connectnow", "voipbin", "connectnow"]);

        // Edited and deleted here is edited and deleted there; who leaves here is out there.
        let messages = format!("/api/chats/{chat}/messages");
        let last = me.walk(&messages, 10).await[2]["id"].clone();
        me.put(&format!("{messages}/{last}"), &json!({ "message": "edited" })).send().await.expect(200);
        assert_eq!(through_voipbin(&t, id).await[2].1, "edited");
        me.delete(&format!("{messages}/{last}")).send().await.expect(200);
        assert_eq!(through_voipbin(&t, id).await.len(), 2);
        manager.delete(&format!("/api/chats/{chat}/users/{b}")).send().await.expect(200);
        let there = voipbin.get(&format!("/v1.0/chats/{id}")).send().await.ok();
        assert_eq!(there["participant_ids"], json!([ann.id]));
        agent.delete(&format!("/api/chats/{chat}")).send().await.expect(200);
        assert!(voipbin.list("/v1.0/chats").await.is_empty());
    }

    async fn opened_through_voipbin_answered_through_connectnow(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let voipbin = t.voipbin_as(&ben).await;
        let made = voipbin.chat("normal", &[&ben.id, &ann.id]).await;
        let id = made["id"].as_str().unwrap();
        voipbin.say(id, &ben.id, "from VoIPBin").await;

        let agent = t.connectnow_as(&ann).await;
        let listed = agent.walk("/api/chats", 5).await;
        let [here] = listed.as_slice() else { panic!("one chat: {listed:?}") };
        let chat = number(&t, "voipbin", id).await;
        assert_eq!((here["id"].as_i64(), &here["name"]), (Some(chat), &json!("a chat")));
        assert_eq!(t.connectnow().walk("/api/chats", 5).await, listed, "managers see it too");
        let (me, joined) = agent.join(chat, &t.email(&ann).await).await;
        me.say(chat, "from ConnectNow").await;
        voipbin.say(id, &ben.id, "and back").await;

        let texts = ["from VoIPBin", "from ConnectNow", "and back"];
        let by_id = said(&[(&ben.id, texts[0]), (&ann.id, texts[1]), (&ben.id, texts[2])]);
        assert_eq!(through_voipbin(&t, id).await, by_id);
        let (a, b) = (joined["id"].as_i64().unwrap(), chat_user(&t, &agent, chat, &ben.id).await);
        assert_eq!(through_connectnow(&me, chat).await, heard(&[(b, texts[0]), (a, texts[1]), (b, texts[2])]));
        let there = voipbin.get(&format!("/v1.0/chats/{id}")).send().await.ok();
        assert_eq!(there["type"], "normal", "nobody came in: she was there already");
    }

    async fn opened_through_connectnow_answered_through_imbee(t: Tenant) {
        let (manager, guest) = (t.connectnow(), t.imbee().guest().await);
        let guest_id = guest.id(&t).await;
        let view = t.operator("GET", &format!("/users/{guest_id}")).send().await.ok();
        let chat = manager.chat("Support").await;
        let (ben, bens) = manager.join(chat, &format!("{}@example.org", unique("ben"))).await;
        let body = json!({ "user_id": view["identities"]["connectnow"] });
        let added = manager.post(&format!("/api/chats/{chat}/users"), &body).send().await.expect(201).json();
        ben.say(chat, "from ConnectNow").await;

        let listed = guest.chats().await;
        assert_eq!((listed.len(), &listed[0]["type"], &listed[0]["title"]), (1, &json!("group"), &json!("Support")));
        let conversation = listed[0]["conversationId"].as_str().unwrap();
        assert_eq!(number(&t, "imbee", conversation).await, chat);
        guest.say(conversation, "from imBee").await;
        ben.say(chat, "and back").await;

        let texts = ["from ConnectNow", "from imBee", "and back"];
        let (g, b) = (added["id"].as_i64().unwrap(), bens["id"].as_i64().unwrap());
        assert_eq!(through_connectnow(&ben, chat).await, heard(&[(b, texts[0]), (g, texts[1]), (b, texts[2])]));
        let shown = through_imbee(&guest, conversation).await;
        assert_eq!(shown.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), texts);
        assert!(shown[1].0 == guest.idsha && shown[0].0 == shown[2].0 && shown[0].0 != guest.idsha, "{shown:?}");
    }

    async fn opened_through_imbee_answered_through_connectnow(t: Tenant) {
        let (ann, guest) = (t.user("Ann", "agent").await, t.imbee().guest().await);
        let conversation = guest.direct(&ann.idsha).await;
        guest.say(&conversation, "from imBee").await;
        let chat = number(&t, "imbee", &conversation).await;
        let agent = t.connectnow_as(&ann).await;
        let (me, joined) = agent.join(chat, &t.email(&ann).await).await;
        me.say(chat, "from ConnectNow").await;
        guest.say(&conversation, "and back").await;

        let texts = ["from imBee", "from ConnectNow", "and back"];
        let by_idsha = said(&[(&guest.idsha, texts[0]), (&ann.idsha, texts[1]), (&guest.idsha, texts[2])]);
        assert_eq!(through_imbee(&guest, &conversation).await, by_idsha);
        let a = joined["id"].as_i64().unwrap();
        let g = chat_user(&t, &agent, chat, &guest.id(&t).await).await;
        assert_eq!(through_connectnow(&me, chat).await, heard(&[(g, texts[0]), (a, texts[1]), (g, texts[2])]));
        // Still the chat of the two, which imBee finds again.
        assert_eq!(guest.create("chat", &[&ann.idsha]).await["previously_created"], true);
    }

    /// A visitor is a person of the tenant: found and addressed by every surface's own id.
    async fn visitors_are_people_everywhere(t: Tenant) {
        let manager = t.connectnow();
        let chat = manager.chat("Support").await;
        let email = format!("{}@example.org", unique("ann"));
        manager.join(chat, &email).await;
        let found = t.operator("GET", "/users").query("email", &email).send().await.ok();
        let person = &found["items"][0];
        assert_eq!(person["role"], "customer");
        let id = person["id"].as_str().unwrap();
        let direct = t.voipbin().chat("normal", &[&t.admin.id, id]).await;
        assert!(direct["participant_ids"].as_array().unwrap().contains(&json!(id)));
        let guest = t.imbee().guest().await;
        let conversation = guest.direct(person["identities"]["imbee"].as_str().unwrap()).await;
        let seen = manager.walk("/api/chats", 10).await.len();
        assert_eq!(seen, 3, "managers see all three");
        assert!(number(&t, "imbee", &conversation).await > chat);
    }
}
