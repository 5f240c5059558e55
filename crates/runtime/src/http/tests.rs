//! Whole servers, several in one process.

use std::time::Instant;

use actix_web::{HttpResponse, web};

use super::*;
use crate::config::Config;
use crate::http_client::{Timeouts, peer_client};
use crate::{Stage, admin};

fn context() -> Context {
    let free = |key: &str| (key.to_owned(), "127.0.0.1:0".to_owned());
    let mut settings = vec![free("server.listen"), free("server.admin_listen")];
    settings.push(("server.workers".to_owned(), "1".to_owned()));
    settings.push(("shutdown.grace_s".to_owned(), "5".to_owned()));
    let config = Config::isolated(&[], settings).unwrap();
    Context::new("test", config, tokio::runtime::Handle::current()).unwrap()
}

fn client() -> reqwest::Client {
    let second = Duration::from_secs(1);
    peer_client(Timeouts { connect: second, total: 5 * second }).unwrap()
}

async fn hello(cx: &Context) -> SocketAddr {
    let listener = bind(&cx.server.listen).unwrap();
    let app = || {
        App::new().route("/hello", web::get().to(async || "hello")).route(
            "/slow",
            web::get().to(async || {
                tokio::time::sleep(Duration::from_millis(300)).await;
                HttpResponse::Ok().body("slow")
            }),
        )
    };
    serve(cx, listener, RequestTrace::new(), app).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_stacks_serve_and_stop_apart() {
    let (one, two, client) = (context(), context(), client());
    let (first, second) = (hello(&one).await, hello(&two).await);
    assert_ne!(first, second);
    let ask = |at: SocketAddr| client.get(format!("http://{at}/hello")).send();
    assert_eq!(ask(first).await.unwrap().text().await.unwrap(), "hello");
    assert!(one.shutdown.run().await);
    assert!(ask(first).await.is_err());
    assert_eq!(ask(second).await.unwrap().text().await.unwrap(), "hello");
    assert!(two.shutdown.run().await);
    assert!(one.metrics.render().contains("http_connections_open{process=\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_under_way_is_answered() {
    let (cx, client) = (context(), client());
    let address = hello(&cx).await;
    let slow = tokio::spawn(client.get(format!("http://{address}/slow")).send());
    tokio::time::sleep(Duration::from_millis(100)).await;
    let begun = Instant::now();
    assert!(cx.shutdown.run().await);
    assert_eq!(slow.await.unwrap().unwrap().text().await.unwrap(), "slow");
    assert!(begun.elapsed() < Duration::from_secs(3), "idle connections must not be waited for");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readiness_names_what_fails() {
    let (cx, client) = (context(), client());
    let address = admin::serve(&cx).await.unwrap();
    let get = async |path: &str| {
        let answer = client.get(format!("http://{address}{path}")).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(get("/healthz").await.0, 200);
    cx.readiness.add("bus", || async { Ok::<(), String>(()) });
    assert_eq!(get("/readyz").await, (200, r#"{"status":"ready"}"#.to_owned()));
    cx.readiness.add("messages.database", || async { Err("postgres://secret@db is down") });
    cx.readiness.add("chats", || async { Err("refused") });
    let (status, body) = get("/readyz").await;
    assert_eq!(status, 503);
    assert_eq!(body, r#"{"failing":["chats","messages.database"],"status":"not_ready"}"#);
    assert_eq!(get("/metrics").await.0, 200);

    // While it drains, a process lives but wants no new work.
    let stop = cx.shutdown.token(Stage::Serve);
    cx.shutdown.request();
    assert!(!stop.is_cancelled());
    assert!(get("/readyz").await.1.contains("shutdown"));
    assert_eq!(get("/healthz").await.0, 200);
    assert!(cx.shutdown.run().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_that_is_taken_is_named() {
    let taken = bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    assert!(bind(&address).unwrap_err().to_string().contains(&address));
}

tokio::task_local! {
    static CURRENT: String;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_callers_trace_is_current_in_handlers() {
    let (cx, client) = (context(), client());
    let trace = RequestTrace::new().scoped(|parent, rest| Box::pin(CURRENT.scope(parent, rest)));
    let app = || App::new().route("/current", web::get().to(async || CURRENT.with(String::clone)));
    let address = serve(&cx, bind(&cx.server.listen).unwrap(), trace, app).await.unwrap();
    let given = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let request = client.get(format!("http://{address}/current")).header("traceparent", given);
    let seen = request.send().await.unwrap().text().await.unwrap();
    assert!(seen.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && seen != given, "{seen}");
    let fresh = client.get(format!("http://{address}/current")).send().await.unwrap().text().await.unwrap();
    assert!(fresh.parse::<crate::trace::TraceParent>().is_ok(), "{fresh}");
}
