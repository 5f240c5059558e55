//! Somebody's endpoint: a small HTTP server that keeps what it is told and answers as the test says.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Notify, watch};

/// How long something that must come may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// One request.
#[derive(Debug, Clone)]
pub struct Got {
    /// Method and path.
    pub line: String,
    /// By name, in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: String,
    /// The status of the answer, once the whole of it is about to be there; what is broken off has none.
    pub answered: Option<u16>,
}

impl Got {
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }

    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name}: {:?}", self.headers))
    }
}

/// How a request is answered.
#[derive(Debug, Clone)]
pub enum Reaction {
    /// With a status, headers and a body.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// Not at all: the connection is closed.
    Close,
    /// Not at all: the connection stays open.
    Hang,
    /// With a head and then a byte now and then.
    Drip,
    /// Not at all: the connection is reset.
    Reset,
    /// With so many MiB.
    Flood(usize),
}

/// Says how what is told is answered; `None`: as usual.
type Mood = Box<dyn FnMut(&Value) -> Option<Reaction> + Send>;

impl Reaction {
    pub fn status(status: u16) -> Self {
        Self::Answer(status, Vec::new(), "{}".to_owned())
    }
}

/// An endpoint, gone with the value.
pub struct Hook {
    pub url: String,
    inner: Arc<Inner>,
    door: watch::Sender<bool>,
    serving: tokio::task::JoinHandle<()>,
}

struct Inner {
    got: Mutex<Vec<Got>>,
    next: Mutex<VecDeque<Reaction>>,
    usual: Mutex<Reaction>,
    mood: Mutex<Option<Mood>>,
    /// What was taken well: who it was about, and what was said.
    taken: Mutex<Vec<(String, String)>>,
    came: Notify,
}

impl Hook {
    /// Answers 200 to everything until it is told otherwise.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let inner = Arc::new(Inner {
            got: Mutex::default(),
            next: Mutex::default(),
            usual: Mutex::new(Reaction::status(200)),
            mood: Mutex::default(),
            taken: Mutex::default(),
            came: Notify::new(),
        });
        let (door, open) = watch::channel(true);
        let serving = tokio::spawn(serve(listener, inner.clone(), open));
        Self { url, inner, door, serving }
    }

    /// Nobody is there any more: connections end, and new ones are refused.
    pub fn shut(&self) {
        self.door.send_replace(false);
    }

    /// Back again, at the same address.
    pub fn open(&self) {
        self.door.send_replace(true);
    }

    /// How the coming requests are answered, one each; then as usual again.
    pub fn then(&self, reactions: impl IntoIterator<Item = Reaction>) {
        self.inner.next.lock().unwrap().extend(reactions);
    }

    /// How every request is answered from now on.
    pub fn always(&self, reaction: Reaction) {
        *self.inner.usual.lock().unwrap() = reaction;
    }

    /// How every request is answered from now on is up to `mood`.
    pub fn by(&self, mood: impl FnMut(&Value) -> Option<Reaction> + Send + 'static) {
        *self.inner.mood.lock().unwrap() = Some(Box::new(mood));
    }

    /// The messages to a bot that were taken well, by interaction, in the order they came.
    pub fn taken(&self) -> BTreeMap<String, Vec<String>> {
        let mut all = BTreeMap::<String, Vec<String>>::new();
        for (hash, text) in self.inner.taken.lock().unwrap().iter() {
            all.entry(hash.clone()).or_default().push(text.clone());
        }
        all
    }

    /// Everything that came so far.
    pub fn got(&self) -> Vec<Got> {
        self.inner.got.lock().unwrap().clone()
    }

    /// The bodies of everything that came so far.
    pub fn bodies(&self) -> Vec<Value> {
        self.got().iter().map(Got::json).collect()
    }

    /// The request at `place`, from 0, which must come.
    pub async fn at(&self, place: usize) -> Got {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let came = self.inner.came.notified();
            if let Some(got) = self.inner.got.lock().unwrap().get(place) {
                return got.clone();
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let waited = tokio::time::timeout(left, came).await;
            assert!(waited.is_ok(), "request {place} does not come; so far: {:#?}", self.bodies());
        }
    }

    /// Waits until one came that is wanted.
    pub async fn until(&self, wanted: impl Fn(&Value) -> bool) -> Got {
        for place in 0.. {
            let got = self.at(place).await;
            if wanted(&got.json()) {
                return got;
            }
        }
        unreachable!("places do not end")
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Inner {
    /// Notes how a request is answered, before the answer can be known to anybody.
    fn answer(&self, place: usize, status: u16, told: &Value) {
        self.got.lock().unwrap()[place].answered = Some(status);
        if status != 200 {
            return;
        }
        if let (Some(hash), Some(text)) = (told["interaction_hash"].as_str(), told["content"].as_str()) {
            self.taken.lock().unwrap().push((hash.to_owned(), text.to_owned()));
        }
    }

    async fn serve(&self, connection: TcpStream) -> std::io::Result<()> {
        let mut connection = BufReader::new(connection);
        while let Some(got) = read(&mut connection).await? {
            let told: Value = serde_json::from_str(&got.body).unwrap_or_default();
            let place = {
                let mut all = self.got.lock().unwrap();
                all.push(got);
                all.len() - 1
            };
            self.came.notify_waiters();
            let next = self.next.lock().unwrap().pop_front();
            let next = next.or_else(|| self.mood.lock().unwrap().as_mut().and_then(|mood| mood(&told)));
            let reaction = next.unwrap_or_else(|| self.usual.lock().unwrap().clone());
            match reaction {
                Reaction::Close => return Ok(()),
                Reaction::Hang => std::future::pending().await,
                Reaction::Reset => return connection.into_inner().set_zero_linger(),
                Reaction::Flood(mib) => {
                    // Nobody reads all of it; it is an answer all the same.
                    self.answer(place, 200, &told);
                    let head = format!("HTTP/1.1 200 Said\r\ncontent-length: {}\r\n\r\n", mib << 20);
                    connection.write_all(head.as_bytes()).await?;
                    let some = vec![b' '; 1 << 20];
                    for _ in 0..mib {
                        connection.write_all(&some).await?;
                    }
                }
                Reaction::Drip => {
                    connection.write_all(b"HTTP/1.1 200 Said\r\ncontent-length: 1000\r\n\r\n").await?;
                    loop {
                        connection.write_all(b" ").await?;
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                }
                Reaction::Answer(status, headers, body) => {
                    self.answer(place, status, &told);
                    let mut head = format!("HTTP/1.1 {status} Said\r\ncontent-length: {}\r\n", body.len());
                    for (name, value) in headers {
                        let _ = write!(head, "{name}: {value}\r\n");
                    }
                    connection.write_all(format!("{head}\r\n{body}").as_bytes()).await?;
                }
            }
        }
        Ok(())
    }
}

/// A socket with this address.
fn socket(address: SocketAddr) -> std::io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    // Connections of whoever had it before may not be over yet.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Serves as long as the door is open. While it is not, the address is kept, so that nobody else gets it.
async fn serve(mut listener: TcpListener, inner: Arc<Inner>, mut open: watch::Receiver<bool>) {
    loop {
        let address = listener.local_addr().unwrap();
        loop {
            let connection = tokio::select! {
                accepted = listener.accept() => accepted.unwrap().0,
                _ = open.wait_for(|open| !open) => break,
            };
            let (inner, mut open) = (inner.clone(), open.clone());
            tokio::spawn(async move {
                tokio::select! {
                    _ = inner.serve(connection) => {}
                    _ = open.wait_for(|open| !open) => {}
                }
            });
        }
        drop(listener);
        let kept = socket(address).expect("the address is still ours");
        if open.wait_for(|open| *open).await.is_err() {
            return;
        }
        listener = kept.listen(1024).unwrap();
    }
}

/// The next request of a connection; `None` when there is no more.
async fn read(connection: &mut BufReader<TcpStream>) -> std::io::Result<Option<Got>> {
    let mut line = String::new();
    if connection.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let mut headers = BTreeMap::new();
    loop {
        let mut header = String::new();
        connection.read_line(&mut header).await?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    connection.read_exact(&mut body).await?;
    let line = line.trim_end().trim_end_matches(" HTTP/1.1").to_owned();
    let body = String::from_utf8_lossy(&body).into_owned();
    Ok(Some(Got { line, headers, body, answered: None }))
}
