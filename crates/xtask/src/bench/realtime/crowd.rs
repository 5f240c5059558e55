//! Readers, each with a token of their own and in one chat, made through the API like anybody else's.

use std::collections::HashMap;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::{http, secret};

/// Readers, and the chats they are in.
pub struct Crowd {
    /// The tenant admin's access key: it posts.
    pub admin: String,
    /// A token for each reader.
    pub tokens: Vec<String>,
    /// The chats, in the order of their readers.
    pub chats: Vec<Chat>,
}

/// A chat with somebody who takes part in it.
pub struct Chat {
    /// Its id.
    pub id: String,
    /// The participant.
    pub author: String,
}

impl Crowd {
    /// `readers` people, `together` of them in each chat.
    pub fn make(authority: &str, credentials: &Value, readers: usize, together: usize) -> Result<Self> {
        let word = |pointer: &str| {
            let found = credentials.pointer(pointer).and_then(Value::as_str);
            found.map(str::to_owned).with_context(|| format!("no {pointer} in the credentials"))
        };
        let (admin, operator) = (word("/voipbin/access_key")?, word("/operator/token")?);
        let imbee = (word("/imbee/authorization")?, word("/imbee/corporate_token")?);
        let people: Vec<(String, String)> =
            (0..readers).map(|n| register(authority, &imbee, n)).collect::<Result<_>>()?;
        let ids = ids(authority, &operator)?;
        let mut chats = Vec::new();
        for some in people.chunks(together) {
            let users: Vec<&String> =
                some.iter().map(|(idsha, _)| ids.get(idsha).context("nobody has this idsha")).collect::<Result<_>>()?;
            let body =
                json!({ "type": "group", "owner_id": users[0], "participant_ids": users, "name": "", "detail": "" });
            let made = post(authority, "/v1.0/chats", &[("authorization", &format!("Bearer {admin}"))], &body)?;
            let id = made["id"].as_str().context("a chat has an id")?.to_owned();
            chats.push(Chat { id, author: users[0].clone() });
        }
        Ok(Self { admin, tokens: people.into_iter().map(|(_, apikey)| apikey).collect(), chats })
    }

    /// A post of `text` into a chat, as HTTP has it.
    pub fn post(&self, authority: &str, chat: &Chat, text: &str) -> String {
        let source = json!({ "type": "agent", "target": chat.author });
        let body = json!({ "chat_id": chat.id, "source": source, "type": "normal", "text": text }).to_string();
        let (admin, length) = (&self.admin, body.len());
        format!(
            "POST /v1.0/chatmessages HTTP/1.1\r\nHost: {authority}\r\nAuthorization: Bearer {admin}\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    }
}

/// Registers somebody through imBee: their `idsha` and token.
fn register(authority: &str, (authorization, corporate): &(String, String), n: usize) -> Result<(String, String)> {
    let body = json!({
        "uniqueIdSha": format!("reader {n}"), "platform": "web", "deviceName": "bench", "hardwareId": "1", "osVersion": "1"
    });
    let headers = [("authorization", authorization.as_str()), ("x-woos-key", corporate.as_str())];
    let answer = post(authority, "/third_parties/user/new", &headers, &body)?;
    let word =
        |key: &str| answer["body"][key].as_str().map(str::to_owned).with_context(|| format!("no {key}: {answer}"));
    Ok((word("virtualUser")?, word("apikey")?))
}

/// Everybody's id by their `idsha`.
fn ids(authority: &str, operator: &str) -> Result<HashMap<String, String>> {
    let (mut all, mut after) = (HashMap::new(), String::new());
    loop {
        let answer = http::get_as(authority, &format!("/operator/v1/users?limit=200{after}"), operator)?;
        ensure!(answer.status == 200, "users: {} {}", answer.status, answer.body);
        let page: Value = serde_json::from_str(&answer.body)?;
        for user in page["items"].as_array().into_iter().flatten() {
            if let (Some(id), Some(idsha)) = (user["id"].as_str(), user["identities"]["imbee"].as_str()) {
                all.insert(idsha.to_owned(), id.to_owned());
            }
        }
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return Ok(all),
        }
    }
}

fn post(authority: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Result<Value> {
    let key = secret::hex()?;
    let headers: Vec<(&str, &str)> = headers.iter().copied().chain([("idempotency-key", key.as_str())]).collect();
    let answer = http::post_with(authority, path, &headers, &body.to_string())?;
    ensure!(matches!(answer.status, 200 | 201), "{path}: {} {}", answer.status, answer.body);
    serde_json::from_str(&answer.body).with_context(|| format!("{path} answers {}", answer.body))
}
