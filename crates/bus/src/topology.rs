//! Who hears what: the one subscription list. Exchanges, queues, bindings and pumps all follow from it.

use std::sync::Arc;

/// Event type, the service that owns it, the consumer groups (each a service's name) that hear it.
///
/// A new subscription is a line here and a handler in the group; it hears what happens from then on.
const SUBSCRIPTIONS: &[(&str, &str, &[&str])] = &[
    ("tenant.deleted", "auth", &["auth", "users", "chats", "messages", "realtime", "bots"]),
    ("token.revoked", "auth", &["realtime"]),
    ("user.updated", "users", &["realtime"]),
    ("user.deleted", "users", &["auth", "chats", "realtime", "bots"]),
    ("chat.created", "chats", &["realtime", "bots"]),
    ("chat.updated", "chats", &["realtime", "bots"]),
    ("chat.deleted", "chats", &["realtime", "bots"]),
    ("participant.added", "chats", &["realtime", "bots"]),
    ("participant.removed", "chats", &["realtime", "bots"]),
    ("participant.changed", "chats", &["realtime", "bots"]),
    ("message.posted", "messages", &["chats", "realtime", "bots"]),
    ("message.edited", "messages", &["realtime", "bots"]),
    ("message.deleted", "messages", &["realtime", "bots"]),
    ("message.read", "messages", &["realtime", "bots"]),
    ("interaction.started", "bots", &["realtime", "bots"]),
    ("interaction.accepted", "bots", &["realtime", "bots"]),
    ("interaction.transferred", "bots", &["realtime", "bots"]),
    ("interaction.finished", "bots", &["realtime", "bots"]),
    ("webhook.disabled", "bots", &["realtime", "bots"]),
    ("presence.changed", "realtime", &["bots"]),
];

/// The subscription list, as a value. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Topology(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    exchange: String,
    events: Vec<Subscribed>,
}

/// An event type somebody hears.
#[derive(Debug, Clone)]
struct Subscribed {
    event: &'static str,
    owner: String,
    groups: Vec<String>,
}

impl Topology {
    /// Parlance's own.
    pub fn parlance() -> Self {
        SUBSCRIPTIONS
            .iter()
            .fold(Self::new("parlance.events"), |all, (event, owner, groups)| all.with(event, owner, groups))
    }

    /// An empty list over `exchange`, for tests.
    pub fn new(exchange: &str) -> Self {
        Self(Arc::new(Inner { exchange: exchange.to_owned(), events: Vec::new() }))
    }

    /// Adds that `groups` hear `event`, which `owner` tells.
    #[must_use]
    pub fn with(self, event: &'static str, owner: &str, groups: &[&str]) -> Self {
        let mut events = self.0.events.clone();
        let groups = groups.iter().map(|g| (*g).to_owned()).collect();
        events.push(Subscribed { event, owner: owner.to_owned(), groups });
        Self(Arc::new(Inner { exchange: self.0.exchange.clone(), events }))
    }

    /// The name of the topic exchange.
    pub fn exchange(&self) -> &str {
        &self.0.exchange
    }

    /// Every event type with the service that tells it and the groups that hear it.
    pub fn subscriptions(&self) -> impl Iterator<Item = (&'static str, &str, &[String])> {
        self.0.events.iter().map(|s| (s.event, s.owner.as_str(), s.groups.as_slice()))
    }

    /// Whether anybody hears `event`.
    pub fn is_heard(&self, event: &str) -> bool {
        self.0.events.iter().any(|s| s.event == event && !s.groups.is_empty())
    }

    /// The event types `group` hears.
    pub fn heard_by(&self, group: &str) -> Vec<&'static str> {
        self.0.events.iter().filter(|s| s.groups.iter().any(|g| g == group)).map(|s| s.event).collect()
    }

    /// The event types `group` hears from `owner`.
    pub fn heard_from(&self, owner: &str, group: &str) -> Vec<&'static str> {
        let heard = self.heard_by(group);
        self.0.events.iter().filter(|s| s.owner == owner && heard.contains(&s.event)).map(|s| s.event).collect()
    }

    /// All consumer groups.
    pub fn groups(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.0.events.iter().flat_map(|s| s.groups.iter().map(String::as_str)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_names_only_events_that_exist() {
        for (event, _, groups) in SUBSCRIPTIONS {
            assert!(proto_events::TYPES.iter().any(|t| t.name == *event), "{event} is no event");
            assert!(!groups.is_empty(), "nobody hears {event}: leave it out");
        }
    }

    #[test]
    fn groups_hear_what_the_list_says() {
        let all = Topology::parlance();
        assert_eq!(all.groups(), ["auth", "bots", "chats", "messages", "realtime", "users"]);
        assert_eq!(all.heard_by("chats"), ["tenant.deleted", "user.deleted", "message.posted"]);
        assert_eq!(all.heard_from("messages", "chats"), ["message.posted"]);
        assert!(all.is_heard("message.posted") && !all.is_heard("message.unheard"));
    }
}
