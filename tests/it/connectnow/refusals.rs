//! Bad input that is not one call's own.

use serde_json::json;

use super::{refused, told};

on_each_stack! {
    /// A body that is no JSON counts as empty; so does one that is no object.
    async fn bodies_that_say_nothing(t: Tenant) {
        let admin = t.connectnow();
        for body in ["", "{", "null", "[]", "7", "\"text\"", "{}trailing", "\u{feff}{}"] {
            refused(admin.ask("POST", "/api/companies").raw("application/json", body).send().await, &["name"]);
        }
        for content_type in ["image/png", "multipart/form-data"] {
            refused(admin.ask("POST", "/api/companies").raw(content_type, "name=x").send().await, &["name"]);
        }
        assert!(admin.walk("/api/companies", 10).await.is_empty());
    }

    async fn a_body_that_is_too_large(t: Tenant) {
        let admin = t.connectnow();
        let body = format!("{{\"name\":\"{}\"}}", "x".repeat(1024 * 1024));
        told(admin.ask("POST", "/api/companies").raw("application/json", body.clone()).send().await, 413, "");
        told(t.http.post("/chats/1/users/get-token").raw("application/json", body).send().await, 413, "");
        admin.get("/api/chats").send().await.expect(200);
    }

    /// Both fields of the seed's only table are required, and each has its sentence.
    async fn a_code_needs_an_address_and_digits(t: Tenant) {
        let chat = t.connectnow().chat("Support").await;
        let ask = |body: serde_json::Value| t.http.post(&format!("/chats/{chat}/users/get-token")).json(&body).send();
        let errors = refused(ask(json!({})).await, &["email", "auth-code"]);
        assert_eq!(errors["email"], json!(["The email field is required."]));
        assert_eq!(errors["auth-code"], json!(["The auth-code field is required."]));
        let errors = refused(ask(json!({ "email": "x", "auth-code": "abc" })).await, &["email", "auth-code"]);
        assert_eq!(errors["auth-code"], json!(["The auth-code must be an integer."]));
        for code in [json!([1]), json!({}), json!(1.5), json!(-1), json!("12 34"), json!(true)] {
            refused(ask(json!({ "email": "a@example.org", "auth-code": code })).await, &["auth-code"]);
        }
        refused(ask(json!({ "email": "a@example.org", "auth-code": "004217" })).await, &["auth-code"]);
    }

    /// Nobody needs `Accept`; everybody gets JSON.
    async fn json_whatever_is_accepted(t: Tenant) {
        for accept in ["text/html", "*/*", "application/xml"] {
            let reply = t.http.get("/api/user").header("accept", accept).send().await;
            assert_eq!(reply.header("content-type"), Some("application/json"));
            told(reply, 401, super::UNAUTHENTICATED);
        }
    }
}
