//! Odoo beside VoIPBin in the same process: posting, and the list of a user with many sessions.

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::Context;
use super::programs::{Server, credentials};
use super::rounds::{Pair, alternate, median};
use super::row::Row;
use super::scene::{Scene, TEXT, TOKENS};
use super::wrk::{self, Request};
use crate::http;

/// Sessions in the list.
const SESSIONS: usize = 1000;
/// How often a list is read; the median counts.
const READS: usize = 15;

/// `im_chat/post` must keep up with VoIPBin's post; a list of 1,000 sessions may take three times what reading the
/// same chats through VoIPBin takes.
pub fn run(context: &Context) -> Result<Vec<Row>> {
    let data = context.dir().join("odoo");
    let app = Server::all_in_one(context, &data, &[])?;
    let credentials = credentials(&data)?;
    let scene = Scene::make(&app.authority, &credentials)?;
    let office = Office { authority: &app.authority, operator: word(&credentials, "/operator/token")? };
    let (theirs, ours) = (scene.posts(), office.posts()?);
    let load = |requests: &[Request]| Ok(wrk::load(context, &app.authority, requests, TOKENS)?.per_s);
    let name = "im_chat/post, SQLite";
    let Pair { limit, measured } = alternate(context, name, || load(&theirs), || load(&ours))?;

    let key = word(&credentials, "/voipbin/access_key")?;
    let admin = office.log_in(&word(&credentials, "/odoo/login")?, &word(&credentials, "/odoo/password")?)?;
    office.fill(&admin)?;
    let list = || rooms(&app.authority, &key);
    let allowed = 3.0 * time(list)?;
    let sessions = time(|| admin.call("/im_chat/api/get_sessions", &json!({})).map(drop))?;
    app.stop()?;
    Ok(vec![
        Row::against(name, "req/s", limit, measured, 0.8),
        Row::at_most("get_sessions, 1,000 sessions, SQLite", "ms", allowed, sessions),
    ])
}

/// Reads the same chats through VoIPBin, a hundred rooms at once.
fn rooms(authority: &str, key: &str) -> Result<()> {
    let (mut rooms, mut token) = (0, String::new());
    loop {
        let token_of = token.replace(' ', "%20");
        let path = format!("/v1.0/service_agents/chatrooms?page_size=100&page_token={token_of}&accesskey={key}");
        let answer = http::get(authority, &path)?;
        ensure!(answer.status == 200, "{path}: {} {}", answer.status, answer.body);
        let page: Value = serde_json::from_str(&answer.body)?;
        token = word(&page, "/next_page_token")?;
        rooms += page["result"].as_array().map_or(0, Vec::len);
        if token.is_empty() {
            ensure!(rooms >= SESSIONS, "only {rooms} rooms");
            return Ok(());
        }
    }
}

/// The median time of `ask`. Milliseconds.
fn time(mut ask: impl FnMut() -> Result<()>) -> Result<f64> {
    let mut times = Vec::with_capacity(READS);
    for _ in 0..READS {
        let asked = Instant::now();
        ask()?;
        times.push(asked.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(median(times))
}

/// Where people are made and log in.
struct Office<'a> {
    authority: &'a str,
    operator: String,
}

/// Somebody who is logged in.
struct Person<'a> {
    authority: &'a str,
    session: String,
    uid: i64,
}

impl<'a> Office<'a> {
    fn log_in(&self, login: &str, password: &str) -> Result<Person<'a>> {
        let params = json!({ "db": "", "login": login, "password": password });
        let who = rpc(self.authority, "/web/session/authenticate", &params)?;
        let uid = who["uid"].as_i64().with_context(|| format!("not logged in: {who}"))?;
        Ok(Person { authority: self.authority, session: word(&who, "/session_id")?, uid })
    }

    fn person(&self, n: usize) -> Result<Person<'a>> {
        let (login, password) = (format!("odoo-{n}"), format!("secret-{n}"));
        let body = json!({ "name": format!("Odoo {n}"), "role": "agent", "login": login, "password": password });
        let key = crate::secret::hex()?;
        let made = http::post(self.authority, "/operator/v1/users", &self.operator, &key, &body.to_string())?;
        ensure!(made.status == 201, "{} {}", made.status, made.body);
        self.log_in(&login, &password)
    }

    /// A message from every session, each into another chat.
    fn posts(&self) -> Result<Vec<Request>> {
        let people: Vec<Person> = (0..12).map(|n| self.person(n)).collect::<Result<_>>()?;
        let pairs =
            people.iter().enumerate().flat_map(|(n, one)| people[n + 1..].iter().map(move |other| (one, other)));
        let post = |(one, other): (&Person, &Person)| {
            let session = one.call("/im_chat/api/get_or_create_session", &json!({ "user_to": other.uid }))?;
            let params = json!({ "uuid": session["uuid"], "message_type": "message", "message_content": TEXT });
            Ok(Request {
                method: "POST",
                path: format!("/im_chat/post?session_id={}", one.session),
                body: json!({ "jsonrpc": "2.0", "method": "call", "id": 1, "params": params }).to_string(),
            })
        };
        pairs.take(TOKENS).map(post).collect()
    }

    /// Gives `person` a thousand sessions in which somebody said something.
    fn fill(&self, person: &Person) -> Result<()> {
        let other = self.person(100)?;
        for id in 1..=SESSIONS {
            let about = json!({ "user_to": other.uid, "doc_id": id, "doc_model": "bench" });
            let session = person.call("/im_chat/api/get_or_create_session", &about)?;
            let said = json!({ "uuid": session["uuid"], "message_type": "message", "message_content": TEXT });
            other.call("/im_chat/post", &said)?;
        }
        Ok(())
    }
}

impl Person<'_> {
    fn call(&self, path: &str, params: &Value) -> Result<Value> {
        rpc(self.authority, &format!("{path}?session_id={}", self.session), params)
    }
}

fn rpc(authority: &str, path: &str, params: &Value) -> Result<Value> {
    let body = json!({ "jsonrpc": "2.0", "method": "call", "id": 1, "params": params }).to_string();
    let answer = http::post(authority, path, "none", &crate::secret::hex()?, &body)?;
    let mut said: Value = serde_json::from_str(&answer.body).with_context(|| format!("{path}: {}", answer.body))?;
    ensure!(answer.status == 200 && said.get("error").is_none(), "{path}: {} {said}", answer.status);
    Ok(said["result"].take())
}

fn word(value: &Value, pointer: &str) -> Result<String> {
    value.pointer(pointer).and_then(Value::as_str).map(str::to_owned).with_context(|| format!("no {pointer}"))
}
