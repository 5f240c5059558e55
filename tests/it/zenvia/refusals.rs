//! Every call: tokens, malformed bodies, wrong values, wrong methods, unknown paths; always `{message, status}`.

use serde_json::{Value, json};

use crate::harness::*;

/// Calls with the token in the body: method, path with the hash in it.
const WRITES: [(&str, &str); 11] = [
    ("PUT", "/core/api/v1/bot/{}/accept"),
    ("PUT", "/core/api/v1/bot/{}/finish"),
    ("PUT", "/core/api/v1/bot/{}/transfer"),
    ("POST", "/core/api/v1/bot/{}/message"),
    ("POST", "/core/api/v1/interactions"),
    ("PUT", "/core/api/v1/interactions/{}"),
    ("POST", "/core/api/v1/interactions/{}/messages"),
    ("PUT", "/core/api/v1/interactions/{}/typing"),
    ("PUT", "/core/api/v1/interactions/{}/cleared"),
    ("PUT", "/core/api/v1/interactions/{}/finish"),
    ("POST", "/api/external/customers"),
];

/// Calls with the token in the query.
const READS: [&str; 5] = [
    "/core/api/v1/agents/online",
    "/api/external/departments",
    "/api/external/agents",
    "/api/external/agents/1",
    "/api/external/customers",
];

/// The vendor's own example, which is no UUID.
const HASH: &str = "0000a-000b-0c00-0d0e-f00d00f11111";

fn at(path: &str, hash: &str) -> String {
    path.replace("{}", hash)
}

on_each_stack! {
    /// 422, not 401: no other error is documented.
    async fn a_missing_or_wrong_token_is_422(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        let other = t.another().await;
        let wrong = [
            Value::Null,
            json!(""),
            json!("wrong"),
            json!(5),
            json!([t.credential("/zenvia/token")]),
            json!(t.credential("/operator/token")),
            json!(t.credential("/connectnow/api_token")),
        ];
        for (method, path) in WRITES {
            for token in &wrong {
                let ask = t.http.ask(method.parse().unwrap(), &at(path, &hash)).json(&json!({ "token": token, "content": "x" }));
                assert_eq!(refused(ask.send().await, 422), "Invalid token", "{method} {path} {token}");
            }
            // A header or the query is not the body.
            let ask = t.http.ask(method.parse().unwrap(), &at(path, &hash)).query("token", t.credential("/zenvia/token"));
            refused(ask.bearer(t.credential("/zenvia/token")).json(&json!({})).send().await, 422);
        }
        for path in READS {
            refused(t.http.get(path).send().await, 422);
            refused(t.http.get(path).query("token", "wrong").send().await, 422);
        }
        // Another tenant's token knows nothing of this interaction.
        for (method, path) in &WRITES[..4] {
            let body = json!({ "token": other.credential("/zenvia/token"), "content": "x" });
            refused(t.http.ask(method.parse().unwrap(), &at(path, &hash)).json(&body).send().await, 422);
        }
        let untouched = t.interaction(&hash).await;
        assert_eq!((&untouched["state"], &untouched["accepted_at"]), (&json!("bot"), &Value::Null));
        assert!(t.texts(&t.chat_of(&hash).await).await.is_empty());
    }

    /// Hashes are texts: the vendor's own example is no UUID, and is refused as unknown, not as malformed.
    async fn an_unknown_interaction_is_422(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        let shouted = hash.to_uppercase();
        for unknown in [HASH, "00000000-0000-0000-0000-000000000000", "x", "%20", "%2F", &"9".repeat(300), &shouted] {
            for (call, body) in [("accept", json!({})), ("message", json!({ "content": "x" })), ("transfer", json!({})), ("finish", json!({}))] {
                refused(t.zenvia().bot(unknown, call, &body).send().await, 422);
            }
            for (call, body) in [("messages", json!({ "content": "x" })), ("typing", json!({})), ("cleared", json!({})), ("finish", json!({}))] {
                refused(t.zenvia().customer(unknown, call, &body).send().await, 422);
            }
            refused(t.zenvia().call("PUT", &format!("/core/api/v1/interactions/{unknown}"), &json!({})).send().await, 422);
        }
    }

    async fn malformed_bodies_are_422(t: Tenant) {
        for (method, path) in WRITES {
            for wrong in ["", "{", "token=x", "[]", "null", "\"x\"", "{} {}", "\u{0}"] {
                let ask = t.http.ask(method.parse().unwrap(), &at(path, HASH)).raw("application/json", wrong);
                refused(ask.send().await, 422);
            }
        }
    }

    async fn wrong_values_are_422_and_change_nothing(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        for body in [
            json!({}),
            json!({ "content": null }),
            json!({ "content": "" }),
            json!({ "content": 5 }),
            json!({ "content": true }),
            json!({ "content": ["x"] }),
            json!({ "content": "x", "content_type": "picture" }),
            json!({ "content": "x", "content_type": "" }),
            json!({ "content": "x", "content_type": 1 }),
            json!({ "content": "x", "content_type": "image", "attachment": "https://x" }),
            json!({ "content": "x", "content_type": "image", "attachment": ["https://x"] }),
            json!({ "content": "x", "content_type": "image", "attachment": { "url": 1 } }),
            json!({ "content": "x", "content_type": "image", "attachment": { "url": "https://x", "size": true } }),
        ] {
            refused(t.zenvia().bot(&hash, "message", &body).send().await, 422);
        }
        // Booleans are not integers, nor are fractions or words.
        for department in [json!(true), json!(false), json!(1.5), json!("x"), json!(""), json!([]), json!({})] {
            let body = json!({ "department_id": department });
            refused(t.zenvia().bot(&hash, "transfer", &body).send().await, 422);
            refused(t.zenvia().call("POST", "/core/api/v1/interactions", &body).send().await, 422);
        }
        for body in [
            json!({}),
            json!({ "department_id": null }),
            json!({ "department_id": sales.number, "media_type": "FAX" }),
            json!({ "department_id": sales.number, "customer": "Ann" }),
            json!({ "department_id": sales.number, "customer": { "name": 5 } }),
            json!({ "department_id": sales.number, "extra": "x" }),
            json!({ "department_id": sales.number, "external_history": 1 }),
        ] {
            refused(t.zenvia().call("POST", "/core/api/v1/interactions", &body).send().await, 422);
        }
        for body in [json!({ "mood": "GREAT" }), json!({ "tag_ids": "1" }), json!({ "tag_ids": [true] }), json!({ "note": 1 })] {
            refused(t.zenvia().call("PUT", &format!("/core/api/v1/interactions/{hash}"), &body).send().await, 422);
        }
        let untouched = t.interaction(&hash).await;
        assert_eq!((&untouched["state"], &untouched["accepted_at"]), (&json!("bot"), &Value::Null));
        assert_eq!(t.walk("/interactions", 10).await.len(), 1);
        assert!(t.texts(&t.chat_of(&hash).await).await.is_empty());
    }

    async fn wrong_methods_and_unknown_paths(t: Tenant) {
        for (method, path) in WRITES {
            let reply = t.http.ask("PATCH".parse().unwrap(), &at(path, HASH)).send().await;
            assert!(reply.header("allow").is_some_and(|allow| allow.contains(method)), "{method} {path}");
            refused(reply, 405);
        }
        for path in READS {
            refused(t.http.ask("DELETE".parse().unwrap(), path).send().await, 405);
        }
        for path in [
            "/core/api",
            "/core/api/v1",
            "/core/api/v1/bot",
            "/core/api/v1/bot/x",
            "/core/api/v1/bot/x/reject",
            "/core/api/v1/bot/x/accept/",
            "/core/api/v1/interactions/x/y",
            "/core/api/v2/bot/x/accept",
            "/api/external",
            "/api/external/x",
        ] {
            refused(t.zenvia().call("PUT", path, &json!({})).send().await, 404);
        }
    }

    async fn a_body_that_is_too_large_is_413(t: Tenant) {
        for (method, path) in WRITES {
            let large = json!({ "content": "x".repeat(1 << 20) });
            refused(t.zenvia().call(method, &at(path, HASH), &large).send().await, 413);
        }
    }

    /// A revoked token is out, another one of the tenant works on.
    async fn a_revoked_token_is_422(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        let made = t.operator("POST", "/tokens").json(&json!({ "surface": "zenvia" })).send().await.expect(201).json();
        let other = Zenvia::new(t.http.clone(), made["secret"].as_str().unwrap());
        other.bots(&hash, "accept", json!({})).await;
        t.operator("DELETE", &format!("/tokens/{}", made["id"].as_str().unwrap())).send().await.expect(200);
        eventually("the token is refused", || async {
            (other.bot(&hash, "accept", &json!({})).send().await.status == 422).then_some(())
        })
        .await;
        t.zenvia().bots(&hash, "accept", json!({})).await;
    }

    async fn a_token_that_only_reads_does_not_write(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        let body = json!({ "surface": "zenvia", "scopes": ["read"] });
        let made = t.operator("POST", "/tokens").json(&body).send().await.expect(201).json();
        let reader = Zenvia::new(t.http.clone(), made["secret"].as_str().unwrap());
        refused(reader.bot(&hash, "accept", &json!({})).send().await, 422);
        reader.get("/api/external/departments").send().await.ok();
    }
}
