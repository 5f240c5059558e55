//! Odoo, described. Sources: seed 004; stock Odoo 8.0 and the vendor's other documents where the seed is silent.

use actix_web::http::Method;
use domain::ChatId;
use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::args::Signature;
use super::{
    add_partner, books, call_kw, change_session_status, get_or_create_session, get_sessions, history, init,
    init_messages, poll, post, signin, web_session, wire,
};
use crate::openapi::{
    Answer, Dialect, Operation, Refusal, Schemas, by_hand, integer, object, one_of, out, text, words,
};

/// A session of the web client.
const USER: &[&[&str]] = &[&["session"], &["sessionHeader"], &["sessionCookie"]];
/// The two types by which a request says that it is JSON.
const BODIES: [&str; 2] = ["application/json", "application/json-rpc"];
/// Stock calls.
const STOCK: &str = "Stock Odoo 8.0; not in the seed.";
/// The vendor's own logins.
const VENDOR: &str = "The vendor's other documents; not in the seed.";

by_hand! {
    /// `[id, name]`, or `false` for nobody.
    Named = |_generator| json!({ "anyOf": [
        {
            "type": "array",
            "prefixItems": [{ "type": "integer" }, { "type": "string" }],
            "minItems": 2,
            "maxItems": 2,
        },
        { "const": false },
    ] });
    /// A text, or `false` for none.
    TextOrFalse = |_generator| json!({ "anyOf": [{ "type": "string" }, { "const": false }] });
    /// The last message of somebody, or `false` when there is none. A list of contacts leaves out its words.
    LastMessage = |_generator| json!({ "anyOf": [
        {
            "type": "object",
            "properties": {
                "type": { "enum": ["message", "money4_chat_attach_msg"] },
                "message": { "type": "string" },
                "create_date": { "type": "string" },
                "id": { "type": "integer" },
            },
            "required": ["type", "create_date", "id"],
        },
        { "const": false },
    ] });
    /// How a call fails: at HTTP 200.
    Failure = |_generator| json!({
        "type": "object",
        "properties": {
            "jsonrpc": { "const": "2.0" },
            "id": true,
            "error": {
                "type": "object",
                "properties": {
                    "code": { "enum": [100, 200], "description": "100: not logged in. 200: everything else." },
                    "message": { "enum": ["Odoo Session Expired", "Odoo Session Invalid", "Odoo Server Error"] },
                    "data": {
                        "type": "object",
                        "properties": {
                            "name": { "type": "string" },
                            "debug": { "type": "string" },
                            "message": { "type": "string" },
                            "arguments": { "type": "array", "items": { "type": "string" } },
                            "exception_type": { "type": "string" },
                        },
                        "required": ["name", "debug", "message", "arguments"],
                    },
                },
                "required": ["code", "message", "data"],
            },
        },
        "required": ["jsonrpc", "id", "error"],
    });
    /// What was asked for is done.
    Done = |_generator| json!({
        "type": "object",
        "properties": { "status": { "const": "success" } },
        "required": ["status"],
    });
    /// What was asked for cannot be done: a result, not an error.
    NotDone = |_generator| json!({
        "type": "object",
        "properties": {
            "status": { "const": "error" },
            "field": { "enum": ["uuid", "new_status"] },
            "message": { "type": "string" },
        },
        "required": ["status", "message"],
    });
    /// Who is logged in, and where. `uid` is `false` after a wrong login, null for nobody.
    SessionInfo = |_generator| json!({
        "type": "object",
        "properties": {
            "session_id": { "type": ["string", "null"] },
            "uid": { "anyOf": [{ "type": "integer" }, { "const": false }, { "type": "null" }] },
            "user_context": {
                "type": "object",
                "properties": {
                    "lang": { "type": "string" }, "tz": { "type": "string" }, "uid": { "type": "integer" },
                },
            },
            "db": { "description": "As sent, after a wrong login." },
            "username": { "description": "As sent, after a wrong login." },
            "company_id": { "type": ["integer", "null"] },
        },
        "required": ["session_id", "uid", "user_context", "db", "username", "company_id"],
    });
    /// Somebody who has just logged in.
    SignedIn = |_generator| json!({
        "type": "object",
        "properties": {
            "company_id": { "type": "integer" },
            "db": { "type": "string" },
            "session_id": { "type": "string" },
            "uid": { "type": "integer" },
            "name": { "type": "string" },
            "surname": { "type": "string" },
            "partner_id": { "type": "integer" },
            "user_context": {
                "type": "object",
                "properties": {
                    "lang": { "type": "string" }, "tz": { "type": "string" }, "uid": { "type": "integer" },
                },
                "required": ["lang", "tz", "uid"],
            },
            "username": { "type": "string" },
        },
        "required": [
            "company_id", "db", "session_id", "uid", "name", "surname", "partner_id", "user_context", "username",
        ],
    });
}

/// The document's parts.
pub fn dialect() -> Dialect {
    let key = |place: &str, name: &str, about: &str| json!({ "type": "apiKey", "in": place, "name": name, "description": about });
    let mut operations = of_sessions();
    operations.extend(of_people());
    operations.extend(of_messages());
    operations.extend(stock());
    let limited = Answer::json(200, "Too many requests: an error, with `Retry-After`.", out::<Failure>);
    Dialect {
        name: "odoo",
        title: "Parlance: Odoo im_chat",
        about: "Seed 004. JSON-RPC as Odoo 8.0 speaks it: HTTP 200 for whatever happens to a call, `result` left out for \
                nothing, an `error` for failures. A body that is no JSON-RPC request is the arguments themselves.",
        tables: vec![super::table()],
        schemes: vec![
            ("session", key("query", "session_id", "The web client's session.")),
            ("sessionHeader", key("header", "X-Openerp-Session-Id", "The same.")),
            ("sessionCookie", key("cookie", "session_id", "The same.")),
        ],
        operations,
        refusals: vec![
            Refusal { name: "Failed", answer: limited, when: |_| true },
            Refusal {
                name: "NoCall",
                answer: Answer::of(400, "This is no JSON-RPC request.", "text/html", text),
                when: |_| true,
            },
            Refusal {
                name: "UnknownPath",
                answer: Answer::of(404, "There is no such path.", "text/html", text),
                when: |_| false,
            },
        ],
        elsewhere: &["UnknownPath", "NoCall"],
        events: Vec::new(),
        known,
        notes: super::coverage::NOTES,
    }
}

fn known(key: &str) -> Option<Value> {
    match key {
        "create_date" => Some(json!({ "pattern": r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$", "description": "UTC." })),
        "im_status" => Some(json!({ "enum": ["online", "away", "offline"] })),
        "state" => Some(json!({ "enum": ["open", "folded", "closed"] })),
        _ => None,
    }
}

/// A call by JSON-RPC.
fn call(path: &'static str, title: &'static str, source: &'static str, asks: fn(&mut Schemas) -> Value) -> Operation {
    Operation::new(Method::POST, path, title, source).takes_any(&BODIES, asks)
}

fn seed(path: &'static str, title: &'static str, source: &'static str, asks: fn(&mut Schemas) -> Value) -> Operation {
    call(path, title, source, asks).by(USER)
}

/// A request with a call's arguments: in the envelope, or bare.
fn request(signature: &Signature) -> Value {
    let Signature { required, optional, open, .. } = signature;
    let properties: Map<String, Value> =
        required.iter().chain(*optional).map(|name| ((*name).to_owned(), argument(name))).collect();
    let mut arguments = json!({ "type": "object", "properties": properties, "required": required });
    if !open {
        arguments["properties"]["context"] = json!({ "type": "object", "description": "Taken out and not looked at." });
        arguments["additionalProperties"] = Value::Bool(false);
    }
    let envelope = json!({
        "type": "object",
        "properties": {
            "id": { "description": "Echoed." },
            "jsonrpc": { "const": "2.0" },
            "method": { "description": "Not looked at." },
            "params": arguments.clone(),
        },
        "required": ["params"],
    });
    one_of([envelope, arguments])
}

/// What an argument of this name is. `false` and `null` are how the vendor's clients write "none".
fn argument(name: &str) -> Value {
    match name {
        "user_to" | "group" | "doc_id" | "last_ID" | "last_id" | "limit" | "last" | "parent_partner_id"
        | "child_partner_id" => json!({ "type": ["integer", "string", "null", "boolean"] }),
        "user_ids" => json!({ "type": "array", "items": { "type": "integer" } }),
        "channels" | "args" => json!({ "type": "array" }),
        "kwargs" | "options" => json!({ "type": "object" }),
        "message_type" => words(&[wire::TEXT, wire::ATTACHMENT, wire::TYPING]),
        _ => json!({ "type": ["string", "null", "boolean"] }),
    }
}

/// The answer to a call that went well.
fn result(result: Value) -> Value {
    object([("jsonrpc", json!({ "const": "2.0" })), ("id", Value::Bool(true)), ("result", result)])
}

/// The same for nothing.
fn nothing(_: &mut Schemas) -> Value {
    object([("jsonrpc", json!({ "const": "2.0" })), ("id", Value::Bool(true))])
}

fn one<T: JsonSchema>(schemas: &mut Schemas) -> Value {
    result(out::<T>(schemas))
}

fn list<T: JsonSchema>(schemas: &mut Schemas) -> Value {
    result(json!({ "type": "array", "items": out::<T>(schemas) }))
}

fn status(schemas: &mut Schemas) -> Value {
    result(one_of([out::<Done>(schemas), out::<NotDone>(schemas)]))
}

fn of_sessions() -> Vec<Operation> {
    type Session = wire::SessionOut<'static>;
    vec![
        seed(
            "/im_chat/api/get_or_create_session",
            "Get or make the session with somebody",
            "Seed 004, \"Get or create session\".",
            |_| request(&get_or_create_session::USER),
        )
        .answers(200, "The session.", one::<Session>),
        seed(
            "/im_chat/api/get_or_create_session_group",
            "Get or make the session of a group",
            "Seed 004, \"Get or create session with group\".",
            |_| request(&get_or_create_session::GROUP),
        )
        .answers(200, "The session.", one::<Session>),
        seed("/im_chat/api/get_sessions", "List sessions", "Seed 004, \"Get sessions\".", |_| {
            request(&get_sessions::USER)
        })
        .answers(200, "The sessions.", list::<Session>),
        seed(
            "/im_chat/api/get_sessions_group",
            "List sessions of groups",
            "Seed 004, \"Get sessions with group\".",
            |_| request(&get_sessions::GROUP),
        )
        .answers(200, "The sessions.", list::<Session>),
        seed(
            "/im_chat/api/change_session_status",
            "Put a session among the favourites, or away",
            "Seed 004, \"Change session status\".",
            |_| request(&change_session_status::SIGNATURE),
        )
        .answers(200, "Whether it is done.", status),
    ]
}

fn of_people() -> Vec<Operation> {
    vec![
        seed(
            "/im_chat/api/user_chat_ab/get_all_users",
            "List everybody who is not in the address book",
            "Seed 004, \"Get all users\".",
            |_| request(&books::ALL),
        )
        .answers(200, "The users.", list::<wire::UserOut>),
        seed(
            "/im_chat/api/user_chat_ab/get_users_from_book",
            "List the address book",
            "Seed 004, \"Get users from book\".",
            |_| request(&books::BOOK),
        )
        .answers(200, "The users.", list::<wire::UserOut>),
        seed(
            "/im_chat/api/user_chat_ab/add_users",
            "Add to the address book",
            "Seed 004, \"Add users in book\".",
            |_| request(&books::ADD),
        )
        .answers(200, "Whether it is done.", status),
        seed(
            "/im_chat/api/user_chat_ab/remove_users",
            "Remove from the address book",
            "Seed 004, \"Remove users from book\".",
            |_| request(&books::REMOVE),
        )
        .answers(200, "Whether it is done.", status),
        seed(
            "/im_chat/api/user_chat_ab/add_partner",
            "Add a partner to the address book",
            "Seed 004, \"Add partner in book\".",
            |_| request(&add_partner::SIGNATURE),
        )
        .answers(200, "Whether it is done.", status),
        seed("/im_chat/api/init", "List contacts", "Seed 004, \"Chat initialization\".", |_| request(&init::SIGNATURE))
            .answers(200, "The contacts.", list::<init::ContactOut<'static>>),
    ]
}

fn of_messages() -> Vec<Operation> {
    vec![
        seed("/im_chat/post", "Say something", "Seed 004, \"Post message\".", |_| request(&post::SIGNATURE)).answers(
            200,
            "The message's id; `false` for who is not in the session.",
            |s| result(one_of([integer(s), json!({ "const": false })])),
        ),
        seed("/im_chat/api/history", "Read a session", "Seed 004, \"Get history of messages\".", |_| {
            request(&history::SIGNATURE)
        })
        .answers(200, "Its messages, newest first.", list::<wire::MessageOut>),
    ]
}

fn stock() -> Vec<Operation> {
    let call_kw = |path| seed(path, "Fold a window of the web client", STOCK, |_| request(&call_kw::SIGNATURE));
    vec![
        seed("/im_chat/init", "What a web client shows when it starts", STOCK, |_| request(&init_messages::SIGNATURE))
            .answers(200, "Sessions and messages, as notifications.", |s| {
                let shown = one_of([out::<wire::SessionOut<'static>>(s), out::<wire::MessageOut>(s)]);
                result(json!({ "type": "array", "items": pair(channel(), shown) }))
            }),
        seed("/longpolling/poll", "Wait until something happens", STOCK, |_| request(&poll::SIGNATURE))
            .lasting()
            .answers(200, "What did, after 50 s at the latest.", notifications),
        call_kw("/web/dataset/call_kw").answers(200, "Done.", nothing),
        call_kw("/web/dataset/call_kw/{path:.*}")
            .path("path", "The model and the method once more; not looked at.", text)
            .answers(200, "Done.", nothing),
        call("/web/webclient/version_info", "Show the version", STOCK, |_| request(&web_session::VERSION)).answers(
            200,
            "The version.",
            version,
        ),
        call("/web/session/authenticate", "Log in", STOCK, |_| request(&web_session::AUTHENTICATE)).answers(
            200,
            "Who is logged in.",
            one::<SessionInfo>,
        ),
        call("/web/session/get_session_info", "Show who is logged in", STOCK, |_| request(&web_session::INFO)).answers(
            200,
            "Who is logged in.",
            one::<SessionInfo>,
        ),
        seed("/web/session/destroy", "Log out", STOCK, |_| request(&web_session::DESTROY))
            .answers(200, "Done.", nothing),
        call("/signin/1.0/json", "Log in", VENDOR, |_| request(&signin::SIGNIN)).answers(
            200,
            "Who is logged in.",
            |s| result(one_of([out::<SignedIn>(s), out::<NotDone>(s)])),
        ),
        call("/logout/1.0/json", "Log out", VENDOR, |_| request(&signin::LOGOUT)).answers(200, "Done.", one::<Done>),
    ]
}

fn version(s: &mut Schemas) -> Value {
    result(object([
        ("server_version", json!({ "const": "8.0" })),
        ("server_version_info", json!({ "type": "array" })),
        ("server_serie", text(s)),
        ("protocol_version", integer(s)),
    ]))
}

fn channel() -> Value {
    json!({ "type": "array", "items": { "type": ["string", "integer"] }, "minItems": 2, "maxItems": 3 })
}

fn pair(first: Value, second: Value) -> Value {
    let both = vec![first, second];
    json!({ "type": "array", "prefixItems": both, "minItems": 2, "maxItems": 2 })
}

/// `{id, channel, message}`: a message, a session, somebody's presence, or that somebody is writing.
fn notifications(s: &mut Schemas) -> Value {
    let person = out::<Named>(s);
    let typing = object([
        ("id", integer(s)),
        ("create_date", text(s)),
        ("type", json!({ "const": wire::TYPING })),
        ("message", text(s)),
        ("from_id", person.clone()),
        ("from_partner_id", person),
        ("to_id", pair(integer(s), out::<ChatId>(s))),
    ]);
    let presence = object([("id", integer(s)), ("im_status", text(s))]);
    let shown = [out::<wire::MessageOut>(s), out::<wire::SessionOut<'static>>(s), typing, presence];
    let notification = object([("id", integer(s)), ("channel", channel()), ("message", one_of(shown))]);
    result(json!({ "type": "array", "items": notification }))
}
