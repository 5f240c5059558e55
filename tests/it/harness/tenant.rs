//! A tenant of its own for every test, and the people in it.

use serde_json::{Value, json};

use super::http::{Ask, Http};
use super::imbee::Imbee;
use super::stack::Deployment;
use super::voipbin::VoipBin;

/// A name nobody else has.
pub fn unique(prefix: &str) -> String {
    format!("{prefix}-{:016x}", rand::random::<u64>())
}

/// A new tenant.
pub struct Tenant {
    pub stack: &'static Deployment,
    pub http: Http,
    /// What `POST /operator/v1/tenants` answered: the object of `credentials.json`.
    pub credentials: Value,
    /// Its id, VoIPBin's `customer_id`.
    pub id: String,
    /// Its first admin.
    pub admin: User,
}

/// A person made by the operator.
#[derive(Debug, Clone)]
pub struct User {
    pub id: String,
    pub idsha: String,
    pub name: String,
    pub login: String,
    pub password: String,
}

impl Tenant {
    pub async fn new(stack: &'static Deployment) -> Self {
        let http = Http::new(&stack.base_url);
        let asked = http.post("/operator/v1/tenants").bearer(&stack.root_token).json(&json!({ "name": unique("e2e") }));
        Self::known(stack, asked.send().await.expect(201).json()).await
    }

    /// A tenant that was made before, by what was answered then.
    pub async fn known(stack: &'static Deployment, credentials: Value) -> Self {
        let http = Http::new(&stack.base_url);
        let text = |path: &str| {
            credentials.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("no {path}")).to_owned()
        };
        let admin = User {
            id: text("/voipbin/agent_id"),
            idsha: String::new(),
            name: String::new(),
            login: text("/voipbin/username"),
            password: text("/voipbin/password"),
        };
        let mut tenant = Self { stack, http, id: text("/voipbin/customer_id"), credentials, admin };
        let view = tenant.operator("GET", &format!("/users/{}", tenant.admin.id)).send().await.ok();
        tenant.admin.idsha = view["identities"]["imbee"].as_str().unwrap().to_owned();
        tenant.admin.name = full_name(&view);
        tenant
    }

    /// Another tenant of the same deployment.
    pub async fn another(&self) -> Self {
        Self::new(self.stack).await
    }

    /// The same tenant, served elsewhere now.
    pub fn moved_to(&self, base_url: &str) -> Self {
        let (credentials, id, admin) = (self.credentials.clone(), self.id.clone(), self.admin.clone());
        Self { stack: self.stack, http: Http::new(base_url), credentials, id, admin }
    }

    /// A value of the credentials, by JSON pointer.
    #[track_caller]
    pub fn credential(&self, pointer: &str) -> &str {
        self.credentials.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no credential {pointer}"))
    }

    /// A call of the operator API under `/operator/v1`, with the tenant's token.
    pub fn operator(&self, method: &str, path: &str) -> Ask {
        let method = method.parse().unwrap();
        self.http.ask(method, &format!("/operator/v1{path}")).bearer(self.credential("/operator/token"))
    }

    /// The same with the instance's root token.
    pub fn root(&self, method: &str, path: &str) -> Ask {
        self.http.ask(method.parse().unwrap(), &format!("/operator/v1{path}")).bearer(&self.stack.root_token)
    }

    /// A new person who can log in.
    pub async fn user(&self, name: &str, role: &str) -> User {
        let (login, password) = (unique(&name.to_lowercase()), unique("secret"));
        let body = json!({ "name": name, "role": role, "login": login, "password": password });
        let view = self.operator("POST", "/users").json(&body).send().await.expect(201).json();
        User {
            id: view["id"].as_str().unwrap().to_owned(),
            idsha: view["identities"]["imbee"].as_str().unwrap().to_owned(),
            name: full_name(&view),
            login,
            password,
        }
    }

    /// VoIPBin with the first admin's access key.
    pub fn voipbin(&self) -> VoipBin {
        VoipBin::new(self.http.clone(), "accesskey", self.credential("/voipbin/access_key"))
    }

    /// VoIPBin as `user`, logged in.
    pub async fn voipbin_as(&self, user: &User) -> VoipBin {
        let body = json!({ "username": user.login, "password": user.password });
        let session = self.http.post("/auth/login").json(&body).send().await.ok();
        VoipBin::new(self.http.clone(), "token", session["token"].as_str().expect("a token"))
    }

    pub fn imbee(&self) -> Imbee {
        let credential = |name: &str| self.credential(&format!("/imbee/{name}")).to_owned();
        Imbee::new(self.http.clone(), credential("authorization"), credential("corporate_token"))
    }

    /// The operator's view of all of a chat's messages, by following `next`.
    pub async fn messages(&self, chat: &str) -> Vec<Value> {
        self.walk(&format!("/chats/{chat}/messages"), 200).await
    }

    /// A whole list of the operator API.
    pub async fn walk(&self, path: &str, limit: usize) -> Vec<Value> {
        Self::follow(|| self.operator("GET", path), limit).await
    }

    /// A whole list that is the root token's.
    pub async fn walk_root(&self, path: &str) -> Vec<Value> {
        Self::follow(|| self.root("GET", path), 200).await
    }

    async fn follow(first: impl Fn() -> Ask, limit: usize) -> Vec<Value> {
        let (mut all, mut after) = (Vec::new(), None::<String>);
        loop {
            let ask = first().query("limit", limit);
            let ask = if let Some(after) = &after { ask.query("after", after) } else { ask };
            let page = ask.send().await.ok();
            let items = page["items"].as_array().expect("items");
            assert!(items.len() <= limit);
            all.extend(items.iter().cloned());
            match page["next"].as_str() {
                Some(next) => after = Some(next.to_owned()),
                None => return all,
            }
        }
    }
}

fn full_name(view: &Value) -> String {
    let part = |key: &str| view[key].as_str().unwrap_or_default();
    format!("{} {}", part("name"), part("surname")).trim().to_owned()
}
