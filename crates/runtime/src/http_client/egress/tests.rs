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

/// A name is vetted each time it is looked up, and the call goes to the addresses that were vetted: a name that leads
/// outside first and inside then gets nobody in.
#[tokio::test]
async fn a_name_that_changes_its_answer_is_refused_when_it_does() {
    let address = |text: &str| text.parse::<IpAddr>().unwrap();
    let answers = vec![
        vec![address("127.0.0.1")],
        vec![address("169.254.169.254")],
        vec![address("127.0.0.1"), address("10.0.0.1")],
        vec![address("::ffff:10.0.0.1")],
        vec![address("127.0.0.1")],
    ];
    let allow = vec!["127.0.0.0/8".parse().unwrap()];
    let settings = EgressSettings { allow, ports: Vec::new(), connect_timeout_ms: 2000, timeout_ms: 5000 };
    let client = EgressClient::looking_up(&settings, Lookup::Told(Arc::new(answers.into()))).unwrap();
    let call = async || {
        let port = bot("200 OK", 3).await;
        get(&client, &format!("http://rebinds.example:{port}/")).await
    };
    assert_eq!(call().await.unwrap().status(), 200);
    for _ in 0..3 {
        assert!(is_egress_refused(&call().await.unwrap_err()));
    }
    assert_eq!(call().await.unwrap().status(), 200);
}

/// Punycode and full-width names are names like others: where they lead is what counts.
#[tokio::test]
async fn names_in_other_scripts_are_vetted_where_they_lead() {
    let answers = vec![vec!["127.0.0.1".parse().unwrap()], vec!["127.0.0.1".parse().unwrap()]];
    let settings = EgressSettings { allow: Vec::new(), ports: Vec::new(), connect_timeout_ms: 2000, timeout_ms: 5000 };
    let client = EgressClient::looking_up(&settings, Lookup::Told(Arc::new(answers.into()))).unwrap();
    for url in ["http://xn--bcher-kva.example/", "http://bücher.example/"] {
        assert!(is_egress_refused(&get(&client, url).await.unwrap_err()), "{url}");
    }
}

/// A compressed answer is not unpacked: a small one cannot become a large one.
#[tokio::test]
async fn compressed_answers_stay_compressed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut asked = vec![0; 4096];
        let read = socket.read(&mut asked).await.unwrap();
        let asked = String::from_utf8_lossy(&asked[..read]).to_lowercase();
        assert!(!asked.contains("accept-encoding"), "{asked}");
        let _ = socket
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00")
            .await;
    });
    let response = get(&client(&["127.0.0.0/8"]), &format!("http://127.0.0.1:{port}/")).await.unwrap();
    assert_eq!(read_capped(response, EGRESS_BODY_CAP).await.unwrap().body, b"\x1f\x8b\x08\x00");
}

/// However slowly an answer comes, the whole call ends in time.
#[tokio::test]
async fn an_answer_byte_by_byte_ends_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        // An answer before the question would be none.
        assert!(socket.read(&mut [0; 1024]).await.unwrap() > 0);
        let _ = socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n").await;
        while socket.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let allow = vec!["127.0.0.0/8".parse().unwrap()];
    let settings = EgressSettings { allow, ports: Vec::new(), connect_timeout_ms: 300, timeout_ms: 300 };
    let began = std::time::Instant::now();
    let response = get(&EgressClient::new(&settings).unwrap(), &format!("http://127.0.0.1:{port}/")).await.unwrap();
    let error = read_capped(response, EGRESS_BODY_CAP).await.unwrap_err();
    assert!(error.is_timeout() && began.elapsed() < Duration::from_secs(2), "{error:?}");
}
