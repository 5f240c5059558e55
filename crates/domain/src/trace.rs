//! The W3C trace context of the request that is being served, so that calls, events and logs of it belong together.
//!
//! It travels as a task-local: set where a request or an event enters, read where one leaves.

use std::fmt::Arguments;
use std::future::Future;

use tracing::{Level, Span, span_enabled, trace_span};

/// The target of the spans that are steps of a trace; whoever exports traces listens to it. Nobody else does: its level is the lowest.
pub const STEPS: &str = "trace.step";

tokio::task_local! {
    static TRACEPARENT: String;
}

/// Runs `work` with `traceparent` as its trace context.
pub async fn with<F: Future>(traceparent: String, work: F) -> F::Output {
    TRACEPARENT.scope(traceparent, work).await
}

/// The `traceparent` of what runs now, if any.
pub fn current() -> Option<String> {
    TRACEPARENT.try_with(Clone::clone).ok()
}

/// Continues the caller's trace, or starts one when `header` is missing or malformed.
pub fn entering(header: Option<&str>) -> String {
    header.filter(|h| is_traceparent(h)).map_or_else(start, ToOwned::to_owned)
}

/// A step of a trace that takes time. It ends when this is dropped.
#[derive(Debug)]
pub struct Step {
    span: Span,
    context: String,
}

/// Whether a step is a call's, its answer's, a message's or none of these; OpenTelemetry's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepKind {
    /// A call is made.
    Client,
    /// An event is sent.
    Producer,
    /// An event is applied.
    Consumer,
}

impl StepKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Producer => "producer",
            Self::Consumer => "consumer",
        }
    }
}

impl Step {
    /// Begins a step of the trace that `parent` is in; `None` while nobody collects traces, or not this one. `name`: one of few;
    /// `about`: what exactly.
    pub fn begin(kind: StepKind, name: &'static str, about: Arguments<'_>, parent: Option<&str>) -> Option<Self> {
        if !span_enabled!(target: STEPS, Level::TRACE) {
            return None;
        }
        let parent = parent.filter(|parent| is_traceparent(parent) && parent.ends_with('1'))?;
        let context = format!("{}-{:016x}-01", &parent[..35], rand::random::<u64>() | 1);
        let (kind, about) = (kind.as_str(), about.to_string());
        let span = trace_span!(target: STEPS, parent: None, "step", name, kind, about = about.as_str(), parent,
            context = context.as_str(), failed = tracing::field::Empty);
        Some(Self { span, context })
    }

    /// The `traceparent` of what this step causes.
    pub fn context(&self) -> &str {
        &self.context
    }

    /// Says that it failed.
    pub fn failed(&self, why: &str) {
        self.span.record("failed", why);
    }
}

fn start() -> String {
    let [trace, span]: [u64; 2] = [rand::random(), rand::random()];
    format!("00-{trace:016x}{span:016x}-{:016x}-01", rand::random::<u64>() | 1)
}

fn is_traceparent(h: &str) -> bool {
    let parts: Vec<&str> = h.split('-').collect();
    let hex = |s: &str, n: usize| s.len() == n && s.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    matches!(parts.as_slice(), [version, trace, span, flags]
        if hex(version, 2) && hex(trace, 32) && hex(span, 16) && hex(flags, 2) && trace.bytes().any(|b| b != b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_callers_trace_goes_on() {
        let theirs = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert_eq!(with(entering(Some(theirs)), async { current() }).await.as_deref(), Some(theirs));
        assert_eq!(current(), None);
    }

    #[test]
    fn a_malformed_trace_is_replaced_by_a_new_one() {
        for bad in [None, Some("x"), Some("00-00000000000000000000000000000000-b7ad6b7169203331-01")] {
            assert!(is_traceparent(&entering(bad)));
        }
    }
}
