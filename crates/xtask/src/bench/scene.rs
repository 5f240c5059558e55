//! Chats to write into and tokens to write with, made through the API like anybody else's.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::wrk::Request;
use crate::http;

/// Tokens, and so connections, of every load over HTTP.
pub const TOKENS: usize = 64;
const CHATS: usize = 64;
/// Enough for as many different pairs as there are chats.
const USERS: usize = 12;
/// What people say: 64 characters.
pub const TEXT: &str = "The quick brown fox jumps over the lazy dog; then it rests a bit";

/// A tenant's chats and tokens.
pub struct Scene {
    authority: String,
    operator: String,
    /// The tenant's id.
    pub tenant: String,
    /// Access keys.
    pub tokens: Vec<String>,
    /// The chats.
    pub chats: Vec<Chat>,
}

/// A chat with somebody who takes part in it.
pub struct Chat {
    /// Its id.
    pub id: String,
    /// The participant.
    pub author: String,
}

impl Scene {
    /// Makes it at `authority`, in the tenant of `credentials`.
    pub fn make(authority: &str, credentials: &Value) -> Result<Self> {
        let operator = text(credentials, "/operator/token")?;
        let admin = text(credentials, "/voipbin/access_key")?;
        let call = |path: &str, token: &str, body: &Value| ask(authority, path, token, body);
        let users: Vec<String> = (0..USERS)
            .map(|n| {
                let body =
                    json!({"name": format!("User {n}"), "email": format!("u{n}@bench.example"), "role": "agent"});
                text(&call("/operator/v1/users", &operator, &body)?, "/identities/voipbin")
            })
            .collect::<Result<_>>()?;
        let pairs = (0..USERS).flat_map(|a| (a + 1..USERS).map(move |b| (a, b))).take(CHATS);
        let chats = pairs.map(|(a, b)| {
            let body = json!({
                "type": "normal", "owner_id": users[a], "participant_ids": [users[a], users[b]],
                "name": format!("{a} and {b}"), "detail": ""
            });
            Ok(Chat { id: text(&call("/v1.0/chats", &admin, &body)?, "/id")?, author: users[a].clone() })
        });
        let chats = chats.collect::<Result<_>>()?;
        let tokens = (0..TOKENS).map(|n| {
            let body = json!({"name": format!("bench {n}"), "detail": "", "expire": 86_400});
            text(&call("/v1.0/accesskeys", &admin, &body)?, "/token")
        });
        let tokens = tokens.collect::<Result<_>>()?;
        let tenant = text(credentials, "/voipbin/customer_id")?;
        Ok(Self { authority: authority.to_owned(), operator, tenant, tokens, chats })
    }

    /// A message from every token, each into another chat.
    pub fn posts(&self) -> Vec<Request> {
        let post = |(token, Chat { id, author }): (&String, &Chat)| {
            Request {
            method: "POST",
            path: format!("/v1.0/chatmessages?accesskey={token}"),
            body: json!({
                "chat_id": id, "source": {"type": "agent", "target": author}, "type": "normal", "text": TEXT, "medias": []
            })
            .to_string(),
        }
        };
        self.tokens.iter().zip(self.chats.iter().cycle()).map(post).collect()
    }

    /// The newest 50 messages of `chat`, asked with every token.
    pub fn pages(&self, chat: &Chat) -> Vec<Request> {
        let id = &chat.id;
        let get = |token: &String| Request {
            method: "GET",
            path: format!("/v1.0/chatmessages?chat_id={id}&page_size=50&accesskey={token}"),
            body: String::new(),
        };
        self.tokens.iter().map(get).collect()
    }

    /// How many messages its chats have: places have no gaps, so the last one says it.
    pub fn stored(&self) -> Result<u64> {
        self.chats.iter().map(|chat| self.last_seq(chat)).sum()
    }

    /// Halves its way to the end: the operator's list of messages begins with the oldest.
    fn last_seq(&self, chat: &Chat) -> Result<u64> {
        let (mut low, mut high) = (0, 1);
        while self.has_behind(chat, high - 1)? {
            (low, high) = (high, high * 2);
        }
        // There is a message at `low` and none at `high`.
        while low + 1 < high {
            let middle = low.midpoint(high);
            if self.has_behind(chat, middle - 1)? { low = middle } else { high = middle }
        }
        Ok(low)
    }

    fn has_behind(&self, chat: &Chat, seq: u64) -> Result<bool> {
        let path = format!("/operator/v1/chats/{}/messages?limit=1&after={seq}", chat.id);
        let answer = http::get_as(&self.authority, &path, &self.operator)?;
        ensure!(answer.status == 200, "{path}: {} {}", answer.status, answer.body);
        let page: Value = serde_json::from_str(&answer.body)?;
        Ok(page.pointer("/items/0").is_some())
    }
}

/// A call that makes something.
pub fn ask(authority: &str, path: &str, token: &str, body: &Value) -> Result<Value> {
    let body = body.to_string();
    let answer = http::post(authority, path, token, &crate::secret::hex()?, &body)?;
    ensure!(matches!(answer.status, 200 | 201), "{path}: {} {}", answer.status, answer.body);
    serde_json::from_str(&answer.body).with_context(|| format!("{path} answers {}", answer.body))
}

/// The text at `pointer`.
pub fn text(value: &Value, pointer: &str) -> Result<String> {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .with_context(|| format!("no {pointer} in {value}"))
}
