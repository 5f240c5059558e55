//! Messages: who may say what, attachments, typing, and what others' surfaces say.

use serde_json::{Value, json};

use crate::harness::*;

fn said(uuid: &str, kind: &str, content: &str) -> Value {
    json!({ "uuid": uuid, "message_type": kind, "message_content": content })
}

on_each_stack! {
    async fn who_is_not_in_the_session_gets_false_and_sees_nothing(t: Tenant) {
        let ((_, ann), (_, bob), (_, cleo)) = (t.odoo("Ann").await, t.odoo("Bob").await, t.odoo("Cleo").await);
        let manager = t.odoo_as(&t.user("Max", "manager").await).await;
        let (_, stranger) = t.another().await.odoo("Stranger").await;
        let uuid = ann.with(&bob).await;
        ann.say(&uuid, "between us").await;
        for outsider in [&cleo, &manager, &stranger] {
            assert_eq!(outsider.ask("/im_chat/post", said(&uuid, "message", "x")).await, false);
            assert_eq!(outsider.ask("/im_chat/post", said(&uuid, "typing", "")).await, false);
            assert_eq!(outsider.ask("/im_chat/api/history", json!({ "uuid": uuid })).await, json!([]));
        }
        for nowhere in ["91e03d34-1929-4a02-9486-4c3e708686b3", "x", ""] {
            assert_eq!(ann.ask("/im_chat/post", said(nowhere, "message", "x")).await, false);
            assert_eq!(ann.ask("/im_chat/api/history", json!({ "uuid": nowhere })).await, json!([]));
        }
        assert_eq!(ann.history(&uuid).await.len(), 1);
    }

    async fn an_attachment_is_kept_verbatim(t: Tenant) {
        let ((_, ann), (_, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uuid = ann.with(&bob).await;
        let content = " {\"url\": \"https://x/é.png\"}\n ";
        ann.ask("/im_chat/post", said(&uuid, "money4_chat_attach_msg", content)).await;
        let history = bob.history(&uuid).await;
        assert_eq!((&history[0]["type"], &history[0]["message"]), (&json!("money4_chat_attach_msg"), &json!(content)));
        let session = bob.session(&uuid).await;
        let last = session["users"].as_array().unwrap().iter().find(|user| user["id"] == ann.uid).unwrap();
        assert_eq!(last["last_message"]["type"], "money4_chat_attach_msg");
    }

    async fn typing_takes_a_number_and_is_never_stored(t: Tenant) {
        let ((_, ann), (_, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uuid = ann.with(&bob).await;
        let first = ann.say(&uuid, "one").await;
        let typing = bob.ask("/im_chat/post", said(&uuid, "typing", "typing")).await.as_i64().unwrap();
        let second = ann.say(&uuid, "two").await;
        assert!(first < typing && typing < second);
        assert_eq!(texts(&bob.history(&uuid).await, "message"), ["two", "one"]);
        assert_eq!(ann.session(&uuid).await["is_read"], true);
    }

    async fn what_cannot_be_said_is_an_error(t: Tenant) {
        let ((_, ann), (_, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uuid = ann.with(&bob).await;
        for bad in [
            said(&uuid, "meta", "x"),
            said(&uuid, "", "x"),
            said(&uuid, "message", ""),
            said(&uuid, "message", &"x".repeat(20_001)),
            said(&uuid, "message", "a\0b"),
            json!({ "uuid": uuid, "message_type": "message", "message_content": 7 }),
            json!({ "uuid": uuid, "message_type": "message", "message_content": null }),
        ] {
            error(ann.call("/im_chat/post", &bad).send().await, 200);
        }
        for bad in [json!({ "uuid": uuid, "limit": "many" }), json!({ "uuid": uuid, "last_ID": [] })] {
            error(ann.call("/im_chat/api/history", &bad).send().await, 200);
        }
        assert!(ann.history(&uuid).await.is_empty());
    }

    async fn a_repeated_post_is_one_message(t: Tenant) {
        let ((_, ann), (_, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uuid = ann.with(&bob).await;
        let post = |key: &str, text: &str, id: i64| {
            let body = json!({ "jsonrpc": "2.0", "id": id, "method": "call", "params": said(&uuid, "message", text) });
            ann.call("/im_chat/post", &json!({})).json_body(&body).key(key)
        };
        let first = result(post("once", "hi", 1).send().await);
        assert_eq!(result(post("once", "hi", 2).send().await), first, "the same, whatever the request's own id");
        error(post("once", "other", 3).send().await, 200);
        assert_eq!(texts(&bob.history(&uuid).await, "message"), ["hi"]);
        error(post("another\u{e9}", "hi", 1).send().await, 200);
    }

    /// Pages: below an id, newest first, twenty unless said otherwise.
    async fn a_history_is_paged_by_ids(t: Tenant) {
        let ((_, ann), (_, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uuid = ann.with(&bob).await;
        let mut numbers = Vec::new();
        for n in 0..25 {
            numbers.push(ann.say(&uuid, &n.to_string()).await);
        }
        numbers.reverse();
        let page = async |asked: Value| {
            let page = bob.ask("/im_chat/api/history", asked).await;
            page.as_array().unwrap().iter().map(|m| m["id"].as_i64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(page(json!({ "uuid": uuid })).await, numbers[..20]);
        assert_eq!(page(json!({ "uuid": uuid, "limit": 0 })).await, numbers[..20]);
        assert_eq!(page(json!({ "uuid": uuid, "last_ID": numbers[19] })).await, numbers[20..]);
        assert_eq!(page(json!({ "uuid": uuid, "last_id": numbers[2].to_string(), "limit": 3 })).await, numbers[3..6]);
        assert_eq!(page(json!({ "uuid": uuid, "last_ID": numbers[24] })).await, Vec::<i64>::new());
    }

    /// Reading moves the one read mark, which the operator shows; also when the page is empty.
    async fn reading_moves_the_read_mark(t: Tenant) {
        let ((one, ann), (_, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uuid = ann.with(&bob).await;
        assert_eq!(ann.session(&uuid).await["is_read"], true, "a new session is read");
        bob.say(&uuid, "one").await;
        let number = bob.say(&uuid, "two").await;
        let is_read = async |who: &Odoo| who.session(&uuid).await["is_read"].clone();
        assert_eq!((is_read(&ann).await, is_read(&bob).await), (json!(false), json!(true)), "one's own words are no news");
        let marks = async || {
            let chat = t.operator("GET", &format!("/chats/{uuid}")).send().await.ok();
            let seen = chat["participants"].as_array().unwrap().iter().find(|p| p["user_id"] == one.id.as_str()).unwrap();
            seen["read_seq"].clone()
        };
        assert_eq!(marks().await, 0);
        let older = json!({ "uuid": uuid, "last_ID": number, "limit": 1 });
        assert_eq!(texts(ann.ask("/im_chat/api/history", older).await.as_array().unwrap(), "message"), ["one"]);
        assert_eq!((marks().await, is_read(&ann).await), (json!(2), json!(true)));
        bob.say(&uuid, "three").await;
        assert_eq!(is_read(&ann).await, false);
        let empty = json!({ "uuid": uuid, "last_ID": 1, "limit": 1 });
        assert_eq!(ann.ask("/im_chat/api/history", empty).await, json!([]));
        assert_eq!((marks().await, is_read(&ann).await), (json!(3), json!(true)));
    }
}
