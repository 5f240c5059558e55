//! The OpenAPI documents, and what they say about an answer.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use reqwest::Method;
use serde_json::Value;

use super::http::Reply;

/// What comes over streams and is no event.
const OF_STREAMS: [&str; 4] = ["stream.opened", "stream.closed", "stream.quiet", "error"];

static ALL: LazyLock<Documents> = LazyLock::new(Documents::load);

/// Every surface's document.
struct Documents {
    documents: Vec<Document>,
    schemas: Schemas,
}

/// One surface's.
struct Document {
    name: String,
    /// As it was read.
    whole: Value,
    prefixes: Vec<String>,
    paths: Vec<Served>,
    /// What a path without calls, and a method a path does not have, are answered.
    elsewhere: BTreeMap<u16, Said>,
    events: BTreeMap<String, SchemaIndex>,
}

/// A path with its calls.
struct Served {
    template: String,
    by_method: BTreeMap<String, BTreeMap<u16, Said>>,
}

/// What an answer of one status is.
#[derive(Default)]
struct Said {
    /// By media type.
    bodies: BTreeMap<String, SchemaIndex>,
    maybe_empty: bool,
    headers: Vec<String>,
}

/// A described call.
#[derive(Debug, Clone)]
pub struct Call {
    /// The document it is in.
    pub document: String,
    pub method: Method,
    /// With `{name}` for its parts.
    pub path: String,
    /// Its description.
    pub operation: Value,
    whole: &'static Value,
}

impl Call {
    /// The names of the credentials that open it: any of these sets.
    pub fn schemes(&self) -> Vec<Vec<String>> {
        let sets = self.operation["security"].as_array().cloned().unwrap_or_default();
        sets.iter().map(|set| set.as_object().unwrap().keys().cloned().collect()).collect()
    }

    /// Whose credential it must be; empty: anybody's.
    pub fn roles(&self) -> Vec<&str> {
        self.operation["x-roles"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// Whether its answer lasts, or waits.
    pub fn lasts(&self) -> bool {
        self.operation["x-lasting"] == true
    }

    /// Its parameters in `place` (`path`, `query`).
    pub fn parameters(&self, place: &str) -> Vec<(String, Value)> {
        let all = self.operation["parameters"].as_array().into_iter().flatten();
        let resolved = all.map(|parameter| self.resolved(parameter)).filter(|parameter| parameter["in"] == place);
        resolved.map(|p| (p["name"].as_str().unwrap().to_owned(), self.resolved(&p["schema"]))).collect()
    }

    /// The names of those that must be there.
    pub fn parameters_needed(&self, place: &str) -> Vec<String> {
        let all = self.operation["parameters"].as_array().into_iter().flatten().map(|p| self.resolved(p));
        let needed = all.filter(|p| p["in"] == place && p["required"] == true);
        needed.map(|p| p["name"].as_str().unwrap().to_owned()).collect()
    }

    /// The schema of its JSON body.
    pub fn body(&self) -> Option<Value> {
        let schema = self.operation.pointer("/requestBody/content/application~1json/schema")?;
        Some(self.resolved(schema))
    }

    /// What a reference leads to.
    pub fn resolved(&self, schema: &Value) -> Value {
        match schema["$ref"].as_str() {
            Some(reference) => self.resolved(self.whole.pointer(&reference[1..]).expect("it leads somewhere")),
            None => schema.clone(),
        }
    }
}

/// Every call of every document.
pub fn calls() -> Vec<Call> {
    let mut all = Vec::new();
    for document in &ALL.documents {
        for (path, item) in document.whole["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                all.push(Call {
                    document: document.name.clone(),
                    method: method.to_uppercase().parse().unwrap(),
                    path: path.clone(),
                    operation: operation.clone(),
                    whole: &document.whole,
                });
            }
        }
    }
    all
}

/// Holds an answer against the document of the surface whose path this is.
pub fn check(method: &Method, path: &str, reply: &Reply) -> Result<(), String> {
    let (status, preflight) = (reply.status, reply.header("access-control-allow-methods").is_some());
    if *method == Method::OPTIONS && preflight {
        return if reply.body.is_empty() { Ok(()) } else { Err("a preflight has a body".to_owned()) };
    }
    let document = ALL.of(path);
    let method = if *method == Method::HEAD { "get" } else { &method.as_str().to_lowercase() };
    let headless = reply.line.starts_with("HEAD ");
    let served = document.served(path);
    let said = match served.and_then(|served| served.by_method.get(method)) {
        Some(answers) => answers.get(&status),
        None => document.elsewhere.get(&status),
    };
    let said = said.ok_or_else(|| format!("{}.json does not know this status here", document.name))?;
    said.check(reply, headless, &ALL.schemas)
}

/// Holds an event against the document: what native streams tell.
pub fn check_event(name: &str, data: &Value) {
    if !OF_STREAMS.contains(&name) {
        ALL.event("operator", name, data);
    }
}

/// Holds a frame of a WebSocket against the documents: VoIPBin's say `type` and `data`, ours `event` and `data`.
pub fn check_frame(frame: &Value) {
    match (frame["event"].as_str(), frame["type"].as_str()) {
        (Some(name), _) => check_event(name, &frame["data"]),
        (None, Some(name)) if frame.get("data").is_some() => ALL.event("voipbin", name, frame),
        _ => {}
    }
}

impl Documents {
    fn load() -> Self {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/openapi");
        let mut files: Vec<_> = std::fs::read_dir(&dir).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        let mut compiler = Compiler::new();
        compiler.set_default_draft(Draft::V2020_12);
        compiler.enable_format_assertions();
        let mut schemas = Schemas::new();
        let documents = files.iter().map(|file| Document::load(file, &mut compiler, &mut schemas)).collect();
        Self { documents, schemas }
    }

    /// The document whose prefix matches in whole segments; the longest wins, the operator's takes the rest.
    fn of(&self, path: &str) -> &Document {
        let covers =
            |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let reach = |d: &Document| d.prefixes.iter().filter(|prefix| covers(prefix)).map(String::len).max();
        let best =
            self.documents.iter().filter_map(|d| reach(d).map(|length| (length, d))).max_by_key(|(length, _)| *length);
        best.map_or_else(|| self.named("operator"), |(_, document)| document)
    }

    fn named(&self, name: &str) -> &Document {
        self.documents.iter().find(|d| d.name == name).unwrap_or_else(|| panic!("there is no {name}.json"))
    }

    fn event(&self, document: &str, name: &str, told: &Value) {
        let schema = self.named(document).events.get(name);
        let schema = schema.unwrap_or_else(|| panic!("{document}.json does not know the event {name}: {told}"));
        self.schemas.validate(told, *schema).unwrap_or_else(|e| panic!("{name}: {e:#}\n{told}"));
    }
}

impl Document {
    fn load(file: &Path, compiler: &mut Compiler, schemas: &mut Schemas) -> Self {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let whole: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let url = format!("https://parlance.invalid/{name}.json");
        compiler.add_resource(&url, whole.clone()).unwrap();
        let mut reader = Reader { whole: &whole, url, compiler, schemas };
        let mut paths = Vec::new();
        for (template, item) in whole["paths"].as_object().unwrap() {
            let mut by_method = BTreeMap::new();
            for method in item.as_object().unwrap().keys() {
                let at = format!("/paths/{}/{method}/responses", escaped(template));
                by_method.insert(method.clone(), reader.answers(&at));
            }
            paths.push(Served { template: template.clone(), by_method });
        }
        let listed = whole["x-elsewhere"].as_array().unwrap();
        let elsewhere = listed.iter().map(|reference| reader.elsewhere(reference)).collect();
        let names = whole["webhooks"].as_object().into_iter().flat_map(|events| events.keys());
        let at =
            |name: &String| format!("/webhooks/{}/post/requestBody/content/application~1json/schema", escaped(name));
        let events = names.map(|name| (name.clone(), reader.schema(&at(name)))).collect();
        let prefixes = whole["x-prefixes"].as_array().unwrap().iter().map(|p| p.as_str().unwrap().to_owned()).collect();
        Self { name, whole, prefixes, paths, elsewhere, events }
    }

    /// The path with the most literal template that fits.
    fn served(&self, path: &str) -> Option<&Served> {
        // To Odoo a slash at the end is none.
        let path = if self.name == "odoo" { path.strip_suffix('/').unwrap_or(path) } else { path };
        let fitting = self.paths.iter().filter_map(|served| Some((fits(&served.template, path)?, served)));
        fitting.max_by_key(|(literal, _)| *literal).map(|(_, served)| served)
    }
}

/// How many segments of `template` stand in `path` word for word, if it fits at all. A last part called `path` takes all
/// the rest.
fn fits(template: &str, path: &str) -> Option<usize> {
    let mut literal = 0;
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) | (Some("{path}"), Some(_)) => return Some(literal),
            (Some(want), Some(give)) => match want.split_once('{') {
                None if want == give => literal += 1,
                Some(("", rest)) => {
                    let (_, suffix) = rest.split_once('}')?;
                    give.strip_suffix(suffix).filter(|part| !part.is_empty())?;
                }
                _ => return None,
            },
            _ => return None,
        }
    }
}

/// A name within a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

struct Reader<'d> {
    whole: &'d Value,
    url: String,
    compiler: &'d mut Compiler,
    schemas: &'d mut Schemas,
}

impl Reader<'_> {
    fn schema(&mut self, pointer: &str) -> SchemaIndex {
        // Braces of paths are not for URLs.
        let pointer = pointer.replace('%', "%25").replace('{', "%7B").replace('}', "%7D").replace(' ', "%20");
        let place = format!("{}#{pointer}", self.url);
        self.compiler.compile(&place, self.schemas).unwrap_or_else(|e| panic!("{place}: {e:#}"))
    }

    fn answers(&mut self, at: &str) -> BTreeMap<u16, Said> {
        let statuses = self.whole.pointer(at).unwrap().as_object().unwrap();
        statuses.keys().map(|status| (status.parse().unwrap(), self.said(&format!("{at}/{status}")))).collect()
    }

    fn elsewhere(&mut self, reference: &Value) -> (u16, Said) {
        let at = reference["$ref"].as_str().unwrap()[1..].to_owned();
        let status = self.whole.pointer(&at).unwrap()["x-status"].as_u64().unwrap();
        (u16::try_from(status).unwrap(), self.said(&at))
    }

    fn said(&mut self, at: &str) -> Said {
        let response = self.whole.pointer(at).unwrap();
        if let Some(reference) = response["$ref"].as_str() {
            return self.said(&reference[1..]);
        }
        let kinds: Vec<String> = response["content"].as_object().into_iter().flat_map(|c| c.keys().cloned()).collect();
        let body = |kind: String| {
            let schema = self.schema(&format!("{at}/content/{}/schema", escaped(&kind)));
            (kind, schema)
        };
        let bodies = kinds.into_iter().map(body).collect();
        let headers = response["headers"].as_object().into_iter().flatten();
        let headers = headers.filter(|(_, header)| header["required"] == true).map(|(name, _)| name.clone()).collect();
        Said { bodies, maybe_empty: response["x-maybe-empty"] == true, headers }
    }
}

impl Said {
    fn check(&self, reply: &Reply, headless: bool, schemas: &Schemas) -> Result<(), String> {
        for name in &self.headers {
            reply.header(name).ok_or_else(|| format!("there is no {name}"))?;
        }
        let body = reply.body.as_str();
        if headless || (body.is_empty() && (self.bodies.is_empty() || self.maybe_empty)) {
            return if headless && !body.is_empty() { Err("HEAD has a body".to_owned()) } else { Ok(()) };
        }
        let kind = reply.header("content-type").unwrap_or_default();
        let media_type = kind.split(';').next().unwrap_or_default().trim();
        let schema = self.bodies.get(media_type).ok_or_else(|| format!("a body of type {kind:?} is not described"))?;
        let value = if media_type == "application/json" {
            serde_json::from_str(body).map_err(|e| e.to_string())?
        } else {
            Value::String(body.to_owned())
        };
        schemas.validate(&value, *schema).map_err(|e| format!("{e:#}"))
    }
}

#[test]
fn the_most_literal_template_wins() {
    assert_eq!(fits("/a/{b}/c", "/a/1/c"), Some(3));
    assert_eq!(fits("/a/{b}/{c}", "/a/1/c"), Some(2));
    assert_eq!(fits("/a/{b}.json", "/a/x.json"), Some(2));
    assert_eq!((fits("/a/{b}.json", "/a/.json"), fits("/a/{b}", "/a"), fits("/a/{b}", "/a/")), (None, None, None));
    assert_eq!((fits("/a", "/a"), fits("/a", "/a/")), (Some(2), None));
    assert_eq!(fits("/k/{path}", "/k/a/b/c"), Some(2));
}
