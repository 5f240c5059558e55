//! The vendor's other documents: a customer's client, as its interactions page has it.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::harness::*;

on_each_stack! {
    /// The page's own example, answered with its two keys.
    async fn an_interaction_is_started(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let body = json!({
            "media_type": "TEXT", "department_id": sales.number.to_string(),
            "customer": { "name": "Name Surname", "email": "name@example.com", "phone": "11991417777", "cpf": "12345678900" },
            "extra": { "clientId": "1", "botId": "1111" },
            "external_history": "https://chat-history.example.com",
        });
        let made = t.zenvia().call("POST", "/core/api/v1/interactions", &body).send().await.ok();
        assert_json_snapshot!(made, { ".data.interaction_hash" => uuid() }, @r#"
        {
          "data": {
            "interaction_hash": "[uuid]"
          },
          "message": "Interaction created successfully"
        }
        "#);
        let hash = made["data"]["interaction_hash"].as_str().unwrap();
        let interaction = t.interaction(hash).await;
        assert_eq!(interaction["owner"], json!({ "type": "bot", "id": sales.bot }));
        assert_eq!((&interaction["extra"], &interaction["media_type"]), (&body["extra"], &json!("TEXT")));
        assert_eq!(interaction["external_history"], body["external_history"]);
        let customer = interaction["customer_id"].as_str().unwrap();
        let person = t.operator("GET", &format!("/users/{customer}")).send().await.ok();
        let shown = [&person["name"], &person["email"], &person["phone"], &person["role"]];
        assert_eq!(shown, [&json!("Name Surname"), &json!("name@example.com"), &json!("11991417777"), &json!("customer")]);
        let chat = t.operator("GET", "/chats").query("identity", format!("zenvia:{hash}")).send().await.ok();
        let chat = &chat["items"][0];
        assert_eq!((&chat["kind"], &chat["identities"]["zenvia"]), (&json!("support"), &json!(hash)));
        assert_eq!(chat["owner_id"], json!(sales.bot));
    }

    /// By e-mail, then telephone, then CPF; whoever is nobody is "Visitor".
    async fn customers_are_known_again(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let customer = async |who: Value| {
            let hash = t.zenvia().start(sales.number, who).await;
            t.interaction(&hash).await["customer_id"].as_str().unwrap().to_owned()
        };
        let ann = customer(json!({ "name": "Ann", "email": "ann@example.org", "phone": "111", "cpf": "999" })).await;
        assert_eq!(customer(json!({ "email": "Ann@Example.org", "phone": "222" })).await, ann);
        assert_eq!(customer(json!({ "phone": "111" })).await, ann);
        assert_eq!(customer(json!({ "cpf": 999 })).await, ann);
        let ben = customer(json!({ "name": "Ben", "email": "ben@example.org" })).await;
        assert_ne!(ben, ann);
        assert_eq!(customer(json!({ "email": "ben@example.org", "phone": "111" })).await, ben, "the e-mail comes first");
        let (one, two) = (customer(json!({})).await, customer(json!(null)).await);
        assert_ne!(one, two);
        let visitor = t.operator("GET", &format!("/users/{one}")).send().await.ok();
        assert_eq!(visitor["name"], "Visitor");
    }

    async fn a_customer_writes_and_finishes(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({ "name": "Ann" })).await;
        let body = json!({ "content": "your message", "type": "image", "url": "https://file-address.example.com/logo.png" });
        let made = t.zenvia().customer(&hash, "messages", &body).send().await.ok();
        let expected = json!({ "data": { "interaction_hash": hash }, "message": "Message created successfully", "status": 200 });
        assert_eq!(made, expected);
        for (call, told) in [("typing", "Typing sent successfully"), ("cleared", "Cleared sent successfully"), ("finish", "Finish sent successfully")] {
            let done = t.zenvia().customer(&hash, call, &json!({})).send().await.ok();
            assert_eq!(done, json!({ "message": told, "status": 200 }));
        }
        for call in ["typing", "cleared", "finish"] {
            refused(t.zenvia().customer(&hash, call, &json!({})).send().await, 422);
        }
        assert_eq!(t.interaction(&hash).await["state"], "finished");
    }

    /// What a customer types is seen elsewhere.
    async fn typing_crosses(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let sales = t.department("Sales", None, &[&ann]).await;
        let hash = t.zenvia().start(sales.number, json!({ "name": "Visitor" })).await;
        let (mut events, _) = Events::open(t.http.get("/parlance/v1/events").bearer(t.credential("/operator/token"))).await;
        t.zenvia().customer(&hash, "typing", &json!({})).send().await.expect(200);
        let seen = events.until(|event| event.name == "typing").await.pop().unwrap();
        let interaction = t.interaction(&hash).await;
        assert_eq!((&seen.data["chat_id"], &seen.data["user_id"]), (&interaction["chat_id"], &interaction["customer_id"]));
    }

    async fn what_is_noted_is_kept(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        let path = format!("/core/api/v1/interactions/{hash}");
        let body = json!({ "mood": "POSITIVE", "tag_ids": ["1", 999], "customer_key": "0010-abcd-efgh-ijkd-1c422e49fdff", "note": "Any note here" });
        let done = t.zenvia().call("PUT", &path, &body).send().await.ok();
        assert_eq!(done, json!({ "message": "Interaction updated successfully", "status": 200 }));
        t.zenvia().customer(&hash, "finish", &json!({})).send().await.expect(200);
        // What is not said stays; also when it is over.
        t.zenvia().call("PUT", &path, &json!({ "mood": "NEGATIVE" })).send().await.expect(200);
        let noted = t.interaction(&hash).await;
        assert_eq!((&noted["mood"], &noted["note"]), (&json!("negative"), &json!("Any note here")));
        assert_eq!((&noted["tag_ids"], &noted["customer_key"]), (&json!([1, 999]), &body["customer_key"]));
    }
}
