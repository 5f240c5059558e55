//! Metrics: what runs shows what `docs/operations.md` lists and nothing else; dashboards and alerts ask for nothing that is not
//! there, and every alert has its runbook.

mod promql;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::*;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn json_files(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|ending| ending == "json")).collect()
}

/// A metric as the table lists it.
#[derive(Debug, PartialEq, Eq, Clone)]
struct Metric {
    kind: String,
    labels: BTreeSet<String>,
}

/// The table of `docs/operations.md`.
fn documented() -> BTreeMap<String, Metric> {
    let page = text("docs/operations.md");
    let table = page.split("## Metrics").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let labels = cells[2].split(", ").map(|label| label.trim_matches('`').to_owned());
        let labels = labels.filter(|label| label != "–").collect();
        (cells[0].trim_matches('`').to_owned(), Metric { kind: cells[1].to_owned(), labels })
    })
    .collect()
}

/// What a process shows, added to `found`.
async fn scrape(admin: &str, found: &mut BTreeMap<String, Metric>) {
    let shown = Http::of_admin(admin).get("/metrics").send().await.expect(200).body;
    for (name, kind) in shown.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' ')) {
        let seen = || Metric { kind: kind.to_owned(), labels: BTreeSet::new() };
        let metric = found.entry(name.to_owned()).or_insert_with(seen);
        assert_eq!(metric.kind, kind, "{name} is of one kind");
        let endings = ["", "_bucket", "_sum", "_count"].map(|ending| format!("{name}{ending}"));
        for line in shown.lines().filter(|line| !line.starts_with('#')) {
            let (series, _) = line.rsplit_once(' ').unwrap_or_default();
            let (of, labels) = series.split_once('{').unwrap_or((series, ""));
            if endings.iter().any(|ending| ending == of) {
                metric.labels.extend(promql::labels(labels).filter(|label| label != "le"));
            }
        }
    }
}

/// The admin listeners of a split stack.
fn admins(stack: &Deployment) -> Vec<String> {
    let plan = std::fs::read_to_string(stack.dir.as_ref().unwrap().join("stack.json")).unwrap();
    let plan: Value = serde_json::from_str(&plan).unwrap();
    let parts = plan["parts"].as_array().unwrap();
    parts.iter().map(|part| format!("http://{}", part["admin"].as_str().unwrap())).collect()
}

/// Something of everything: calls, messages, a bot that fails once, a login that fails, a mail.
async fn drive(t: &Tenant) {
    let hook = Hook::start().await;
    let sales = t.department("Sales", Some(&hook), &[]).await;
    let hash = t.zenvia().start(sales.number, json!({})).await;
    hook.at(0).await;
    hook.then([Reaction::status(500)]);
    t.zenvia().say(&hash, "hello").await;
    hook.at(2).await;
    t.http.get("/nowhere").send().await;
}

async fn shown_by(admins: &[String]) -> BTreeMap<String, Metric> {
    let mut found = BTreeMap::new();
    for admin in admins {
        scrape(admin, &mut found).await;
    }
    found
}

/// Both deployments together show all that is listed, as it is listed, and nothing else.
#[test]
fn the_table_and_what_runs_agree() {
    run("split", |t| async move {
        // Traces are off elsewhere, and so are their counters.
        let collector = Hook::start().await;
        let alone = Parlance::start(
            &home().join("metrics"),
            &Options {
                env: vec![
                    ("PARLANCE__EGRESS__ALLOW", "127.0.0.1/32".to_owned()),
                    ("PARLANCE__TELEMETRY__OTLP_URL", collector.url.clone()),
                ],
                ..Options::default()
            },
        );
        let alone = alone.unwrap_or_else(|e| panic!("{e:#}"));
        let deployment: &'static Deployment = Box::leak(Box::new(Deployment::of(&alone)));
        drive(&t).await;
        drive(&Tenant::new(deployment).await).await;
        let listed = documented();
        assert!(listed.len() > 30, "the table is read: {listed:?}");

        let mut everywhere = admins(t.stack);
        everywhere.push(alone.credentials()["admin_url"].as_str().unwrap().to_owned());
        // What waits is looked up every ten seconds, and labels come with what happens.
        let missing = |found: &BTreeMap<String, Metric>| -> Vec<String> {
            listed
                .iter()
                .filter(|(name, metric)| found.get(*name) != Some(metric))
                .map(|(name, _)| name.clone())
                .collect()
        };
        let deadline = Instant::now() + Duration::from_secs(30);
        let (found, last) = loop {
            let found = shown_by(&everywhere).await;
            let last = missing(&found);
            if last.is_empty() || Instant::now() > deadline {
                break (found, last);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        };
        let differ: Vec<_> = last.iter().map(|name| (name, &listed[name], found.get(name))).collect();
        assert!(differ.is_empty(), "listed, and not shown like that: {differ:#?}");
        let unlisted: Vec<_> = found.keys().filter(|name| !listed.contains_key(*name)).collect();
        assert!(unlisted.is_empty(), "shown, and not listed in docs/operations.md: {unlisted:?}");
    });
}

/// Whether `series` is a series of a listed metric; Prometheus makes `up` itself.
fn is_listed(series: &str, listed: &BTreeMap<String, Metric>) -> bool {
    if series == "up" {
        return true;
    }
    let histogram = ["_bucket", "_sum", "_count"].iter().find_map(|ending| series.strip_suffix(ending));
    let of_histogram = histogram.and_then(|name| listed.get(name)).is_some_and(|metric| metric.kind == "histogram");
    of_histogram || listed.get(series).is_some_and(|metric| metric.kind != "histogram")
}

#[test]
fn dashboards_ask_for_what_there_is() {
    let listed = documented();
    let boards = json_files("deploy/grafana/dashboards");
    let mut asked = BTreeSet::new();
    for board in &boards {
        let read: Value = serde_json::from_str(&std::fs::read_to_string(board).unwrap()).unwrap();
        for panel in read["panels"].as_array().unwrap() {
            let targets = panel["targets"].as_array().unwrap();
            assert!(!targets.is_empty(), "{}: {}", board.display(), panel["title"]);
            for target in targets {
                let series = promql::series(target["expr"].as_str().unwrap());
                assert!(!series.is_empty(), "{target}");
                asked.extend(series);
            }
        }
    }
    let names: BTreeSet<_> = boards.iter().map(|board| board.file_stem().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["broker", "deliveries", "messages", "overview"].into());
    let unknown: Vec<_> = asked.iter().filter(|series| !is_listed(series, &listed)).collect();
    assert!(unknown.is_empty(), "no such metric: {unknown:?}");
}

/// The heading of a page as GitHub links to it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[test]
fn alerts_ask_for_what_there_is_and_have_runbooks() {
    let (listed, page, rules) = (documented(), text("docs/operations.md"), text("deploy/prometheus/alerts.yml"));
    let anchors: BTreeSet<String> =
        page.lines().filter(|line| line.starts_with('#')).map(|line| anchor(line.trim_start_matches('#'))).collect();
    let values = |key: &'static str| {
        let of = move |line: &str| line.trim_start_matches([' ', '-']).strip_prefix(key).map(|v| v.trim().to_owned());
        rules.lines().filter_map(of).collect::<Vec<String>>()
    };
    let (alerts, exprs, books) = (values("alert:"), values("expr:"), values("runbook_url:"));
    assert!(alerts.len() >= 15, "the rules are read: {alerts:?}");
    assert_eq!((alerts.len(), alerts.len()), (exprs.len(), books.len()), "each has an expression and a runbook");
    for ((alert, expr), book) in alerts.iter().zip(&exprs).zip(&books) {
        let expr = expr.strip_prefix('\'').and_then(|e| e.strip_suffix('\'')).unwrap_or_else(|| panic!("quote {expr}"));
        let series = promql::series(expr);
        assert!(!series.is_empty(), "{alert}: {expr}");
        for series in series {
            assert!(is_listed(&series, &listed), "{alert} asks for {series}, which there is not");
        }
        let named = book.strip_prefix("docs/operations.md#").unwrap_or_else(|| panic!("{alert}: {book}"));
        assert!(anchors.contains(named), "{alert}: there is no {book}");
        assert!(page.contains(&format!("`{expr}`")), "{alert}: docs/operations.md has another expression");
    }
    let described = page.split("## Alerts").nth(1).unwrap().lines().filter(|line| line.starts_with("### ")).count();
    assert_eq!(described, alerts.len(), "a runbook for each alert, and no other");
}
