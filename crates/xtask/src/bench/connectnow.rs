//! ConnectNow beside VoIPBin, whose way into the same services is the shortest: what Laravel's shapes cost.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::Context;
use super::programs::{Server, credentials};
use super::rounds::{Pair, alternate};
use super::row::Row;
use super::scene::{Scene, TEXT, TOKENS, ask, text};
use super::wrk::{self, Request};
use crate::http;

/// Messages in the chat that is read.
const READ: usize = 100;

/// Posting by visitors, and the newest 50 messages of one chat for managers; both on the all-in-one with SQLite.
pub fn run(context: &Context) -> Result<Vec<Row>> {
    let data = context.dir().join("connectnow");
    let app = Server::all_in_one(context, &data, &[])?;
    let known = credentials(&data)?;
    let scene = Scene::make(&app.authority, &known)?;
    let ours = Ours { authority: app.authority.clone(), operator: text(&known, "/operator/token")?, known };
    let (their_posts, our_posts) = (scene.posts(), ours.posts()?);
    let load = |requests: &[Request]| Ok(wrk::load(context, &app.authority, requests, TOKENS)?.per_s);
    let post = "POST messages, ConnectNow against VoIPBin";
    let posts = alternate(context, post, || load(&their_posts), || load(&our_posts))?;

    let chat = scene.chats.last().context("there are chats")?;
    for request in scene.posts().iter().cycle().skip(scene.chats.len() - 1).step_by(scene.chats.len()).take(READ) {
        let body: Value = serde_json::from_str(&request.body)?;
        ask(&app.authority, &request.path, "", &body)?;
    }
    let (their_pages, our_pages) = (scene.pages(chat), ours.pages(&chat.id)?);
    let read = "newest page of 50, ConnectNow against VoIPBin";
    let pages = alternate(context, read, || load(&their_pages), || load(&our_pages))?;
    app.stop()?;
    let row = |name, Pair { limit, measured }| Row::against(name, "req/s", limit, measured, 0.8);
    Ok(vec![row(post, posts), row(read, pages)])
}

struct Ours {
    authority: String,
    operator: String,
    known: Value,
}

impl Ours {
    /// A visitor and a chat for each connection.
    fn posts(&self) -> Result<Vec<Request>> {
        let token = text(&self.known, "/connectnow/api_token")?;
        (0..TOKENS)
            .map(|n| {
                let chat = ask(&self.authority, "/api/chats", &token, &json!({ "name": format!("bench {n}") }))?;
                let path = format!("/api/chats/{}", chat["id"]);
                let visitor = json!({ "email": format!("visitor{n}@bench.example") });
                let visitor = ask(&self.authority, &format!("{path}/users"), &token, &visitor)?;
                let visitor = text(&visitor, "/chat_user_token")?;
                let path = format!("{path}/messages?chat_user_token={visitor}");
                Ok(Request { method: "POST", path, body: json!({ "message": TEXT }).to_string() })
            })
            .collect()
    }

    /// The newest 50 messages of a chat, asked with as many tokens as there are connections.
    fn pages(&self, chat: &str) -> Result<Vec<Request>> {
        let path = format!("/operator/v1/chats/{chat}");
        let answer = http::get_as(&self.authority, &path, &self.operator)?;
        let chat: Value = serde_json::from_str(&answer.body)?;
        let number = &chat["identities"]["connectnow"];
        let admin = text(&self.known, "/voipbin/agent_id")?;
        (0..TOKENS)
            .map(|_| {
                let wanted = json!({ "surface": "connectnow", "user_id": admin });
                let token = ask(&self.authority, "/operator/v1/tokens", &self.operator, &wanted)?;
                let token = text(&token, "/secret")?;
                let path = format!("/api/chats/{number}/messages?per_page=50&scopes%5B%5D=latest&api_token={token}");
                Ok(Request { method: "GET", path, body: String::new() })
            })
            .collect()
    }
}
