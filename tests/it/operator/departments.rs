//! Departments: who serves, and the bots that serve first.

use insta::assert_json_snapshot;
use serde_json::{Value, json};

use super::refused;
use crate::harness::*;

on_each_stack! {
    async fn made_read_and_changed(t: Tenant) {
        let (hook, ann) = (Hook::start().await, t.user("Ann", "agent").await);
        let body = json!({ "name": "Sales", "bot": { "url": hook.url }, "agent_ids": [ann.id], "active": true });
        let made = t.operator("POST", "/departments").json(&body).send().await.expect(201).json();
        assert_json_snapshot!(made, {
            ".id" => uuid(),
            ".department_id" => number(),
            ".agent_ids[0]" => is("ann", &ann.id),
            ".bot.url" => is("url", &hook.url),
            ".bot.user_id" => uuid(),
            ".created_at" => rfc3339(),
            ".updated_at" => rfc3339(),
        }, @r#"
        {
          "active": true,
          "agent_ids": [
            "[ann]"
          ],
          "bot": {
            "signed": false,
            "url": "[url]",
            "user_id": "[uuid]"
          },
          "created_at": "[time]",
          "department_id": "[number]",
          "id": "[uuid]",
          "name": "Sales",
          "updated_at": "[time]",
          "waiting": 0
        }
        "#);
        let path = format!("/departments/{}", made["id"].as_str().unwrap());
        assert_eq!(t.operator("GET", &path).send().await.ok(), made);
        let secret = format!("whsec_{}", "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0");
        let change = json!({ "name": "Sales and more", "bot": { "url": hook.url, "secret": secret } });
        let changed = t.operator("PATCH", &path).json(&change).send().await.ok();
        assert_eq!((&changed["name"], &changed["bot"]["signed"]), (&json!("Sales and more"), &json!(true)));
        assert_eq!((&changed["bot"]["user_id"], &changed["agent_ids"]), (&made["bot"]["user_id"], &made["agent_ids"]));
        assert!(!changed.to_string().contains(&secret), "a secret is not shown");
        let gone = t.operator("PATCH", &path).json(&json!({ "bot": null, "active": false })).send().await.ok();
        assert_eq!((&gone["bot"], &gone["active"]), (&Value::Null, &json!(false)));
    }

    /// The bot is a person of the tenant, with an id everywhere.
    async fn a_bot_is_a_user(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let bot = t.operator("GET", &format!("/users/{}", sales.bot.unwrap())).send().await.ok();
        assert_eq!((&bot["role"], &bot["deleted_at"]), (&json!("bot"), &Value::Null));
        for surface in ["imbee", "zenvia", "voipbin", "connectnow", "odoo"] {
            assert!(!bot["identities"][surface].is_null(), "{surface}");
        }
    }

    /// Every tenant has one from the start; a bot given to it is the tenant's default bot, whom imBee names.
    async fn the_default_department(t: Tenant) {
        let number = t.credentials["zenvia"]["department_id"].as_i64().expect("a default department");
        let all = t.walk("/departments", 10).await;
        assert_eq!((all.len(), &all[0]["department_id"], &all[0]["bot"]), (1, &json!(number), &Value::Null));
        let hook = Hook::start().await;
        let path = format!("/departments/{}", all[0]["id"].as_str().unwrap());
        let given = t.operator("PATCH", &path).json(&json!({ "bot": { "url": hook.url } })).send().await.ok();
        let bot = t.operator("GET", &format!("/users/{}", given["bot"]["user_id"].as_str().unwrap())).send().await.ok();
        assert_eq!(bot["identities"]["imbee"], t.credential("/imbee/bot_idsha"));
    }

    async fn lists_go_on_behind_the_cursor(t: Tenant) {
        let mut made = vec![t.walk("/departments", 10).await[0]["id"].clone()];
        for n in 0..7 {
            made.push(json!(t.department(&format!("D{n}"), None, &[]).await.id));
        }
        let walked: Vec<Value> = t.walk("/departments", 3).await.iter().map(|d| d["id"].clone()).collect();
        let mut sorted = made.clone();
        sorted.sort_by_key(ToString::to_string);
        assert_eq!(walked, sorted);
    }

    async fn wrong_values_are_422(t: Tenant) {
        let carl = t.user("Carl", "customer").await;
        let stranger = t.another().await.user("Stranger", "agent").await;
        let path = format!("/departments/{}", t.department("Sales", None, &[]).await.id);
        for (body, code) in [
            (json!({ "name": "" }), "invalid"),
            (json!({ "name": "x".repeat(101) }), "invalid"),
            (json!({ "name": 5 }), "invalid"),
            (json!({ "name": "x", "agent_ids": [carl.id] }), "invalid"),
            (json!({ "name": "x", "agent_ids": [stranger.id] }), "invalid"),
            (json!({ "name": "x", "agent_ids": ["x"] }), "invalid"),
            (json!({ "name": "x", "active": "yes" }), "invalid"),
            (json!({ "name": "x", "bot": { "url": "ftp://example.org" } }), "egress_refused"),
            (json!({ "name": "x", "bot": { "url": "http://10.0.0.1/" } }), "egress_refused"),
            (json!({ "name": "x", "bot": { "url": "http://user:secret@example.org/" } }), "egress_refused"),
        ] {
            for (method, path) in [("POST", "/departments"), ("PATCH", path.as_str())] {
                let error = t.operator(method, path).json(&body).send().await.expect(422).json();
                let told = error["error"]["code"].as_str().unwrap();
                assert!(told == code || told == "invalid", "{body}: {error}");
            }
        }
        refused(t.operator("POST", "/departments").json(&json!({})).send().await, 422, "invalid");
        let other = t.another().await;
        refused(other.operator("GET", &path).send().await, 404, "not_found");
        refused(other.operator("PATCH", &path).json(&json!({ "name": "mine" })).send().await, 404, "not_found");
        refused(t.operator("GET", "/departments/x").send().await, 404, "not_found");
    }
}
