//! Those who talk with bots, and the bots: each says numbered texts in one chat, and repeats one until it is acknowledged.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::senders::Stop;
use super::weather::Endpoint;
use crate::harness::*;

/// A customer does not run further ahead of whoever is told than this: else the load, and not the faults, would decide how
/// long everything takes.
const AHEAD: usize = 10;
/// The bot says something after so many messages.
const EACH: usize = 5;

/// A department's interaction.
#[derive(Clone)]
pub struct Talk {
    pub n: usize,
    pub hash: String,
    pub chat: String,
    /// The bot that serves it.
    pub bot: Arc<Endpoint>,
    /// The webhooks, which hear of its chat.
    pub webhooks: Vec<Arc<Endpoint>>,
}

/// Through what somebody talks, over each gateway.
pub enum Way {
    /// The customer, by the siblings of Zenvia's page.
    Customer(Vec<Zenvia>),
    /// The customer, a user of VoIPBin.
    Agent(Vec<VoipBin>, String),
    /// The bot, by its own call.
    Bot(Vec<Zenvia>),
}

pub struct Talker {
    pub talk: Talk,
    pub way: Way,
    pub stop: Arc<Stop>,
}

/// What one of them saw.
pub struct Talked {
    /// The interaction.
    pub n: usize,
    /// Requests sent, repeats included.
    pub attempts: usize,
    /// Acknowledged texts, in the order sent.
    pub acknowledged: Vec<String>,
}

impl Talker {
    pub async fn run(self) -> Talked {
        let mut talked = Talked { n: self.talk.n, attempts: 0, acknowledged: Vec::new() };
        let name = if matches!(self.way, Way::Bot(_)) { 'b' } else { 'c' };
        while self.is_next(talked.acknowledged.len()).await {
            let text = format!("{name}{:02} {:05}", self.talk.n, talked.acknowledged.len());
            self.say(&text, &mut talked.attempts).await;
            self.stop.count();
            talked.acknowledged.push(text);
        }
        talked
    }

    /// Waits until it is time to say something, after `said` texts; false when there is nothing more to say.
    async fn is_next(&self, said: usize) -> bool {
        while !self.stop.is_over() {
            let Talk { hash, chat, bot, webhooks, .. } = &self.talk;
            let heard = bot.heard(hash);
            let by_all = webhooks.iter().map(|webhook| webhook.heard(chat)).fold(heard, usize::min);
            let next = match self.way {
                Way::Bot(_) => heard >= said * EACH,
                _ => said < by_all + AHEAD,
            };
            if next {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        false
    }

    /// Says it until it is acknowledged, always with the same key, so that a repeat is the same request.
    async fn say(&self, text: &str, attempts: &mut usize) {
        let key = unique("said");
        // An attempt may meet the one that died or what depends on it; five minutes of them is no recovery.
        for repeat in 0..3_000 {
            *attempts += 1;
            match self.ask(text, self.talk.n + repeat).key(&key).try_send().await {
                Ok(reply) if reply.status == 200 => return,
                Ok(reply) => assert!(reply.status >= 500, "{text}: {}: {}", reply.status, reply.body),
                Err(error) => assert!(!error.is_builder(), "{error:?}"),
            }
            // A client that is refused pauses before it asks again.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{text} was not acknowledged in 3,000 attempts");
    }

    fn ask(&self, text: &str, turn: usize) -> Ask {
        let body = json!({ "content": text });
        match &self.way {
            Way::Customer(gateways) => gateways[turn % gateways.len()].customer(&self.talk.hash, "messages", &body),
            Way::Bot(gateways) => gateways[turn % gateways.len()].bot(&self.talk.hash, "message", &body),
            Way::Agent(gateways, id) => {
                let body = message_body(&self.talk.chat, id, text);
                gateways[turn % gateways.len()].post("/v1.0/chatmessages", &body)
            }
        }
    }
}
