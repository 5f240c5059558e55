//! What happens in an instance before it is kept: something of every surface, in every table that matters.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::faults::verdict;
use crate::harness::*;

/// Who and what there was, and what the surfaces showed.
#[derive(Serialize, Deserialize)]
pub struct Story {
    /// What `POST /operator/v1/tenants` answered.
    credentials: Value,
    login: String,
    password: String,
    idsha: String,
    apikey: String,
    /// The chat that VoIPBin opened.
    chat: String,
    /// The chat that ConnectNow opened.
    number: i64,
    /// The session that Odoo opened.
    session: String,
    pub shown: Value,
}

impl Story {
    /// Lives through it.
    pub async fn live(t: &Tenant) -> Self {
        let (ann, bea) = (t.user("Ann", "agent").await, t.user("Bea", "manager").await);
        let guest = t.imbee().register("the guest").await;
        let people = [t.admin.id.as_str(), &ann.id, &guest.id(t).await].map(str::to_owned);
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        let chat = t.voipbin().chat("group", &people).await["id"].as_str().unwrap().to_owned();
        t.voipbin().say(&chat, &t.admin.id, "Wer da?").await;
        guest.say(&chat.replace('-', ""), "« C'est moi » 🙂").await;
        guest.direct(&ann.idsha).await;

        let connectnow = t.connectnow();
        let number = connectnow.chat("Über uns").await;
        let (visitor, _) = connectnow.join(number, "visitor@customer.example").await;
        let (host, _) = connectnow.join(number, "host@company.example").await;
        host.say(number, "Hello, how can I help?").await;
        let said = visitor.say(number, "Where is my order?").await;
        let path = format!("/api/chats/{number}/messages/{}", said["id"]);
        visitor.put(&path, &json!({ "message": "Where is my parcel?" })).send().await.expect(200);

        let (odoo, other) = (t.odoo_as(&ann).await, t.odoo_as(&bea).await);
        let session = odoo.with(&other).await;
        odoo.say(&session, "12 chairs, please").await;
        other.say(&session, "They come tomorrow").await;

        let sales = t.department("Sales", None, &[&ann]).await;
        let customer = json!({ "name": "Zoé", "email": "zoe@customer.example" });
        let hash = t.zenvia().start(sales.number, customer).await;
        t.zenvia().say(&hash, "Is anybody there?").await;
        // It hears what does not happen here, so that nothing is under way when the instance ends.
        let hook =
            json!({ "url": "https://hooks.example/parlance", "format": "native", "events": ["webhook.disabled"] });
        t.operator("POST", "/webhooks").json(&hook).send().await.expect(201);

        let mut story = Self {
            credentials: t.credentials.clone(),
            login: ann.login,
            password: ann.password,
            idsha: guest.idsha,
            apikey: guest.apikey,
            chat,
            number,
            session,
            shown: Value::Null,
        };
        // Until nothing changes any more: events have something to do yet.
        let quiet = || async {
            let first = story.shown(t).await;
            tokio::time::sleep(Duration::from_millis(500)).await;
            (story.shown(t).await == first).then_some(first)
        };
        story.shown = eventually("everything is said and heard", quiet).await;
        story
    }

    /// What all surfaces show of it.
    pub async fn shown(&self, t: &Tenant) -> Value {
        let chats = t.walk("/chats", 200).await;
        let mut messages = serde_json::Map::new();
        for chat in &chats {
            let id = chat["id"].as_str().unwrap();
            messages.insert(id.to_owned(), t.messages(id).await.into());
        }
        let connectnow = t.connectnow();
        let guest = Guest::known(t, &self.idsha, &self.apikey);
        json!({
            "users": t.walk("/users", 200).await,
            "chats": chats,
            "messages": messages,
            "departments": t.walk("/departments", 200).await,
            "interactions": t.walk("/interactions", 200).await,
            "webhooks": t.walk("/webhooks", 200).await,
            "voipbin": {
                "chats": t.voipbin().list("/v1.0/chats").await,
                "messages": t.voipbin().list(&format!("/v1.0/chatmessages?chat_id={}", self.chat)).await,
            },
            "imbee": { "chats": guest.chats().await, "history": guest.history(&self.conversation()).await },
            "connectnow": {
                "chats": connectnow.walk("/api/chats", 50).await,
                "messages": connectnow.walk(&format!("/api/chats/{}/messages", self.number), 50).await,
            },
            "odoo": self.odoo(t).await.history(&self.session).await,
        })
    }

    /// People log in with the passwords they had, write into the chats they were in, and are heard.
    pub async fn goes_on(&self, t: &Tenant) {
        let guest = Guest::known(t, &self.idsha, &self.apikey);
        let before = guest.history(&self.conversation()).await.len();
        t.voipbin().say(&self.chat, &t.admin.id, "Still there?").await;
        guest.say(&self.conversation(), "Always").await;
        assert_eq!(texts(&guest.history(&self.conversation()).await[..2], "text"), ["Always", "Still there?"]);
        assert_eq!(guest.history(&self.conversation()).await.len(), before + 2);
        self.odoo(t).await.say(&self.session, "Thank you").await;
        // Heard by `chats` over the bus.
        let first = || async { (guest.chats().await[0]["conversationId"] == self.conversation()).then_some(()) };
        eventually("the chat that was last written into comes first", first).await;
        verdict::nothing_is_parked(t).await;
    }

    /// The first chat, as imBee knows it.
    fn conversation(&self) -> String {
        self.chat.replace('-', "")
    }

    async fn odoo(&self, t: &Tenant) -> Odoo {
        let (login, password) = (self.login.clone(), self.password.clone());
        t.odoo_as(&User { id: String::new(), idsha: String::new(), name: String::new(), login, password }).await
    }

    pub fn read(path: &Path) -> Self {
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    pub fn write(&self, path: &Path) {
        std::fs::write(path, serde_json::to_string_pretty(self).unwrap() + "\n").unwrap();
    }

    /// The tenant, where it is served now.
    pub async fn tenant(&self, deployment: &'static Deployment) -> Tenant {
        Tenant::known(deployment, self.credentials.clone()).await
    }
}

/// Everything in `recorded` is in `shown`, which may have more keys.
#[track_caller]
pub fn assert_shown(recorded: &Value, shown: &Value, at: &str) {
    match (recorded, shown) {
        (Value::Object(recorded), Value::Object(shown)) => {
            for (key, value) in recorded {
                let there = shown.get(key).unwrap_or_else(|| panic!("{at}/{key} is gone"));
                assert_shown(value, there, &format!("{at}/{key}"));
            }
        }
        (Value::Array(recorded), Value::Array(shown)) => {
            assert_eq!(recorded.len(), shown.len(), "{at}");
            for (n, (recorded, shown)) in recorded.iter().zip(shown).enumerate() {
                assert_shown(recorded, shown, &format!("{at}/{n}"));
            }
        }
        _ => assert_eq!(recorded, shown, "{at}"),
    }
}
