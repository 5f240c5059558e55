//! Zenvia, described. Sources: seed 001; the vendor's other documents (omnize/omnize.github.io) where the seed is silent.

use actix_web::http::Method;
use schemars::JsonSchema;
use serde_json::{Value, json};

use super::{agents, customers, departments, interaction_messages, interactions, message, transfer};
use crate::openapi::{
    Answer, Dialect, Event, Operation, Refusal, Schemas, asked, by_hand, integer, object, out, text, value, words,
};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;

/// The account's token, in the body. OpenAPI has no place for that among its schemes, so the scheme says so in words.
const IN_BODY: &[&[&str]] = &[&["tokenInBody"]];
/// The same in the query of calls without a body.
const IN_QUERY: &[&[&str]] = &[&["token"]];
/// Where siblings are described.
const SIBLING: &str = "The vendor's other documents (omnize.github.io, docs/api/v1); not in the seed.";

by_hand! {
    /// How a call is refused: the status once more.
    Refused = |_generator| json!({
        "type": "object",
        "properties": {
            "message": { "type": "string" },
            "status": { "enum": [404, 405, 413, 422, 429, 500, 503] },
        },
        "required": ["message", "status"],
    });
    /// A file of a message.
    File = |_generator| json!({
        "type": "object",
        "properties": { "url": { "type": "string" }, "size": { "type": ["string", "null"] } },
        "required": ["url", "size"],
    });
}

/// The document's parts.
pub fn dialect() -> Dialect {
    let mut operations = of_bots();
    operations.extend(of_customers());
    operations.extend(lists());
    Dialect {
        name: "zenvia",
        title: "Parlance: Zenvia external bot",
        about: "Seed 001, \"External bot\". The token stands in the JSON body, also on PUT, and in the query of calls without \
                a body. Every refusal of a call is 422, with the same number in the body.",
        tables: vec![super::table()],
        schemes: vec![
            (
                "tokenInBody",
                json!({
                    "type": "apiKey", "in": "header", "name": "token",
                    "description": "Seed 001: not in a header, but `token` in the JSON body. OpenAPI knows no scheme for that.",
                }),
            ),
            (
                "token",
                json!({
                    "type": "apiKey", "in": "query", "name": "token", "description": "Calls without a body have it in the query.",
                }),
            ),
        ],
        operations,
        refusals: refusals(),
        elsewhere: &["UnknownPath", "WrongMethod"],
        events: events(),
        known: |_| None,
        notes: super::coverage::NOTES,
    }
}

fn refusals() -> Vec<Refusal> {
    let refused = |name, status, about, when: fn(&Operation) -> bool| Refusal {
        name,
        answer: Answer::json(status, about, out::<Refused>),
        when,
    };
    let limited = Answer::json(429, "Too many requests.", out::<Refused>).with(&["Retry-After"]);
    vec![
        refused("UnknownPath", 404, "There is no such path.", |_| false),
        refused("WrongMethod", 405, "The path has other methods.", |_| false),
        refused("TooLarge", 413, "The body is too large.", Operation::has_body),
        refused(
            "Refused",
            422,
            "Seed 001, \"Error Response\": whatever is wrong with the call, its token too.",
            |_| true,
        ),
        Refusal { name: "TooMany", answer: limited, when: |_| true },
        refused("Internal", 500, "Our fault.", |_| true),
        refused("Unavailable", 503, "A part that is needed does not answer now.", |_| true),
    ]
}

/// `{message, status}` with these words.
fn said(words: &str) -> Value {
    object([("message", json!({ "const": words })), ("status", json!({ "const": 200 }))])
}

fn received(_: &mut Schemas) -> Value {
    said("Message received successfully")
}

/// A body with the token, and `more`.
fn with_token(mut more: Value) -> Value {
    more["properties"]["token"] = json!({ "type": "string", "description": "The account's token." });
    let required = more["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let required: Vec<&str> = required.chain(std::iter::once("token")).collect();
    let required = json!(required);
    more["type"] = json!("object");
    more["required"] = required;
    more
}

fn taken<T: JsonSchema>(schemas: &mut Schemas) -> Value {
    with_token(asked::<T>(schemas))
}

fn token_alone(_: &mut Schemas) -> Value {
    with_token(json!({ "properties": {} }))
}

fn at(call: Operation) -> Operation {
    call.path("interaction_hash", "The interaction, as `new_interaction` told it.", text)
}

fn of_bots() -> Vec<Operation> {
    let call = |method, path, title, source| at(Operation::new(method, path, title, source).by(IN_BODY));
    vec![
        call(PUT, "/core/api/v1/bot/{interaction_hash}/accept", "Take an interaction on", "Seed 001, \"Accept\".")
            .takes(token_alone)
            .answers(200, "Seed 001, \"Success Response\".", received),
        call(PUT, "/core/api/v1/bot/{interaction_hash}/finish", "End an interaction", "Seed 001, \"Finish\".")
            .takes(token_alone)
            .answers(200, "Seed 001, \"Success Response\".", received),
        call(PUT, "/core/api/v1/bot/{interaction_hash}/transfer", "Give it to a department", "Seed 001, \"Transfer\".")
            .takes(taken::<transfer::TransferIn>)
            .answers(200, "Seed 001, \"Success Response\".", received),
        call(POST, "/core/api/v1/bot/{interaction_hash}/message", "Say something", "Seed 001, \"Send message\".")
            .takes(taken::<message::MessageIn>)
            .answers(200, "Seed 001, \"Success Response\".", received),
    ]
}

fn of_customers() -> Vec<Operation> {
    let call = |method, path, title| Operation::new(method, path, title, SIBLING).by(IN_BODY);
    vec![
        call(POST, "/core/api/v1/interactions", "Start an interaction as a customer")
            .takes(taken::<interactions::StartIn>)
            .answers(200, "It is started.", |s| {
                let data = object([("interaction_hash", text(s))]);
                object([("message", json!({ "const": "Interaction created successfully" })), ("data", data)])
            }),
        at(call(PUT, "/core/api/v1/interactions/{interaction_hash}", "Note something about an interaction"))
            .takes(taken::<interactions::UpdateIn>)
            .answers(200, "It is noted.", |_| said("Interaction updated successfully")),
        at(call(POST, "/core/api/v1/interactions/{interaction_hash}/messages", "Say something as the customer"))
            .takes(taken::<interaction_messages::MessageIn>)
            .answers(200, "It is said.", |s| {
                let data = object([("interaction_hash", text(s))]);
                let message = json!({ "const": "Message created successfully" });
                object([("data", data), ("message", message), ("status", json!({ "const": 200 }))])
            }),
        at(call(PUT, "/core/api/v1/interactions/{interaction_hash}/typing", "The customer is writing"))
            .takes(token_alone)
            .answers(200, "It is told.", |_| said("Typing sent successfully")),
        at(call(PUT, "/core/api/v1/interactions/{interaction_hash}/cleared", "The customer writes no more"))
            .takes(token_alone)
            .answers(200, "It is told.", |_| said("Cleared sent successfully")),
        at(call(PUT, "/core/api/v1/interactions/{interaction_hash}/finish", "The customer leaves"))
            .takes(token_alone)
            .answers(200, "It is finished.", |_| said("Finish sent successfully")),
    ]
}

fn lists() -> Vec<Operation> {
    let list = |path, title| Operation::new(GET, path, title, SIBLING).by(IN_QUERY);
    vec![
        list("/core/api/v1/agents/online", "Who is there")
            .query("department_id", "Only of this department.", integer)
            .answers(200, "Three at most, and how many there are.", |s| {
                let agents = json!({ "type": "array", "items": out::<departments::AgentOut>(s), "maxItems": 3 });
                let (service, count) = (integer(s), integer(s));
                let status = json!({ "const": 200 });
                object([("agents", agents), ("averageService", service), ("count", count), ("status", status)])
            }),
        list("/api/external/departments", "List departments").answers(
            200,
            "All of them.",
            all::<departments::DepartmentOut>,
        ),
        list("/api/external/agents", "List agents").answers(200, "All of them.", all::<agents::AgentDetails>),
        list("/api/external/agents/{id}", "Show an agent").path("id", "The agent's number.", value::<i64>).answers(
            200,
            "The agent.",
            out::<agents::AgentDetails>,
        ),
        list("/api/external/customers", "List customers").answers(200, "All of them.", all::<customers::CustomerOut>),
        Operation::new(POST, "/api/external/customers", "Make or change customers", SIBLING)
            .by(IN_BODY)
            .takes(taken::<customers::SaveIn>)
            .answers(200, "Those that were saved, and those that could not be.", |s| {
                let saved = json!({ "type": "array", "items": out::<customers::CustomerOut>(s) });
                let failed = object([
                    ("fields", json!({ "type": "object", "additionalProperties": true })),
                    ("agent_id", json!({ "type": ["integer", "null"] })),
                    ("errors", json!({ "type": "array", "items": { "type": "string" } })),
                ]);
                let errors = json!({ "type": "array", "items": failed });
                object([("status", json!({ "const": 200 })), ("customers", saved), ("errors", errors)])
            }),
    ]
}

fn all<T: JsonSchema>(schemas: &mut Schemas) -> Value {
    json!({ "type": "array", "items": out::<T>(schemas) })
}

/// What bots are told.
fn events() -> Vec<Event> {
    vec![
        Event {
            name: "new_interaction",
            about: "Seed 001, \"Create an Interaction\".",
            schema: |s| {
                let kind = json!({ "const": "new_interaction" });
                object([("type", kind), ("interaction_hash", text(s)), ("department_id", integer(s))])
            },
        },
        Event {
            name: "new_message",
            about: "Seed 001, \"When client send a message\". A message that is no text has `attachment`, too.",
            schema: |s| {
                let mut told = object([
                    ("type", json!({ "const": "new_message" })),
                    ("interaction_hash", text(s)),
                    ("content", text(s)),
                    ("content_type", words(&["text", "image", "audio", "video", "file"])),
                ]);
                told["properties"]["attachment"] = out::<File>(s);
                told
            },
        },
        Event {
            name: "finished_interaction",
            about: "Seed 001, \"When client finishes the interaction\".",
            schema: |s| object([("type", json!({ "const": "finished_interaction" })), ("interaction_hash", text(s))]),
        },
    ]
}
