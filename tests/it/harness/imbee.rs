//! An imBee client: two headers, one envelope.

use serde_json::{Value, json};

use super::http::{Ask, Http, Reply};
use super::tenant::{Tenant, User, unique};

/// A company that uses imBee.
#[derive(Clone)]
pub struct Imbee {
    http: Http,
    pub authorization: String,
    pub corporate: String,
}

/// A person registered through imBee.
#[derive(Clone)]
pub struct Guest {
    imbee: Imbee,
    pub idsha: String,
    pub apikey: String,
}

/// The body of an envelope that says all went well.
#[track_caller]
pub fn body(reply: Reply) -> Value {
    let mut envelope = reply.ok();
    assert_eq!(envelope["code"], 0, "{envelope}");
    envelope["body"].take()
}

impl Imbee {
    pub fn new(http: Http, authorization: String, corporate: String) -> Self {
        Self { http, authorization, corporate }
    }

    /// A call with `key` as `X-WOOS-KEY`.
    pub fn call(&self, path: &str, key: &str, body: &Value) -> Ask {
        let ask = self.http.post(path).header("authorization", &self.authorization).header("x-woos-key", key);
        ask.json(body)
    }

    /// A call of the company.
    pub fn corporate(&self, path: &str, body: &Value) -> Ask {
        self.call(path, &self.corporate, body)
    }

    pub async fn register(&self, unique: &str) -> Guest {
        let person = body(self.corporate("/third_parties/user/new", &device(unique)).send().await);
        let text = |key: &str| person[key].as_str().unwrap_or_else(|| panic!("no {key}: {person}")).to_owned();
        Guest { imbee: self.clone(), idsha: text("virtualUser"), apikey: text("apikey") }
    }

    /// Somebody new.
    pub async fn guest(&self) -> Guest {
        self.register(&unique("guest")).await
    }
}

/// The documented body of `third_parties/user/new`.
pub fn device(unique: &str) -> Value {
    json!({ "uniqueIdSha": unique, "platform": "platformValue", "deviceName": "deviceNameValue",
            "hardwareId": "hardwareIdValue", "osVersion": "osVersionValue" })
}

impl Tenant {
    /// imBee as somebody the operator made.
    pub async fn imbee_as(&self, user: &User) -> Guest {
        let body = json!({ "surface": "imbee", "user_id": user.id });
        let made = self.operator("POST", "/tokens").json(&body).send().await.expect(201).json();
        let apikey = made["secret"].as_str().expect("a secret").to_owned();
        Guest { imbee: self.imbee(), idsha: user.idsha.clone(), apikey }
    }
}

impl Guest {
    /// Somebody who was registered before.
    pub fn known(t: &Tenant, idsha: &str, apikey: &str) -> Self {
        Self { imbee: t.imbee(), idsha: idsha.to_owned(), apikey: apikey.to_owned() }
    }

    /// The same person, served where the tenant is now.
    pub fn moved_to(&self, t: &Tenant) -> Self {
        Self { imbee: t.imbee(), ..self.clone() }
    }

    pub fn call(&self, path: &str, body: &Value) -> Ask {
        self.imbee.call(path, &self.apikey, body)
    }

    /// The body of a call that must go well.
    pub async fn ask(&self, path: &str, asked: &Value) -> Value {
        body(self.call(path, asked).send().await)
    }

    pub async fn create(&self, kind: &str, contacts: &[&str]) -> Value {
        let contacts: Vec<Value> = contacts.iter().map(|idsha| json!({ "idsha": idsha })).collect();
        self.ask("/chat/create", &json!({ "type": kind, "contacts": contacts })).await
    }

    /// The direct chat with somebody: its `conversationId`.
    pub async fn direct(&self, idsha: &str) -> String {
        self.create("chat", &[idsha]).await["conversationId"].as_str().unwrap().to_owned()
    }

    pub async fn say(&self, conversation: &str, text: &str) -> Value {
        let asked = json!({ "conversationId": conversation, "text": text });
        self.ask("/chat/message/new", &asked).await["message"].take()
    }

    /// The newest hundred, newest first.
    pub async fn history(&self, conversation: &str) -> Vec<Value> {
        let path = format!("/chat/history/{conversation}");
        self.ask(&path, &json!({ "limit": 100 })).await["history"].as_array().expect("a history").clone()
    }

    pub async fn chats(&self) -> Vec<Value> {
        self.ask("/chat/list", &json!({ "limit": 100 })).await["chats"].as_array().expect("chats").clone()
    }

    /// The UUID the same person has elsewhere, found by imBee's id.
    pub async fn id(&self, t: &Tenant) -> String {
        let found = t.operator("GET", "/users").query("identity", format!("imbee:{}", self.idsha)).send().await.ok();
        found["items"][0]["id"].as_str().unwrap_or_else(|| panic!("not found by its idsha: {found}")).to_owned()
    }
}
