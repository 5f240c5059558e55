//! A step, from its beginning to what the collector is told.

use std::fmt::Debug;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tracing::field::{Field, Visit};
use tracing::span;

use crate::trace::TraceParent;

/// A step of a trace.
#[derive(Debug, Default)]
pub struct Record {
    name: String,
    kind: String,
    about: String,
    parent: Option<TraceParent>,
    context: Option<TraceParent>,
    status: Option<u64>,
    failed: Option<String>,
    begun: u128,
    ended: u128,
}

impl Record {
    /// A step begins; `None` when its fields are not a sampled step's.
    pub fn begun(fields: &span::Attributes<'_>) -> Option<Self> {
        let mut record = Self { begun: now(), ..Self::default() };
        fields.record(&mut record);
        record.context.is_some_and(|context| context.is_sampled()).then_some(record)
    }

    /// The step ends.
    pub fn ended(self) -> Self {
        Self { ended: now(), ..self }
    }

    /// `Span`, with ids in hex as the JSON form wants them.
    pub fn json(&self) -> Value {
        let Some(context) = self.context else { return Value::Null };
        let text = |key: &str, value: &str| json!({"key": key, "value": {"stringValue": value}});
        let mut attributes = vec![text("parlance.about", &self.about)];
        if let Some(status) = self.status {
            attributes.push(json!({"key": "http.response.status_code", "value": {"intValue": status.to_string()}}));
        }
        let failed = self.failed.is_some() || self.status.is_some_and(|status| status >= 500);
        json!({
            "traceId": context.trace_id(),
            "spanId": context.step_id(),
            "parentSpanId": self.parent.map(|parent| parent.step_id()).unwrap_or_default(),
            "name": self.name,
            "kind": match self.kind.as_str() { "server" => 2, "client" => 3, "producer" => 4, "consumer" => 5, _ => 1 },
            "startTimeUnixNano": self.begun.to_string(),
            "endTimeUnixNano": self.ended.to_string(),
            "attributes": attributes,
            "status": if failed {
                json!({"code": 2, "message": self.failed.as_deref().unwrap_or_default()})
            } else {
                json!({})
            },
        })
    }
}

impl Visit for Record {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "name" => value.clone_into(&mut self.name),
            "kind" => value.clone_into(&mut self.kind),
            "about" => value.clone_into(&mut self.about),
            "parent" => self.parent = value.parse().ok(),
            "context" => self.context = value.parse().ok(),
            "failed" => self.failed = Some(value.to_owned()),
            _ => {}
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "status" {
            self.status = Some(value);
        }
    }

    /// Other fields say nothing that is exported.
    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

/// Nanoseconds since 1970: a step is seen beside those of other machines.
fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos()
}
