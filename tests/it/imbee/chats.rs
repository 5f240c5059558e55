//! `chat/create` and `chat/list`.

use serde_json::{Value, json};

use super::refused;
use crate::harness::*;

fn contacts(pairs: &[(&Guest, u8)]) -> Value {
    pairs.iter().map(|(guest, isadmin)| json!({ "idsha": guest.idsha, "isadmin": isadmin })).collect()
}

on_each_stack! {
    async fn a_pair_has_one_chat_whoever_asks(t: Tenant) {
        let imbee = t.imbee();
        let (ann, ben) = (imbee.guest().await, imbee.guest().await);
        let first = ann.create("chat", &[&ben.idsha]).await;
        assert_eq!(
            (&first["previously_created"], &first["contacts"]),
            (&json!(false), &contacts(&[(&ann, 1), (&ben, 0)]))
        );
        let again = ann.create("chat", &[&ben.idsha]).await;
        assert_eq!((&again["previously_created"], &again["conversationId"]), (&json!(true), &first["conversationId"]));
        assert_eq!(again["contacts"], first["contacts"]);
        // The caller comes first; the mark stays with who created it.
        let back = ben.create("chat", &[&ann.idsha]).await;
        assert_eq!((&back["previously_created"], &back["conversationId"]), (&json!(true), &first["conversationId"]));
        assert_eq!(back["contacts"], contacts(&[(&ben, 0), (&ann, 1)]));
    }

    async fn the_caller_among_the_contacts_counts_once(t: Tenant) {
        let imbee = t.imbee();
        let (ann, ben) = (imbee.guest().await, imbee.guest().await);
        let made = ann.create("chat", &[&ann.idsha, &ben.idsha, &ben.idsha]).await;
        assert_eq!(made["contacts"], contacts(&[(&ann, 1), (&ben, 0)]));
    }

    async fn a_group_is_always_new(t: Tenant) {
        let imbee = t.imbee();
        let (ann, ben, cleo) = (imbee.guest().await, imbee.guest().await, imbee.guest().await);
        let one = ann.create("group", &[&ben.idsha, &cleo.idsha]).await;
        let two = ann.create("group", &[&ben.idsha, &cleo.idsha]).await;
        assert_eq!((&one["previously_created"], &two["previously_created"]), (&json!(false), &json!(false)));
        assert_ne!(one["conversationId"], two["conversationId"]);
        let people = one["contacts"].as_array().unwrap();
        assert_eq!((people.len(), &people[0]), (3, &json!({ "idsha": ann.idsha, "isadmin": 1 })));
        let title =
            json!({ "type": "group", "title": "Plans", "contacts": [{ "idsha": ben.idsha }, { "idsha": cleo.idsha }] });
        let named = ann.ask("/chat/create", &title).await["conversationId"].clone();
        let listed = ben.chats().await.into_iter().find(|chat| chat["conversationId"] == named).expect("in the list");
        assert_eq!((listed["title"].as_str(), listed["type"].as_str()), (Some("Plans"), Some("group")));
    }

    async fn twenty_at_once_make_one_chat(t: Tenant) {
        let imbee = t.imbee();
        let (ann, ben) = (imbee.guest().await, imbee.guest().await);
        let sides = [(&ann, &ben), (&ben, &ann)];
        let asked =
            (0..20).map(|n| sides[n % 2]).map(|(one, other)| async { one.create("chat", &[&other.idsha]).await });
        let made = futures_util::future::join_all(asked).await;
        assert_eq!(made.iter().filter(|chat| chat["previously_created"] == false).count(), 1);
        assert!(made.iter().all(|chat| chat["conversationId"] == made[0]["conversationId"]));
        assert_eq!(ann.chats().await.len(), 1);
    }

    async fn refusals(t: Tenant) {
        let imbee = t.imbee();
        let (ann, ben, cleo) = (imbee.guest().await, imbee.guest().await, imbee.guest().await);
        let stranger = t.another().await.imbee().guest().await;
        let of = |people: &[&str]| people.iter().map(|idsha| json!({ "idsha": idsha })).collect::<Value>();
        for wrong in [
            json!({ "type": "chat", "contacts": of(&[&"0".repeat(40)]) }),
            json!({ "type": "chat", "contacts": of(&["nobody"]) }),
            json!({ "type": "chat", "contacts": of(&[&stranger.idsha]) }),
            json!({ "type": "chat", "contacts": of(&[&ben.idsha, &cleo.idsha]) }),
            json!({ "type": "chat", "contacts": of(&[&ann.idsha]) }),
            json!({ "type": "chat", "contacts": [] }),
            json!({ "type": "chat" }),
            json!({ "type": "party", "contacts": of(&[&ben.idsha]) }),
            json!({ "type": 1, "contacts": of(&[&ben.idsha]) }),
            json!({ "contacts": of(&[&ben.idsha]) }),
            json!({ "type": "chat", "contacts": [ben.idsha] }),
            json!({ "type": "chat", "contacts": [{ "idsha": 5 }] }),
            json!({ "type": "chat", "contacts": ben.idsha }),
            json!({ "type": "group", "contacts": of(&[&ben.idsha, "nobody"]) }),
            json!([]),
        ] {
            let reply = ann.call("/chat/create", &wrong).send().await;
            assert_eq!(reply.status, 200, "{wrong}");
            refused(reply, 200);
        }
        assert!(ann.chats().await.is_empty(), "nothing was made");
    }

    async fn the_list_is_the_callers_with_the_last_spoken_first(t: Tenant) {
        let imbee = t.imbee();
        let (ann, ben, cleo) = (imbee.guest().await, imbee.guest().await, imbee.guest().await);
        let (with_ben, with_cleo) = (ann.direct(&ben.idsha).await, ann.direct(&cleo.idsha).await);
        ben.direct(&cleo.idsha).await;
        let chats = ann.chats().await;
        assert_eq!(chats.len(), 2);
        assert_eq!(keys(&chats[0]), ["contacts", "conversationId", "title", "type"]);
        assert_eq!((chats[0]["type"].as_str(), chats[0]["contacts"].as_array().unwrap().len()), (Some("chat"), 2));

        for (conversation, other) in [(&with_ben, &with_cleo), (&with_cleo, &with_ben), (&with_ben, &with_cleo)] {
            ann.say(conversation, "hello").await;
            eventually("the chat moves to the top", || async {
                (texts(&ann.chats().await, "conversationId") == [conversation.as_str(), other.as_str()]).then_some(())
            })
            .await;
        }
        // The limit is clamped.
        for (limit, count) in
            [(json!(1), 1), (json!(0), 1), (json!(-5), 1), (json!(1000), 2), (Value::Null, 2), (json!("1"), 1)]
        {
            let some = ann.ask("/chat/list", &json!({ "limit": limit })).await;
            assert_eq!(some["chats"].as_array().unwrap().len(), count, "limit {limit}");
        }
        assert_eq!(ann.ask("/chat/list", &json!({})).await["chats"].as_array().unwrap().len(), 2);
    }
}
