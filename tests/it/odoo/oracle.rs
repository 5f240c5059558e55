//! An unmodified client from outside: OdooRPC, in a Python environment that `cargo xtask test` makes.

use std::process::Command;

use serde_json::{Value, json};

use crate::harness::*;

on_each_stack! {
    async fn an_unmodified_odoorpc_client_finds_odoo(t: Tenant) {
        let python = env("PARLANCE_TEST_ODOORPC").expect(
            "there is no OdooRPC: run `cargo xtask test`, which installs it (PARLANCE_TEST_ODOORPC: its python)",
        );
        let (ann, bob) = (t.user("Ann", "agent").await, t.user("Bob", "agent").await);
        let group = t.operator("POST", "/groups").json(&json!({ "name": "News" })).send().await.expect(201).json();
        let members = format!("/groups/{}/members", group["id"].as_str().unwrap());
        t.operator("PUT", &members).json(&json!({ "user_ids": [ann.id, bob.id] })).send().await.expect(200);

        let url: reqwest::Url = t.stack.base_url.parse().unwrap();
        let person = |user: &User| json!({ "login": user.login, "password": user.password });
        let people = json!([person(&ann), person(&bob)]).to_string();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/data/odoorpc_client.py");
        let mut client = Command::new(python);
        client.args([script, url.host_str().unwrap(), &url.port().unwrap().to_string(), t.credential("/odoo/db")]);
        client.args([&people, &group["identities"]["odoo"].to_string()]);
        let output = tokio::task::spawn_blocking(move || client.output()).await.unwrap().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{errors}");
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(said["client"], "0.10.1");
        let told = texts(&t.messages(said["uuid"].as_str().unwrap()).await, "text");
        assert_eq!(told, ["hello from OdooRPC", "{}"]);
    }
}
