//! A ConnectNow client: a token in the header, JSON bodies.

use serde_json::{Value, json};

use super::http::{Ask, Http};
use super::{Tenant, User, eventually, unique};

/// Somebody who uses ConnectNow.
#[derive(Clone)]
pub struct ConnectNow {
    http: Http,
    pub token: String,
}

impl ConnectNow {
    /// `token`: an `api_token` or a `chat_user_token`.
    pub fn new(http: Http, token: &str) -> Self {
        Self { http, token: token.to_owned() }
    }

    pub fn ask(&self, method: &str, path: &str) -> Ask {
        let ask = self.http.ask(method.parse().unwrap(), path).bearer(&self.token);
        ask.header("accept", "application/json")
    }

    pub fn get(&self, path: &str) -> Ask {
        self.ask("GET", path)
    }

    pub fn post(&self, path: &str, body: &Value) -> Ask {
        self.ask("POST", path).json(body)
    }

    pub fn put(&self, path: &str, body: &Value) -> Ask {
        self.ask("PUT", path).json(body)
    }

    pub fn delete(&self, path: &str) -> Ask {
        self.ask("DELETE", path)
    }

    /// Somebody else's client of the same deployment.
    pub fn with(&self, token: &str) -> Self {
        Self::new(self.http.clone(), token)
    }

    /// A new chat's number.
    pub async fn chat(&self, name: &str) -> i64 {
        let made = self.post("/api/chats", &json!({ "name": name })).send().await.expect(201).json();
        made["id"].as_i64().unwrap()
    }

    /// Adds whoever has this e-mail, and is them from then on.
    pub async fn join(&self, chat: i64, email: &str) -> (Self, Value) {
        let body = json!({ "email": email, "name": email.split('@').next() });
        let made = self.post(&format!("/api/chats/{chat}/users"), &body).send().await.expect(201).json();
        (self.with(made["chat_user_token"].as_str().expect("a token")), made)
    }

    /// Says `text`.
    pub async fn say(&self, chat: i64, text: &str) -> Value {
        let body = json!({ "message": text });
        self.post(&format!("/api/chats/{chat}/messages"), &body).send().await.expect(201).json()
    }

    /// A whole list, by following `next_page_url`.
    pub async fn walk(&self, path: &str, size: usize) -> Vec<Value> {
        let (mut all, mut page) = (Vec::new(), 1);
        loop {
            let listed = self.get(path).query("per_page", size).query("page", page).send().await.ok();
            all.extend(listed["data"].as_array().expect("data").iter().cloned());
            if listed["next_page_url"].is_null() {
                return all;
            }
            page += 1;
        }
    }
}

impl Tenant {
    /// ConnectNow with the first admin's token.
    pub fn connectnow(&self) -> ConnectNow {
        ConnectNow::new(self.http.clone(), self.credential("/connectnow/api_token"))
    }

    /// ConnectNow with a token of `user`.
    pub async fn connectnow_as(&self, user: &User) -> ConnectNow {
        let body = json!({ "surface": "connectnow", "user_id": user.id });
        let made = self.operator("POST", "/tokens").json(&body).send().await.expect(201).json();
        ConnectNow::new(self.http.clone(), made["secret"].as_str().expect("a secret"))
    }

    /// Gives a user an e-mail nobody else has.
    pub async fn email(&self, user: &User) -> String {
        let email = format!("{}@example.org", unique("mail"));
        let path = format!("/users/{}", user.id);
        self.operator("PATCH", &path).json(&json!({ "email": email })).send().await.expect(200);
        email
    }

    /// The codes that were mailed to an address, once there are `n`; none where mail cannot be read.
    pub async fn mailed_codes(&self, email: &str, n: usize) -> Option<Vec<String>> {
        let dir = self.stack.dir.as_ref()?.join("mail");
        Some(
            eventually(&format!("{n} codes for {email}"), || async {
                Some(codes(&dir, email)).filter(|c| c.len() >= n)
            })
            .await,
        )
    }
}

/// In the order of their sending.
fn codes(dir: &std::path::Path, email: &str) -> Vec<String> {
    let mut files: Vec<_> = std::fs::read_dir(dir).into_iter().flatten().flatten().map(|file| file.path()).collect();
    files.sort();
    let texts = files.into_iter().filter_map(|file| std::fs::read_to_string(file).ok());
    let code = |mail: &String| {
        let line = mail.lines().find(|line| line.len() == 6 && line.bytes().all(|b| b.is_ascii_digit()));
        line.map(str::to_owned)
    };
    texts.filter(|mail| mail.contains(&format!("To: {email}"))).filter_map(|mail| code(&mail)).collect()
}
