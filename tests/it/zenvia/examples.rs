//! Every example of seed 001: requests with ids and tokens replaced, answers and what a bot is told key by key.

use insta::assert_json_snapshot;
use serde_json::{Map, Value, json};

use crate::harness::*;

/// The seed's examples, by heading.
fn seed(name: &str) -> Value {
    let all: Map<String, Value> = serde_json::from_str(include_str!("../../seeds/zenvia.json")).unwrap();
    all[name].clone()
}

/// The seed's request with the tenant's token.
fn request(t: &Tenant, call: &str) -> Value {
    let mut request = seed(call)["request"].clone();
    request["token"] = json!(t.credential("/zenvia/token"));
    request
}

/// The call as the seed writes it: method, URL, body.
async fn send(t: &Tenant, call: &str, hash: &str, body: &Value) -> Reply {
    let method = if call == "message" { "POST" } else { "PUT" };
    let ask = t.http.ask(method.parse().unwrap(), &format!("/core/api/v1/bot/{hash}/{call}"));
    ask.json(body).send().await
}

/// The seed's answer to the byte, but for white space; an error has its keys and its number in the line too.
async fn answers_like_the_seed(t: &Tenant, call: &str, hash: &str, body: &Value) {
    let reply = send(t, call, hash, body).await;
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.ok(), seed(call)["success"]);
    let error = send(t, call, "0000a-000b-0c00-0d0e-f00d00f11111", body).await.expect(422).json();
    assert_eq!(keys(&error), keys(&seed(call)["error"]));
    assert_eq!(error["status"], seed(call)["error"]["status"]);
    assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{error}");
}

on_each_stack! {
    /// "Create an Interaction": the bot is told by POST, as JSON.
    async fn new_interaction(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({ "name": "Ann" })).await;
        let got = hook.at(0).await;
        assert_eq!(got.line, "POST /hook");
        assert!(got.header("content-type").starts_with("application/json"), "{got:?}");
        let mut expected = seed("new_interaction");
        expected["interaction_hash"] = json!(hash);
        expected["department_id"] = json!(sales.number);
        assert_eq!(got.body, format!(
            r#"{{"type":"new_interaction","interaction_hash":"{hash}","department_id":{}}}"#, sales.number
        ), "to the byte, in the seed's order");
        assert_json_snapshot!(got.json(), {
            ".interaction_hash" => uuid(),
            ".department_id" => number(),
        }, @r#"
        {
          "department_id": "[number]",
          "interaction_hash": "[uuid]",
          "type": "new_interaction"
        }
        "#);
        assert_eq!(got.json(), expected);
    }

    async fn accept(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        answers_like_the_seed(&t, "accept", &hash, &request(&t, "accept")).await;
    }

    async fn finish(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        answers_like_the_seed(&t, "finish", &hash, &request(&t, "finish")).await;
        assert_eq!(t.interaction(&hash).await["state"], "finished");
    }

    async fn transfer(t: Tenant) {
        let hook = Hook::start().await;
        let (sales, support) = (t.department("Sales", Some(&hook), &[]).await, t.department("Support", None, &[]).await);
        let hash = t.zenvia().start(sales.number, json!({})).await;
        let mut request = request(&t, "transfer");
        request["department_id"] = json!(support.number);
        answers_like_the_seed(&t, "transfer", &hash, &request).await;
        let moved = t.interaction(&hash).await;
        assert_eq!((&moved["state"], &moved["department_id"]), (&json!("queued"), &json!(support.number)));
        // "null will be transferred to the department that the interaction started"
        let hash = t.zenvia().start(sales.number, json!({})).await;
        request["department_id"] = Value::Null;
        assert_eq!(send(&t, "transfer", &hash, &request).await.ok(), seed("transfer")["success"]);
        let moved = t.interaction(&hash).await;
        assert_eq!((&moved["state"], &moved["department_id"]), (&json!("queued"), &json!(sales.number)));
    }

    async fn message(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        answers_like_the_seed(&t, "message", &hash, &request(&t, "message")).await;
        let said = t.messages(&t.chat_of(&hash).await).await;
        let media = json!([{ "url": "https://file-address.example.com/logo.png", "mime": "image", "size": "1.0MB" }]);
        assert_eq!((said.len(), &said[0]["kind"], &said[0]["media"]), (1, &json!("media"), &media));
        assert_eq!((&said[0]["text"], &said[0]["origin"]), (&json!("your message"), &json!("zenvia")));
        assert_eq!(said[0]["author"]["id"], json!(sales.bot));
    }

    /// "When client send a message".
    async fn new_message(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        t.zenvia().say(&hash, "Test message").await;
        let got = hook.at(1).await;
        let mut expected = seed("new_message");
        expected["interaction_hash"] = json!(hash);
        assert_eq!(got.json(), expected, "exactly the seed's four keys");
        assert_eq!(got.body, format!(
            r#"{{"type":"new_message","interaction_hash":"{hash}","content":"Test message","content_type":"text"}}"#
        ));
    }

    /// "When client finishes the interaction".
    async fn finished_interaction(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        t.zenvia().customer(&hash, "finish", &json!({})).send().await.expect(200);
        let got = hook.at(1).await;
        let mut expected = seed("finished_interaction");
        expected["interaction_hash"] = json!(hash);
        assert_eq!(got.json(), expected);
    }
}
