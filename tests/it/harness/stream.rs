//! Clients that wait: server-sent events and WebSockets.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::documents;
use super::http::Ask;

/// How long something that must come may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// One event.
#[derive(Debug, Clone)]
pub struct Event {
    pub name: String,
    /// The offset it carries, if it does.
    pub id: Option<i64>,
    pub data: Value,
    /// When to come back, if it says so.
    pub retry_ms: Option<u64>,
}

/// A stream of server-sent events.
pub struct Events {
    response: reqwest::Response,
    buffer: String,
    /// As a browser keeps it: the last id that came, also without an event.
    pub last_id: Option<i64>,
}

impl Events {
    /// Opens `ask`'s stream, and takes its first event.
    pub async fn open(ask: Ask) -> (Self, Event) {
        let mut events = Self::begin(ask).await;
        let opened = events.next().await;
        assert_eq!(opened.name, "stream.opened");
        (events, opened)
    }

    async fn begin(ask: Ask) -> Self {
        let events = Self::try_begin(ask).await.expect("a stream");
        let kind = events.response.headers()["content-type"].to_str().unwrap();
        assert!(kind.starts_with("text/event-stream"), "{kind}");
        events
    }

    /// `None` when there is no such stream now.
    pub async fn try_begin(ask: Ask) -> Option<Self> {
        let response = ask.header("accept", "text/event-stream").stream().await.ok()?;
        let buffer = String::new();
        (response.status() == 200).then_some(Self { response, buffer, last_id: None })
    }

    /// The next event, which must come.
    pub async fn next(&mut self) -> Event {
        let event = tokio::time::timeout(PATIENCE, self.try_next()).await.expect("an event in half a minute");
        event.expect("a stream that goes on")
    }

    /// The next event; `None` when the stream ends.
    pub async fn try_next(&mut self) -> Option<Event> {
        loop {
            while let Some((block, rest)) = self.buffer.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.buffer = rest;
                if let Some(event) = self.read(&block) {
                    return Some(event);
                }
            }
            let chunk = self.response.chunk().await.ok().flatten()?;
            self.buffer.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    fn read(&mut self, block: &str) -> Option<Event> {
        let mut event = Event { name: String::new(), id: None, data: Value::Null, retry_ms: None };
        for line in block.lines() {
            match line.split_once(": ") {
                Some(("id", id)) => event.id = Some(id.parse().unwrap()),
                Some(("event", name)) => event.name = name.to_owned(),
                Some(("data", data)) => event.data = serde_json::from_str(data).unwrap(),
                Some(("retry", ms)) => event.retry_ms = Some(ms.parse().unwrap()),
                _ => assert!(line.starts_with(':'), "{line}"),
            }
        }
        self.last_id = event.id.or(self.last_id);
        // An id alone says where a quiet stream stands.
        let told = !event.name.is_empty();
        if told {
            documents::check_event(&event.name, &event.data);
        }
        told.then_some(event)
    }

    /// Takes events until `enough` is one, that one included.
    pub async fn until(&mut self, enough: impl Fn(&Event) -> bool) -> Vec<Event> {
        let mut all = Vec::new();
        loop {
            all.push(self.next().await);
            if all.last().is_some_and(&enough) {
                return all;
            }
        }
    }
}

/// A WebSocket.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens `ask`'s URL as a WebSocket.
    pub async fn open(ask: &Ask) -> Self {
        Self::try_open(ask).await.unwrap()
    }

    /// The HTTP status of a refusal.
    pub async fn try_open(ask: &Ask) -> Result<Self, u16> {
        let (url, headers) = ask.parts();
        let url = url.as_str().replacen("http", "ws", 1);
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(name.clone(), value.clone());
        }
        match connect_async(request).await {
            Ok((socket, _)) => Ok(Self(socket)),
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error:?}"),
        }
    }

    pub async fn say(&mut self, word: &Value) {
        self.0.send(Message::text(word.to_string())).await.unwrap();
    }

    /// Waits until all that was said so far has been heard: a ping is answered behind it. What comes meanwhile is lost.
    pub async fn heard(&mut self) {
        self.0.send(Message::Ping("all heard?".into())).await.unwrap();
        loop {
            let answer = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("an answer in half a minute");
            match answer {
                Some(Ok(Message::Pong(_))) => return,
                Some(Ok(Message::Close(close))) => panic!("it was closed: {close:?}"),
                Some(Ok(_)) => {}
                Some(Err(error)) => panic!("{error:?}"),
                None => panic!("it ended"),
            }
        }
    }

    /// The next text as JSON, which must come.
    pub async fn next(&mut self) -> Value {
        match self.take().await {
            Ok(text) => {
                let frame = serde_json::from_str(&text).unwrap();
                documents::check_frame(&frame);
                frame
            }
            Err(close) => panic!("it was closed: {close:?}"),
        }
    }

    /// How it is closed, whatever comes before.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            if let Err(close) = self.take().await {
                let close = close.expect("a close code");
                return (close.code.into(), close.reason.to_string());
            }
        }
    }

    async fn take(&mut self) -> Result<String, Option<CloseFrame>> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("a word in half a minute");
            match message {
                Some(Ok(Message::Text(text))) => return Ok(text.to_string()),
                Some(Ok(Message::Close(close))) => return Err(close),
                Some(Ok(_)) => {}
                Some(Err(error)) => panic!("{error:?}"),
                None => return Err(None),
            }
        }
    }

    /// Takes words until `enough` is one, that one included.
    pub async fn until(&mut self, enough: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut all = Vec::new();
        loop {
            all.push(self.next().await);
            if all.last().is_some_and(&enough) {
                return all;
            }
        }
    }
}
