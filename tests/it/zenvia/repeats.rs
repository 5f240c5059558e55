//! Requests that come twice: surfaces.md section 7, "Zenvia repeats".

use serde_json::json;

use crate::harness::*;

on_each_stack! {
    async fn a_message_is_always_a_new_one(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        for _ in 0..3 {
            t.zenvia().bots(&hash, "message", json!({ "content": "again" })).await;
        }
        assert_eq!(t.texts(&t.chat_of(&hash).await).await, ["again"; 3]);
    }

    /// Unless a key says otherwise; another body under it is refused, another token in it is no other body.
    async fn a_message_with_a_key_is_said_once(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let (one, two) = (t.zenvia().start(sales.number, json!({})).await, t.zenvia().start(sales.number, json!({})).await);
        let key = unique("key");
        let say = |hash: &str, text: &str| t.zenvia().bot(hash, "message", &json!({ "content": text })).key(&key);
        let said = futures_util::future::join_all((0..5).map(|_| say(&one, "once").send())).await;
        for reply in said {
            assert_eq!(reply.ok(), received());
        }
        let body = json!({ "surface": "zenvia", "name": "another" });
        let other = t.operator("POST", "/tokens").json(&body).send().await.expect(201).json()["secret"].clone();
        let again = json!({ "content": "once", "token": other });
        let ask = t.http.post(&format!("/core/api/v1/bot/{one}/message")).key(&key).json(&again);
        assert_eq!(ask.send().await.ok(), received());
        assert_eq!(t.texts(&t.chat_of(&one).await).await, ["once"]);
        refused(say(&one, "another").send().await, 422);
        assert_eq!(t.texts(&t.chat_of(&one).await).await, ["once"]);
        // The scope is the route: the other interaction is another one.
        assert_eq!(say(&two, "once").send().await.ok(), received());
        for key in ["", "a b", &"x".repeat(256)] {
            let ask = t.zenvia().bot(&two, "message", &json!({ "content": "x" })).header("idempotency-key", key);
            refused(ask.send().await, 422);
        }
    }

    async fn accept_again_is_fine_and_finish_or_transfer_again_is_not(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        for call in ["finish", "transfer"] {
            let hash = t.zenvia().start(sales.number, json!({})).await;
            for _ in 0..2 {
                t.zenvia().bots(&hash, "accept", json!({})).await;
            }
            t.zenvia().bots(&hash, call, json!({})).await;
            refused(t.zenvia().bot(&hash, call, &json!({})).send().await, 422);
            // Unless a key says that it is the same request.
            let (hash, key) = (t.zenvia().start(sales.number, json!({})).await, unique("key"));
            for _ in 0..3 {
                assert_eq!(t.zenvia().bot(&hash, call, &json!({})).key(&key).send().await.ok(), received(), "{call}");
            }
            refused(t.zenvia().bot(&hash, call, &json!({ "department_id": 1 })).key(&key).send().await, 422);
        }
    }

    /// Of many at once exactly one is first.
    async fn one_of_many_finishes(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        let (zenvia, body) = (t.zenvia(), json!({}));
        let calls = (0..8).map(|n| zenvia.bot(&hash, if n % 2 == 0 { "finish" } else { "transfer" }, &body).send());
        let statuses: Vec<u16> = futures_util::future::join_all(calls).await.iter().map(|reply| reply.status).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 7, "{statuses:?}");
    }

    async fn an_interaction_with_a_key_is_started_once(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let (key, body) = (unique("key"), json!({ "department_id": sales.number, "customer": { "name": "Ann" } }));
        let start = || t.zenvia().call("POST", "/core/api/v1/interactions", &body).key(&key).send();
        let first = start().await.ok();
        assert_eq!(start().await.ok(), first);
        let other = json!({ "department_id": sales.number });
        refused(t.zenvia().call("POST", "/core/api/v1/interactions", &other).key(&key).send().await, 422);
        let all = t.walk("/interactions", 10).await;
        assert_eq!(all.len(), 1);
    }
}
