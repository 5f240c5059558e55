//! The native streams, described. Their document is the operator API's, whose views they show.

use actix_web::http::Method;
use serde_json::json;

use crate::openapi::{Answer, Operation, Schemas, text};

/// Any token that stands for somebody, in the header or in the query.
const ANY: &[&[&str]] = &[&["any"], &["anyInQuery"]];

/// Both streams.
pub fn operations() -> Vec<Operation> {
    let offset = |_: &mut Schemas| json!({ "type": "integer", "format": "int64", "minimum": 0 });
    let stream = |path, title| {
        let call = Operation::new(Method::GET, path, title, "Ours: docs/streams.md.").by(ANY).lasting();
        call.query("after", "Go on behind this offset.", offset)
            .header("Last-Event-ID", "The same, as browsers send it.")
    };
    vec![
        stream("/parlance/v1/events", "What happens, as server-sent events").gives(Answer::of(
            200,
            "Events named as under `webhooks`, each with its offset as `id`.",
            "text/event-stream",
            text,
        )),
        stream("/parlance/v1/stream", "What happens, over a WebSocket")
            .gives(Answer::empty(101, "A WebSocket that tells `{\"event\",\"offset\",\"data\"}`.")),
    ]
}
