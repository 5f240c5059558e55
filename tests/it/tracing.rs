//! One trace from the client's request over the broker to the bot, and from the bot's answer on, as a collector sees it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::faults::OwnStack;
use crate::harness::*;

const CLIENT: &str = "00f067aa0ba902b7";

fn settings(collector: &Hook) -> [(&'static str, String); 2] {
    [("PARLANCE__TELEMETRY__OTLP_URL", collector.url.clone()), ("PARLANCE__EGRESS__ALLOW", "127.0.0.1/32".to_owned())]
}

/// A span, with what is looked at.
#[derive(Debug, Clone)]
struct Span {
    service: String,
    name: String,
    about: String,
    trace: String,
    parent: String,
}

/// Every span that was collected, by its id.
fn spans(collector: &Hook) -> BTreeMap<String, Span> {
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{value}")).to_owned();
    let mut all = BTreeMap::new();
    for posted in collector.bodies() {
        for resource in posted["resourceSpans"].as_array().unwrap() {
            let service = &resource["resource"]["attributes"][0];
            assert_eq!(service["key"], "service.name");
            for span in resource["scopeSpans"][0]["spans"].as_array().unwrap() {
                let about = text(&span["attributes"][0]["value"]["stringValue"]);
                let (name, trace, parent) = (text(&span["name"]), text(&span["traceId"]), text(&span["parentSpanId"]));
                let service = text(&service["value"]["stringValue"]);
                all.insert(text(&span["spanId"]), Span { service, name, about, trace, parent });
            }
        }
    }
    all
}

/// The steps that led to `id`, itself first, up to the client's; `None` while one is missing.
fn chain(all: &BTreeMap<String, Span>, id: &str, until: &str) -> Option<Vec<Span>> {
    let mut steps = Vec::new();
    let mut at = id.to_owned();
    while at != until {
        let span = all.get(&at)?;
        steps.push(span.clone());
        at.clone_from(&span.parent);
    }
    Some(steps)
}

/// Posts as a customer, answers as the bot, and reads what the collector was told; the steps from the delivery back to the client.
async fn told(t: &Tenant, collector: &Hook) -> Vec<Span> {
    let trace = format!("{:032x}", rand::random::<u128>() | 1);
    let bot = Hook::start().await;
    let sales = t.department("Sales", Some(&bot), &[]).await;
    let hash = t.zenvia().start(sales.number, json!({})).await;
    bot.at(0).await;
    let said = t.zenvia().customer(&hash, "messages", &json!({ "content": "hello" }));
    said.header("traceparent", format!("00-{trace}-{CLIENT}-01")).send().await.expect(200);
    let heard = bot.until(|told| told["content"] == "hello").await;
    let context = heard.header("traceparent").to_owned();
    let parts: Vec<&str> = context.split('-').collect();
    assert_eq!((parts[1], parts[3]), (trace.as_str(), "01"), "the same trace, collected");
    let delivery = parts[2].to_owned();
    assert_ne!(delivery, CLIENT);

    let answer = json!({ "content": "hi" });
    t.zenvia().bot(&hash, "message", &answer).header("traceparent", &context).send().await.expect(200);

    let (steps, all) = eventually("the collector has all of it", || async {
        let all = spans(collector);
        let steps = chain(&all, &delivery, CLIENT)?;
        let answered = all.values().any(|span| span.name == "request" && span.parent == delivery);
        answered.then_some((steps, all))
    })
    .await;
    assert!(steps.iter().all(|span| span.trace == trace), "{steps:#?}");
    let published = all.values().filter(|span| span.trace == trace && span.about.contains("message.posted")).count();
    assert!(published >= 2, "both messages are in the trace: {all:#?}");
    steps
}

fn names(steps: &[Span]) -> Vec<String> {
    steps.iter().map(|span| format!("{} {}", span.service, span.name)).collect()
}

#[test]
fn over_the_broker() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let collector = runtime.block_on(Hook::start());
    let told_it = settings(&collector);
    let told_it: Vec<(&str, &str)> = told_it.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let stack = OwnStack::up_with("tracing", "1", &told_it);
    let deployment: &'static Deployment = Box::leak(Box::new(at(stack.dir().to_owned()).unwrap()));
    let steps = runtime.block_on(async { told(&Tenant::new(deployment).await, &collector).await });
    let names = names(&steps);
    assert_eq!(names[..3], ["bots deliver", "bots consume", "messages publish"], "{steps:#?}");
    assert_eq!(names[3], "messages request", "{steps:#?}");
    assert_eq!(names.last().unwrap(), "gateway request", "{steps:#?}");
    assert!(
        names[4..names.len() - 1].iter().all(|name| name.ends_with("call") || name.ends_with("request")),
        "{steps:#?}"
    );
    assert_eq!(steps[1].about, "bots message.posted");
    assert!(steps.last().unwrap().about.contains("/core/api/v1/interactions/"), "{steps:#?}");
}

#[test]
fn in_one_process() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let collector = runtime.block_on(Hook::start());
    let options = Options { env: settings(&collector).into(), ..Options::default() };
    let process = Parlance::start(&home().join("tracing-alone"), &options).unwrap_or_else(|e| panic!("{e:#}"));
    let deployment: &'static Deployment = Box::leak(Box::new(Deployment::of(&process)));
    let steps = runtime.block_on(async { told(&Tenant::new(deployment).await, &collector).await });
    assert_eq!(names(&steps), ["parlance deliver", "parlance consume", "parlance request"], "{steps:#?}");
}
