//! What we tell others, by POST: a department's bot (seed 001, key by key in its order), and whoever stands on the
//! customer's side (the vendor's interactions page, "Triggers").
//!
//! A bot is told three things, each with a `type`. The customer's side is told how the interaction stands and what agents
//! say; those bodies have no `type`.

use contracts::messages::Message;
use contracts::users::User;
use domain::MessageId;
use serde::Serialize;
use serde_json::Value;

use super::wire::{Attachment, ContentType, Shown};

#[derive(Serialize)]
struct NewInteraction<'a> {
    r#type: &'static str,
    interaction_hash: &'a str,
    department_id: i64,
}

#[derive(Serialize)]
struct NewMessage<'a> {
    r#type: &'static str,
    interaction_hash: &'a str,
    content: &'a str,
    content_type: ContentType,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment: Option<Attachment<'a>>,
}

#[derive(Serialize)]
struct FinishedInteraction<'a> {
    r#type: &'static str,
    interaction_hash: &'a str,
}

/// "Start widget, select a department with an enabled bot and click on Chat". `department`: its integer id.
pub fn new_interaction(hash: &str, department: i64) -> String {
    json(&NewInteraction { r#type: "new_interaction", interaction_hash: hash, department_id: department })
}

/// "When client send a message". Text has exactly the documented four keys; a file is added as the bot's own call has it.
pub fn new_message(hash: &str, message: &Message) -> String {
    let Shown { content, content_type, attachment } = Shown::of(message);
    json(&NewMessage { r#type: "new_message", interaction_hash: hash, content, content_type, attachment })
}

/// "When client finishes the interaction".
pub fn finished_interaction(hash: &str) -> String {
    json(&FinishedInteraction { r#type: "finished_interaction", interaction_hash: hash })
}

/// How an interaction stands, as the customer's side is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Waits for an agent.
    Queued {
        /// Place in the queue, from 1.
        position: i64,
    },
    /// Somebody serves it.
    Accepted,
    /// Nobody can serve it.
    Unavailable,
    /// Serves another department now.
    Transferred {
        /// The department's integer id.
        department: i64,
    },
    /// Is over.
    Finished,
    /// Somebody writes.
    Typing,
    /// Nobody writes any more.
    Cleared,
}

impl State {
    const fn word(self) -> &'static str {
        match self {
            Self::Queued { .. } => "queued",
            Self::Accepted => "accepted",
            Self::Unavailable => "unavailable",
            Self::Transferred { .. } => "transferred",
            Self::Finished => "finished",
            Self::Typing => "typing",
            Self::Cleared => "cleared",
        }
    }
}

#[derive(Serialize)]
struct StateOut<'a> {
    interaction_hash: &'a str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<i64>,
    /// A string, as the vendor has it here and nowhere else.
    #[serde(skip_serializing_if = "Option::is_none")]
    department_id: Option<String>,
    extra: &'a Value,
}

/// How an interaction stands. `extra`: what was sent when it was started.
pub fn state(hash: &str, state: State, extra: &Value) -> String {
    let (position, department_id) = match state {
        State::Queued { position } => (Some(position), None),
        State::Transferred { department } => (None, Some(department.to_string())),
        State::Accepted | State::Unavailable | State::Finished | State::Typing | State::Cleared => (None, None),
    };
    json(&StateOut { interaction_hash: hash, state: state.word(), position, department_id, extra })
}

#[derive(Serialize)]
struct AgentMessage<'a> {
    interaction_hash: &'a str,
    message: MessageOut<'a>,
    agent: AgentOut,
    extra: &'a Value,
}

#[derive(Serialize)]
struct MessageOut<'a> {
    hash: MessageId,
    content: &'a str,
    r#type: ContentType,
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct AgentOut {
    id: i64,
    name: String,
}

/// What an agent, or a bot, says to the customer.
pub fn agent_message(hash: &str, message: &Message, agent: &User, extra: &Value) -> String {
    let shown = Shown::of(message);
    let (content, r#type, url) = (shown.content, shown.content_type, shown.url());
    json(&AgentMessage {
        interaction_hash: hash,
        message: MessageOut { hash: message.id, content, r#type, url },
        agent: AgentOut { id: agent.number, name: agent.full_name() },
        extra,
    })
}

/// Keys stay in the order they are declared in.
fn json(body: &impl Serialize) -> String {
    serde_json::to_string(body).unwrap_or_else(|_| Value::Null.to_string())
}

#[cfg(test)]
mod tests {
    use domain::{Role, TenantId, Timestamp, UserId};
    use serde_json::json;

    use super::*;
    use crate::zenvia::wire::testing::message;
    use crate::zenvia::wire::{ContentType, Said};

    const HASH: &str = "0000a-000b-0c00-0d0e-f00d00f11111";

    fn said(content: &str, content_type: ContentType, url: Option<&str>) -> Message {
        let (content, url) = (content.to_owned(), url.map(ToOwned::to_owned));
        message(Said { content, content_type, sent_type: None, url, size: None })
    }

    #[test]
    fn a_bot_is_told_what_the_seed_shows_to_the_byte() {
        let seed =
            r#"{"type":"new_interaction","interaction_hash":"0000a-000b-0c00-0d0e-f00d00f11111","department_id":1}"#;
        assert_eq!(new_interaction(HASH, 1), seed);
        let seed = r#"{"type":"new_message","interaction_hash":"0000a-000b-0c00-0d0e-f00d00f11111","content":"Test message","content_type":"text"}"#;
        assert_eq!(new_message(HASH, &said("Test message", ContentType::Text, None)), seed);
        let seed = r#"{"type":"finished_interaction","interaction_hash":"0000a-000b-0c00-0d0e-f00d00f11111"}"#;
        assert_eq!(finished_interaction(HASH), seed);
    }

    #[test]
    fn a_file_comes_with_its_place() {
        let body: Value =
            serde_json::from_str(&new_message(HASH, &said("", ContentType::Image, Some("https://x/a.png")))).unwrap();
        let attachment = json!({ "url": "https://x/a.png", "size": null });
        let expected = json!({ "type": "new_message", "interaction_hash": HASH, "content": "https://x/a.png",
                               "content_type": "image", "attachment": attachment });
        assert_eq!(body, expected);
    }

    #[test]
    fn the_customers_side_is_told_states_without_a_type() {
        let extra = json!({ "clientId": "1" });
        let told = |what| serde_json::from_str::<Value>(&state(HASH, what, &extra)).unwrap();
        let queued =
            json!({ "interaction_hash": HASH, "state": "queued", "position": 1, "extra": { "clientId": "1" } });
        assert_eq!(told(State::Queued { position: 1 }), queued);
        let moved = json!({ "interaction_hash": HASH, "state": "transferred", "department_id": "1545", "extra": { "clientId": "1" } });
        assert_eq!(told(State::Transferred { department: 1545 }), moved);
        for (what, word) in [
            (State::Accepted, "accepted"),
            (State::Unavailable, "unavailable"),
            (State::Finished, "finished"),
            (State::Typing, "typing"),
            (State::Cleared, "cleared"),
        ] {
            assert_eq!(told(what), json!({ "interaction_hash": HASH, "state": word, "extra": { "clientId": "1" } }));
        }
    }

    #[test]
    fn the_customers_side_hears_agents() {
        let at = Timestamp::from_micros(1);
        let agent = User {
            id: UserId::new(),
            tenant: TenantId::new(),
            number: 111,
            partner: 1,
            idsha: "a".repeat(40),
            name: "Atendente".to_owned(),
            surname: None,
            email: None,
            phone: None,
            role: Role::Agent,
            detail: String::new(),
            extras: contracts::Extras::new(),
            created_at: at,
            updated_at: at,
            deleted_at: None,
        };
        let message = said("Message", ContentType::Text, None);
        let body: Value = serde_json::from_str(&agent_message(HASH, &message, &agent, &json!({}))).unwrap();
        let expected = json!({
            "interaction_hash": HASH,
            "message": { "hash": message.id, "content": "Message", "type": "text", "url": null },
            "agent": { "id": 111, "name": "Atendente" },
            "extra": {},
        });
        assert_eq!(body, expected);
    }
}
