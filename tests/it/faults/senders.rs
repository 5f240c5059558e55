//! The senders: each says its numbered texts in one chat after another, and repeats one until it is acknowledged.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::harness::*;

/// What all senders share.
#[derive(Default)]
pub struct Stop {
    ended: AtomicBool,
    acknowledged: AtomicUsize,
}

impl Stop {
    pub fn end(&self) {
        self.ended.store(true, Ordering::SeqCst);
    }

    pub fn is_over(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }

    /// One more is acknowledged.
    pub fn count(&self) {
        self.acknowledged.fetch_add(1, Ordering::SeqCst);
    }

    pub fn acknowledged(&self) -> usize {
        self.acknowledged.load(Ordering::SeqCst)
    }
}

/// One sender, over both gateways and both surfaces.
pub struct Sender {
    pub n: usize,
    pub gateways: Vec<Tenant>,
    pub person: Guest,
    pub chats: Vec<String>,
    pub stop: Arc<Stop>,
}

/// What one sender saw.
pub struct Sent {
    /// The sender.
    pub n: usize,
    /// Requests sent, repeats included.
    pub attempts: usize,
    /// Of them, those answered 503: nothing was stored, or the same key finds it.
    pub refused: usize,
    /// Those answered with another error of ours.
    pub failed: usize,
    /// Those that met no listener, or whose connection ended before the answer.
    pub broken: usize,
    /// Acknowledged texts by chat, in the order sent.
    pub acknowledged: Vec<Vec<String>>,
}

impl Sender {
    pub async fn run(self) -> Sent {
        let mut sent = Sent {
            n: self.n,
            attempts: 0,
            refused: 0,
            failed: 0,
            broken: 0,
            acknowledged: vec![Vec::new(); self.chats.len()],
        };
        for turn in 0.. {
            if self.stop.is_over() {
                break;
            }
            let chat = (self.n + turn) % self.chats.len();
            let text = format!("{:02} {turn:06}", self.n);
            if !self.say(chat, &text, turn, &mut sent).await {
                break;
            }
            self.stop.count();
            sent.acknowledged[chat].push(text);
        }
        sent
    }

    /// Says it until it is acknowledged, always with the same key and through the same surface, so that a repeat is the same
    /// request. False if that does not come.
    async fn say(&self, chat: usize, text: &str, turn: usize, sent: &mut Sent) -> bool {
        let key = format!("{}-{turn}", self.n);
        // An attempt may meet the one that died or what depends on it; five minutes of them is no recovery.
        for repeat in 0..3_000 {
            sent.attempts += 1;
            let tenant = &self.gateways[(self.n + repeat) % self.gateways.len()];
            let reply = self.ask(tenant, chat, text, turn).key(&key).try_send().await;
            match reply {
                Ok(reply) if reply.status == 200 => {
                    if turn % 2 == 1 {
                        assert_eq!(reply.json()["code"], 0, "{}", reply.body);
                    }
                    return true;
                }
                Ok(reply) if reply.status == 503 => sent.refused += 1,
                Ok(reply) => {
                    assert!(reply.status >= 500, "{}: {}", reply.status, reply.body);
                    sent.failed += 1;
                }
                Err(error) => {
                    assert!(!error.is_builder(), "{error:?}");
                    sent.broken += 1;
                }
            }
            // A client that is refused pauses before it asks again.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{text} was not acknowledged in 3,000 attempts");
    }

    /// VoIPBin and imBee in turn.
    fn ask(&self, tenant: &Tenant, chat: usize, text: &str, turn: usize) -> Ask {
        let chat = &self.chats[chat];
        if turn.is_multiple_of(2) {
            return tenant.voipbin().post("/v1.0/chatmessages", &message_body(chat, &tenant.admin.id, text));
        }
        let asked = json!({ "conversationId": chat.replace('-', ""), "text": text });
        tenant.imbee().call("/chat/message/new", &self.person.apikey, &asked)
    }
}
