//! The native streams: server-sent events and the WebSocket.

mod ends;
mod resume;
mod shapes;
mod socket;

use serde_json::Value;

use crate::harness::*;

impl Tenant {
    /// `GET /parlance/v1/events` with this token.
    pub fn events(&self, token: &str) -> Ask {
        self.http.get("/parlance/v1/events").bearer(token)
    }

    /// `GET /parlance/v1/stream` with this token.
    pub fn stream(&self, token: &str) -> Ask {
        self.http.get("/parlance/v1/stream").bearer(token)
    }

    /// The operator's token: it sees everything.
    pub fn sees_all(&self) -> String {
        self.credential("/operator/token").to_owned()
    }
}

/// The texts of the posted messages among `events`.
pub fn posted(events: &[Event]) -> Vec<String> {
    let posted = events.iter().filter(|event| event.name == "message.posted");
    posted.map(|event| event.data["text"].as_str().unwrap().to_owned()).collect()
}

/// Whether it is the message that says `text`.
pub fn says(event: &Event, text: &str) -> bool {
    event.name == "message.posted" && event.data["text"] == text
}

/// Whether it is the message that says `text`, over the WebSocket.
pub fn tells(word: &Value, text: &str) -> bool {
    word["event"] == "message.posted" && word["data"]["text"] == text
}
