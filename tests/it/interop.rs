//! One conversation, several surfaces, every way round.

mod connectnow;
mod connectnow_odoo;
mod waiting;
mod whole;
mod zenvia;

use serde_json::{Value, json};

use crate::harness::*;

/// imBee's id of a chat whose VoIPBin id is known, as the operator's view has it.
async fn identities(t: &Tenant, surface: &str, id: &str) -> Value {
    let found = t.operator("GET", "/chats").query("identity", format!("{surface}:{id}")).send().await.ok();
    let items = found["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "one chat is {surface}:{id}");
    items[0]["identities"].clone()
}

/// What each surface shows, oldest first, as (author's VoIPBin id, text).
async fn through_voipbin(t: &Tenant, chat: &str) -> Vec<(String, String)> {
    let walked = t.voipbin().walk(&format!("/v1.0/chatmessages?chat_id={chat}"), 100).await;
    let shown =
        |m: &Value| (m["source"]["target"].as_str().unwrap().to_owned(), m["text"].as_str().unwrap().to_owned());
    walked.iter().rev().map(shown).collect()
}

async fn through_imbee(guest: &Guest, conversation: &str) -> Vec<(String, String)> {
    let shown = |m: &Value| (m["idsha"].as_str().unwrap().to_owned(), m["text"].as_str().unwrap().to_owned());
    guest.history(conversation).await.iter().rev().map(shown).collect()
}

async fn through_odoo(odoo: &Odoo, uuid: &str) -> Vec<(String, String)> {
    let shown = |m: &Value| (m["from_id"][1].as_str().unwrap().to_owned(), m["message"].as_str().unwrap().to_owned());
    odoo.history(uuid).await.iter().rev().map(shown).collect()
}

/// How far `user` has read, as the operator sees it.
async fn read_seq(t: &Tenant, chat: &str, user: &str) -> i64 {
    let chat = t.operator("GET", &format!("/chats/{chat}")).send().await.ok();
    let all = chat["participants"].as_array().unwrap();
    all.iter().find(|p| p["user_id"] == user).and_then(|p| p["read_seq"].as_i64()).expect("a participant")
}

fn said(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(author, text)| ((*author).to_owned(), (*text).to_owned())).collect()
}

on_each_stack! {
    /// Opened, posted and answered through VoIPBin; seen and answered through imBee.
    async fn opened_through_voipbin(t: Tenant) {
        let (ann, guest) = (t.user("Ann", "agent").await, t.imbee().guest().await);
        let guest_id = guest.id(&t).await;
        let agent = t.voipbin_as(&ann).await;
        let chat = agent.chat("normal", &[&ann.id, &guest_id]).await;
        let chat = chat["id"].as_str().unwrap();
        agent.say(chat, &ann.id, "from VoIPBin").await;

        let listed = guest.chats().await;
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0]["type"], "chat");
        let people = listed[0]["contacts"].as_array().unwrap();
        assert!(people.iter().any(|person| person["idsha"] == ann.idsha.as_str()), "{people:?}");
        let conversation = listed[0]["conversationId"].as_str().unwrap();
        let ids = identities(&t, "voipbin", chat).await;
        assert_eq!((ids["imbee"].as_str(), ids["voipbin"].as_str()), (Some(conversation), Some(chat)));

        assert_eq!(through_imbee(&guest, conversation).await, said(&[(&ann.idsha, "from VoIPBin")]), "once");
        guest.say(conversation, "from imBee").await;
        agent.say(chat, &ann.id, "and back").await;

        let texts = ["from VoIPBin", "from imBee", "and back"];
        let by_id = said(&[(&ann.id, texts[0]), (&guest_id, texts[1]), (&ann.id, texts[2])]);
        assert_eq!(through_voipbin(&t, chat).await, by_id);
        let by_idsha = said(&[(&ann.idsha, texts[0]), (&guest.idsha, texts[1]), (&ann.idsha, texts[2])]);
        assert_eq!(through_imbee(&guest, conversation).await, by_idsha);
        // Each room shows them too, and the operator sees where each came from.
        let rooms = agent.list("/v1.0/chatrooms").await;
        let copies =
            agent.list(&format!("/v1.0/chatroommessages?chatroom_id={}", rooms[0]["id"].as_str().unwrap())).await;
        assert_eq!(copies.len(), 3);
        let origins: Vec<String> =
            t.messages(chat).await.iter().map(|m| m["origin"].as_str().unwrap().to_owned()).collect();
        assert_eq!(origins, ["voipbin", "imbee", "voipbin"]);
    }

    /// Opened and posted through imBee; seen and answered through VoIPBin.
    async fn opened_through_imbee(t: Tenant) {
        let (ann, guest) = (t.user("Ann", "agent").await, t.imbee().guest().await);
        let guest_id = guest.id(&t).await;
        let conversation = guest.direct(&ann.idsha).await;
        guest.say(&conversation, "from imBee").await;

        let agent = t.voipbin_as(&ann).await;
        let chats = agent.list("/v1.0/chats").await;
        assert_eq!(chats.len(), 1);
        assert_eq!(chats[0]["type"], "normal");
        let mut people = vec![ann.id.clone(), guest_id.clone()];
        people.sort();
        assert_eq!(chats[0]["participant_ids"], json!(people));
        let chat = chats[0]["id"].as_str().unwrap();
        assert_eq!(identities(&t, "imbee", &conversation).await["voipbin"], chat);
        let rooms = agent.list("/v1.0/chatrooms").await;
        assert_eq!((rooms.len(), rooms[0]["chat_id"].as_str()), (1, Some(chat)));

        agent.say(chat, &ann.id, "from VoIPBin").await;
        // A room's message too is one message.
        let body = json!({ "chatroom_id": rooms[0]["id"], "text": "from my room" });
        agent.post("/v1.0/service_agents/chatroommessages", &body).send().await.expect(200);
        let texts = ["from imBee", "from VoIPBin", "from my room"];
        assert_eq!(
            through_voipbin(&t, chat).await,
            said(&[(&guest_id, texts[0]), (&ann.id, texts[1]), (&ann.id, texts[2])])
        );
        let by_idsha = said(&[(&guest.idsha, texts[0]), (&ann.idsha, texts[1]), (&ann.idsha, texts[2])]);
        assert_eq!(through_imbee(&guest, &conversation).await, by_idsha);
    }

    /// A pair's chat is found again where the vendor documents it, and refused where the vendor refuses.
    async fn a_pairs_chat_is_the_same_for_both(t: Tenant) {
        let (one, two) = (t.imbee().guest().await, t.imbee().guest().await);
        let (one_id, two_id) = (one.id(&t).await, two.id(&t).await);
        let admin = t.voipbin();
        let conversation = one.direct(&two.idsha).await;
        admin.post("/v1.0/chats", &chat_body("normal", &[&two_id, &one_id])).send().await.expect_empty(400);

        let ann = t.user("Ann", "agent").await;
        let chat = admin.chat("normal", &[&ann.id, &one_id]).await;
        let found = one.create("chat", &[&ann.idsha]).await;
        assert_eq!(found["previously_created"], true);
        assert_ne!(found["conversationId"], conversation.as_str());
        let ids = identities(&t, "voipbin", chat["id"].as_str().unwrap()).await;
        assert_eq!(ids["imbee"], found["conversationId"]);

        // A soft delete ends it for both; the next request makes a new one.
        admin.delete(&format!("/v1.0/chats/{}", chat["id"].as_str().unwrap())).send().await.expect(200);
        assert_eq!(texts(&one.chats().await, "conversationId"), [conversation]);
        let fresh = one.create("chat", &[&ann.idsha]).await;
        assert_eq!(fresh["previously_created"], false);
        assert_ne!(fresh["conversationId"], found["conversationId"]);
    }

    /// The two ways to open it race; there is one chat all the same.
    async fn opened_by_both_at_once(t: Tenant) {
        for _ in 0..5 {
            let (one, two) = (t.imbee().guest().await, t.imbee().guest().await);
            let (one_id, two_id) = (one.id(&t).await, two.id(&t).await);
            let admin = t.voipbin();
            let (body, contacts) = (chat_body("normal", &[&one_id, &two_id]), [two.idsha.as_str()]);
            let (here, there) = tokio::join!(admin.post("/v1.0/chats", &body).send(), one.create("chat", &contacts));
            assert_eq!(here.status == 400, there["previously_created"] == false, "exactly one of them made it");
            assert_eq!(two.chats().await.len(), 1);
        }
    }

    /// A group made on either side is the same group on the other.
    async fn groups_cross_too(t: Tenant) {
        let (one, two) = (t.imbee().guest().await, t.imbee().guest().await);
        let ann = t.user("Ann", "agent").await;
        let conversation = one.create("group", &[&two.idsha, &ann.idsha]).await["conversationId"].clone();
        let conversation = conversation.as_str().unwrap();
        let chat = identities(&t, "imbee", conversation).await["voipbin"].as_str().unwrap().to_owned();
        let agent = t.voipbin_as(&ann).await;
        let shown = agent.get(&format!("/v1.0/chats/{chat}")).send().await.ok();
        assert_eq!((shown["type"].as_str(), shown["participant_ids"].as_array().unwrap().len()), (Some("group"), 3));
        one.say(conversation, "to the group").await;
        // Who leaves through one surface is out on the other.
        let path = format!("/v1.0/chats/{chat}/participant_ids/{}", two.id(&t).await);
        t.voipbin().delete(&path).send().await.expect(200);
        let refused =
            two.call("/chat/message/new", &json!({ "conversationId": conversation, "text": "x" })).send().await.ok();
        assert_eq!(refused["code"], 1);
        assert!(two.chats().await.is_empty());
        assert_eq!(through_imbee(&one, conversation).await, said(&[(&one.idsha, "to the group")]));
        // Also who made it: owning a chat is not taking part in it.
        let path = format!("/v1.0/chats/{chat}/participant_ids/{}", one.id(&t).await);
        t.voipbin().delete(&path).send().await.expect(200);
        let message = json!({ "conversationId": conversation, "text": "x" });
        assert_eq!(one.call("/chat/message/new", &message).send().await.ok()["code"], 1);
        assert_eq!(one.call(&format!("/chat/history/{conversation}"), &json!({})).send().await.ok()["code"], 1);
        assert_eq!(t.messages(&chat).await.len(), 1);
    }

    /// Opened, posted and read through Odoo; seen, answered and found through VoIPBin.
    async fn odoo_and_voipbin(t: Tenant) {
        let ((one, ann), (two, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uuid = ann.with(&bob).await;
        ann.say(&uuid, "from Odoo").await;
        let agent = t.voipbin_as(&two).await;
        let chats = agent.list("/v1.0/chats").await;
        assert_eq!((chats.len(), chats[0]["id"].as_str(), chats[0]["type"].as_str()), (1, Some(&*uuid), Some("normal")));
        agent.say(&uuid, &two.id, "from VoIPBin").await;
        let texts = ["from Odoo", "from VoIPBin"];
        assert_eq!(through_voipbin(&t, &uuid).await, said(&[(&one.id, texts[0]), (&two.id, texts[1])]));
        assert_eq!(read_seq(&t, &uuid, &one.id).await, 0, "VoIPBin's reads move no mark");
        assert_eq!(through_odoo(&ann, &uuid).await, said(&[("Ann", texts[0]), ("Bob", texts[1])]), "once");
        assert_eq!(read_seq(&t, &uuid, &one.id).await, 2, "Odoo's do, and everybody sees it");
        assert_eq!(ann.session(&uuid).await["is_read"], true);
        assert_eq!(bob.session(&uuid).await["is_read"], false);

        // The other way round: a chat made there is the pair's session here.
        let (three, cleo) = t.odoo("Cleo").await;
        let chat = agent.chat("normal", &[&two.id, &three.id]).await["id"].as_str().unwrap().to_owned();
        agent.say(&chat, &two.id, "hello Cleo").await;
        assert_eq!(cleo.with(&bob).await, chat);
        assert_eq!(through_odoo(&cleo, &chat).await, said(&[("Bob", "hello Cleo")]));
        cleo.say(&chat, "hello Bob").await;
        assert_eq!(through_voipbin(&t, &chat).await, said(&[(&two.id, "hello Cleo"), (&three.id, "hello Bob")]));
        let origins: Vec<String> = crate::harness::texts(&t.messages(&chat).await, "origin");
        assert_eq!(origins, ["voipbin", "odoo"]);
        agent.post("/v1.0/chats", &chat_body("normal", &[&two.id, &one.id])).send().await.expect_empty(400);
    }

    /// The same with imBee, whose history moves the same mark.
    async fn odoo_and_imbee(t: Tenant) {
        let ((user, ann), guest) = (t.odoo("Ann").await, t.imbee().guest().await);
        let guest_id = guest.id(&t).await;
        let view = t.operator("GET", &format!("/users/{guest_id}")).send().await.ok();
        let asked = json!({ "user_to": view["identities"]["odoo"]["uid"] });
        let session = ann.ask("/im_chat/api/get_or_create_session", asked).await;
        let uuid = session["uuid"].as_str().unwrap();
        ann.say(uuid, "from Odoo").await;
        let conversation = guest.direct(&user.idsha).await;
        assert_eq!(identities(&t, "imbee", &conversation).await["odoo"]["uuid"], uuid, "the pair's one chat");
        guest.say(&conversation, "from imBee").await;
        let name = view["name"].as_str().unwrap();
        assert_eq!(through_odoo(&ann, uuid).await, said(&[("Ann", "from Odoo"), (name, "from imBee")]));
        let by_idsha = said(&[(&user.idsha, "from Odoo"), (&guest.idsha, "from imBee")]);
        assert_eq!(through_imbee(&guest, &conversation).await, by_idsha);
        for person in [&user.id, &guest_id] {
            assert_eq!(read_seq(&t, uuid, person).await, 2);
        }
        // Read there is read here.
        guest.say(&conversation, "more").await;
        assert_eq!(ann.session(uuid).await["is_read"], false);
    }

    /// A session about a document is a group elsewhere, and never a pair's direct chat.
    async fn a_session_about_a_document_is_a_group_elsewhere(t: Tenant) {
        let ((one, ann), (two, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let about = json!({ "user_to": bob.uid, "doc_id": 25, "doc_model": "res.partner" });
        let session = ann.ask("/im_chat/api/get_or_create_session", about).await;
        let uuid = session["uuid"].as_str().unwrap();
        let agent = t.voipbin_as(&two).await;
        assert_eq!(agent.get(&format!("/v1.0/chats/{uuid}")).send().await.ok()["type"], "group");
        let direct = agent.chat("normal", &[&two.id, &one.id]).await["id"].clone();
        assert_ne!(direct, uuid);
        assert_eq!(ann.with(&bob).await, direct.as_str().unwrap());
    }

    /// Groups made elsewhere are sessions of several users here; a file is told by where it lies; the system has no name.
    async fn what_others_say_as_odoo_shows_it(t: Tenant) {
        let ((one, ann), (two, _)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let three = t.user("Cleo", "agent").await;
        let agent = t.voipbin_as(&two).await;
        let chat = agent.chat("group", &[&two.id, &one.id, &three.id]).await["id"].as_str().unwrap().to_owned();
        let session = ann.session(&chat).await;
        assert_eq!((&session["is_group"], &session["groups"]), (&json!(false), &json!([])));
        assert_eq!(session["users"].as_array().unwrap().len(), 3);
        let medias = json!([{ "type": "link", "link_url": "https://example.org/a.png" }]);
        let source = json!({ "type": "agent", "target": two.id });
        let body = json!({ "chat_id": chat, "source": source, "type": "normal", "text": "look", "medias": medias });
        t.voipbin().post("/v1.0/chatmessages", &body).send().await.expect(200);
        let shown = ann.history(&chat).await;
        let expected = (json!("money4_chat_attach_msg"), json!("https://example.org/a.png"));
        assert_eq!((shown[0]["type"].clone(), shown[0]["message"].clone()), expected);
        let system = json!({ "chat_id": chat, "source": { "type": "system" }, "type": "system", "text": "Bob left" });
        if t.voipbin().post("/v1.0/chatmessages", &system).send().await.status == 200 {
            let shown = ann.history(&chat).await;
            assert_eq!((&shown[0]["type"], &shown[0]["message"]), (&json!("message"), &json!("Bob left")));
        }
    }

    /// What is deleted on one surface leaves the history of the other.
    async fn deletes_cross(t: Tenant) {
        let (ann, guest) = (t.user("Ann", "agent").await, t.imbee().guest().await);
        let conversation = guest.direct(&ann.idsha).await;
        let chat = identities(&t, "imbee", &conversation).await["voipbin"].as_str().unwrap().to_owned();
        guest.say(&conversation, "gone").await;
        guest.say(&conversation, "kept").await;
        let admin = t.voipbin();
        let listed = admin.list(&format!("/v1.0/chatmessages?chat_id={chat}")).await;
        admin.delete(&format!("/v1.0/chatmessages/{}", listed[1]["id"].as_str().unwrap())).send().await.expect(200);
        assert_eq!(through_imbee(&guest, &conversation).await, said(&[(&guest.idsha, "kept")]));
    }

    /// A message without an author is the system's on every surface, and media is a URL.
    async fn what_the_other_surface_cannot_express(t: Tenant) {
        let (ann, guest) = (t.user("Ann", "agent").await, t.imbee().guest().await);
        let conversation = guest.direct(&ann.idsha).await;
        let chat = identities(&t, "imbee", &conversation).await["voipbin"].as_str().unwrap().to_owned();
        let medias = json!([{ "type": "link", "link_url": "https://example.org/a.png" }]);
        let source = json!({ "type": "agent", "target": ann.id });
        let body = json!({ "chat_id": chat, "source": source, "type": "normal", "text": "look", "medias": medias });
        t.voipbin().post("/v1.0/chatmessages", &body).send().await.expect(200);
        let shown = guest.history(&conversation).await;
        assert_eq!((shown.len(), shown[0]["type"].as_str()), (1, Some("media")));
    }

    /// Found, addressed and named by each surface's own id.
    async fn people_are_found_by_every_surfaces_own_id(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let view = t.operator("GET", &format!("/users/{}", ann.id)).send().await.ok();
        let ids = &view["identities"];
        let number = |path: &str| {
            ids.pointer(path).and_then(Value::as_i64).unwrap_or_else(|| panic!("{path}: {ids}")).to_string()
        };
        for identity in [
            format!("imbee:{}", ann.idsha),
            format!("voipbin:{}", ann.id),
            format!("zenvia:{}", number("/zenvia")),
            format!("connectnow:{}", number("/connectnow")),
            format!("odoo:{}", number("/odoo/uid")),
        ] {
            let found = t.operator("GET", "/users").query("identity", &identity).send().await.ok();
            assert_eq!(texts(found["items"].as_array().unwrap(), "id"), [ann.id.as_str()], "{identity}");
        }
        assert!(number("/odoo/partner_id").parse::<i64>().unwrap() > 0);
        // Another tenant's ids name nobody here.
        let other = t.another().await;
        let found = other.operator("GET", "/users").query("identity", format!("imbee:{}", ann.idsha)).send().await.ok();
        assert_eq!(found["items"], json!([]));
    }
}
