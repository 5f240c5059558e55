//! Commands that speak to a running instance over HTTP.

use std::time::Duration;

use anyhow::{Context as _, bail};
use runtime::http_client::{Timeouts, peer_client};
use serde_json::Value;

/// A running instance, as its root.
pub struct Remote {
    http: reqwest::Client,
    base: String,
    root_token: String,
    lasting_admin_url: Option<String>,
}

impl Remote {
    /// `base`: its URL.
    ///
    /// # Errors
    /// A client that cannot be built.
    pub fn new(base: &str, root_token: String) -> anyhow::Result<Self> {
        runtime::http_client::install_crypto();
        let http = peer_client(Timeouts { connect: Duration::from_secs(5), total: Duration::from_secs(30) })?;
        Ok(Self { http, base: base.trim_end_matches('/').to_owned(), root_token, lasting_admin_url: None })
    }

    /// Says that the instance was started for one command, and where its admin listener is when it serves.
    pub fn for_a_moment(self, admin_url: String) -> Self {
        Self { lasting_admin_url: Some(admin_url), ..self }
    }

    /// Where the admin listener is when the instance serves, if the one it has now is for a moment.
    pub fn lasting_admin_url(&self) -> Option<&str> {
        self.lasting_admin_url.as_deref()
    }

    /// `GET`s JSON.
    ///
    /// # Errors
    /// No answer, or a refusal.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.answer(self.http.get(format!("{}{path}", self.base))).await
    }

    /// `POST`s JSON.
    ///
    /// # Errors
    /// No answer, or a refusal.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.answer(self.http.post(format!("{}{path}", self.base)).json(body)).await
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> anyhow::Result<Value> {
        let answer = request.bearer_auth(&self.root_token).send().await;
        let answer = answer.with_context(|| format!("no answer from {}", self.base))?;
        let status = answer.status();
        let body: Value = answer.json().await.with_context(|| format!("{status}, not in JSON"))?;
        if !status.is_success() {
            bail!("{}", body["error"]["message"].as_str().unwrap_or(status.as_str()));
        }
        Ok(body)
    }
}
