//! Visitors whom bots serve, and what they say: made through the API like anybody else's.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::bot::{Heard, MARK};
use crate::bench::realtime::readers::{answered, count as as_f64};
use crate::bench::scene::{ask, text};
use crate::http;

/// Connections, each with an access key, through which everything is said.
const KEYS: usize = 64;
/// How long something may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// One visitor.
#[derive(Debug, Clone)]
pub struct Visitor {
    chat: String,
    user: String,
}

/// What can be said, and by whom.
pub struct Visitors {
    authority: String,
    keys: Vec<String>,
    zenvia: String,
    /// The operator's token.
    pub operator: String,
    credentials: Value,
    all: Vec<Visitor>,
    next: Arc<AtomicUsize>,
}

/// From being acknowledged to being in the bot's hand, and how much a second.
pub struct Told {
    /// Milliseconds.
    pub ms: Vec<f64>,
    /// Messages in the bot's hand a second.
    pub per_s: f64,
}

impl Visitors {
    /// Nobody yet, at `authority`.
    pub fn new(authority: &str, credentials: &Value) -> Result<Self> {
        let (operator, admin) = (text(credentials, "/operator/token")?, text(credentials, "/voipbin/access_key")?);
        let keys = (0..KEYS).map(|n| {
            let body = json!({"name": format!("bench {n}"), "detail": "", "expire": 86_400});
            text(&ask(authority, "/v1.0/accesskeys", &admin, &body)?, "/token")
        });
        Ok(Self {
            keys: keys.collect::<Result<_>>()?,
            zenvia: text(credentials, "/zenvia/token")?,
            authority: authority.to_owned(),
            operator,
            credentials: credentials.clone(),
            all: Vec::new(),
            next: Arc::default(),
        })
    }

    /// Others of the same tenant, who count their messages from where these are.
    pub fn others(&self) -> Result<Self> {
        let next = self.next.clone();
        Ok(Self { next, ..Self::new(&self.authority, &self.credentials)? })
    }

    /// Changes something, as the operator.
    pub fn patch(&self, path: &str, body: &Value) -> Result<()> {
        let answer = http::patch(&self.authority, path, &self.operator, &body.to_string())?;
        ensure!(answer.status == 200, "{path}: {} {}", answer.status, answer.body);
        Ok(())
    }

    /// A department whose bot is at `url`, and `count` visitors there.
    pub fn come(&mut self, url: &str, count: usize) -> Result<()> {
        let body = json!({ "name": "Bench", "bot": { "url": url }, "agent_ids": [], "active": true });
        let department = ask(&self.authority, "/operator/v1/departments", &self.operator, &body)?;
        let department = department["department_id"].as_i64().context("a department has a number")?;
        for _ in 0..count {
            let body = json!({ "token": self.zenvia, "department_id": department });
            let made = ask(&self.authority, "/core/api/v1/interactions", "", &body)?;
            let hash = text(&made, "/data/interaction_hash")?;
            let path = format!("/operator/v1/interactions?hash={hash}");
            let found = http::get_as(&self.authority, &path, &self.operator)?;
            let found: Value = serde_json::from_str(&found.body)?;
            let word = |pointer: &str| text(&found, pointer);
            self.all.push(Visitor { chat: word("/items/0/chat_id")?, user: word("/items/0/customer_id")? });
        }
        Ok(())
    }

    /// Nobody is there any more, as far as what is said next goes.
    pub fn leave(&mut self) {
        self.all.clear();
    }

    fn post(&self, visitor: &Visitor, key: &str, n: usize) -> String {
        let source = json!({ "type": "agent", "target": visitor.user });
        let words = format!("{MARK}{n}. The quick brown fox jumps over the lazy dog");
        let body = json!({ "chat_id": visitor.chat, "source": source, "type": "normal", "text": words }).to_string();
        format!(
            "POST /v1.0/chatmessages?accesskey={key} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.authority,
            body.len()
        )
    }

    /// All visitors say something in turn, `rate` times a second.
    pub async fn say(&self, heard: &[Arc<Heard>], rate: usize, seconds: u64) -> Result<Told> {
        let count = rate * usize::try_from(seconds)?;
        let lines = KEYS.min(rate.max(1));
        let first = self.next.fetch_add(count, Ordering::SeqCst);
        let start = Instant::now();
        let mut speaking = Vec::new();
        for line in 0..lines {
            let mut stream = self.connect().await?;
            let said: Vec<(usize, String)> = (line..count)
                .step_by(lines)
                .map(|n| (n, self.post(&self.all[n % self.all.len()], &self.keys[line], first + n)))
                .collect();
            speaking.push(tokio::spawn(async move {
                let mut acknowledged = Vec::with_capacity(said.len());
                for (n, request) in said {
                    let due = start + Duration::from_secs_f64(as_f64(n) / as_f64(rate));
                    tokio::time::sleep(due.saturating_duration_since(Instant::now())).await;
                    stream.write_all(request.as_bytes()).await?;
                    answered(&mut stream).await?;
                    acknowledged.push((n, Instant::now()));
                }
                anyhow::Ok(acknowledged)
            }));
        }
        let mut all = Vec::new();
        for line in speaking {
            all.extend(line.await??);
        }
        let mut ms = Vec::with_capacity(all.len());
        for (n, acknowledged) in all {
            let at = arrived(heard, first + n).await?;
            ms.push(at.saturating_duration_since(acknowledged).as_secs_f64() * 1e3);
        }
        Ok(Told { ms, per_s: as_f64(rate) })
    }

    /// As much as there can be: each visitor has so many messages under way, and says the next one when one arrived.
    pub async fn say_all(&self, heard: &Arc<Heard>, under_way: usize, seconds: u64) -> Result<Told> {
        let (start, end) = (Instant::now(), Instant::now() + Duration::from_secs(seconds));
        let mut speaking = Vec::new();
        for (n, visitor) in self.all.iter().enumerate() {
            let mut stream = self.connect().await?;
            let (heard, next) = (heard.clone(), self.next.clone());
            let (key, visitor) = (self.keys[n % KEYS].clone(), visitor.clone());
            let speaker = Self {
                authority: self.authority.clone(),
                keys: Vec::new(),
                zenvia: String::new(),
                operator: String::new(),
                credentials: Value::Null,
                all: Vec::new(),
                next: next.clone(),
            };
            speaking.push(tokio::spawn(async move {
                let (mut ms, mut open) = (Vec::new(), std::collections::VecDeque::new());
                loop {
                    let over = Instant::now() >= end;
                    if open.len() >= under_way || (over && !open.is_empty()) {
                        if let Some((n, acknowledged)) = open.pop_front() {
                            let at = timeout(PATIENCE, heard.wait_for(n)).await.ok().flatten();
                            let at = at.with_context(|| format!("message {n} does not come"))?;
                            ms.push(at.saturating_duration_since(acknowledged).as_secs_f64() * 1e3);
                        }
                        continue;
                    }
                    if over {
                        return anyhow::Ok(ms);
                    }
                    let n = next.fetch_add(1, Ordering::SeqCst);
                    stream.write_all(speaker.post(&visitor, &key, n).as_bytes()).await?;
                    answered(&mut stream).await?;
                    open.push_back((n, Instant::now()));
                }
            }));
        }
        let mut ms = Vec::new();
        for speaker in speaking {
            ms.extend(speaker.await??);
        }
        let per_s = as_f64(ms.len()) / start.elapsed().as_secs_f64();
        Ok(Told { ms, per_s })
    }

    /// All visitors say `count` things, as fast as they are taken.
    pub async fn pour(&self, count: usize) -> Result<()> {
        let first = self.next.fetch_add(count, Ordering::SeqCst);
        let mut speaking = Vec::new();
        for line in 0..KEYS {
            let mut stream = self.connect().await?;
            let said: Vec<String> = (line..count)
                .step_by(KEYS)
                .map(|n| self.post(&self.all[n % self.all.len()], &self.keys[line], first + n))
                .collect();
            speaking.push(tokio::spawn(async move {
                for request in said {
                    stream.write_all(request.as_bytes()).await?;
                    answered(&mut stream).await?;
                }
                anyhow::Ok(())
            }));
        }
        for line in speaking {
            line.await??;
        }
        Ok(())
    }

    async fn connect(&self) -> Result<TcpStream> {
        let stream = TcpStream::connect(&self.authority).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// When message `n` came to any of these; looked for now and then, since nothing waits for the answer.
async fn arrived(heard: &[Arc<Heard>], n: usize) -> Result<Instant> {
    let waiting = async {
        loop {
            if let Some(at) = heard.iter().find_map(|one| one.at(n)) {
                return at;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, waiting).await.with_context(|| format!("message {n} does not come"))
}
