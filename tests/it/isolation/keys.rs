//! Every kind of credential, and where each stands in a request.

use base64::Engine as _;
use serde_json::{Value, json};

use crate::harness::*;

/// One tenant's credentials, by the document and the security scheme that names them.
#[derive(Clone, Default)]
pub struct Keys(Vec<(&'static str, &'static str, String)>);

impl Keys {
    pub fn with(mut self, document: &'static str, scheme: &'static str, secret: &str) -> Self {
        self.0.push((document, scheme, secret.to_owned()));
        self
    }

    pub fn get(&self, document: &str, scheme: &str) -> Option<&str> {
        self.0.iter().find(|(d, s, _)| *d == document && *s == scheme).map(|(_, _, secret)| secret.as_str())
    }

    /// One secret of every surface but `document`'s.
    pub fn of_others(&self, document: &str) -> Vec<&str> {
        // The native streams take everybody's who stands for a user; a company's own key stands for none.
        let main = [
            ("operator", "operator"),
            ("imbee", "user"),
            ("imbee", "corporate"),
            ("voipbin", "accesskey"),
            ("voipbin", "token"),
            ("connectnow", "apiToken"),
            ("odoo", "session"),
            ("zenvia", "token"),
        ];
        main.iter().filter(|(d, _)| *d != document).filter_map(|(d, s)| self.get(d, s)).collect()
    }
}

/// Puts `secret` where `scheme` of `document` says. A token in a body is put there by whoever makes the body.
pub fn show(ask: Ask, document: &str, scheme: &str, secret: &str) -> Ask {
    match (document, scheme) {
        ("operator", "operator" | "root" | "any")
        | ("voipbin", "bearer")
        | ("connectnow", "apiBearer" | "chatUserBearer") => ask.bearer(secret),
        ("operator", "anyInQuery") | ("voipbin" | "zenvia", "token") => ask.query("token", secret),
        ("voipbin", "accesskey") => ask.query("accesskey", secret),
        ("voipbin", "tokenCookie") => ask.header("cookie", format!("token={secret}")),
        ("voipbin", "accesskeyCookie") => ask.header("cookie", format!("accesskey={secret}")),
        ("imbee", "authorization") => ask.header("authorization", secret),
        ("imbee", "corporate" | "user") => ask.header("x-woos-key", secret),
        ("imbee", "visit") => ask.header("x-visit", secret),
        ("connectnow", "apiToken") => ask.query("api_token", secret),
        ("connectnow", "chatUserToken") => ask.query("chat_user_token", secret),
        ("connectnow", "basic") => {
            let pair = base64::engine::general_purpose::STANDARD.encode(format!("x:{secret}"));
            ask.header("authorization", format!("Basic {pair}"))
        }
        ("odoo", "session") => ask.query("session_id", secret),
        ("odoo", "sessionHeader") => ask.header("x-openerp-session-id", secret),
        ("odoo", "sessionCookie") => ask.header("cookie", format!("session_id={secret}")),
        ("zenvia", "tokenInBody") => ask,
        _ => panic!("isolation/keys.rs does not know where {document}.json's {scheme} stands"),
    }
}

/// The surfaces whose credentials an operator makes, with the scheme they count under.
pub const MADE: [(&str, &str); 5] = [
    ("operator", "operator"),
    ("imbee", "user"),
    ("voipbin", "accesskey"),
    ("connectnow", "apiToken"),
    ("zenvia", "token"),
];

/// A credential of each surface, made as `more` says; `None` where there is no such credential.
pub async fn made(t: &Tenant, user: &User, more: &Value) -> Vec<(&'static str, String, String)> {
    let mut all = Vec::new();
    for (surface, _) in MADE {
        let mut body = json!({ "surface": surface, "user_id": user.id, "name": unique("key") });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        if matches!(surface, "operator" | "zenvia") {
            body.as_object_mut().unwrap().remove("user_id");
        }
        let made = t.operator("POST", "/tokens").json(&body).send().await;
        if made.status == 422 && surface == "zenvia" {
            continue;
        }
        let made = made.expect(201).json();
        let text = |key: &str| made[key].as_str().unwrap().to_owned();
        all.push((surface, text("id"), text("secret")));
    }
    all
}
