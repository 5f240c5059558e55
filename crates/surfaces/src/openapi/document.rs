//! A surface's document, put together.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::coverage::Note;
use super::operation::{Body, Draw, Operation, Parameter, Place};
use super::schemas::{self, Schemas};
use crate::http::{Doc, Endpoint, Table};

/// An answer many calls share: how a surface refuses.
pub struct Refusal {
    /// Its name among the document's responses.
    pub name: &'static str,
    /// The answer.
    pub answer: Answer,
    /// Which calls may answer it.
    pub when: fn(&Operation) -> bool,
}

/// Something we tell without being asked.
pub struct Event {
    /// Its name.
    pub name: &'static str,
    /// When it is told, and where that is written.
    pub about: &'static str,
    /// What is told.
    pub schema: Draw,
}

/// All that a surface's document is made of.
pub struct Dialect {
    /// The document's file name, without its extension.
    pub name: &'static str,
    /// The title.
    pub title: &'static str,
    /// What the surface is, and what holds for all of it.
    pub about: &'static str,
    /// The tables it describes.
    pub tables: Vec<Table>,
    /// Security schemes.
    pub schemes: Vec<(&'static str, Value)>,
    /// A description per endpoint.
    pub operations: Vec<Operation>,
    /// How calls are refused.
    pub refusals: Vec<Refusal>,
    /// What a path without endpoints, and a method a path does not have, are answered: names of refusals.
    pub elsewhere: &'static [&'static str],
    /// What we tell without being asked.
    pub events: Vec<Event>,
    /// What keys of the same name have in common: keywords for texts.
    pub known: fn(&str) -> Option<Value>,
    /// What is decided and what deviates, for its coverage page.
    pub notes: &'static [Note],
}

impl Dialect {
    /// The document.
    ///
    /// # Errors
    /// Every endpoint without an operation, every operation without an endpoint, every part of a path nobody describes, every
    /// note about a call that is not served.
    pub fn document(self) -> Result<Value, Vec<String>> {
        let wrong = self.disagreements();
        if wrong.is_empty() { Ok(self.draw()) } else { Err(wrong) }
    }

    pub(super) fn endpoints(&self) -> impl Iterator<Item = &Endpoint> {
        self.tables.iter().flat_map(|table| &table.endpoints)
    }

    fn disagreements(&self) -> Vec<String> {
        let served: BTreeSet<(String, &str)> = self.endpoints().map(|e| (e.method.to_string(), e.path)).collect();
        let described: Vec<(String, &str)> = self.operations.iter().map(|o| (o.method.to_string(), o.path)).collect();
        let once: BTreeSet<(String, &str)> = described.iter().cloned().collect();
        let line = |(method, path): &(String, &str), what: &str| format!("{}: {method} {path} {what}", self.name);
        let mut wrong: Vec<String> =
            served.difference(&once).map(|call| line(call, "is served and not described")).collect();
        wrong.extend(once.difference(&served).map(|call| line(call, "is described and not served")));
        if once.len() < described.len() {
            wrong.push(format!("{}: a call is described twice", self.name));
        }
        for operation in &self.operations {
            let call = (operation.method.to_string(), operation.path);
            let parts: BTreeSet<&str> = parts(operation.path).collect();
            let known: BTreeSet<&str> =
                operation.parameters.iter().filter(|p| p.place == Place::Path).map(|p| p.name).collect();
            if parts != known {
                wrong.push(line(&call, "has other parts than are described"));
            }
            let scheme = |name: &&&str| self.schemes.iter().all(|(known, _)| known != *name);
            if let Some(name) = operation.schemes.iter().copied().flatten().find(scheme) {
                wrong.push(line(&call, &format!("names the unknown security scheme {name}")));
            }
            if operation.answers.is_empty() {
                wrong.push(line(&call, "has no answer"));
            }
        }
        let served: Vec<&Endpoint> = self.endpoints().collect();
        let astray = self.notes.iter().flat_map(|note| note.astray(&served));
        wrong.extend(astray.map(|call| format!("{}: a note is about {call}, which is not served", self.name)));
        wrong
    }

    fn draw(self) -> Value {
        let mut schemas = Schemas::default();
        let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
        for operation in &self.operations {
            let endpoint = self.endpoints().find(|e| e.method == operation.method && e.path == operation.path);
            let drawn = self.operation(operation, endpoint, &mut schemas);
            paths.entry(template(operation.path)).or_default().insert(operation.method.as_str().to_lowercase(), drawn);
        }
        let draw =
            |refusal: &Refusal, schemas: &mut Schemas| (refusal.name.to_owned(), response(&refusal.answer, schemas));
        let mut responses: Map<String, Value> = self.refusals.iter().map(|r| draw(r, &mut schemas)).collect();
        let mut events: Map<String, Value> =
            self.events.iter().map(|event| (event.name.to_owned(), told(event, &mut schemas))).collect();

        let (mut named, renamed) = schemas.finish();
        named.values_mut().for_each(|schema| schemas::refined(schema, self.known));
        let mut paths = json!(paths);
        settle(&mut paths, &renamed, self.known);
        responses.values_mut().for_each(|response| contents(response, &mut |s| written(s, self.known)));
        events.values_mut().for_each(|event| requests(event, &mut |s| written(s, self.known)));
        let prefixes: Vec<&str> = self.tables.iter().flat_map(|table| table.prefixes).copied().collect();
        let elsewhere: Vec<Value> = self.elsewhere.iter().map(|name| reference("responses", name)).collect();
        let mut document = json!({
            "openapi": "3.1.0",
            "info": {
                "title": self.title,
                "version": env!("CARGO_PKG_VERSION"),
                "description": self.about,
                "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
            },
            "servers": [{ "url": "/" }],
            "tags": [
                { "name": "documented", "description": "In the vendor's document that this surface follows." },
                { "name": "sibling", "description": "In the vendor's other documents or sources." },
                { "name": "ours", "description": "In our own documents only." },
            ],
            "paths": paths,
            "components": {
                "schemas": named,
                "responses": responses,
                "parameters": { "IdempotencyKey": key() },
                "securitySchemes": self.schemes.into_iter().map(|(n, s)| (n.to_owned(), s)).collect::<Map<_, _>>(),
            },
            "x-prefixes": prefixes,
            "x-elsewhere": elsewhere,
        });
        if !events.is_empty() {
            document["webhooks"] = Value::Object(events);
        }
        document
    }

    fn operation(&self, operation: &Operation, endpoint: Option<&Endpoint>, schemas: &mut Schemas) -> Value {
        let mut drawn = json!({
            "operationId": operation_id(operation),
            "summary": operation.title,
            "description": operation.source,
            "responses": self.responses(operation, schemas),
            "security": operation.schemes.iter().map(|set| all_of(set)).collect::<Vec<_>>(),
        });
        if let Some(endpoint) = endpoint {
            drawn["tags"] = json!([doc(endpoint.doc)]);
            drawn["x-owner"] = json!(endpoint.owner);
        }
        let mut parameters: Vec<Value> = operation.parameters.iter().map(|p| parameter(p, schemas)).collect();
        if operation.writes() && !operation.is_open() {
            parameters.push(reference("parameters", "IdempotencyKey"));
        }
        if !parameters.is_empty() {
            drawn["parameters"] = Value::Array(parameters);
        }
        if let Some(body) = &operation.body {
            drawn["requestBody"] = request(body, schemas);
        }
        if !operation.roles.is_empty() {
            drawn["x-roles"] = json!(operation.roles);
        }
        if operation.lasting {
            drawn["x-lasting"] = Value::Bool(true);
        }
        drawn
    }

    /// Each status once: what shares one with another answer is drawn as an alternative.
    fn responses(&self, operation: &Operation, schemas: &mut Schemas) -> Value {
        let refusals: Vec<&Refusal> = self.refusals.iter().filter(|refusal| (refusal.when)(operation)).collect();
        let mut by_status: BTreeMap<u16, (Vec<&Answer>, Vec<&Refusal>)> = BTreeMap::new();
        for answer in &operation.answers {
            by_status.entry(answer.status).or_default().0.push(answer);
        }
        for refusal in refusals {
            by_status.entry(refusal.answer.status).or_default().1.push(refusal);
        }
        let draw = |(own, shared): (Vec<&Answer>, Vec<&Refusal>), schemas: &mut Schemas| {
            if let ([], [one]) = (&own[..], &shared[..]) {
                return reference("responses", one.name);
            }
            let all: Vec<&Answer> = own.into_iter().chain(shared.into_iter().map(|r| &r.answer)).collect();
            alternatives(&all, schemas)
        };
        let drawn = by_status.into_iter().map(|(status, several)| (status.to_string(), draw(several, schemas)));
        Value::Object(drawn.collect())
    }
}

/// The names of a path's parts.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split(['}', ':']).next())
}

/// A path as OpenAPI has it: parts have names and no patterns.
fn template(path: &str) -> String {
    path.split('{')
        .enumerate()
        .map(|(at, piece)| match (at, piece.split_once('}')) {
            (0, _) | (_, None) => piece.to_owned(),
            (_, Some((part, rest))) => format!("{{{}}}{rest}", part.split(':').next().unwrap_or_default()),
        })
        .collect()
}

fn operation_id(operation: &Operation) -> String {
    let words = format!("{} {}", operation.method.as_str().to_lowercase(), template(operation.path));
    let words = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

fn reference(kind: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{kind}/{name}") })
}

/// A status as it is written.
pub(super) const fn doc(doc: Doc) -> &'static str {
    match doc {
        Doc::Documented => "documented",
        Doc::Sibling => "sibling",
        Doc::Ours => "ours",
    }
}

fn all_of(set: &[&str]) -> Value {
    Value::Object(set.iter().map(|name| ((*name).to_owned(), json!([]))).collect())
}

fn key() -> Value {
    json!({
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Promises that a repeat of this request under the same key is the same request; it is answered as \
                        the first was. The same key with another body is refused.",
        "required": false,
        "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
    })
}

fn parameter(parameter: &Parameter, schemas: &mut Schemas) -> Value {
    json!({
        "name": parameter.name,
        "in": parameter.place.word(),
        "description": parameter.about,
        "required": parameter.required,
        "schema": (parameter.schema)(schemas),
    })
}

fn request(body: &Body, schemas: &mut Schemas) -> Value {
    let content = |content: &super::Content, schemas: &mut Schemas| {
        (content.media_type.to_owned(), json!({ "schema": (content.schema)(schemas) }))
    };
    let contents: Map<String, Value> = body.contents.iter().map(|c| content(c, schemas)).collect();
    json!({ "required": body.required, "content": contents })
}

/// A response with a name of its own. References do not tell its status, so it does itself.
fn response(answer: &Answer, schemas: &mut Schemas) -> Value {
    let mut drawn = alternatives(&[answer], schemas);
    drawn["x-status"] = json!(answer.status);
    drawn
}

fn alternatives(answers: &[&Answer], schemas: &mut Schemas) -> Value {
    let about: Vec<&str> = answers.iter().map(|answer| answer.about).collect();
    let mut contents: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for content in answers.iter().filter_map(|answer| answer.content) {
        let (schema, several) = ((content.schema)(schemas), contents.entry(content.media_type).or_default());
        if !several.contains(&schema) {
            several.push(schema);
        }
    }
    let mut drawn = json!({ "description": about.join(" Or: ") });
    if !contents.is_empty() {
        let one = |mut several: Vec<Value>| match several.len() {
            1 => several.remove(0),
            _ => json!({ "anyOf": several }),
        };
        let contents = contents.into_iter().map(|(kind, several)| (kind.to_owned(), json!({ "schema": one(several) })));
        drawn["content"] = Value::Object(contents.collect());
    }
    if answers.iter().any(|answer| answer.content.is_none()) && drawn.get("content").is_some() {
        drawn["x-maybe-empty"] = Value::Bool(true);
    }
    let headers: BTreeSet<&str> = answers.iter().flat_map(|answer| answer.headers).copied().collect();
    if !headers.is_empty() {
        // Of alternatives with one status only some may have it.
        let always = |name: &&str| answers.iter().all(|answer| answer.headers.contains(name));
        let header = |name| (name, json!({ "required": always(&name), "schema": { "type": "string" } }));
        drawn["headers"] = json!(headers.into_iter().map(header).collect::<BTreeMap<&str, Value>>());
    }
    drawn
}

fn told(event: &Event, schemas: &mut Schemas) -> Value {
    let content = json!({ super::JSON: { "schema": (event.schema)(schemas) } });
    json!({ "post": {
        "summary": event.name,
        "description": event.about,
        "requestBody": { "required": true, "content": content },
        "responses": { "2XX": { "description": "Taken." } },
    } })
}

/// What is written is closed and known by its keys; what is read has the names it is read by.
fn settle(paths: &mut Value, renamed: &BTreeMap<String, String>, known: fn(&str) -> Option<Value>) {
    let items = paths.as_object_mut().into_iter().flat_map(|paths| paths.values_mut());
    for operation in items.filter_map(Value::as_object_mut).flat_map(|item| item.values_mut()) {
        for read in ["parameters", "requestBody"] {
            if let Some(read) = operation.get_mut(read) {
                schemas::rename(read, renamed);
            }
        }
        if let Some(Value::Object(responses)) = operation.get_mut("responses") {
            responses.values_mut().for_each(|response| contents(response, &mut |schema| written(schema, known)));
        }
    }
}

fn written(schema: &mut Value, known: fn(&str) -> Option<Value>) {
    schemas::close(schema);
    schemas::refined(schema, known);
}

/// Visits the schemas of a response, or of a request.
fn contents(response: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    if let Some(Value::Object(contents)) = response.get_mut("content") {
        contents.values_mut().filter_map(|content| content.get_mut("schema")).for_each(visit);
    }
}

fn requests(event: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    if let Some(request) = event.pointer_mut("/post/requestBody") {
        contents(request, visit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lose_their_patterns_and_keep_their_parts() {
        assert_eq!(template("/web/dataset/call_kw/{path:.*}"), "/web/dataset/call_kw/{path}");
        assert_eq!(template("/a/{b}/c/{d}.json"), "/a/{b}/c/{d}.json");
        assert_eq!(parts("/a/{b:.*}/c/{d}.json").collect::<Vec<_>>(), ["b", "d"]);
    }
}
