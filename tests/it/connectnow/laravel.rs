//! Laravel itself, from Debian's package, beside our answers: its pages byte for byte, and which of several tokens counts.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::harness::*;

/// What Laravel answers to each line.
fn laravel(asked: &[String]) -> Vec<Value> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/it/connectnow/laravel.php");
    let mut php = Command::new("php");
    php.args(["-d", "error_reporting=0", script]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = php.spawn().expect("php is there: `cargo xtask test` installs php-cli and php-laravel-framework");
    let lines = asked.join("\n");
    let mut input = running.stdin.take().unwrap();
    // Apart, so that neither side waits for the other's pipe.
    let writing = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = running.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> = answers.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), asked.len(), "Laravel is not there: run `cargo xtask test`, which installs it");
    answers
}

on_each_stack! {
    async fn pages_are_laravel_s_byte_for_byte(t: Tenant) {
        let admin = t.connectnow();
        for n in 0..7 {
            admin.chat(&format!("a/b \"é\" \u{1f600} {n}")).await;
        }
        let all = admin.get("/api/chats").send().await.expect(200);
        let items = all.json()["data"].clone();
        // Laravel gets the items as we wrote them, so that the order of their keys is kept.
        let from = all.body.find("\"data\":").unwrap() + 7;
        let to = all.body.find(",\"first_page_url\"").unwrap();
        let raw = &all.body[from..to];
        assert_eq!(serde_json::from_str::<Value>(raw).unwrap(), items);

        let mut asked = Vec::new();
        let mut ours = Vec::new();
        for page in ["", "1", "2", "3", "4", "5", "0", "-1", "x", "1.5", "01", "+2", "2 ", "99"] {
            for per_page in [2, 3, 7, 15] {
                let reply = admin.get("/api/chats").query("page", page).query("per_page", per_page).send().await;
                ours.push((page, per_page, reply.expect(200).body));
                let page: String = page.replace('+', "%2B").replace(' ', "+");
                let url = format!("{}/api/chats?page={page}&per_page={per_page}", t.stack.base_url);
                let plain = json!({ "ask": "page", "method": "GET", "url": url, "per_page": per_page, "items": "ITEMS" });
                asked.push(plain.to_string().replace("\"ITEMS\"", raw));
            }
        }
        let theirs = laravel(&asked);
        for ((page, per_page, ours), theirs) in ours.iter().zip(theirs) {
            assert_eq!(Some(ours.as_str()), theirs.as_str(), "page={page}&per_page={per_page}");
        }
    }

    /// Every mixture of the four places, absent, empty, "0" and filled.
    async fn tokens_count_in_laravel_s_order(t: Tenant) {
        let mut tokens = Vec::new();
        for name in ["query", "body", "bearer", "password"] {
            let user = t.user(name, "agent").await;
            tokens.push((t.connectnow_as(&user).await.token, name));
        }
        let values = |n: usize| ["-", "", "0", tokens[n].0.as_str()];
        let (bearer, basic) = (&tokens[2].0, super::access::base64(&format!("u:{}", tokens[3].0)));
        let headers = [
            None,
            Some("Bearer".to_owned()),
            Some(format!("Bearer {bearer}")),
            Some(format!("bearer {bearer}")),
            Some(format!("Bearer x, Bearer {bearer}")),
            Some(format!("Bearer {bearer},x")),
            Some(format!("Basic {basic}")),
            Some("Basic".to_owned()),
        ];
        let (mut asked, mut ours) = (Vec::new(), Vec::new());
        for query in values(0) {
            for body in values(1) {
                for header in &headers {
                    for form in [false, true] {
                        let (ask, line) = request(&t, query, body, header.as_deref(), form);
                        asked.push(line);
                        let reply = ask.send().await;
                        ours.push((reply.status == 200).then(|| reply.json()["name"].as_str().unwrap().to_owned()));
                    }
                }
            }
        }
        let theirs = laravel(&asked);
        for ((asked, ours), theirs) in asked.iter().zip(ours).zip(theirs) {
            let whose = tokens.iter().find(|(token, _)| theirs == token.as_str()).map(|(_, name)| (*name).to_owned());
            assert_eq!(ours, whose, "{asked}");
        }
    }
}

/// The same request for both. A place that is `-` is left out.
fn request(t: &Tenant, query: &str, body: &str, header: Option<&str>, form: bool) -> (Ask, String) {
    let url = if query == "-" { "/api/user".to_owned() } else { format!("/api/user?api_token={query}") };
    let (content_type, body) = match (body, form) {
        ("-", _) => ("", String::new()),
        (body, false) => ("application/json", json!({ "api_token": body }).to_string()),
        (body, true) => ("application/x-www-form-urlencoded", format!("api_token={body}")),
    };
    let mut ask = t.http.get(&url);
    let mut headers = serde_json::Map::new();
    if let Some(header) = header {
        ask = ask.header("authorization", header);
        headers.insert("authorization".to_owned(), json!(header));
    }
    if !content_type.is_empty() {
        ask = ask.raw(content_type, body.clone());
        headers.insert("content-type".to_owned(), json!(content_type));
    }
    // PHP reads forms of POST only; for us the method makes no difference.
    let method = if form { "POST" } else { "GET" };
    let line =
        json!({ "ask": "token", "method": method, "url": url, "headers": headers, "body": body, "key": "api_token" });
    (ask, line.to_string())
}
