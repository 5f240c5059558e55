//! Whoever waits hears of it: one chat with somebody of each surface in it, opened by each of them in turn, and a stream per
//! surface that was open before anything was said. Each says something; every stream brings all of it once, in order, with
//! its author. So each surface speaks first to each other one, and is answered by it.
//!
//! imBee and ConnectNow document no stream of their own: their tokens open the native one. Zenvia's is its bot's endpoint.

use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::harness::*;

/// What the bot says, and the last words of all, which are not the bot's.
const BOTS: &str = "from Zenvia's bot";
const LAST: &str = "that was all";

/// What was heard: the author's VoIPBin id, and the words.
type Heard = Vec<(String, String)>;

/// Somebody of each surface, a department's bot among them.
struct People {
    t: Tenant,
    voipbin: String,
    imbee: (String, Guest),
    connectnow: (String, i64),
    odoo: (String, Odoo),
    bot: String,
    department: i64,
    hook: Hook,
}

/// The number a person has on ConnectNow and Odoo.
async fn number(t: &Tenant, id: &str) -> i64 {
    let view = t.operator("GET", &format!("/users/{id}")).send().await.ok();
    view["identities"]["connectnow"].as_i64().expect("a number")
}

impl People {
    async fn of(t: Tenant) -> Self {
        // Customers all of them: what an agent says would take over from the bot.
        let (vera, cleo) = (t.user("Vera", "customer").await.id, t.user("Cleo", "customer").await.id);
        let otto = t.user("Otto", "customer").await;
        let (odoo, guest, hook) = (t.odoo_as(&otto).await, t.imbee().guest().await, Hook::start().await);
        let Department { number: department, bot, .. } = t.department("Sales", Some(&hook), &[]).await;
        Self {
            voipbin: vera,
            imbee: (guest.id(&t).await, guest),
            connectnow: (cleo.clone(), number(&t, &cleo).await),
            odoo: (otto.id, odoo),
            bot: bot.expect("a bot"),
            department,
            hook,
            t,
        }
    }

    /// Lets everybody into a chat who is not there yet.
    async fn gather(&self, chat: &str) {
        let admin = self.t.voipbin();
        let there = admin.get(&format!("/v1.0/chats/{chat}")).send().await.ok()["participant_ids"].clone();
        for id in [&self.voipbin, &self.imbee.0, &self.connectnow.0, &self.odoo.0, &self.bot] {
            if !there.as_array().unwrap().contains(&json!(id)) {
                let body = json!({ "participant_id": id });
                admin.post(&format!("/v1.0/chats/{chat}/participant_ids"), &body).send().await.expect(200);
            }
        }
    }

    /// Opens every stream, lets everybody say something, `first` before the others, and compares what was heard.
    async fn converse(&self, chat: &str, first: &str) {
        self.gather(chat).await;
        let hash = self.t.served(chat).await["hash"].as_str().unwrap().to_owned();
        let ids = self.t.operator("GET", &format!("/chats/{chat}")).send().await.ok()["identities"].clone();
        let conversation = ids["imbee"].as_str().unwrap();
        let number = ids["connectnow"].as_i64().unwrap();
        let body = json!({ "user_id": self.connectnow.1 });
        let path = format!("/api/chats/{number}/users");
        let added = self.t.connectnow().post(&path, &body).send().await.expect(201).json();
        let cleo = self.t.connectnow().with(added["chat_user_token"].as_str().unwrap());
        let streams = [
            ("VoIPBin", self.socket().await),
            ("imBee", self.events(&self.imbee.1.apikey).await),
            ("ConnectNow", self.events(&cleo.token).await),
            ("Odoo", self.poll()),
        ];

        let mut speakers = ["voipbin", "imbee", "connectnow", "odoo", "bot"].to_vec();
        if !speakers.contains(&first) {
            speakers.push(first);
        }
        speakers.sort_by_key(|speaker| *speaker != first);
        let mut said = Heard::new();
        for speaker in speakers {
            let text = if speaker == "bot" { BOTS.to_owned() } else { format!("from {speaker}") };
            let author = match speaker {
                "voipbin" => {
                    self.t.voipbin().say(chat, &self.voipbin, &text).await;
                    self.voipbin.clone()
                }
                "imbee" => {
                    self.imbee.1.say(conversation, &text).await;
                    self.imbee.0.clone()
                }
                "connectnow" => {
                    cleo.say(number, &text).await;
                    self.connectnow.0.clone()
                }
                "odoo" => {
                    self.odoo.1.say(chat, &text).await;
                    self.odoo.0.clone()
                }
                "bot" => {
                    self.t.zenvia().bots(&hash, "message", json!({ "content": text })).await;
                    self.bot.clone()
                }
                _ => {
                    self.t.zenvia().say(&hash, &text).await;
                    self.t.interaction(&hash).await["customer_id"].as_str().unwrap().to_owned()
                }
            };
            said.push((author, text));
        }
        self.t.voipbin().say(chat, &self.voipbin, LAST).await;
        said.push((self.voipbin.clone(), LAST.to_owned()));

        for (surface, stream) in streams {
            assert_eq!(stream.await.unwrap(), said, "heard through {surface}");
        }
        self.hook.until(|told| told["content"] == LAST).await;
        let told: Vec<String> = texts(&self.hook.bodies()[1..], "content");
        let others = said.iter().map(|(_, text)| text).filter(|text| *text != BOTS);
        assert_eq!(told, others.cloned().collect::<Vec<_>>(), "heard by the bot");
    }

    /// VoIPBin's WebSocket of an integration that hears all messages of the customer.
    async fn socket(&self) -> JoinHandle<Heard> {
        let admin = self.t.voipbin();
        let mut socket = Socket::open(&admin.get("/v1.0/ws")).await;
        let topic = format!("customer_id:{}:messagechat:", self.t.id);
        socket.say(&json!({ "type": "subscribe", "topics": [topic] })).await;
        socket.heard().await;
        tokio::spawn(async move {
            let words = socket.until(|word| word["data"]["text"] == LAST).await;
            let said = |word: &Value| {
                assert_eq!(word["type"], "messagechat_created");
                (text(&word["data"]["source"]["target"]), text(&word["data"]["text"]))
            };
            words.iter().map(said).collect()
        })
    }

    /// The native stream with somebody's token.
    async fn events(&self, token: &str) -> JoinHandle<Heard> {
        let (mut events, _) = Events::open(self.t.events(token)).await;
        tokio::spawn(async move {
            let all = events.until(|event| event.name == "message.posted" && event.data["text"] == LAST).await;
            let posted = all.iter().filter(|event| event.name == "message.posted");
            posted.map(|event| (text(&event.data["author"]["id"]), text(&event.data["text"]))).collect()
        })
    }

    /// Odoo's long poll, again and again.
    fn poll(&self) -> JoinHandle<Heard> {
        let (t, odoo) = (self.t.moved_to(&self.t.stack.base_url), self.odoo.1.clone());
        tokio::spawn(async move {
            let (mut heard, mut last) = (Heard::new(), 0);
            loop {
                let asked = json!({ "channels": [], "last": last, "options": {} });
                for one in odoo.ask("/longpolling/poll", asked).await.as_array().unwrap() {
                    last = one["id"].as_i64().unwrap();
                    let message = &one["message"];
                    // Presence comes by the same poll.
                    let Some(said) = message["message"].as_str() else { continue };
                    let author = format!("odoo:{}", message["from_id"][0]);
                    let found = t.operator("GET", "/users").query("identity", author).send().await.ok();
                    heard.push((text(&found["items"][0]["id"]), said.to_owned()));
                    if said == LAST {
                        return heard;
                    }
                }
            }
        })
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

on_each_stack! {
    async fn voipbin_speaks_first(t: Tenant) {
        let all = People::of(t).await;
        let people = [all.voipbin.as_str(), &all.imbee.0, &all.connectnow.0, &all.odoo.0, &all.bot];
        let chat = text(&all.t.voipbin().chat("group", &people).await["id"]);
        all.converse(&chat, "voipbin").await;
    }

    async fn imbee_speaks_first(t: Tenant) {
        let all = People::of(t).await;
        let bot = all.t.operator("GET", &format!("/users/{}", all.bot)).send().await.ok();
        let otto = all.t.operator("GET", &format!("/users/{}", all.odoo.0)).send().await.ok();
        let contacts = [&bot, &otto].map(|view| text(&view["identities"]["imbee"]));
        let made = all.imbee.1.create("group", &[&contacts[0], &contacts[1]]).await;
        let chat = super::identities(&all.t, "imbee", made["conversationId"].as_str().unwrap()).await;
        all.converse(&text(&chat["voipbin"]), "imbee").await;
    }

    async fn connectnow_speaks_first(t: Tenant) {
        let all = People::of(t).await;
        let chat = all.t.connectnow().chat("Support").await;
        let chat = super::identities(&all.t, "connectnow", &chat.to_string()).await;
        all.converse(&text(&chat["voipbin"]), "connectnow").await;
    }

    async fn odoo_speaks_first(t: Tenant) {
        let all = People::of(t).await;
        let asked = json!({ "user_to": number(&all.t, &all.bot).await });
        let session = all.odoo.1.ask("/im_chat/api/get_or_create_session", asked).await;
        all.converse(&text(&session["uuid"]), "odoo").await;
    }

    async fn zenvia_speaks_first(t: Tenant) {
        let all = People::of(t).await;
        let hash = all.t.zenvia().start(all.department, json!({ "name": "Zoe" })).await;
        let chat = all.t.chat_of(&hash).await;
        all.converse(&chat, "zenvia").await;
    }
}
