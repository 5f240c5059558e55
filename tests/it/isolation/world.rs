//! A tenant with one of everything, all of it marked, so that a trace of it elsewhere is seen.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::keys::Keys;
use crate::harness::*;

/// One tenant's things.
pub struct World {
    pub t: Tenant,
    /// What stands in every name and text of this tenant, and nowhere else.
    pub mark: String,
    pub keys: Keys,
    /// Somebody whose things these are, and whom a test may change.
    pub ann: User,
    /// Her session for looking: each login is one more among the tenant's tokens.
    looks: Odoo,
    /// What fills a parameter: by the document and the words that end its path.
    values: BTreeMap<(&'static str, &'static str), Value>,
}

impl World {
    pub async fn new(t: Tenant) -> Self {
        let mark = unique("mark").replace('-', "");
        let marked = |what: &str| format!("{what} {mark}");
        let (ann, ben) = (t.user(&marked("Ann"), "agent").await, t.user(&marked("Ben"), "agent").await);
        let (looks, keys, values) = (t.odoo_as(&ann).await, Keys::default(), BTreeMap::new());
        let mut world = Self { t, mark, keys, ann: ann.clone(), looks, values };
        world.of_voipbin(&ann, &ben).await;
        world.of_imbee(&ann).await;
        world.of_connectnow(&ann).await;
        world.of_odoo(&ann, &ben).await;
        world.of_zenvia().await;
        world.of_operator(&ann).await;
        world
    }

    /// What fills this parameter of this call.
    pub fn value(&self, call: &Call, name: &str) -> Option<Value> {
        let document = self.values.keys().map(|(document, _)| *document).find(|d| *d == call.document)?;
        let place = format!("{}?{name}", call.path.split('{').next().unwrap_or_default());
        let fits = |(d, word): &&(&str, &str)| *d == document && (place.ends_with(word) || *word == name);
        let longest = self.values.keys().filter(fits).max_by_key(|(_, word)| word.len())?;
        Some(self.values[longest].clone())
    }

    fn put(&mut self, document: &'static str, word: &'static str, value: impl Into<Value>) {
        self.values.insert((document, word), value.into());
    }

    fn marked(&self, what: &str) -> String {
        format!("{what} {}", self.mark)
    }

    async fn of_voipbin(&mut self, ann: &User, ben: &User) {
        let admin = self.t.voipbin();
        let body = json!({ "type": "normal", "owner_id": ann.id, "participant_ids": [ann.id, ben.id],
                           "name": self.marked("talk"), "detail": self.marked("detail") });
        let chat = admin.post("/v1.0/chats", &body).send().await.ok()["id"].as_str().unwrap().to_owned();
        let message = admin.say(&chat, &ann.id, &self.marked("hello")).await["id"].clone();
        let room =
            admin.list(&format!("/v1.0/chatrooms?owner_id={}", ann.id)).await[0]["id"].as_str().unwrap().to_owned();
        let copies = admin.list(&format!("/v1.0/chatroommessages?chatroom_id={room}")).await;
        let key = admin.post("/v1.0/accesskeys", &json!({ "name": self.marked("key") })).send().await.ok();
        let session = self.t.voipbin_as(&self.t.admin).await;
        self.keys = std::mem::take(&mut self.keys)
            .with("voipbin", "accesskey", &admin.secret)
            .with("voipbin", "accesskeyCookie", &admin.secret)
            .with("voipbin", "token", &session.secret)
            .with("voipbin", "tokenCookie", &session.secret)
            .with("voipbin", "bearer", &session.secret);
        for (word, value) in [
            ("/agents/?id", json!(ann.id)),
            ("/accesskeys/?id", key["id"].clone()),
            ("/chats/?id", json!(chat)),
            ("/chatmessages/?id", message),
            ("/chatrooms/?id", json!(room)),
            ("/chatroommessages/?id", copies[0]["id"].clone()),
            ("participant_id", json!(ben.id)),
            ("chat_id", json!(chat)),
            ("chatroom_id", json!(room)),
            ("owner_id", json!(ann.id)),
            ("participant_ids", json!([ann.id])),
            ("source", json!({ "type": "agent", "target": ann.id })),
            ("type", json!("group")),
            ("text", json!("said")),
            ("name", json!("a name")),
            ("username", json!(unique("login"))),
            ("password", json!("a password")),
            ("permission", json!(16)),
            ("status", json!("away")),
        ] {
            self.put("voipbin", word, value);
        }
        self.put("operator", "/chats/?id", chat.clone());
        self.put("operator", "chat", chat);
    }

    async fn of_imbee(&mut self, ann: &User) {
        let imbee = self.t.imbee();
        let guest = imbee.guest().await;
        let id = guest.id(&self.t).await;
        let named = json!({ "name": self.marked("Guest") });
        self.t.operator("PATCH", &format!("/users/{id}")).json(&named).send().await.expect(200);
        let conversation = guest.direct(&ann.idsha).await;
        guest.say(&conversation, &self.marked("from imBee")).await;
        let asked = json!({ "virtual_user": unique("visitor"), "bot_idsha": self.t.credential("/imbee/bot_idsha"),
                            "mail": format!("{}@example.org", self.mark) });
        let link = body(imbee.corporate("/token/new", &asked).send().await);
        let token = link["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let visit = body(self.t.http.post(&format!("/t/{token}")).send().await);
        self.keys = std::mem::take(&mut self.keys)
            .with("imbee", "authorization", &imbee.authorization)
            .with("imbee", "corporate", &imbee.corporate)
            .with("imbee", "user", &guest.apikey)
            .with("imbee", "visit", visit["visit"].as_str().unwrap());
        for (word, value) in [
            ("conversationId", json!(conversation)),
            ("/t/?token", json!(token)),
            ("text", json!("said")),
            ("type", json!("group")),
            ("contacts", json!([{ "idsha": ann.idsha }])),
            ("uniqueIdSha", json!(unique("guest"))),
            ("virtual_user", json!(unique("visitor"))),
            ("bot_idsha", json!(self.t.credential("/imbee/bot_idsha"))),
            ("mail", json!(format!("{}@example.org", unique("mail")))),
        ] {
            self.put("imbee", word, value);
        }
    }

    async fn of_connectnow(&mut self, ann: &User) {
        let manager = self.t.connectnow();
        let chat = manager.chat(&self.marked("support")).await;
        let (visitor, joined) = manager.join(chat, &format!("{}@example.org", unique(&self.mark))).await;
        let said = visitor.say(chat, &self.marked("from ConnectNow")).await;
        let asked = json!({ "name": self.marked("company") });
        let company = manager.post("/api/companies", &asked).send().await.expect(201).json();
        self.t.email(ann).await;
        self.keys = std::mem::take(&mut self.keys)
            .with("connectnow", "apiToken", &manager.token)
            .with("connectnow", "apiBearer", &manager.token)
            .with("connectnow", "chatUserToken", &visitor.token)
            .with("connectnow", "chatUserBearer", &visitor.token)
            .with("connectnow", "basic", &manager.token);
        for (word, value) in [
            ("chat", json!(chat)),
            ("user", joined["id"].clone()),
            ("message", said["id"].clone()),
            ("message=", json!("said")),
            ("company", company["id"].clone()),
            ("name", json!("a name")),
            ("email", json!(format!("{}@example.org", unique("mail")))),
            ("auth-code", json!(123_456)),
        ] {
            self.put("connectnow", word, value);
        }
    }

    async fn of_odoo(&mut self, ann: &User, ben: &User) {
        let (anns, bens) = (self.t.odoo_as(ann).await, self.t.odoo_as(ben).await);
        let about = json!({ "user_to": bens.uid, "doc_id": 25, "doc_model": "res.partner" });
        let uuid = anns.ask("/im_chat/api/get_or_create_session", about).await["uuid"].as_str().unwrap().to_owned();
        anns.say(&uuid, &self.marked("from Odoo")).await;
        anns.ask("/im_chat/api/user_chat_ab/add_users", json!({ "user_ids": [bens.uid] })).await;
        self.keys = std::mem::take(&mut self.keys)
            .with("odoo", "session", &anns.session)
            .with("odoo", "sessionHeader", &anns.session)
            .with("odoo", "sessionCookie", &anns.session);
        for (word, value) in [
            ("user_to", json!(bens.uid)),
            ("uuid", json!(uuid)),
            ("user_ids", json!([bens.uid])),
            ("parent_partner_id", json!(anns.partner_id)),
            ("child_partner_id", json!(bens.partner_id)),
            ("message_type", json!("message")),
            ("message_content", json!("said")),
            ("new_status", json!("favorite")),
            ("model", json!("im_chat.session")),
            ("method", json!("update_state")),
            ("args", json!([uuid, "open"])),
            ("kwargs", json!({})),
            ("channels", json!([])),
            ("last", json!(0)),
            ("db", json!(self.t.credential("/odoo/db"))),
            ("login", json!("nobody")),
            ("password", json!("wrong")),
            ("path", json!("im_chat.session/update_state")),
        ] {
            self.put("odoo", word, value);
        }
    }

    async fn of_zenvia(&mut self) {
        let token = self.t.credential("/zenvia/token").to_owned();
        let department = self.t.credentials["zenvia"]["department_id"].clone();
        let customer =
            json!({ "name": self.marked("Customer"), "email": format!("{}@example.org", unique(&self.mark)) });
        let asked = json!({ "token": token, "department_id": department, "customer": customer });
        let started = self.t.http.post("/core/api/v1/interactions").json(&asked).send().await.ok();
        let hash = started["data"]["interaction_hash"].as_str().unwrap().to_owned();
        let said = json!({ "token": token, "content": self.marked("from Zenvia") });
        let path = format!("/core/api/v1/interactions/{hash}/messages");
        self.t.http.post(&path).json(&said).send().await.expect(200);
        let found = self.t.operator("GET", "/interactions").query("hash", &hash).send().await.ok();
        let agents = self.t.http.get("/api/external/agents").query("token", &token).send().await.ok();
        self.keys =
            std::mem::take(&mut self.keys).with("zenvia", "token", &token).with("zenvia", "tokenInBody", &token);
        self.put("operator", "/interactions/?id", found["items"][0]["id"].clone());
        for (word, value) in [
            ("token=", json!(token)),
            ("interaction_hash", json!(hash)),
            ("department_id", department),
            ("/agents/?id", agents[0]["id"].clone()),
            ("content", json!("said")),
            ("customers", json!([{ "fields": { "main_identifier": "Customer" } }])),
        ] {
            self.put("zenvia", word, value);
        }
    }

    async fn of_operator(&mut self, ann: &User) {
        let t = &self.t;
        let group = t.operator("POST", "/groups").json(&json!({ "name": self.marked("group") })).send().await;
        let group = group.expect(201).json();
        let (group, numbered) = (group["id"].clone(), group["identities"]["odoo"].clone());
        let members = json!({ "user_ids": [ann.id] });
        let path = format!("/groups/{}/members", group.as_str().unwrap());
        t.operator("PUT", &path).json(&members).send().await.expect(200);
        let asked = json!({ "surface": "connectnow", "user_id": ann.id, "name": self.marked("token") });
        let token = t.operator("POST", "/tokens").json(&asked).send().await.expect(201).json()["id"].clone();
        let chat = self.values[&("operator", "/chats/?id")].as_str().unwrap().to_owned();
        let message = t.messages(&chat).await[0]["id"].clone();
        // Told of what does not happen here, so that nothing is sent.
        let hook = json!({ "url": "https://hooks.example.org/x", "format": "native", "events": ["chat.deleted"] });
        let webhook = t.operator("POST", "/webhooks").json(&hook).send().await.expect(201).json()["id"].clone();
        let department = t.operator("GET", "/departments").send().await.ok()["items"][0]["id"].clone();
        let (tenant, operator) = (t.id.clone(), t.credential("/operator/token").to_owned());
        let root = t.stack.root_token.clone();
        self.put("odoo", "group", numbered);
        self.keys = std::mem::take(&mut self.keys)
            .with("operator", "operator", &operator)
            .with("operator", "any", &operator)
            .with("operator", "anyInQuery", &operator)
            .with("operator", "root", &root);
        for (word, value) in [
            ("/users/?id", json!(ann.id)),
            ("/groups/?id", group),
            ("/tokens/?id", token),
            ("/tenants/?id", json!(tenant)),
            ("/messages/?id", message),
            ("user_id", json!(ann.id)),
            ("user_ids", json!([ann.id])),
            ("surface", json!("connectnow")),
            ("/openapi/?surface", json!("imbee")),
            ("/departments/?id", department),
            ("/webhooks/?id", webhook),
            // Nothing is delivered here.
            ("/deliveries/?id", json!("00000000-0000-7000-8000-000000000000")),
            ("url", json!("https://hooks.example.org/y")),
            ("format", json!("native")),
            ("events", json!(["chat.deleted"])),
            ("name", json!("a name")),
            ("role", json!("agent")),
            ("service", json!("chats")),
        ] {
            self.put("operator", word, value);
        }
    }

    /// Everything the operator sees, and what only the vendors' surfaces show.
    pub async fn seen(&self) -> Value {
        let mut all = serde_json::Map::new();
        let lists = calls().into_iter().filter(|call| {
            let tenants = call.document == "operator" && call.roles() == ["operator"];
            tenants && call.method == "GET" && !call.path.contains('{')
        });
        for list in lists {
            let path = list.path.strip_prefix("/operator/v1").unwrap();
            let mut items = self.t.walk(path, 200).await;
            // What the test itself does shows there.
            for item in items.iter_mut().filter_map(Value::as_object_mut) {
                item.remove("last_used_at");
                item.remove("expires_at");
            }
            if path == "/chats" {
                for chat in items.clone() {
                    let id = chat["id"].as_str().unwrap();
                    all.insert(format!("messages of {id}"), self.t.messages(id).await.into());
                }
            }
            all.insert(path.to_owned(), items.into());
        }
        all.insert("companies".to_owned(), self.t.connectnow().walk("/api/companies", 200).await.into());
        for path in ["/im_chat/api/user_chat_ab/get_users_from_book", "/im_chat/api/get_sessions"] {
            let mut shown = self.looks.ask(path, json!({})).await;
            without_presence(&mut shown);
            all.insert(path.to_owned(), shown);
        }
        all.into()
    }
}

/// Who is there right now is nobody's doing but their own.
fn without_presence(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.remove("im_status");
            object.values_mut().for_each(without_presence);
        }
        Value::Array(items) => items.iter_mut().for_each(without_presence),
        _ => {}
    }
}
