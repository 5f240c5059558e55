//! One call to an endpoint.

use std::time::Instant;

use domain::trace::{Step, StepKind};
use domain::{Clock, Timestamp};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderName, RETRY_AFTER};
use runtime::http_client::{EGRESS_BODY_CAP, EgressClient, is_egress_refused, read_capped};

use super::known::Endpoint;
use super::outcome::{Met, retry_after};
use super::sign::signature;
use crate::store::lanes::{Head, Tried};

/// Of an answer this much is kept. Bytes.
const KEPT: usize = 1024;

/// Standard Webhooks 1.0.0.
const ID: HeaderName = HeaderName::from_static("webhook-id");
/// See [`ID`].
const TIMESTAMP: HeaderName = HeaderName::from_static("webhook-timestamp");
/// See [`ID`].
const SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");
/// W3C trace context: one trace from the client to the receiver.
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Calls endpoints.
#[derive(Clone)]
pub struct Sender {
    client: EgressClient,
    clock: Clock,
}

/// What came of a call.
#[derive(Debug)]
pub struct Called {
    /// What it met.
    pub met: Met,
    /// The same, to be written down.
    pub tried: Tried,
}

impl Sender {
    /// Over the client for everything that goes out.
    pub const fn new(client: EgressClient, clock: Clock) -> Self {
        Self { client, clock }
    }

    /// Posts a delivery. Bounded in time, and in what is read, by the client.
    pub async fn post(&self, endpoint: &Endpoint, head: &mut Head) -> Called {
        let at = self.clock.now();
        let began = Instant::now();
        let (met, response) = match self.call(endpoint, head, at).await {
            Ok((met, response)) => (met, response),
            Err(word) => (Met::Failed(word), None),
        };
        let (status, error) = match &met {
            Met::Answer { status, .. } => (Some(i64::from(*status)), None),
            Met::Failed(word) => (None, Some((*word).to_owned())),
        };
        let duration_ms = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        metrics::histogram!("bots_call_seconds").record(began.elapsed().as_secs_f64());
        Called { met, tried: Tried { at, status, duration_ms, error, response } }
    }

    async fn call(
        &self,
        endpoint: &Endpoint,
        head: &mut Head,
        at: Timestamp,
    ) -> Result<(Met, Option<String>), &'static str> {
        let now_s = at.micros() / 1_000_000;
        let body = std::mem::take(&mut head.body);
        let signed = signature(&endpoint.secrets(at), &head.webhook_id, now_s, body.as_bytes());
        let mut request = self
            .client
            .request(Method::POST, &endpoint.url)
            .map_err(|_| "egress_refused")?
            .header(CONTENT_TYPE, "application/json")
            .header(ID, &head.webhook_id)
            .header(TIMESTAMP, now_s);
        if let Some(signed) = signed {
            request = request.header(SIGNATURE, signed);
        }
        let parent = head.trace.as_deref();
        let step = Step::begin(StepKind::Client, "deliver", format_args!("{}", head.event), parent);
        if let Some(trace) = step.as_ref().map(Step::context).or(parent) {
            request = request.header(TRACEPARENT, trace);
        }
        let failed = |error: reqwest::Error| {
            let word = word(&error);
            if let Some(step) = &step {
                step.failed(word);
            }
            word
        };
        let answer = request.body(body).send().await.map_err(failed)?;
        let status = answer.status().as_u16();
        let asked = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let met = Met::Answer { status, retry_after_s: asked.and_then(|asked| retry_after(asked, now_s)) };
        // Read even when it does not matter, so that the connection can be used again.
        let read = read_capped(answer, EGRESS_BODY_CAP).await.map_err(failed)?;
        Ok((met, beginning(&read.body)))
    }
}

/// Why there was no answer, or no whole one.
fn word(error: &reqwest::Error) -> &'static str {
    if is_egress_refused(error) {
        "egress_refused"
    } else if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "connect"
    } else {
        "broken_off"
    }
}

/// The first KiB as a text that either engine takes; `None` when there is nothing.
fn beginning(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&body[..body.len().min(KEPT)]).replace('\0', "\u{fffd}");
    let mut end = text.len().min(KEPT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (end > 0).then(|| text[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_answer_a_kib_of_text_is_kept() {
        assert_eq!(beginning(b""), None);
        assert_eq!(beginning(b"ok").as_deref(), Some("ok"));
        assert_eq!(beginning(&[b'x'; 5000]).map(|text| text.len()), Some(KEPT));
        assert_eq!(beginning(b"a\0b").as_deref(), Some("a\u{fffd}b"));
        assert!(beginning(&[0xff; 5000]).unwrap().len() <= KEPT);
    }
}
