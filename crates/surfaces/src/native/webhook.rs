//! What a webhook of format `native` is sent: Standard Webhooks 1.0.0, `{type, timestamp, data}`.

use domain::{Timestamp, WebhookId};
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'a str,
    timestamp: Timestamp,
    data: &'a Value,
}

/// One event. `name`: like `message.posted`; `at`: when it happened; `data`: the view that the stream shows of it.
pub fn body(name: &str, at: Timestamp, data: &Value) -> String {
    serde_json::to_string(&Body { r#type: name, timestamp: at, data }).unwrap_or_else(|_| Value::Null.to_string())
}

/// What `webhook.disabled` tells.
pub fn disabled(webhook: WebhookId, url: &str, because: &str, since: Timestamp, at: Timestamp) -> Value {
    json!({ "webhook_id": webhook, "url": url, "because": because, "failing_since": since, "disabled_at": at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_the_standards_three_keys() {
        let at: Timestamp = "2026-11-21T10:00:00.000001Z".parse().unwrap();
        let expected = r#"{"type":"message.posted","timestamp":"2026-11-21T10:00:00.000001Z","data":{"seq":1}}"#;
        assert_eq!(body("message.posted", at, &json!({ "seq": 1 })), expected);
    }
}
