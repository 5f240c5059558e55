//! The events, described: an AsyncAPI 3 document and a page for people, from the `.proto` files with their comments, the
//! event types and the subscription list.
//!
//! Built with the feature `asyncapi` alone, which no program has. `cargo xtask events` writes what is drawn here to `docs`
//! (`docs/decisions/0022-documentation-from-code.md`).

mod document;
mod page;
mod proto;

pub use document::document;
pub use page::page;
pub use proto::{Field, Kind, Message, ProtoError, messages};

use proto_events::{EventType, OrderedBy};

use crate::Topology;

/// An event with all that is known of it.
pub struct Described<'a> {
    /// Its type.
    pub event: EventType,
    /// Its payload.
    pub message: &'a Message,
    /// The service that tells it.
    pub owner: String,
    /// The groups that hear it.
    pub groups: Vec<String>,
}

/// Every event. What nobody subscribes to has no owner, and is left out; a test of the topology knows the names.
pub fn described<'a>(topology: &Topology, messages: &'a [Message]) -> Vec<Described<'a>> {
    let told = topology.subscriptions().filter_map(|(name, owner, groups)| {
        let event = *proto_events::TYPES.iter().find(|event| event.name == name)?;
        let message = messages.iter().find(|message| message.name == event.message)?;
        Some(Described { event, message, owner: owner.to_owned(), groups: groups.to_vec() })
    });
    told.collect()
}

/// Both files by their names: the document, and the page.
///
/// # Errors
/// The `.proto` files cannot be read.
pub fn files() -> Result<[(&'static str, String); 2], ProtoError> {
    let (topology, messages) = (Topology::parlance(), messages()?);
    let events = described(&topology, &messages);
    let document = document(&topology, &events, &messages);
    Ok([("asyncapi.json", format!("{document:#}\n")), ("events.md", page(&topology, &events, &messages))])
}

/// The word for what orders an event.
const fn ordered_by(event: EventType) -> &'static str {
    match event.ordered_by {
        OrderedBy::Chat => "chat",
        OrderedBy::Tenant => "tenant",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_files_are_what_the_code_says() {
        for (name, says) in files().unwrap() {
            let path = format!("{}/../../docs/{name}", env!("CARGO_MANIFEST_DIR"));
            let committed = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
            assert!(committed == says, "docs/{name} has drifted; run `cargo xtask events`");
        }
    }

    #[test]
    fn every_event_is_described() {
        let (topology, messages) = (Topology::parlance(), messages().unwrap());
        let mut described: Vec<&str> = described(&topology, &messages).iter().map(|d| d.event.name).collect();
        let mut all: Vec<&str> = proto_events::TYPES.iter().map(|event| event.name).collect();
        described.sort_unstable();
        all.sort_unstable();
        assert_eq!(described, all);
    }

    #[test]
    fn every_message_and_field_has_a_comment() {
        for message in messages().unwrap() {
            assert!(!message.about.is_empty(), "{} has no comment", message.name);
            for field in &message.fields {
                assert!(!field.about.is_empty(), "{}.{} has no comment", message.name, field.name);
            }
        }
    }

    /// Against the schema that is published with AsyncAPI.
    #[test]
    fn the_document_is_asyncapi_3() {
        let read = |name: &str| -> serde_json::Value {
            let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
        };
        let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
        compiler.add_resource("asyncapi.json", read("tests/data/asyncapi-3.0.0.json")).unwrap();
        let schema = compiler.compile("asyncapi.json", &mut schemas).unwrap();
        let mut document = read("../../docs/asyncapi.json");
        schemas.validate(&document, schema).unwrap_or_else(|e| panic!("{e:#}"));
        document["channels"]["message.posted"]["address"] = serde_json::json!(7);
        assert!(schemas.validate(&document, schema).is_err(), "the schema sees what is wrong");
    }
}
