//! A bot that cannot be reached: after `bots.handover_s` its visitor waits for the department's agents, and everybody hears why.
//!
//! That is a minute; the stacks here are these tests' own, with a second.

use serde_json::{Value, json};

use crate::faults::OwnStack;
use crate::harness::*;

const SETTINGS: [(&str, &str); 3] = [
    ("PARLANCE__BOTS__HANDOVER_S", "1"),
    ("PARLANCE__BOTS__POLL_MS", "100"),
    ("PARLANCE__EGRESS__ALLOW", "127.0.0.1/32"),
];

/// The all-in-one with these settings; it lives as long as the run.
fn all_in_one(args: Vec<String>) -> &'static Deployment {
    let env = SETTINGS.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let dir = home().join(unique("unreachable"));
    Box::leak(Box::new(Deployment::all_in_one(&dir, &Options { args, env, ..Options::default() }).unwrap()))
}

fn run(deployment: &'static Deployment) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { the_visitor_is_handed_to_the_queue(Tenant::new(deployment).await).await });
}

#[test]
fn sqlite() {
    run(all_in_one(Vec::new()));
}

#[test]
fn postgres() {
    run(all_in_one(vec!["--database-url".to_owned(), fresh_database().unwrap()]));
}

#[test]
fn split() {
    let stack = OwnStack::up_with("unreachable", "1", &SETTINGS);
    run(Box::leak(Box::new(at(stack.dir().to_owned()).unwrap())));
}

async fn the_visitor_is_handed_to_the_queue(t: Tenant) {
    let (well, customers_side) = (Hook::start().await, Hook::start().await);
    // Where nobody listens any more.
    let gone = Hook::start().await.url.clone();
    let webhook = json!({ "url": customers_side.url, "format": "zenvia" });
    t.operator("POST", "/webhooks").json(&webhook).send().await.expect(201);
    let body = json!({ "name": "Sales", "bot": { "url": gone }, "agent_ids": [], "active": true });
    let sales = t.operator("POST", "/departments").json(&body).send().await.expect(201).json();
    let number = sales["department_id"].as_i64().unwrap();
    let other = t.department("Support", Some(&well), &[]).await;
    let (mut events, _) = Events::open(t.http.get("/parlance/v1/events").bearer(t.credential("/operator/token"))).await;

    let served = t.zenvia().start(other.number, json!({})).await;
    let hash = t.zenvia().start(number, json!({ "name": "Carl" })).await;
    t.zenvia().say(&hash, "is anybody there").await;

    // The event says so, and so do the interaction and the customer's side.
    let told = events.until(|event| event.name == "interaction.transferred").await.pop().unwrap().data;
    assert_eq!((&told["hash"], &told["why"], &told["by"]), (&json!(hash), &json!("unreachable"), &Value::Null));
    assert_eq!((&told["state"], &told["position"]), (&json!("queued"), &json!(1)));
    let queue = json!({ "type": "queue", "id": sales["id"] });
    let waiting = t.interaction(&hash).await;
    assert_eq!((&waiting["state"], &waiting["owner"], &told["owner"]), (&json!("queued"), &queue, &queue));
    let story = t.operator("GET", &format!("/interactions/{hash}")).send().await.ok();
    assert_eq!(texts(story["changes"].as_array().unwrap(), "why"), ["started", "unreachable"]);
    let state = customers_side.until(|told| told["state"] == "queued").await.json();
    assert_eq!((&state["interaction_hash"], &state["position"]), (&json!(hash), &json!(1)));

    // What was still to be told is not any more, and the bot comes too late.
    let undelivered = t.walk(&format!("/deliveries?interaction={hash}"), 50).await;
    let of_bot = undelivered.iter().filter(|delivery| delivery["endpoint"]["kind"] == "bot");
    let states: Vec<&str> = of_bot.map(|delivery| delivery["state"].as_str().unwrap()).collect();
    assert!(!states.is_empty() && states.iter().all(|state| *state == "cancelled"), "{undelivered:?}");
    for (call, body) in [("accept", json!({})), ("message", json!({ "content": "late" })), ("transfer", json!({}))] {
        refused(t.zenvia().bot(&hash, call, &body).send().await, 422);
    }

    // An agent is served the visitor, with what was said.
    let (ann, odoo) = t.odoo("Ann").await;
    let agents = json!({ "agent_ids": [ann.id] });
    let path = format!("/departments/{}", sales["id"].as_str().unwrap());
    t.operator("PATCH", &path).json(&agents).send().await.expect(200);
    let told = events.until(|event| event.name == "interaction.transferred").await.pop().unwrap().data;
    assert_eq!((&told["why"], &told["owner"]), (&json!("assigned"), &json!({ "type": "agent", "id": ann.id })));
    let sessions = eventually("Ann takes part", || async {
        Some(odoo.sessions(json!({})).await).filter(|sessions| !sessions.is_empty())
    })
    .await;
    let chat = sessions[0]["uuid"].as_str().unwrap();
    assert_eq!(texts(&odoo.history(chat).await, "message"), ["is anybody there"]);
    odoo.say(chat, "Ann here").await;
    customers_side.until(|told| told["message"]["content"] == "Ann here").await;

    // Whoever has a bot that answers keeps it, however long that takes.
    let kept = t.interaction(&served).await;
    assert_eq!((&kept["state"], &kept["version"]), (&json!("bot"), &json!(1)));
}
