//! The long poll: what happens reaches those whom it concerns, once, in order, through whatever surface it came.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::*;

const POLL: &str = "/longpolling/poll";

/// So long after the last news there are no more.
const QUIET: Duration = Duration::from_secs(1);

fn asked(last: i64) -> Value {
    json!({ "channels": [], "last": last, "options": {} })
}

/// One poll: its notifications.
async fn poll(odoo: &Odoo, last: i64) -> Vec<Value> {
    let got = odoo.ask(POLL, asked(last)).await;
    let got = got.as_array().expect("a list").clone();
    for one in &got {
        assert_eq!(keys(one), ["channel", "id", "message"]);
        assert!(one["id"].as_i64().unwrap() > last);
    }
    got
}

/// Polls on from `last` until a message `fits`; it and the offset behind it.
async fn until(odoo: &Odoo, mut last: i64, fits: impl Fn(&Value) -> bool) -> (Value, i64) {
    for _ in 0..20 {
        for one in poll(odoo, last).await {
            last = one["id"].as_i64().unwrap();
            if fits(&one["message"]) {
                return (one, last);
            }
        }
    }
    panic!("it never came");
}

fn says(text: &'static str) -> impl Fn(&Value) -> bool {
    move |message| message["message"] == text
}

on_each_stack! {
    /// A window that is folded, closed or put away in one tab is so in the user's others; nobody else is told.
    async fn arranging_a_window_reaches_the_users_other_tabs(t: Tenant) {
        let ((_, ann), (_, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uuid = ann.with(&bob).await;
        bob.say(&uuid, "first").await;
        let (_, mut last) = until(&ann, 0, says("first")).await;
        let (_, at) = until(&bob, 0, says("first")).await;
        for state in ["folded", "closed", "open"] {
            let fits = |message: &Value| message["uuid"] == uuid.as_str() && message["state"] == state;
            let kwargs = json!({ "uuid": uuid, "state": state });
            let call = json!({ "model": "im_chat.session", "method": "update_state", "args": [], "kwargs": kwargs });
            let (got, _) = tokio::join!(until(&ann, last, fits), ann.ask("/web/dataset/call_kw", call));
            assert_eq!(got.0["channel"], json!([t.credential("/odoo/db"), "im_chat.session", ann.uid]));
            last = got.1;
        }
        let asked = json!({ "uuid": uuid, "new_status": "favorite" });
        let fits = |message: &Value| message["status"] == "favorite";
        tokio::join!(until(&ann, last, fits), ann.ask("/im_chat/api/change_session_status", asked));
        // The next thing of this chat that Bob hears is what is said.
        ann.say(&uuid, "second").await;
        let (mut heard, mut next) = (Vec::new(), at);
        while !heard.iter().any(says("second")) {
            for one in poll(&bob, next).await {
                next = one["id"].as_i64().unwrap();
                heard.push(one["message"].clone());
            }
        }
        assert!(heard.iter().all(|message| message["uuid"] != uuid.as_str()), "{heard:?}");
    }

    async fn a_waiting_poll_gets_what_others_say(t: Tenant) {
        let ((_, ann), (two, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uuid = ann.with(&bob).await;
        let agent = t.voipbin_as(&two).await;
        ann.say(&uuid, "first").await;
        let (_, last) = until(&ann, 0, says("first")).await;
        // Both at once: the poll waits while the other surface speaks.
        let (got, _) = tokio::join!(until(&ann, last, says("from VoIPBin")), agent.say(&uuid, &two.id, "from VoIPBin"));
        let (notification, last) = got;
        assert_eq!(notification["channel"], json!([t.credential("/odoo/db"), "im_chat.session", ann.uid]));
        let message = &notification["message"];
        assert_eq!(keys(message), ["create_date", "from_id", "from_partner_id", "id", "message", "to_id", "type"]);
        assert_eq!((&message["from_id"], &message["type"]), (&json!([bob.uid, bob.name]), &json!("message")));
        assert_eq!(message["to_id"][1], uuid.as_str());
        assert_eq!(ann.history(&uuid).await[0], *message, "the same as in the history");

        // From there on in order, once.
        for text in ["one", "two", "three"] {
            bob.say(&uuid, text).await;
        }
        let (mut heard, mut at) = (Vec::new(), last);
        while heard.len() < 3 {
            for one in poll(&ann, at).await {
                at = one["id"].as_i64().unwrap();
                heard.extend(one["message"]["message"].as_str().map(str::to_owned));
            }
        }
        assert_eq!(heard, ["one", "two", "three"]);
    }

    async fn typing_is_pushed_and_not_stored(t: Tenant) {
        let ((_, ann), (_, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uuid = ann.with(&bob).await;
        bob.say(&uuid, "hi").await;
        let (_, last) = until(&ann, 0, says("hi")).await;
        let typing = json!({ "uuid": uuid, "message_type": "typing", "message_content": "typing" });
        let (got, number) = tokio::join!(until(&ann, last, |m| m["type"] == "typing"), bob.ask("/im_chat/post", typing));
        let message = &got.0["message"];
        assert_eq!((&message["id"], &message["from_id"]), (&number, &json!([bob.uid, bob.name])));
        assert_eq!(texts(&ann.history(&uuid).await, "message"), ["hi"]);
    }

    async fn whoever_polls_is_online(t: Tenant) {
        let ((_, ann), (_, bob)) = (t.odoo("Ann").await, t.odoo("Bob").await);
        let uuid = ann.with(&bob).await;
        let status = async |of: i64| {
            let session = ann.session(&uuid).await;
            let user = session["users"].as_array().unwrap().iter().find(|user| user["id"] == of).unwrap();
            user["im_status"].as_str().unwrap().to_owned()
        };
        assert_eq!((status(ann.uid).await.as_str(), status(bob.uid).await.as_str()), ("offline", "offline"));
        ann.say(&uuid, "hi").await;
        until(&bob, 0, says("hi")).await;
        eventually("Bob is online", || async { (status(bob.uid).await == "online").then_some(()) }).await;
        let all = ann.ask("/im_chat/api/user_chat_ab/get_all_users", json!({})).await;
        assert!(all.as_array().unwrap().contains(&json!({ "im_status": "online", "id": bob.uid, "name": bob.name })));
    }

    async fn nobody_hears_of_other_peoples_chats(t: Tenant) {
        let ((_, ann), (_, bob), (_, cleo)) = (t.odoo("Ann").await, t.odoo("Bob").await, t.odoo("Cleo").await);
        let (_, stranger) = t.another().await.odoo("Stranger").await;
        ann.say(&ann.with(&bob).await, "between us").await;
        // Each waits for something of their own; what came before it was not for them.
        let own = cleo.with(&bob).await;
        bob.say(&own, "for Cleo").await;
        let mut last = 0;
        loop {
            let got = poll(&cleo, last).await;
            assert!(got.iter().all(|one| one["message"]["message"] != "between us"), "{got:?}");
            last = got.last().map_or(last, |one| one["id"].as_i64().unwrap());
            if got.iter().any(|one| one["message"]["message"] == "for Cleo") {
                break;
            }
        }
        let other = stranger.call(POLL, &asked(0));
        let waited = tokio::time::timeout(Duration::from_secs(2), other.send()).await;
        if let Ok(reply) = waited {
            assert!(!reply.body.contains("between us") && !reply.body.contains("for Cleo"));
        }
    }

    async fn who_is_not_logged_in_gets_code_100(t: Tenant) {
        error(t.http.post(POLL).json(&rpc(&asked(0))).send().await, 100);
        let (_, ann) = t.odoo("Ann").await;
        error(ann.call(POLL, &json!({ "channels": [] })).send().await, 200);
        error(ann.call(POLL, &json!({ "channels": [], "last": "x" })).send().await, 200);
        // A session that ends while it waits, behind all the news that Ann is there.
        let mut last = 0;
        while let Ok(news) = tokio::time::timeout(QUIET, poll(&ann, last)).await {
            last = news.last().map_or(last, |one| one["id"].as_i64().unwrap());
        }
        let waiting = ann.call(POLL, &asked(last));
        let ending = async {
            tokio::time::sleep(QUIET).await;
            ann.call("/web/session/destroy", &json!({})).send().await
        };
        let (waited, _) = tokio::join!(waiting.send(), ending);
        error(waited, 100);
    }
}
