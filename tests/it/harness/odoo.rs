//! An Odoo client: JSON-RPC with a session.

use serde_json::{Value, json};

use super::http::{Ask, Http, Reply};
use super::tenant::{Tenant, User};

/// Somebody who is logged in.
#[derive(Clone)]
pub struct Odoo {
    http: Http,
    pub session: String,
    pub uid: i64,
    pub partner_id: i64,
    pub name: String,
}

/// A JSON-RPC request's body, as the vendor's documents have it.
pub fn rpc(params: &Value) -> Value {
    json!({ "id": null, "jsonrpc": "2.0", "method": "call", "params": params })
}

/// The result of a call that went well; `null` where there is none.
#[track_caller]
pub fn result(reply: Reply) -> Value {
    let mut answer = reply.ok();
    assert!(answer.get("error").is_none(), "{answer}");
    assert_eq!(answer["jsonrpc"], "2.0");
    answer.as_object_mut().unwrap().remove("result").unwrap_or_default()
}

/// The error of a call that did not, at HTTP 200 all the same.
#[track_caller]
pub fn error(reply: Reply, code: i64) -> Value {
    let answer = reply.ok();
    assert!(answer.get("result").is_none(), "{answer}");
    let error = &answer["error"];
    assert_eq!(error["code"], code, "{answer}");
    let message = error["message"].as_str().unwrap();
    let expected: &[&str] =
        if code == 100 { &["Odoo Session Expired", "Odoo Session Invalid"] } else { &["Odoo Server Error"] };
    assert!(expected.contains(&message), "{answer}");
    let data = &error["data"];
    for key in ["name", "debug", "message"] {
        assert!(data[key].is_string(), "{key}: {answer}");
    }
    assert!(data["arguments"].is_array(), "{answer}");
    error.clone()
}

impl Tenant {
    /// Odoo as `user`, logged in as its web client does.
    pub async fn odoo_as(&self, user: &User) -> Odoo {
        let params = json!({ "login": user.login, "password": user.password });
        let who = result(self.http.post("/signin/1.0/json").json(&rpc(&params)).send().await);
        let number = |key: &str| who[key].as_i64().unwrap_or_else(|| panic!("no {key}: {who}"));
        Odoo {
            http: self.http.clone(),
            session: who["session_id"].as_str().expect("a session").to_owned(),
            uid: number("uid"),
            partner_id: number("partner_id"),
            name: user.name.clone(),
        }
    }

    /// Somebody new, logged in.
    pub async fn odoo(&self, name: &str) -> (User, Odoo) {
        let user = self.user(name, "agent").await;
        let odoo = self.odoo_as(&user).await;
        (user, odoo)
    }
}

impl Odoo {
    pub fn call(&self, path: &str, params: &Value) -> Ask {
        self.http.post(path).header("x-openerp-session-id", &self.session).json(&rpc(params))
    }

    /// The result of a call that must go well.
    pub async fn ask(&self, path: &str, params: Value) -> Value {
        result(self.call(path, &params).send().await)
    }

    /// The session with `other`, perhaps new.
    pub async fn open(&self, other: &Self) -> Value {
        self.ask("/im_chat/api/get_or_create_session", json!({ "user_to": other.uid })).await
    }

    /// The uuid of the session with `other`.
    pub async fn with(&self, other: &Self) -> String {
        self.open(other).await["uuid"].as_str().expect("a uuid").to_owned()
    }

    /// Says `text`; the message's id.
    pub async fn say(&self, uuid: &str, text: &str) -> i64 {
        let params = json!({ "uuid": uuid, "message_type": "message", "message_content": text });
        self.ask("/im_chat/post", params).await.as_i64().expect("an id")
    }

    /// The newest hundred, newest first.
    pub async fn history(&self, uuid: &str) -> Vec<Value> {
        list(&self.ask("/im_chat/api/history", json!({ "uuid": uuid, "limit": 100 })).await)
    }

    pub async fn sessions(&self, filter: Value) -> Vec<Value> {
        list(&self.ask("/im_chat/api/get_sessions", filter).await)
    }

    /// One of the caller's sessions.
    pub async fn session(&self, uuid: &str) -> Value {
        let all = self.sessions(json!({})).await;
        all.into_iter().find(|session| session["uuid"] == uuid).unwrap_or_else(|| panic!("no session {uuid}"))
    }
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("no list: {value}")).clone()
}
