//! A VoIPBin client: a credential in the query, bodies as text.

use serde_json::{Value, json};

use super::http::{Ask, Http};

/// Somebody who uses VoIPBin.
#[derive(Clone)]
pub struct VoipBin {
    http: Http,
    name: &'static str,
    pub secret: String,
}

impl VoipBin {
    /// `name`: `token` or `accesskey`.
    pub fn new(http: Http, name: &'static str, secret: &str) -> Self {
        Self { http, name, secret: secret.to_owned() }
    }

    pub fn ask(&self, method: &str, path: &str) -> Ask {
        self.http.ask(method.parse().unwrap(), path).query(self.name, &self.secret)
    }

    pub fn get(&self, path: &str) -> Ask {
        self.ask("GET", path)
    }

    pub fn delete(&self, path: &str) -> Ask {
        self.ask("DELETE", path)
    }

    pub fn post(&self, path: &str, body: &Value) -> Ask {
        self.ask("POST", path).raw("text/plain", body.to_string())
    }

    pub fn put(&self, path: &str, body: &Value) -> Ask {
        self.ask("PUT", path).raw("text/plain", body.to_string())
    }

    /// A new chat, owned by its first participant.
    pub async fn chat(&self, kind: &str, participants: &[&str]) -> Value {
        self.post("/v1.0/chats", &chat_body(kind, participants)).send().await.ok()
    }

    /// Says `text` in `chat` as `author`.
    pub async fn say(&self, chat: &str, author: &str, text: &str) -> Value {
        self.post("/v1.0/chatmessages", &message_body(chat, author, text)).send().await.ok()
    }

    /// The first page of a list.
    pub async fn list(&self, path: &str) -> Vec<Value> {
        let page = self.get(path).query("page_size", 100).send().await.ok();
        page["result"].as_array().expect("a result").clone()
    }

    /// A whole list in pages of `size`, by following `next_page_token` to the empty page.
    pub async fn walk(&self, path: &str, size: usize) -> Vec<Value> {
        let (mut all, mut token) = (Vec::<Value>::new(), String::new());
        loop {
            let ask = self.get(path).query("page_size", size);
            let ask = if token.is_empty() { ask } else { ask.query("page_token", &token) };
            let page = ask.send().await.ok();
            let items = page["result"].as_array().expect("a result");
            let next = page["next_page_token"].as_str().expect("a next_page_token").to_owned();
            let Some(last) = items.last() else {
                assert_eq!(next, "", "only an empty page ends a list");
                return all;
            };
            assert!(items.len() <= size);
            assert_eq!(next, last["tm_create"].as_str().unwrap(), "the token is the last item's tm_create");
            all.extend(items.iter().cloned());
            token = next;
        }
    }
}

pub fn chat_body(kind: &str, participants: &[&str]) -> Value {
    let owner = participants.first().copied().unwrap_or_default();
    json!({ "type": kind, "owner_id": owner, "participant_ids": participants, "name": "a chat", "detail": "for a test" })
}

pub fn message_body(chat: &str, author: &str, text: &str) -> Value {
    json!({ "chat_id": chat, "source": { "type": "agent", "target": author }, "type": "normal", "text": text })
}
