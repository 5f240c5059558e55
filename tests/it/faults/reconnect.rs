//! Clients that wait while what serves them dies: they end with the store's list.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::OwnStack;
use crate::harness::*;

const CLIENTS: usize = 12;
const CHATS: usize = 4;
/// Between what one sender says and what it says next: how long RabbitMQ takes to come back is not ours, and what is said
/// meanwhile is not to grow with it.
const PAUSE: Duration = Duration::from_millis(20);
/// How long after the last word is acknowledged every client has to have heard it.
const PATIENCE: Duration = Duration::from_mins(3);
/// What dies, in this order, each while it is written.
const VICTIMS: [&[&str]; 4] = [&["realtime"], &["rabbitmq"], &["realtime", "rabbitmq"], &["gateway"]];

/// One client: it comes back with its cursor whenever its stream ends.
struct Client {
    ask: Ask,
    cursor: Option<i64>,
    /// Texts by chat, as they came.
    seen: Vec<(String, String)>,
}

impl Client {
    /// Listens until it has heard `last` of every chat, which are said in the end.
    async fn run(mut self, last: &str) -> Vec<(String, String)> {
        while self.seen.iter().filter(|(_, text)| text == last).count() < CHATS {
            let ask = match self.cursor {
                Some(id) => self.ask.clone().header("last-event-id", id),
                None => self.ask.clone(),
            };
            match Events::try_begin(ask).await {
                Some(events) => self.listen(events, last).await,
                None => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
        self.seen
    }

    async fn listen(&mut self, mut events: Events, last: &str) {
        while let Some(event) = events.try_next().await {
            match event.name.as_str() {
                "stream.opened" => assert_eq!(event.data["recovered"], self.cursor.is_some(), "{event:?}"),
                "message.posted" => {
                    let word = |key: &str| event.data[key].as_str().unwrap().to_owned();
                    self.seen.push((word("chat_id"), word("text")));
                }
                _ => {}
            }
            self.cursor = events.last_id.or(self.cursor);
            if event.data["text"] == last && self.seen.iter().filter(|(_, text)| text == last).count() == CHATS {
                return;
            }
        }
    }
}

/// Says numbered texts in all chats until told to stop.
async fn say(t: Tenant, chats: Vec<String>, n: usize, stop: Arc<AtomicBool>) {
    for turn in 0.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        acknowledged(&t, &chats[(n + turn) % CHATS], &format!("{n} {turn}")).await;
        tokio::time::sleep(PAUSE).await;
    }
}

/// Repeats one text until it is acknowledged.
async fn acknowledged(t: &Tenant, chat: &str, text: &str) {
    let key = unique("key");
    eventually_within(Duration::from_mins(2), "it is acknowledged", || async {
        let ask = t.voipbin().post("/v1.0/chatmessages", &message_body(chat, &t.admin.id, text)).key(&key);
        ask.try_send().await.is_ok_and(|reply| reply.status == 200).then_some(())
    })
    .await;
}

#[test]
fn every_client_ends_with_the_stores_list() {
    let stack = OwnStack::up("reconnect", "1");
    let deployment: &'static Deployment = Box::leak(Box::new(at(stack.dir().to_owned()).unwrap()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (t, chats, clients) = runtime.block_on(async {
        let t = Tenant::new(deployment).await;
        let (mut chats, mut clients) = (Vec::new(), Vec::new());
        let ann = t.user("Ann", "agent").await;
        for _ in 0..CHATS {
            chats.push(t.voipbin().chat("group", &[&ann.id, &t.admin.id]).await["id"].as_str().unwrap().to_owned());
        }
        for n in 0..CLIENTS {
            let token = match n % 2 {
                0 => t.credential("/operator/token").to_owned(),
                _ => t.voipbin_as(&ann).await.secret,
            };
            // Where they start is known before anything is said.
            let ask = t.http.get("/parlance/v1/events").bearer(token);
            let (_events, opened) = Events::open(ask.clone()).await;
            clients.push(Client { ask, cursor: opened.data["offset"].as_i64(), seen: Vec::new() });
        }
        (t, chats, clients)
    });

    let stop = Arc::new(AtomicBool::new(false));
    let senders: Vec<_> = (0..CHATS)
        .map(|n| runtime.spawn(say(t.moved_to(&deployment.base_url), chats.clone(), n, stop.clone())))
        .collect();
    let waiting: Vec<_> = clients.into_iter().map(|client| runtime.spawn(client.run("the end"))).collect();
    for victims in VICTIMS {
        // The moment to die at is in the midst of traffic; nothing is waited for.
        std::thread::sleep(Duration::from_millis(1500));
        for victim in victims {
            stack.command(&["kill", victim]);
        }
        std::thread::sleep(Duration::from_millis(500));
        for victim in victims.iter().rev() {
            stack.command(&["start", victim]);
        }
    }
    std::thread::sleep(Duration::from_millis(1500));
    stop.store(true, Ordering::SeqCst);

    runtime.block_on(async {
        for sender in senders {
            sender.await.unwrap();
        }
        for chat in &chats {
            acknowledged(&t, chat, "the end").await;
        }
        let mut stored = Vec::new();
        for chat in &chats {
            stored.push(texts(&t.messages(chat).await, "text"));
        }
        println!("{} messages, {CLIENTS} clients", stored.iter().map(Vec::len).sum::<usize>());
        let deadline = tokio::time::Instant::now() + PATIENCE;
        for client in waiting {
            let seen = tokio::time::timeout_at(deadline, client).await.expect("a client heard the last word").unwrap();
            for (chat, stored) in chats.iter().zip(&stored) {
                let of_chat: Vec<&String> = seen.iter().filter(|(of, _)| of == chat).map(|(_, text)| text).collect();
                assert!(of_chat.iter().copied().eq(stored), "{} came of {} stored", of_chat.len(), stored.len());
            }
        }
    });
}
