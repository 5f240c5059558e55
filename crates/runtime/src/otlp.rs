//! Traces for a collector: the steps of traces, as OpenTelemetry's protocol has them over HTTP in JSON.
//!
//! Who takes a step makes a span of the target [`STEPS`] whose fields name it: `name`, `kind`, `about`, `parent` and `context` (both
//! `traceparent`s). [`Steps`] makes records of them, [`Exporter`] posts these in batches. Tracing holds nothing up: what does not fit
//! into the queue, or is not taken, is counted and dropped.

mod record;

use std::time::Duration;

use metrics::counter;
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::{Id, Level, Metadata, Subscriber, span};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use crate::http_client::{Timeouts, peer_client};
use record::Record;

/// The target of the spans that are steps of a trace; the same as in `domain::trace`, which this crate does not know.
pub const STEPS: &str = "trace.step";

/// Steps that wait to be posted, at most.
const QUEUE: usize = 16_384;
/// Steps in one post, at most.
const BATCH: usize = 512;
/// How long steps are gathered for a post.
const GATHER: Duration = Duration::from_millis(500);
/// What a post may take.
const POST: Timeouts = Timeouts { connect: Duration::from_secs(2), total: Duration::from_secs(5) };

/// Makes records of steps that ended.
pub struct Steps(mpsc::Sender<Record>);

/// Posts records to a collector.
pub struct Exporter {
    url: String,
    records: mpsc::Receiver<Record>,
}

/// Both ends, for the collector at `url`.
pub fn open(url: &str) -> (Steps, Exporter) {
    let (send, records) = mpsc::channel(QUEUE);
    (Steps(send), Exporter { url: url.to_owned(), records })
}

/// Whether a span is a step.
pub fn is_step(of: &Metadata<'_>) -> bool {
    of.target() == STEPS && *of.level() == Level::TRACE
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Steps {
    fn on_new_span(&self, fields: &span::Attributes<'_>, id: &Id, cx: Context<'_, S>) {
        if let (Some(span), Some(record)) = (cx.span(id), Record::begun(fields)) {
            span.extensions_mut().insert(record);
        }
    }

    fn on_record(&self, id: &Id, values: &span::Record<'_>, cx: Context<'_, S>) {
        let Some(span) = cx.span(id) else { return };
        if let Some(record) = span.extensions_mut().get_mut::<Record>() {
            values.record(record);
        }
    }

    fn on_close(&self, id: Id, cx: Context<'_, S>) {
        let Some(record) = cx.span(&id).and_then(|span| span.extensions_mut().remove::<Record>()) else { return };
        if self.0.try_send(record.ended()).is_err() {
            counter!("otlp_spans_dropped_total").increment(1);
        }
    }
}

impl Exporter {
    /// Posts what comes, as the process `name`, until `stop`; then what is left.
    pub async fn run(mut self, name: &'static str, stop: CancellationToken) {
        let client = match peer_client(POST) {
            Ok(client) => client,
            Err(error) => return tracing::error!(error = %error, "traces cannot be exported"),
        };
        counter!("otlp_spans_sent_total").increment(0);
        counter!("otlp_spans_dropped_total").increment(0);
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let stopped = tokio::select! {
                got = self.records.recv_many(&mut batch, BATCH) => got == 0,
                () = stop.cancelled() => true,
            };
            if stopped {
                break;
            }
            if batch.len() < BATCH {
                let _ = stop.run_until_cancelled(tokio::time::sleep(GATHER)).await;
                while batch.len() < BATCH
                    && let Ok(record) = self.records.try_recv()
                {
                    batch.push(record);
                }
            }
            self.post(&client, name, &mut batch).await;
        }
        while let Ok(record) = self.records.try_recv() {
            batch.push(record);
        }
        if !batch.is_empty() {
            self.post(&client, name, &mut batch).await;
        }
    }

    async fn post(&self, client: &Client, name: &'static str, batch: &mut Vec<Record>) {
        let spans: Vec<Value> = batch.iter().map(Record::json).collect();
        let count = u64::try_from(batch.len()).unwrap_or(u64::MAX);
        batch.clear();
        let request = client.post(&self.url).header(CONTENT_TYPE, "application/json");
        let answer = request.body(document(name, &spans).to_string()).send().await;
        let refused = match answer {
            Ok(answer) if answer.status().is_success() => {
                counter!("otlp_spans_sent_total").increment(count);
                return;
            }
            Ok(answer) => answer.status().to_string(),
            Err(error) => error.to_string(),
        };
        counter!("otlp_spans_dropped_total").increment(count);
        tracing::warn!(why = refused, spans = count, "the collector of traces did not take steps; they are dropped");
    }
}

/// `ExportTraceServiceRequest`.
fn document(name: &str, spans: &[Value]) -> Value {
    json!({"resourceSpans": [{
        "resource": {"attributes": [
            {"key": "service.name", "value": {"stringValue": name}},
            {"key": "service.namespace", "value": {"stringValue": "parlance"}},
            {"key": "service.version", "value": {"stringValue": env!("CARGO_PKG_VERSION")}},
        ]},
        "scopeSpans": [{"scope": {"name": "parlance"}, "spans": spans}],
    }]})
}

#[cfg(test)]
mod tests;
