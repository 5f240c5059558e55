//! Companies beyond the plain example.

use serde_json::{Value, json};

use super::{UNAUTHORIZED, refused, told};

on_each_stack! {
    async fn values_that_are_refused(t: Tenant) {
        let admin = t.connectnow();
        let made = admin.post("/api/companies", &json!({ "name": "ACME" })).send().await.expect(201).json();
        let path = format!("/api/companies/{}", made["id"]);
        let errors = refused(admin.post("/api/companies", &json!({})).send().await, &["name"]);
        assert_eq!(errors["name"], json!(["The name field is required."]));
        for (body, fields) in [
            (json!({ "name": " " }), &["name"][..]),
            (json!({ "name": null }), &["name"]),
            (json!({ "name": 5 }), &["name"]),
            (json!({ "name": "x", "logo_url": "no url" }), &["logo_url"]),
            (json!({ "name": [], "slug": 1, "logo_url": {} }), &["name", "slug", "logo_url"]),
        ] {
            refused(admin.post("/api/companies", &body).send().await, fields);
            refused(admin.put(&path, &body).send().await, fields);
        }
        assert_eq!(admin.get(&path).send().await.ok(), made, "nothing changed");
        let emptied = admin.put(&path, &json!({ "logo_url": "" })).send().await.ok();
        assert_eq!(emptied["logo_url"], Value::Null);
    }

    async fn whoever_made_one_and_managers_change_it(t: Tenant) {
        let (ann, bob) = (t.user("Ann", "agent").await, t.user("Bob", "agent").await);
        let (ann, bob) = (t.connectnow_as(&ann).await, t.connectnow_as(&bob).await);
        let made = ann.post("/api/companies", &json!({ "name": "ACME" })).send().await.expect(201).json();
        let path = format!("/api/companies/{}", made["id"]);
        assert_eq!(bob.get(&path).send().await.ok(), made);
        told(bob.put(&path, &json!({ "name": "x" })).send().await, 403, UNAUTHORIZED);
        told(bob.delete(&path).send().await, 403, UNAUTHORIZED);
        t.connectnow().put(&path, &json!({ "name": "y" })).send().await.expect(200);
        assert_eq!(ann.delete(&path).send().await.ok()["name"], "y");
        let customer = t.user("Cleo", "customer").await;
        told(t.connectnow_as(&customer).await.get("/api/companies").send().await, 403, UNAUTHORIZED);
    }

    async fn a_repeated_request_makes_one(t: Tenant) {
        let admin = t.connectnow();
        let make = |name: &str| admin.post("/api/companies", &json!({ "name": name })).key("one");
        let first = make("ACME").send().await.expect(201).json();
        assert_eq!(make("ACME").send().await.expect(201).json(), first);
        refused(make("Other").send().await, &["Idempotency-Key"]);
        assert_eq!(admin.walk("/api/companies", 10).await.len(), 1);
    }
}
