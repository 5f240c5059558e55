//! Against a local server, as a bot would be.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

/// Answers one request with `body` and closes; returns its port.
async fn bot(status: &'static str, body: usize) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let _ = socket.read(&mut [0; 4096]).await;
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {body}\r\nLocation: http://127.0.0.1:1/\r\n\r\n");
        let _ = socket.write_all(head.as_bytes()).await;
        let _ = socket.write_all(&vec![b'x'; body]).await;
    });
    port
}

fn client(allow: &[&str]) -> EgressClient {
    let allow = allow.iter().map(|net| net.parse().unwrap()).collect();
    EgressClient::new(&EgressSettings { allow, ports: Vec::new(), connect_timeout_ms: 2000, timeout_ms: 5000 }).unwrap()
}

async fn get(client: &EgressClient, url: &str) -> reqwest::Result<Response> {
    client.request(Method::GET, url).unwrap().send().await
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_at_the_call() {
    let port = bot("200 OK", 0).await;
    let error = get(&client(&[]), &format!("http://localhost:{port}/")).await.unwrap_err();
    assert!(is_egress_refused(&error), "{error:?}");
}

#[tokio::test]
async fn a_name_that_cannot_be_resolved_is_another_failure() {
    let error = get(&client(&[]), "http://nowhere.invalid/").await.unwrap_err();
    assert!(!is_egress_refused(&error), "{error:?}");
}

#[tokio::test]
async fn an_allowed_address_is_reached_by_name_and_by_number() {
    let client = client(&["127.0.0.0/8"]);
    for host in ["localhost", "127.0.0.1", "LOCALHOST."] {
        let port = bot("200 OK", 3).await;
        let response = get(&client, &format!("http://{host}:{port}/")).await.unwrap();
        assert_eq!(read_capped(response, EGRESS_BODY_CAP).await.unwrap().body, b"xxx");
    }
}

#[tokio::test]
async fn redirects_are_answers() {
    let port = bot("302 Found", 0).await;
    let response = get(&client(&["127.0.0.0/8"]), &format!("http://127.0.0.1:{port}/")).await.unwrap();
    assert_eq!(response.status(), 302);
}

#[tokio::test]
async fn no_more_than_the_cap_is_read() {
    for (sent, truncated) in [(EGRESS_BODY_CAP, false), (EGRESS_BODY_CAP + 1, true), (10 * EGRESS_BODY_CAP, true)] {
        let port = bot("200 OK", sent).await;
        let response = get(&client(&["127.0.0.0/8"]), &format!("http://127.0.0.1:{port}/")).await.unwrap();
        let answer = read_capped(response, EGRESS_BODY_CAP).await.unwrap();
        assert_eq!((answer.body.len(), answer.truncated), (EGRESS_BODY_CAP, truncated));
    }
}
