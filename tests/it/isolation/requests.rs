//! Requests made from a call's description, filled with one tenant's things.

use futures_util::StreamExt as _;
use serde_json::{Map, Value, json};

use super::keys::{Keys, show};
use super::world::World;
use crate::harness::*;

/// How many requests are under way at once.
const AT_ONCE: usize = 8;

/// Asks all of it, several at once; the answers in any order, each with what belongs to its question.
pub async fn all<T>(asks: impl IntoIterator<Item = (T, Ask)>) -> Vec<(T, Reply)> {
    let asked = asks.into_iter().map(|(what, ask)| async move { (what, ask.send().await) });
    futures_util::stream::iter(asked).buffer_unordered(AT_ONCE).collect().await
}

/// A place a value stands in: in the path, in the query, or in the body at the end of a way through objects and lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    Path(String),
    Query(String),
    Body(Vec<Step>),
}

/// One step into a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Key(String),
    Item,
}

/// What may stand in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Takes {
    pub texts: bool,
    pub numbers: bool,
}

/// A request in its parts.
#[derive(Debug, Clone)]
pub struct Request {
    call: Call,
    path: Vec<(String, Value)>,
    query: Vec<(String, Value)>,
    body: Option<Value>,
}

impl Request {
    /// The call with everything it needs from `world`.
    pub fn new(call: &Call, world: &World) -> Self {
        let need = |name: &str| {
            let value = world.value(call, name);
            value
                .unwrap_or_else(|| panic!("isolation/world.rs has nothing for {name} of {} {}", call.method, call.path))
        };
        let path = call.parameters("path").into_iter().map(|(name, _)| (name.clone(), need(&name))).collect();
        let needed = call.parameters_needed("query");
        let query = needed.into_iter().map(|name| (name.clone(), need(&name))).collect();
        let fields = call.body().map(|schema| {
            let schema = arguments(call, &schema);
            let required: Vec<&str> =
                schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let names = schema["properties"].as_object().into_iter().flat_map(|all| all.keys());
            let mut body = Map::new();
            for name in names {
                // Where a part of the path and a field have one name, the field's own value has a sign behind it.
                match world.value(call, &format!("{name}=")).or_else(|| world.value(call, name)) {
                    Some(value) => drop(body.insert(name.clone(), value)),
                    None if required.contains(&name.as_str()) => drop(body.insert(name.clone(), need(name))),
                    None => {}
                }
            }
            Value::Object(body)
        });
        Self { call: call.clone(), path, query, body: fields }
    }

    /// Puts `value` into `place`.
    pub fn put(mut self, place: &Place, value: &Value) -> Self {
        let set = |all: &mut Vec<(String, Value)>, name: &String| {
            all.retain(|(known, _)| known != name);
            all.push((name.clone(), value.clone()));
        };
        match place {
            Place::Path(name) => set(&mut self.path, name),
            Place::Query(name) => set(&mut self.query, name),
            Place::Body(way) => put(self.body.get_or_insert_with(|| json!({})), way, value),
        }
        self
    }

    /// The request, with the credentials of one of the sets that open it.
    pub fn ask(&self, t: &Tenant, keys: &Keys) -> Ask {
        let schemes = self.call.schemes();
        let document = &self.call.document;
        let opening = schemes.iter().find(|set| set.iter().all(|scheme| keys.get(document, scheme).is_some()));
        let own = opening.into_iter().flatten().find(|scheme| *scheme == "tokenInBody");
        let ask = match own {
            Some(scheme) => self.clone().with_body_token(keys.get(document, scheme)).bare(t),
            None => self.bare(t),
        };
        opening.into_iter().flatten().fold(ask, |ask, scheme| {
            let secret = keys.get(document, scheme).unwrap();
            show(ask, document, scheme, secret)
        })
    }

    /// The request without any credential.
    pub fn bare(&self, t: &Tenant) -> Ask {
        let mut path = self.call.path.clone();
        for (name, value) in &self.path {
            path = path.replace(&format!("{{{name}}}"), &written(value));
        }
        let ask = t.http.ask(self.call.method.clone(), &path);
        let ask = self.query.iter().fold(ask, |ask, (name, value)| ask.query(name, written(value)));
        match &self.body {
            None => ask,
            Some(body) if self.call.document == "odoo" => ask.json(&rpc(body)),
            Some(body) => ask.json(body),
        }
    }

    /// Puts a credential into the body, for the surface that has it there.
    pub fn with_body_token(mut self, secret: Option<&str>) -> Self {
        let body = self.body.as_mut().filter(|_| self.call.document == "zenvia");
        if let Some(body) = body.and_then(Value::as_object_mut) {
            body.remove("token");
            body.extend(secret.map(|secret| ("token".to_owned(), json!(secret))));
        }
        self
    }
}

fn written(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What a body's fields are: Odoo's stand within an envelope.
fn arguments(call: &Call, schema: &Value) -> Value {
    if call.document == "odoo" { call.resolved(&schema["anyOf"][1]) } else { schema.clone() }
}

fn put(body: &mut Value, way: &[Step], value: &Value) {
    match way.split_first() {
        None => *body = value.clone(),
        Some((Step::Key(name), rest)) => {
            if !body.is_object() {
                *body = json!({});
            }
            put(body.as_object_mut().unwrap().entry(name.clone()).or_insert(Value::Null), rest, value);
        }
        Some((Step::Item, rest)) => {
            let mut item = body.as_array().and_then(|items| items.first()).cloned().unwrap_or_default();
            put(&mut item, rest, value);
            *body = json!([item]);
        }
    }
}

/// Every place of a call that takes a text or a number, and which.
pub fn places(call: &Call) -> Vec<(Place, Takes)> {
    let mut all = Vec::new();
    for (name, schema) in call.parameters("path") {
        all.extend(takes(&schema).map(|takes| (Place::Path(name.clone()), takes)));
    }
    for (name, schema) in call.parameters("query") {
        all.extend(takes(&schema).map(|takes| (Place::Query(name.clone()), takes)));
    }
    if let Some(schema) = call.body() {
        within(call, &arguments(call, &schema), &mut Vec::new(), &mut all);
    }
    all
}

fn within(call: &Call, schema: &Value, way: &mut Vec<Step>, all: &mut Vec<(Place, Takes)>) {
    let schema = call.resolved(schema);
    let variants = schema["anyOf"].as_array().or(schema["oneOf"].as_array());
    for variant in variants.into_iter().flatten() {
        within(call, variant, way, all);
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        way.push(Step::Key(name.clone()));
        within(call, property, way, all);
        way.pop();
    }
    if schema["items"].is_object() {
        way.push(Step::Item);
        within(call, &schema["items"], way, all);
        way.pop();
    }
    // Zenvia's token in the body is the credential, and no place for ids.
    let credential = call.document == "zenvia" && matches!(&way[..], [Step::Key(name)] if name == "token");
    if let Some(takes) = takes(&schema).filter(|_| !way.is_empty() && !credential) {
        all.push((Place::Body(way.clone()), takes));
    }
}

/// What a value of this schema may be, where it may be a text or a number of somebody's choice.
fn takes(schema: &Value) -> Option<Takes> {
    if schema.get("enum").is_some() || schema.get("const").is_some() {
        return None;
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let takes = Takes { texts: kinds.contains(&"string"), numbers: kinds.contains(&"integer") };
    (takes.texts || takes.numbers).then_some(takes)
}
