//! Each user's own window on a session: open, folded, closed.

use serde_json::{Value, json};

use crate::harness::*;

fn update(kwargs: &Value) -> Value {
    json!({ "model": "im_chat.session", "method": "update_state", "args": [], "kwargs": kwargs })
}

const CALL: &str = "/web/dataset/call_kw";

on_each_stack! {
    async fn a_window_is_folded_closed_and_opened(t: Tenant) {
        let ((_, ann), (_, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uuid = ann.with(&bob).await;
        for (n, state) in ["folded", "closed", "open"].into_iter().enumerate() {
            let path = if n == 0 { format!("{CALL}/im_chat.session/update_state") } else { CALL.to_owned() };
            let reply = ann.call(&path, &update(&json!({ "uuid": uuid, "state": state }))).send().await;
            assert_eq!(reply.json(), json!({ "jsonrpc": "2.0", "id": null }), "no result for nothing");
            assert_eq!(ann.session(&uuid).await["state"], state);
            assert_eq!(bob.session(&uuid).await["state"], "open", "everybody has their own");
            let listed = ann.sessions(json!({ "state": state })).await;
            assert_eq!(texts(&listed, "uuid"), [uuid.as_str()]);
            for other in ["folded", "closed", "open", "away"].into_iter().filter(|other| *other != state) {
                assert!(ann.sessions(json!({ "state": other })).await.is_empty(), "{other}");
            }
        }
        // Without a state it goes back and forth.
        for state in ["folded", "open"] {
            ann.ask(CALL, json!({ "model": "im_chat.session", "method": "update_state", "args": [uuid], "kwargs": {} })).await;
            assert_eq!(ann.session(&uuid).await["state"], state);
        }
    }

    async fn a_message_reopens_a_closed_window_as_folded(t: Tenant) {
        let ((one, ann), (_, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uuid = ann.with(&bob).await;
        bob.say(&uuid, "before").await;
        ann.ask(CALL, update(&json!({ "uuid": uuid, "state": "closed" }))).await;
        assert_eq!(ann.session(&uuid).await["state"], "closed");
        bob.say(&uuid, "after").await;
        assert_eq!(ann.session(&uuid).await["state"], "folded", "at once");
        let operators = || async {
            let chat = t.operator("GET", &format!("/chats/{uuid}")).send().await.ok();
            let window = chat["participants"].as_array().unwrap().iter().find(|p| p["user_id"] == one.id.as_str()).cloned();
            (window.unwrap()["state"] == "folded").then_some(())
        };
        eventually("the operator sees it too", operators).await;
        ann.ask(CALL, update(&json!({ "uuid": uuid, "state": "closed" }))).await;
        assert_eq!(ann.session(&uuid).await["state"], "closed", "and it can be closed again");
    }

    async fn other_models_and_methods_are_refused(t: Tenant) {
        let ((_, ann), (_, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uuid = ann.with(&bob).await;
        for bad in [
            json!({ "model": "res.users", "method": "read", "args": [[1]], "kwargs": {} }),
            json!({ "model": "im_chat.session", "method": "unlink", "args": [], "kwargs": {} }),
            json!({ "model": 1, "method": 2, "args": [], "kwargs": {} }),
            update(&json!({ "uuid": uuid, "state": "away" })),
            update(&json!({ "state": "open" })),
        ] {
            error(ann.call(CALL, &bad).send().await, 200);
        }
        // Nobody's window changes nothing.
        for uuid in ["x", "91e03d34-1929-4a02-9486-4c3e708686b3"] {
            assert_eq!(ann.ask(CALL, update(&json!({ "uuid": uuid, "state": "open" }))).await, Value::Null);
        }
    }

    /// `/im_chat/init`: the windows that are not closed, then what was said lately, as notifications.
    async fn a_web_client_starts_with_what_it_missed(t: Tenant) {
        let ((_, ann), (_, bob), (_, cleo)) = (t.odoo("Ann").await, t.odoo("Bob").await, t.odoo("Cleo").await);
        let (open, closed) = (ann.with(&bob).await, ann.with(&cleo).await);
        bob.say(&open, "one").await;
        ann.say(&open, "two").await;
        ann.ask(CALL, update(&json!({ "uuid": closed, "state": "closed" }))).await;
        let notifications = ann.ask("/im_chat/init", json!({})).await;
        let channel = json!([t.credential("/odoo/db"), "im_chat.session", ann.uid]);
        let notifications = notifications.as_array().unwrap();
        assert!(notifications.iter().all(|n| n[0] == channel), "{notifications:?}");
        assert_eq!(notifications.len(), 3);
        assert_eq!((&notifications[0][1]["uuid"], &notifications[0][1]["state"]), (&json!(open), &json!("open")));
        let words: Vec<&Value> = notifications[1..].iter().map(|n| &n[1]["message"]).collect();
        assert_eq!(words, [&json!("one"), &json!("two")]);
    }
}
