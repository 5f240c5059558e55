//! `kill -9` under load: what was acknowledged is there after the restart, once and in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::harness::*;

/// What one sender knows: texts in the order sent, and which of them were acknowledged.
#[derive(Default)]
struct Sent {
    attempted: usize,
    acknowledged: Vec<String>,
}

/// When senders are to stop, and how much of what they sent was acknowledged.
#[derive(Default)]
struct Watch {
    stop: AtomicBool,
    acknowledged: AtomicUsize,
}

async fn send(voipbin: VoipBin, chat: String, author: String, name: String, watch: Arc<Watch>) -> Sent {
    let mut sent = Sent::default();
    while !watch.stop.load(Ordering::SeqCst) {
        let text = format!("{name} {:06}", sent.attempted);
        let ask = voipbin.post("/v1.0/chatmessages", &message_body(&chat, &author, &text));
        sent.attempted += 1;
        match ask.try_send().await {
            Ok(reply) if reply.status == 200 => {
                sent.acknowledged.push(text);
                watch.acknowledged.fetch_add(1, Ordering::SeqCst);
            }
            Ok(reply) => assert!(reply.status >= 500, "{}: {}", reply.status, reply.body),
            Err(_) => break,
        }
    }
    sent
}

/// The deployment of a process that will die; the tenant outlives it.
fn deployment(process: &Parlance) -> &'static Deployment {
    Box::leak(Box::new(Deployment::of(process)))
}

fn survives(options: &Options) {
    let dir = home().join(unique("crash"));
    let mut process = Parlance::start(&dir, options).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let t = runtime.block_on(Tenant::new(deployment(&process)));
    let chat = runtime.block_on(t.voipbin().chat("group", &[&t.admin.id]))["id"].as_str().unwrap().to_owned();
    let (mut attempted, mut acknowledged) = (0, Vec::new());
    for round in 0..3 {
        let watch = Arc::new(Watch::default());
        let http = Http::new(&process.base_url);
        let senders: Vec<_> = (0..16)
            .map(|n| {
                let voipbin = VoipBin::new(http.clone(), "accesskey", t.credential("/voipbin/access_key"));
                let name = format!("r{round}s{n:02}");
                runtime.spawn(send(voipbin, chat.clone(), t.admin.id.clone(), name, watch.clone()))
            })
            .collect();
        runtime.block_on(eventually("there is some load", || async {
            (watch.acknowledged.load(Ordering::SeqCst) >= 20).then_some(())
        }));
        // Not a wait for something to have happened, but the choice of a moment to die at.
        std::thread::sleep(Duration::from_millis(rand::random_range(0..600)));
        process.kill();
        watch.stop.store(true, Ordering::SeqCst);
        for sender in senders {
            let sent = runtime.block_on(sender).unwrap();
            attempted += sent.attempted;
            acknowledged.extend(sent.acknowledged);
        }
        process = Parlance::start(&dir, options).unwrap();
    }
    let stored: Vec<Value> = runtime.block_on(async {
        let t = t.moved_to(&process.base_url);
        t.messages(&chat).await
    });
    let texts = texts(&stored, "text");
    println!("attempted {attempted}, acknowledged {}, stored {}", acknowledged.len(), texts.len());
    assert!(acknowledged.len() > 50, "there was some load");
    let unique: std::collections::HashSet<&String> = texts.iter().collect();
    assert_eq!(unique.len(), texts.len(), "nothing twice");
    let lost: Vec<&String> = acknowledged.iter().filter(|text| !unique.contains(text)).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let places: Vec<i64> = stored.iter().map(|m| m["seq"].as_i64().unwrap()).collect();
    assert_eq!(places, (1..=i64::try_from(stored.len()).unwrap()).collect::<Vec<_>>(), "no gaps");
    for round in 0..3 {
        for n in 0..16 {
            let prefix = format!("r{round}s{n:02} ");
            assert!(texts.iter().filter(|text| text.starts_with(&prefix)).is_sorted(), "{prefix} out of order");
        }
    }
}

#[test]
fn kill_9_loses_nothing_on_sqlite() {
    survives(&Options::default());
}

#[test]
fn kill_9_loses_nothing_on_postgresql() {
    survives(&Options { args: vec!["--database-url".to_owned(), fresh_database().unwrap()], ..Options::default() });
}

/// A restart serves what was there: chats, sessions, imBee's derived secrets, repeated requests.
#[test]
fn a_restart_serves_the_old_data() {
    let dir = home().join(unique("restart"));
    let mut process = Parlance::start(&dir, &Options::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (t, session, guest, conversation, said) = runtime.block_on(async {
        let t = Tenant::new(deployment(&process)).await;
        let session = t.voipbin_as(&t.admin).await.secret;
        let guest = t.imbee().register("somebody").await;
        let conversation = guest.direct(&t.admin.idsha).await;
        let asked = serde_json::json!({ "conversationId": conversation, "text": "kept" });
        let said = body(guest.call("/chat/message/new", &asked).key("one-key").send().await);
        (t, session, guest, conversation, said)
    });
    process.kill();
    let process = Parlance::start(&dir, &Options::default()).unwrap();
    runtime.block_on(async {
        let t = t.moved_to(&process.base_url);
        let voipbin = VoipBin::new(t.http.clone(), "token", &session);
        assert_eq!(voipbin.list("/v1.0/chats").await.len(), 1, "the session still counts");
        let again = t.imbee().register("somebody").await;
        assert_eq!((&again.apikey, &again.idsha), (&guest.apikey, &guest.idsha));
        let asked = serde_json::json!({ "conversationId": conversation, "text": "kept" });
        assert_eq!(body(again.call("/chat/message/new", &asked).key("one-key").send().await), said, "the same answer");
        assert_eq!(texts(&again.history(&conversation).await, "text"), ["kept"]);
    });
}
