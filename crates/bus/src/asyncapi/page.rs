//! The page for people.

use std::fmt::Write as _;

use super::{Described, Field, Kind, Message, ordered_by};
use crate::Topology;

/// The page: how events travel, all of them in one table, and the fields of each.
pub fn page(topology: &Topology, events: &[Described<'_>], messages: &[Message]) -> String {
    let mut page = intro(topology);
    table(&mut page, events);
    for told in events {
        let (name, version) = (told.event.name, told.event.version);
        let (key, groups) = (ordered_by(told.event), told.groups.join(", "));
        heading(&mut page, name, &told.message.about);
        let file = &told.message.file;
        let origin = format!("[{}](../proto-events/proto/{file})", told.message.name);
        line(
            &mut page,
            &format!("{origin}, version {version}, in order per {key}. Told by {}, heard by {groups}.\n", told.owner),
        );
        fields(&mut page, told.message);
    }
    line(&mut page, "\n## Shared parts");
    let shared = |message: &&Message| events.iter().all(|told| told.message.name != message.name);
    for message in messages.iter().filter(shared) {
        line(&mut page, &format!("\n### {}\n\n{}\n", message.name, message.about));
        fields(&mut page, message);
    }
    page
}

fn intro(topology: &Topology) -> String {
    let (exchange, partitions) = (topology.exchange(), proto_events::PARTITIONS);
    format!(
        "# Events between services

Drawn from the `.proto` files and the subscription list by `cargo xtask events`; a test holds it to the code. For programs:
[asyncapi.json](asyncapi.json), AsyncAPI 3. What clients are told is another thing: [streams](streams.md), [webhooks](webhooks.md).

An event is written in the transaction of what it tells, and published from there: to RabbitMQ's topic exchange `{exchange}`, or within
the process where there is no broker. It comes at least once, always with the same id, and in order within its key. A consumer commits
what follows from it together with the note that it was applied.

- **Routing key**: name, version and partition, as in `message.posted.v1.p07`. The partition is one of {partitions}, a hash of the id of the
  chat or the tenant that orders the event, and never changes.
- **Queues**: one per group and partition, as in `chats.p07`, bound by `message.posted.*.p07`. A group is a service.
- **Properties**: `message_id` is the event's id, `content_type` is `application/x-protobuf`. Headers: `key` (what orders it), `tenant`,
  `occurred_us`, and `traceparent` where there was a trace.
- **Payload**: protobuf. Ids are the 16 bytes of a UUID, times microseconds since 1970 in UTC. How it may change:
  [proto-events](../proto-events/README.md).

## All of them

"
    )
}

fn table(page: &mut String, events: &[Described<'_>]) {
    line(page, "| event | when | version | in order per | told by | heard by |");
    line(page, "|---|---|--:|---|---|---|");
    for told in events {
        let (name, version, about) = (told.event.name, told.event.version, &told.message.about);
        let anchor = name.replace('.', "");
        let (key, groups) = (ordered_by(told.event), told.groups.join(", "));
        line(page, &format!("| [{name}](#{anchor}) | {about} | {version} | {key} | {} | {groups} |", told.owner));
    }
}

fn heading(page: &mut String, name: &str, about: &str) {
    line(page, &format!("\n## {name}\n\n{about}"));
}

fn fields(page: &mut String, message: &Message) {
    line(page, "| # | field | type | meaning |");
    line(page, "|--:|---|---|---|");
    for field in &message.fields {
        line(page, &format!("| {} | `{}` | {} | {} |", field.number, field.name, kind(field), field.about));
    }
}

fn kind(field: &Field) -> String {
    let one = match &field.kind {
        Kind::Id => "id".to_owned(),
        Kind::Integer => "integer".to_owned(),
        Kind::Text => "text".to_owned(),
        Kind::Flag => "yes or no".to_owned(),
        Kind::Message(name) => format!("[{name}](#{})", name.to_lowercase()),
        Kind::Other(name) => name.clone(),
    };
    match (field.repeated, field.optional) {
        (true, _) => format!("{one}, any number"),
        (false, true) => format!("{one}, may be absent"),
        (false, false) => one,
    }
}

fn line(page: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(page, "{text}");
}
