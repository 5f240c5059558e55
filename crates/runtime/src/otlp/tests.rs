use tracing::{Level, trace_span};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;

use super::*;

const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const CONTEXT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b8-01";

fn step(context: &str) {
    let span = trace_span!(target: STEPS, parent: None, "step", name = "call", kind = "client", about = "a/b", parent = PARENT,
        context, status = tracing::field::Empty);
    span.record("status", 503_u16);
}

#[test]
fn a_step_that_ended_is_told_as_a_span() {
    let (steps, mut exporter) = open("http://127.0.0.1:1/v1/traces");
    let subscriber = tracing_subscriber::registry().with(steps.with_filter(filter_fn(is_step)));
    tracing::subscriber::with_default(subscriber, || {
        assert!(!tracing::span_enabled!(target: "other", Level::ERROR));
        step(&CONTEXT.replace("-01", "-00"));
        step(CONTEXT);
    });
    let told = exporter.records.try_recv().unwrap().json();
    assert!(exporter.records.try_recv().is_err(), "the first one is not sampled");
    assert_eq!(told["traceId"], "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!((&told["spanId"], &told["parentSpanId"]), (&json!("00f067aa0ba902b8"), &json!("00f067aa0ba902b7")));
    assert_eq!((&told["kind"], &told["status"]["code"]), (&json!(3), &json!(2)));
    let nanos = |key: &str| told[key].as_str().unwrap().parse::<u128>().unwrap();
    assert!(nanos("endTimeUnixNano") >= nanos("startTimeUnixNano"));
    assert_eq!(document("chats", &[told])["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["name"], "call");
}
