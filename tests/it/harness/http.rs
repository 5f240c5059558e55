//! A client that sends exactly what it is told, and answers that complain legibly.

use std::fmt::Display;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use serde_json::Value;

use super::documents;

/// A client of one base URL. Belongs to the runtime it was made on.
#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
    base: Url,
    /// Whether the surfaces' documents say what it answers.
    described: bool,
}

impl Http {
    pub fn new(base: &str) -> Self {
        static PROVIDER: std::sync::Once = std::sync::Once::new();
        PROVIDER.call_once(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        #[expect(clippy::disallowed_methods, reason = "these tests use none of our crates, and follow no redirects")]
        let builder = reqwest::Client::builder();
        let client = builder.redirect(reqwest::redirect::Policy::none()).timeout(Duration::from_mins(1)).no_proxy();
        Self { client: client.build().unwrap(), base: base.parse().unwrap(), described: true }
    }

    /// A client of something that is no surface: the listener for health and metrics.
    pub fn of_admin(base: &str) -> Self {
        Self { described: false, ..Self::new(base) }
    }

    pub fn ask(&self, method: Method, path: &str) -> Ask {
        let url = self.base.join(path).unwrap();
        let (client, described) = (self.client.clone(), self.described);
        Ask { client, method, url, headers: HeaderMap::new(), body: None, described }
    }

    pub fn get(&self, path: &str) -> Ask {
        self.ask(Method::GET, path)
    }

    pub fn post(&self, path: &str) -> Ask {
        self.ask(Method::POST, path)
    }
}

/// A request being put together.
#[derive(Clone)]
#[must_use]
pub struct Ask {
    client: reqwest::Client,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<String>,
    described: bool,
}

impl Ask {
    pub fn query(mut self, name: &str, value: impl Display) -> Self {
        self.url.query_pairs_mut().append_pair(name, &value.to_string());
        self
    }

    pub fn header(mut self, name: &str, value: impl Display) -> Self {
        let value = HeaderValue::from_str(&value.to_string()).unwrap();
        self.headers.append(name.parse::<HeaderName>().unwrap(), value);
        self
    }

    pub fn bearer(self, token: impl Display) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    pub fn key(self, key: impl Display) -> Self {
        self.header("idempotency-key", key)
    }

    /// A JSON body under its own content type.
    pub fn json(self, body: &Value) -> Self {
        self.raw("application/json", body.to_string())
    }

    /// Another JSON body under the same headers.
    pub fn json_body(mut self, body: &Value) -> Self {
        self.body = Some(body.to_string());
        self
    }

    /// A body under any content type; an empty one sends no such header.
    pub fn raw(mut self, content_type: &str, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        if content_type.is_empty() { self } else { self.header("content-type", content_type) }
    }

    /// The answer as it comes.
    pub async fn stream(self) -> Result<reqwest::Response, reqwest::Error> {
        self.client.request(self.method, self.url).headers(self.headers).send().await
    }

    /// For a client of another kind.
    pub fn parts(&self) -> (&Url, &HeaderMap) {
        (&self.url, &self.headers)
    }

    pub async fn try_send(self) -> Result<Reply, reqwest::Error> {
        let line = format!("{} {}", self.method, self.url);
        let (method, path, described) = (self.method.clone(), self.url.path().to_owned(), self.described);
        let request = self.client.request(self.method, self.url).headers(self.headers);
        let answer = match self.body {
            Some(body) => request.body(body),
            None => request,
        };
        let answer = answer.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let reply = Reply { line, status, headers, body: answer.text().await? };
        // Every answer of every test is held against the surface's document.
        if described {
            let held = documents::check(&method, &path, &reply);
            held.unwrap_or_else(|why| panic!("{} {status}: {why}\n{}", reply.line, reply.body));
        }
        Ok(reply)
    }

    pub async fn send(self) -> Reply {
        let line = format!("{} {}", self.method, self.url);
        self.try_send().await.unwrap_or_else(|e| panic!("{line}: {e:?}"))
    }
}

/// A whole answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The request's method and URL.
    pub line: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Reply {
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.line, self.body);
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|e| panic!("{} {}: {e}: {:?}", self.line, self.status, self.body))
    }

    /// The JSON of a 200.
    #[track_caller]
    pub fn ok(self) -> Value {
        self.expect(200).json()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A status and nothing else: how VoIPBin refuses.
    #[track_caller]
    pub fn expect_empty(&self, status: u16) {
        assert_eq!((self.status, self.body.as_str()), (status, ""), "{}", self.line);
    }
}
