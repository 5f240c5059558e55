//! ConnectNow: seed 003, and surfaces.md section 4.

mod access;
mod chats;
mod companies;
mod examples;
mod laravel;
mod lists;
mod messages;
mod refusals;
mod routes;
mod users;
mod visitors;

use serde_json::Value;

use crate::harness::Reply;

/// A 422 that names exactly these fields.
#[track_caller]
fn refused(reply: Reply, fields: &[&str]) -> Value {
    let body = reply.expect(422).json();
    assert_eq!(body["message"], "The given data was invalid.");
    let mut expected = fields.to_vec();
    expected.sort_unstable();
    assert_eq!(crate::harness::keys(&body["errors"]), expected, "{body}");
    for sentences in body["errors"].as_object().unwrap().values() {
        let sentences = sentences.as_array().expect("a list of sentences");
        assert!(!sentences.is_empty() && sentences.iter().all(Value::is_string), "{body}");
    }
    body["errors"].clone()
}

/// A refusal with one sentence.
#[track_caller]
fn told(reply: Reply, status: u16, message: &str) {
    assert_eq!(reply.expect(status).json(), serde_json::json!({ "message": message }));
}

/// The sentences of 401 and 403.
const UNAUTHENTICATED: &str = "Unauthenticated.";
const UNAUTHORIZED: &str = "This action is unauthorized.";
