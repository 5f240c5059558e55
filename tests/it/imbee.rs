//! imBee: seed 000, and surfaces.md section 1.

mod chats;
mod examples;
mod history;
mod refusals;
mod tokens;
mod users;

use serde_json::Value;

use crate::harness::Reply;

/// A refusal: the envelope with code 1 and an empty body.
#[track_caller]
fn refused(reply: Reply, status: u16) -> Value {
    let envelope = reply.expect(status).json();
    assert_eq!(crate::harness::keys(&envelope), ["body", "code", "message", "time"]);
    assert_eq!((&envelope["code"], &envelope["body"]), (&Value::from(1), &serde_json::json!({})), "{envelope}");
    assert!(envelope["message"].is_string() && envelope["time"].is_number(), "{envelope}");
    envelope
}
