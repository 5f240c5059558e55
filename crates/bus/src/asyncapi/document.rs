//! The AsyncAPI 3 document.

use serde_json::{Map, Value, json};

use super::{Described, Field, Kind, Message, ordered_by};
use crate::Topology;

/// The media type of the payloads.
const PROTOBUF: &str = "application/x-protobuf";

/// The document: a channel per event, an operation for each service that tells or hears it.
pub fn document(topology: &Topology, events: &[Described<'_>], messages: &[Message]) -> Value {
    let channels: Map<String, Value> = events.iter().map(|e| (e.event.name.to_owned(), channel(topology, e))).collect();
    let told: Map<String, Value> = events.iter().map(|e| (e.event.name.to_owned(), message(e))).collect();
    let schemas: Map<String, Value> = messages.iter().map(|m| (m.name.clone(), schema(m))).collect();
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Parlance: events between services",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What services tell each other over the broker, at least once, in order per chat or tenant. Payloads are \
                            protobuf (proto-events/proto); the schemas here say what their fields mean. Ids are the 16 bytes of a UUID.",
            "license": { "name": "Apache-2.0" },
        },
        "defaultContentType": PROTOBUF,
        "channels": channels,
        "operations": operations(events),
        "components": {
            "messages": told,
            "schemas": schemas,
            "messageTraits": { "Envelope": { "headers": headers() } },
        },
    })
}

fn channel(topology: &Topology, told: &Described<'_>) -> Value {
    let (name, version) = (told.event.name, told.event.version);
    let partitions: Vec<String> = (0..proto_events::PARTITIONS).map(|p| format!("p{p:02}")).collect();
    json!({
        "address": format!("{name}.v{version}.{{partition}}"),
        "description": told.message.about,
        "parameters": { "partition": {
            "description": format!("A hash of the {}'s id.", ordered_by(told.event)),
            "enum": partitions,
        } },
        "messages": { name: { "$ref": format!("#/components/messages/{name}") } },
        "bindings": { "amqp": {
            "is": "routingKey",
            "exchange": { "name": topology.exchange(), "type": "topic", "durable": true, "autoDelete": false },
            "bindingVersion": "0.3.0",
        } },
    })
}

fn operations(events: &[Described<'_>]) -> Map<String, Value> {
    let mut operations = Map::new();
    for told in events {
        let name = told.event.name;
        let operation = |action: &str, service: &str, summary: String| {
            json!({
                "action": action,
                "summary": summary,
                "channel": { "$ref": format!("#/channels/{name}") },
                "messages": [{ "$ref": format!("#/channels/{name}/messages/{name}") }],
                "x-service": service,
            })
        };
        let owner = &told.owner;
        let tells = operation("send", owner, format!("`{owner}` tells {name}."));
        operations.insert(format!("{owner}.tells.{name}"), tells);
        for group in &told.groups {
            let hears = operation(
                "receive",
                group,
                format!("`{group}` hears {name}, from queues `{group}.p00` to `{group}.p15`."),
            );
            operations.insert(format!("{group}.hears.{name}"), hears);
        }
    }
    operations
}

fn message(told: &Described<'_>) -> Value {
    json!({
        "name": told.event.name,
        "title": told.message.name,
        "summary": told.message.about,
        "contentType": PROTOBUF,
        "traits": [{ "$ref": "#/components/messageTraits/Envelope" }],
        "payload": { "$ref": format!("#/components/schemas/{}", told.message.name) },
        "x-version": told.event.version,
        "x-ordered-by": ordered_by(told.event),
        "x-proto": format!("proto-events/proto/{}", told.message.file),
    })
}

/// The AMQP headers every event has beside the property `message_id`, which is its id.
fn headers() -> Value {
    let uuid = |about: &str| json!({ "type": "string", "format": "uuid", "description": about });
    json!({
        "type": "object",
        "required": ["key", "tenant", "occurred_us"],
        "properties": {
            "key": uuid("What orders it: the id of a chat or of a tenant."),
            "tenant": uuid("The tenant it happened in."),
            "occurred_us": { "type": "integer", "format": "int64", "description": "When it was written, microseconds since 1970 in UTC." },
            "traceparent": { "type": "string", "description": "The W3C trace context of the request that caused it." },
        },
    })
}

fn schema(message: &Message) -> Value {
    let properties: Map<String, Value> = message.fields.iter().map(|f| (f.name.clone(), property(f))).collect();
    let required: Vec<&str> =
        message.fields.iter().filter(|f| !f.optional && !f.repeated).map(|f| f.name.as_str()).collect();
    let mut schema = json!({ "type": "object", "description": message.about, "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn property(field: &Field) -> Value {
    let mut value = match &field.kind {
        Kind::Id => json!({ "type": "string", "format": "uuid", "x-protobuf": "bytes" }),
        Kind::Integer => json!({ "type": "integer", "format": "int64", "x-protobuf": "int64" }),
        Kind::Text => json!({ "type": "string", "x-protobuf": "string" }),
        Kind::Flag => json!({ "type": "boolean", "x-protobuf": "bool" }),
        Kind::Message(name) => json!({ "allOf": [{ "$ref": format!("#/components/schemas/{name}") }] }),
        Kind::Other(name) => json!({ "x-protobuf": name }),
    };
    if field.repeated {
        value = json!({ "type": "array", "items": value });
    }
    value["description"] = json!(field.about);
    value["x-number"] = json!(field.number);
    value
}
