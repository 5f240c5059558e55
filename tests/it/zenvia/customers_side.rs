//! The customer's side by webhook: how an interaction stands and what agents say, without a `type`.

use serde_json::{Value, json};

use crate::harness::*;

async fn webhook(t: &Tenant, hook: &Hook) -> Value {
    let body = json!({ "url": hook.url, "format": "zenvia" });
    t.operator("POST", "/webhooks").json(&body).send().await.expect(201).json()
}

/// What was told of an interaction: states, and texts of agents.
fn told(hook: &Hook, hash: &str) -> Vec<String> {
    let about = hook.bodies().into_iter().filter(|told| told["interaction_hash"] == hash);
    let word = |told: Value| {
        assert!(told.get("type").is_none(), "{told}");
        told["state"].as_str().or(told["message"]["content"].as_str()).expect("a state or a message").to_owned()
    };
    about.map(word).collect()
}

on_each_stack! {
    async fn states_and_agents_words(t: Tenant) {
        let (bot, hook) = (Hook::start().await, Hook::start().await);
        webhook(&t, &hook).await;
        let ann = t.user("Ann", "agent").await;
        let sales = t.department("Sales", Some(&bot), &[]).await;
        let extra = json!({ "clientId": "1" });
        let body = json!({ "department_id": sales.number, "extra": extra, "customer": { "name": "Carl" } });
        let made = t.zenvia().call("POST", "/core/api/v1/interactions", &body).send().await.ok();
        let hash = made["data"]["interaction_hash"].as_str().unwrap();
        // States and messages come from two services: each is waited for.
        t.zenvia().bots(hash, "accept", json!({})).await;
        hook.until(|told| told["state"] == "accepted").await;
        t.zenvia().bots(hash, "message", json!({ "content": "from the bot" })).await;
        hook.until(|told| told["message"]["content"] == "from the bot").await;
        t.zenvia().bots(hash, "transfer", json!({})).await;
        let queued = hook.until(|told| told["state"] == "queued").await.json();
        assert_eq!(queued, json!({ "interaction_hash": hash, "state": "queued", "position": 1, "extra": extra }));
        let agents = json!({ "agent_ids": [ann.id] });
        t.operator("PATCH", &format!("/departments/{}", sales.id)).json(&agents).send().await.expect(200);
        let chat = t.chat_of(hash).await;
        let said = t.voipbin_as(&ann).await.say(&chat, &ann.id, "from Ann").await;
        let heard = hook.until(|told| told["message"]["content"] == "from Ann").await.json();
        let number = t.operator("GET", &format!("/users/{}", ann.id)).send().await.ok()["identities"]["zenvia"].clone();
        assert_eq!(heard, json!({
            "interaction_hash": hash,
            "message": { "hash": said["id"], "content": "from Ann", "type": "text", "url": null },
            "agent": { "id": number, "name": "Ann" },
            "extra": extra,
        }));
        // The customer's own words and their own end are not told back.
        t.zenvia().say(hash, "thank you").await;
        let words = told(&hook, hash);
        assert!(!words.contains(&"thank you".to_owned()), "{words:?}");
        let place = |word: &str| words.iter().position(|told| told == word).unwrap_or_else(|| panic!("{word}: {words:?}"));
        assert!(place("accepted") < place("from the bot") && place("from the bot") < place("queued"), "{words:?}");
        assert!(place("queued") < place("from Ann"), "{words:?}");
    }

    async fn the_end_is_told(t: Tenant) {
        let (bot, hook) = (Hook::start().await, Hook::start().await);
        webhook(&t, &hook).await;
        let sales = t.department("Sales", Some(&bot), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        t.zenvia().bots(&hash, "finish", json!({})).await;
        let ended = hook.until(|told| told["state"] == "finished").await.json();
        assert_eq!(ended, json!({ "interaction_hash": hash, "state": "finished", "extra": {} }));
    }

    /// Delivered with an id and a time; signed only when a secret is set.
    async fn vendor_webhooks_carry_the_standards_headers(t: Tenant) {
        let (bot, hook) = (Hook::start().await, Hook::start().await);
        webhook(&t, &hook).await;
        let sales = t.department("Sales", Some(&bot), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        t.zenvia().bots(&hash, "finish", json!({})).await;
        for got in [bot.at(0).await, hook.at(0).await] {
            assert!(got.header("webhook-id").starts_with("msg_"), "{got:?}");
            assert!(got.header("webhook-timestamp").parse::<u64>().is_ok());
            assert!(!got.headers.contains_key("webhook-signature"));
        }
    }
}
