//! Credentials made by the operator.

use insta::assert_json_snapshot;
use serde_json::json;

use crate::harness::*;

on_each_stack! {
    /// Each opens its surface; the secret is shown once.
    async fn a_token_for_each_surface(t: Tenant) {
        let ann = t.user("Ann", "agent").await;
        let issue = async |surface: &str, name: &str| {
            let body = json!({ "surface": surface, "user_id": ann.id, "name": name });
            t.operator("POST", "/tokens").json(&body).send().await.expect(201).json()
        };
        let made = issue("connectnow", "for a script").await;
        assert_json_snapshot!(made, {
            ".id" => uuid(),
            ".user_id" => is("ann", &ann.id),
            ".prefix" => "[prefix]",
            ".secret" => "[secret]",
            ".created_at" => rfc3339(),
        }, @r#"
        {
          "created_at": "[time]",
          "expires_at": null,
          "id": "[uuid]",
          "kind": "connectnow",
          "last_used_at": null,
          "name": "for a script",
          "prefix": "[prefix]",
          "revoked_at": null,
          "scopes": [
            "read",
            "write"
          ],
          "secret": "[secret]",
          "surface": "connectnow",
          "user_id": "[ann]"
        }
        "#);
        let secret = made["secret"].as_str().unwrap();
        t.http.get("/api/user").bearer(secret).send().await.expect(200);
        let key = issue("voipbin", "").await;
        t.http.get("/v1.0/chatrooms").query("accesskey", key["secret"].as_str().unwrap()).send().await.expect(200);
        let imbee = issue("imbee", "").await;
        let listed = t.imbee().call("/chat/list", imbee["secret"].as_str().unwrap(), &json!({})).send().await.ok();
        assert_eq!(listed["code"], 0);
        let operator = json!({ "surface": "operator" });
        let operator = t.operator("POST", "/tokens").json(&operator).send().await.expect(201).json();
        t.http.get("/operator/v1/users").bearer(operator["secret"].as_str().unwrap()).send().await.expect(200);

        let listed = t.walk("/tokens", 2).await;
        assert!(listed.iter().all(|token| token.get("secret").is_none()), "{listed:?}");
        assert_eq!(listed.iter().filter(|token| token["user_id"] == ann.id.as_str()).count(), 3);
        let path = format!("/tokens/{}", made["id"].as_str().unwrap());
        assert!(t.operator("DELETE", &path).send().await.ok()["revoked_at"].is_string());
        t.http.get("/api/user").bearer(secret).send().await.expect(401);
        assert!(t.walk("/tokens", 200).await.iter().all(|token| token["id"] != made["id"]));
    }

    async fn tokens_that_are_refused(t: Tenant) {
        let other = t.another().await;
        for (body, field) in [
            (json!({ "surface": "odoo", "user_id": t.admin.id }), "surface"),
            (json!({ "surface": "nothing" }), "surface"),
            (json!({ "surface": "connectnow" }), "user_id"),
            (json!({ "surface": "imbee" }), "user_id"),
            (json!({ "surface": "connectnow", "user_id": "x" }), "user_id"),
            (json!({ "surface": "zenvia", "scopes": ["everything"] }), "scopes[0]"),
        ] {
            let refused = t.operator("POST", "/tokens").json(&body).send().await.expect(422).json();
            assert_eq!(refused["error"]["field"], field, "{body}");
        }
        let foreign = json!({ "surface": "connectnow", "user_id": other.admin.id });
        t.operator("POST", "/tokens").json(&foreign).send().await.expect(404);
        let theirs = other.walk("/tokens", 200).await;
        let path = format!("/tokens/{}", theirs[0]["id"].as_str().unwrap());
        t.operator("DELETE", &path).send().await.expect(404);
        t.operator("DELETE", "/tokens/x").send().await.expect(404);
    }

    async fn a_repeated_request_makes_one(t: Tenant) {
        let key = unique("key");
        let make = |surface: &str| {
            let body = json!({ "surface": surface, "user_id": t.admin.id });
            t.operator("POST", "/tokens").json(&body).key(&key)
        };
        let first = make("connectnow").send().await.expect(201).json();
        assert_eq!(make("connectnow").send().await.expect(201).json()["secret"], first["secret"]);
        make("voipbin").send().await.expect(422);
    }
}
