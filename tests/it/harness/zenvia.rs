//! Zenvia: the account's own client, and a bot that knows nothing but the vendor's page about bots.

use std::sync::Arc;

use serde_json::{Value, json};

use super::http::{Ask, Http, Reply};
use super::{Hook, Tenant, User, eventually};

/// The account: everything shows its one token.
#[derive(Clone)]
pub struct Zenvia {
    http: Http,
    pub token: String,
}

/// What all four calls of a bot answer.
pub fn received() -> Value {
    json!({ "message": "Message received successfully", "status": 200 })
}

/// A refusal, the number in line and body.
#[track_caller]
pub fn refused(reply: Reply, status: u16) -> String {
    let body = reply.expect(status).json();
    assert_eq!(super::keys(&body), ["message", "status"], "{body}");
    assert_eq!(body["status"], status, "{body}");
    body["message"].as_str().filter(|text| !text.is_empty()).expect("a message").to_owned()
}

impl Zenvia {
    pub fn new(http: Http, token: &str) -> Self {
        Self { http, token: token.to_owned() }
    }

    /// A call with the token in its body.
    pub fn call(&self, method: &str, path: &str, body: &Value) -> Ask {
        let mut body = body.clone();
        body["token"] = json!(self.token);
        self.http.ask(method.parse().unwrap(), path).json(&body)
    }

    /// A list, with the token in the query.
    pub fn get(&self, path: &str) -> Ask {
        self.http.get(path).query("token", &self.token)
    }

    /// One of a bot's four calls.
    pub fn bot(&self, hash: &str, call: &str, body: &Value) -> Ask {
        let method = if call == "message" { "POST" } else { "PUT" };
        self.call(method, &format!("/core/api/v1/bot/{hash}/{call}"), body)
    }

    /// A bot's call that must go well.
    pub async fn bots(&self, hash: &str, call: &str, body: Value) {
        assert_eq!(self.bot(hash, call, &body).send().await.ok(), received());
    }

    /// Starts an interaction: its hash.
    pub async fn start(&self, department: i64, customer: Value) -> String {
        let body = json!({ "department_id": department, "customer": customer });
        let made = self.call("POST", "/core/api/v1/interactions", &body).send().await.ok();
        made["data"]["interaction_hash"].as_str().unwrap_or_else(|| panic!("no hash: {made}")).to_owned()
    }

    /// A call about an interaction from the customer's side.
    pub fn customer(&self, hash: &str, call: &str, body: &Value) -> Ask {
        let method = if call == "messages" { "POST" } else { "PUT" };
        self.call(method, &format!("/core/api/v1/interactions/{hash}/{call}"), body)
    }

    /// The customer says `text`.
    pub async fn say(&self, hash: &str, text: &str) {
        self.customer(hash, "messages", &json!({ "content": text })).send().await.expect(200);
    }
}

/// A department with its bot's user, as the operator's API shows it.
#[derive(Debug, Clone)]
pub struct Department {
    pub id: String,
    pub number: i64,
    /// The bot's user, if there is a bot.
    pub bot: Option<String>,
}

impl Department {
    #[track_caller]
    fn of(view: &Value) -> Self {
        Self {
            id: view["id"].as_str().expect("an id").to_owned(),
            number: view["department_id"].as_i64().expect("a number"),
            bot: view["bot"]["user_id"].as_str().map(ToOwned::to_owned),
        }
    }
}

impl Tenant {
    pub fn zenvia(&self) -> Zenvia {
        Zenvia::new(self.http.clone(), self.credential("/zenvia/token"))
    }

    /// A new active department.
    pub async fn department(&self, name: &str, bot: Option<&Hook>, agents: &[&User]) -> Department {
        let bot = bot.map(|hook| json!({ "url": hook.url }));
        let agents: Vec<&str> = agents.iter().map(|agent| agent.id.as_str()).collect();
        let body = json!({ "name": name, "bot": bot, "agent_ids": agents, "active": true });
        Department::of(&self.operator("POST", "/departments").json(&body).send().await.expect(201).json())
    }

    /// The interaction with this hash, as the operator sees it.
    pub async fn interaction(&self, hash: &str) -> Value {
        let found = self.operator("GET", "/interactions").query("hash", hash).send().await.ok();
        let items = found["items"].as_array().unwrap();
        assert_eq!(items.len(), 1, "one interaction is {hash}");
        items[0].clone()
    }

    /// The chat of an interaction.
    pub async fn chat_of(&self, hash: &str) -> String {
        self.interaction(hash).await["chat_id"].as_str().unwrap().to_owned()
    }

    /// The chat's present interaction, once there is one.
    pub async fn served(&self, chat: &str) -> Value {
        eventually(&format!("an interaction of {chat}"), || async {
            let found = self.operator("GET", "/interactions").query("chat", chat).send().await.ok();
            found["items"].as_array().unwrap().iter().find(|i| i["state"] != "finished").cloned()
        })
        .await
    }

    /// The texts of a chat in order, as the operator sees them.
    pub async fn texts(&self, chat: &str) -> Vec<String> {
        super::texts(&self.messages(chat).await, "text")
    }

    /// Waits until `bots` has decided what becomes of the chat's last message; the deliveries there are of it.
    pub async fn decided(&self, chat: &str) -> Vec<Value> {
        let last = self.messages(chat).await.pop().expect("a message")["id"].as_str().unwrap().to_owned();
        let trace = eventually(&format!("bots has heard of {last}"), || async {
            let trace = self.operator("GET", &format!("/trace/messages/{last}")).send().await.ok();
            let heard = |c: &Value| c["service"] == "bots" && !c["at"].is_null();
            let all = trace["events"][0]["consumers"].as_array()?;
            all.iter().any(heard).then_some(trace.clone())
        })
        .await;
        trace["deliveries"].as_array().expect("deliveries").clone()
    }
}

/// A bot as the vendor's page describes one: it answers what it hears, and knows a base URL and a token. To "human" it
/// says goodbye and hands over.
pub struct ZenviaBot {
    pub hook: Arc<Hook>,
    working: tokio::task::JoinHandle<()>,
}

impl ZenviaBot {
    pub async fn start(zenvia: Zenvia) -> Self {
        let hook = Arc::new(Hook::start().await);
        let told = hook.clone();
        let working = tokio::spawn(async move {
            for place in 0.. {
                // A bot waits for as long as it takes.
                while told.got().len() <= place {
                    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                }
                react(&zenvia, &told.at(place).await.json()).await;
            }
        });
        Self { hook, working }
    }
}

impl Drop for ZenviaBot {
    fn drop(&mut self) {
        self.working.abort();
    }
}

async fn react(zenvia: &Zenvia, told: &Value) {
    let hash = told["interaction_hash"].as_str().expect("a hash");
    let say = async |text: String| zenvia.bots(hash, "message", json!({ "content": text })).await;
    match told["type"].as_str() {
        Some("new_interaction") => {
            zenvia.bots(hash, "accept", json!({})).await;
            say("How can I help?".to_owned()).await;
        }
        Some("new_message") if told["content"] == "human" => {
            say("One moment, please.".to_owned()).await;
            zenvia.bots(hash, "transfer", json!({ "department_id": null })).await;
        }
        Some("new_message") => say(format!("You said: {}", told["content"].as_str().expect("content"))).await,
        Some("finished_interaction") => {}
        other => panic!("a bot is told {other:?}: {told}"),
    }
}
