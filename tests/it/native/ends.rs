//! How streams end: a token that ends, a client that does not read, a process that stops.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{posted, says, tells};
use crate::harness::*;

async fn access_key(t: &Tenant) -> (String, String) {
    let body = json!({ "name": "a stream", "detail": "", "expire": 3600 });
    let key = t.voipbin().post("/v1.0/accesskeys", &body).send().await.ok();
    let word = |name: &str| key[name].as_str().unwrap_or_else(|| panic!("no {name}: {key}")).to_owned();
    (word("id"), word("token"))
}

on_each_stack! {
    async fn a_revoked_token_ends_its_streams_within_five_seconds(t: Tenant) {
        let (id, token) = access_key(&t).await;
        let (mut events, _) = Events::open(t.events(&token)).await;
        let mut socket = Socket::open(&t.stream(&token)).await;
        let (mut others, _) = Events::open(t.events(&t.sees_all())).await;
        let began = Instant::now();
        t.voipbin().delete(&format!("/v1.0/accesskeys/{id}")).send().await.expect(200);
        let closed = events.until(|event| event.name == "stream.closed").await.pop().unwrap();
        assert_eq!(closed.data["code"], 4001);
        assert!(events.try_next().await.is_none(), "nothing follows");
        assert_eq!(socket.closed().await.0, 4001);
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        t.events(&token).send().await.expect(401);
        // Nobody else is concerned.
        let chat = t.voipbin().chat("group", &[&t.admin.id]).await["id"].as_str().unwrap().to_owned();
        t.voipbin().say(&chat, &t.admin.id, "still here").await;
        others.until(|event| says(event, "still here")).await;
    }

    /// Who does not read is sent away, and comes back to all they missed; who reads is not held up.
    async fn a_slow_reader_is_sent_away_alone(t: Tenant) {
        const MESSAGES: usize = 700;
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&t.admin.id]).await["id"].as_str().unwrap().to_owned();
        let token = t.sees_all();
        let mut slow = Socket::open(&t.stream(&token)).await;
        let cursor = slow.next().await["offset"].as_i64().unwrap();
        let (mut quick, _) = Events::open(t.events(&token)).await;
        let padding = "x".repeat(19_000);
        let (mut said, mut heard) = (0, Vec::new());
        while said < MESSAGES {
            let some = (said..said + 20).map(|n| {
                let (admin, chat, author, text) = (&admin, &chat, &t.admin.id, format!("{n} {padding}"));
                async move { admin.say(chat, author, &text).await }
            });
            futures_util::future::join_all(some).await;
            said += 20;
            while posted(&heard).len() < said {
                heard.push(quick.next().await);
            }
        }
        let stored = texts(&t.messages(&chat).await, "text");
        assert_eq!(posted(&heard), stored);
        let (code, reason) = slow.closed().await;
        assert_eq!((code, reason.as_str()), (4008, "too slow"));

        let mut again = Socket::open(&t.stream(&token).query("after", cursor)).await;
        assert_eq!(again.next().await["data"]["recovered"], true);
        let words = again.until(|word| tells(word, stored.last().unwrap())).await;
        let texts: Vec<&str> = words
            .iter()
            .filter(|word| word["event"] == "message.posted")
            .map(|word| word["data"]["text"].as_str().unwrap())
            .collect();
        assert!(texts.iter().eq(stored.iter()));
    }
}

/// A process that stops tells its clients when to come back, each another moment.
#[test]
fn a_stop_spreads_the_return() {
    let mut process = Parlance::start(&home().join(unique("drain")), &Options::default()).unwrap();
    let credentials = process.credentials();
    let token = credentials["operator"]["token"].as_str().unwrap().to_owned();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut open = runtime.block_on(async {
        let http = Http::new(&process.base_url);
        let mut open = Vec::new();
        for _ in 0..20 {
            open.push(Events::open(http.get("/parlance/v1/events").bearer(&token)).await.0);
        }
        let socket = Socket::open(&http.get("/parlance/v1/stream").bearer(&token)).await;
        (open, socket)
    });
    let stopping = std::thread::spawn(move || process.stop());
    let (mut waits, closed) = runtime.block_on(async {
        let mut waits = Vec::new();
        for events in &mut open.0 {
            let closed = events.until(|event| event.name == "stream.closed").await.pop().unwrap();
            assert_eq!(closed.data["code"], 1012);
            waits.push(closed.retry_ms.unwrap());
        }
        (waits, open.1.closed().await)
    });
    assert!(waits.iter().all(|ms| *ms <= 10_000), "{waits:?}");
    waits.sort_unstable();
    waits.dedup();
    assert!(waits.len() > 10, "spread: {waits:?}");
    assert_eq!(closed.0, 1012);
    assert!(closed.1.starts_with("restart; come back in "), "{}", closed.1);
    drop(open);
    assert!(stopping.join().unwrap().success());
}

/// A token in a URL is in no log.
#[test]
fn a_token_in_the_query_is_not_logged() {
    let env = vec![("PARLANCE__TELEMETRY__FILTER", "trace".to_owned())];
    let mut process = Parlance::start(&home().join(unique("query")), &Options { env, ..Options::default() }).unwrap();
    let token = process.credentials()["operator"]["token"].as_str().unwrap().to_owned();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let http = Http::new(&process.base_url);
        drop(Events::open(http.get("/parlance/v1/events").query("token", &token)).await);
        drop(Socket::open(&http.get("/parlance/v1/stream").query("token", &token)).await);
        let wrong = format!("{token}x");
        http.get("/parlance/v1/events").query("token", &wrong).send().await.expect(401);
    });
    assert!(process.stop().success());
    let log = process.errors();
    assert!(log.contains("/parlance/v1/events"), "the requests are in the log");
    // The first start prints lines to paste, once.
    let told: Vec<&str> = log.lines().filter(|line| line.contains(&token) && !line.contains("curl ")).collect();
    assert!(told.is_empty(), "and the token is not: {told:?}");
}
