//! The least that outgoing calls cost: the client for them, keeping so many POSTs of one body to one URL in flight.
//! `cargo xtask bench webhooks` holds deliveries against it.
//!
//! `posts URL IN_FLIGHT SECONDS BODY`; prints `{"per_s":…}`.
#![expect(clippy::expect_used, reason = "a measurement that cannot go on has failed")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use reqwest::Method;
use runtime::http_client::{EGRESS_BODY_CAP, EgressClient, EgressSettings, read_capped};

fn main() {
    let given: Vec<String> = std::env::args().skip(1).collect();
    let [url, in_flight, seconds, body] = given.as_slice() else { panic!("posts URL IN_FLIGHT SECONDS BODY") };
    let in_flight: usize = in_flight.parse().expect("a number");
    let seconds: u64 = seconds.parse().expect("a number");
    let settings = EgressSettings {
        allow: vec!["127.0.0.0/8".parse().expect("a block")],
        ports: Vec::new(),
        connect_timeout_ms: 10_000,
        timeout_ms: 10_000,
    };
    let client = EgressClient::new(&settings).expect("a client");
    let rt = tokio::runtime::Runtime::new().expect("a runtime");
    let per_s = rt.block_on(async {
        let (done, end) = (Arc::new(AtomicU64::new(0)), Instant::now() + Duration::from_secs(seconds));
        let began = Instant::now();
        let all: Vec<_> = (0..in_flight)
            .map(|_| {
                let (client, url, body, done) = (client.clone(), url.clone(), body.clone(), done.clone());
                tokio::spawn(async move {
                    while Instant::now() < end {
                        let request = client.request(Method::POST, &url).expect("a URL that may be called");
                        let request = request.header("content-type", "application/json").body(body.clone());
                        let answer = request.send().await.expect("an answer");
                        read_capped(answer, EGRESS_BODY_CAP).await.expect("a whole answer");
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        for one in all {
            one.await.expect("it went on to the end");
        }
        #[expect(clippy::cast_precision_loss, reason = "a rate")]
        let done = done.load(Ordering::Relaxed) as f64;
        done / began.elapsed().as_secs_f64()
    });
    println!("{{\"per_s\":{per_s}}}");
}
