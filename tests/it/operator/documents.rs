//! The OpenAPI documents: served as they are committed, complete, and well formed.

use std::collections::BTreeSet;
use std::process::Stdio;

use serde_json::Value;

use crate::harness::*;

/// What `parlance routes` prints, as the documents write paths.
fn routes() -> BTreeSet<(String, String)> {
    let done = command(&["routes", "--json"]).stderr(Stdio::inherit()).output().unwrap();
    let rows: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    rows.iter().map(|row| (text(row, "method"), text(row, "path").replace(":.*}", "}"))).collect()
}

#[test]
fn every_served_url_is_in_a_document() {
    let described: Vec<(String, String)> = calls().into_iter().map(|c| (c.method.to_string(), c.path)).collect();
    assert_eq!(described.iter().cloned().collect::<BTreeSet<_>>(), routes());
    assert_eq!(described.len(), routes().len(), "and in one only");
}

#[test]
fn every_call_says_what_it_is_and_where_that_is_written() {
    let mut ids = BTreeSet::new();
    for call in calls() {
        let line = format!("{} {}", call.method, call.path);
        for key in ["summary", "description", "operationId"] {
            assert!(call.operation[key].as_str().is_some_and(|text| !text.is_empty()), "{line} has no {key}");
        }
        let id = call.operation["operationId"].as_str().unwrap().to_owned();
        assert!(ids.insert((call.document.clone(), id)), "{line} has another's id");
        let answers = call.operation["responses"].as_object().unwrap();
        assert!(answers.keys().any(|status| status.starts_with(['1', '2'])), "{line} never succeeds");
        assert!(answers.len() > 1, "{line} never fails");
        let documented = call.operation["tags"][0] == "documented";
        assert!(!documented || call.operation["description"].as_str().unwrap().starts_with("Seed "), "{line}");
        let body = call.operation.get("requestBody").is_some();
        assert!(!body || call.method != "GET", "{line} has a body");
    }
}

on_each_stack! {
    async fn they_are_served_as_they_are(t: Tenant) {
        let own = t.http.get("/operator/v1/openapi.json").send().await.ok();
        assert_eq!((&own["openapi"], &own["info"]["license"]["identifier"]), (&"3.1.0".into(), &"Apache-2.0".into()));
        let documents: BTreeSet<String> = calls().into_iter().map(|call| call.document).collect();
        for name in documents {
            let served = t.http.get(&format!("/operator/v1/openapi/{name}.json")).send().await.ok();
            let path = format!("{}/../docs/openapi/{name}.json", env!("CARGO_MANIFEST_DIR"));
            let committed: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
            assert_eq!(served, committed, "{name}");
        }
        t.http.get("/operator/v1/openapi/nobody.json").send().await.expect(404);
    }
}
