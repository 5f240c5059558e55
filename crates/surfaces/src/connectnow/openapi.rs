//! ConnectNow, described. Sources: seed 003; the vendor's philosophy page and its framework where the seed is silent.
//!
//! The calls' fields are read one by one (`rules.rs`), so what they take is written down here.

use actix_web::http::Method;
use schemars::JsonSchema;
use serde_json::{Value, json};

use super::with::{ON_CHATS, ON_MESSAGES, ON_USERS};
use super::{get_token, page, share, wire};
use crate::openapi::{
    Answer, Dialect, Operation, Refusal, Schemas, by_hand, inline, integer, object, out, text, words,
};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const DELETE: Method = Method::DELETE;

/// An `api_token`: in the query, as a bearer token, as the password of HTTP Basic. The body's key counts, too.
const API: &[&[&str]] = &[&["apiToken"], &["apiBearer"], &["basic"]];
/// A `chat_user_token`, in the same places.
const VISITOR: &[&[&str]] = &[&["chatUserToken"], &["chatUserBearer"], &["basic"]];
/// Either.
const EITHER: &[&[&str]] = &[&["apiToken"], &["apiBearer"], &["chatUserToken"], &["chatUserBearer"], &["basic"]];
/// What bodies may be.
const BODIES: [&str; 2] = ["application/json", "application/x-www-form-urlencoded"];

by_hand! {
    /// How a call is refused.
    Refused = |_generator| json!({
        "type": "object",
        "properties": { "message": { "type": "string" } },
        "required": ["message"],
    });
    /// How values are refused: every mistake at once, by field.
    Invalid = |_generator| json!({
        "type": "object",
        "properties": {
            "message": { "const": "The given data was invalid." },
            "errors": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": { "type": "array", "items": { "type": "string" }, "minItems": 1 },
            },
        },
        "required": ["message", "errors"],
    });
}

/// The document's parts.
pub fn dialect() -> Dialect {
    let query =
        |name: &str, about: &str| json!({ "type": "apiKey", "in": "query", "name": name, "description": about });
    let bearer = |about: &str| json!({ "type": "http", "scheme": "bearer", "description": about });
    let mut operations = of_companies();
    operations.extend(of_chats());
    operations.extend(of_people());
    operations.extend(of_messages());
    operations.extend(of_doors());
    Dialect {
        name: "connectnow",
        title: "Parlance: ConnectNow Chat",
        about: "Seed 003, \"Chat API Docs\". Tokens stand in the query, the body or the header; bodies are JSON or forms. The \
                seed names no field of an object: these are its sibling services' and its screens'.",
        tables: vec![super::table()],
        schemes: vec![
            (
                "apiToken",
                query("api_token", "Seed 003, \"Authentication\": an API token. The body may have it instead."),
            ),
            ("apiBearer", bearer("The same.")),
            ("chatUserToken", query("chat_user_token", "Seed 003, \"Authentication\": a chat user's token.")),
            ("chatUserBearer", bearer("The same.")),
            ("basic", json!({ "type": "http", "scheme": "basic", "description": "Either token as the password." })),
        ],
        operations,
        refusals: refusals(),
        elsewhere: &["NotFound", "WrongMethod"],
        events: Vec::new(),
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
    let waits: &[&str] = &["Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"];
    let limited = Answer::json(429, "Seed 003, \"Response Status Codes\".", out::<Refused>).with(waits);
    let invalid = Answer::json(422, "Seed 003, \"Response Status Codes\": BAD REQUEST.", out::<Invalid>);
    vec![
        refused("Unauthenticated", 401, "Seed 003, \"Response Status Codes\".", |_| true),
        refused("Forbidden", 403, "Seed 003, \"Response Status Codes\".", |_| true),
        refused("NotFound", 404, "Seed 003, \"Response Status Codes\".", Operation::has_parts),
        refused("WrongMethod", 405, "Seed 003, \"Response Status Codes\".", |_| false),
        refused("TooLarge", 413, "The body is too large.", Operation::has_body),
        Refusal { name: "Invalid", answer: invalid, when: |_| true },
        Refusal { name: "TooMany", answer: limited, when: |_| true },
        refused("Internal", 500, "Seed 003, \"Response Status Codes\".", |_| true),
        refused("Unavailable", 503, "A part that is needed does not answer now.", |_| true),
    ]
}

/// Laravel's nine keys.
fn list<T: JsonSchema>(schemas: &mut Schemas) -> Value {
    inline::<page::PageOut<T>>(schemas)
}

fn listing(call: Operation) -> Operation {
    call.query("page", "From 1; anything else is 1.", |_| json!({ "type": "integer", "default": 1 }))
        .query("per_page", "1 to 249; more is 249, anything else 15.", |_| json!({ "type": "integer", "default": 15 }))
        .query("before", "Only what was made before.", text)
        .query("after", "Only what was made after.", text)
        .query("scopes[]", "`latest`: the newest first.", |_| json!({ "type": "array", "items": words(&["latest"]) }))
}

fn with_chats(_: &mut Schemas) -> Value {
    json!({ "type": "array", "items": words(&ON_CHATS) })
}

fn with_users(_: &mut Schemas) -> Value {
    json!({ "type": "array", "items": words(&ON_USERS) })
}

fn with_messages(_: &mut Schemas) -> Value {
    json!({ "type": "array", "items": words(&ON_MESSAGES) })
}

const RELATED: &str = "Related objects to show inside.";

/// A body all of whose fields are texts that may be absent or null, but for those that must be there.
fn fields<const N: usize>(fields: [(&str, Value); N], required: &[&str]) -> Value {
    let mut all = object(fields);
    all["required"] = json!(required);
    all
}

fn maybe_text() -> Value {
    json!({ "type": ["string", "null"], "maxLength": 255 })
}

fn maybe_number() -> Value {
    json!({ "type": ["integer", "null"] })
}

fn email() -> Value {
    json!({ "type": "string", "format": "email", "maxLength": 255 })
}

fn of_companies() -> Vec<Operation> {
    const ALL: &str = "/api/companies";
    const ONE: &str = "/api/companies/{company}";
    let seed = |method, path, title, source| Operation::new(method, path, title, source).by(API);
    let company = |call: Operation, status| call.answers(status, "The company.", out::<wire::CompanyOut>);
    let one = |method, title, source| seed(method, ONE, title, source).path("company", "The company's id.", integer);
    vec![
        seed(GET, "/api/user", "Show the caller", "Seed 003, \"Get authenticated via API token\".").answers(
            200,
            "The user.",
            out::<wire::UserOut>,
        ),
        listing(seed(GET, ALL, "List companies", "Seed 003, \"Companies, Get all\".")).answers(
            200,
            "A page.",
            list::<wire::CompanyOut>,
        ),
        company(
            seed(POST, ALL, "Make a company", "Seed 003, \"Companies, Create\".").takes_any(&BODIES, new_company),
            201,
        ),
        company(one(GET, "Show a company", "Seed 003, \"Companies, Get single by ID\"."), 200),
        company(one(PUT, "Change a company", "Seed 003, \"Companies, Edit\".").takes_any(&BODIES, company_change), 200),
        company(one(DELETE, "Delete a company", "Seed 003, \"Companies, Delete\"."), 200),
    ]
}

fn new_company(_: &mut Schemas) -> Value {
    fields([("name", maybe_text()), ("slug", maybe_text()), ("logo_url", maybe_text())], &["name"])
}

fn company_change(_: &mut Schemas) -> Value {
    fields([("name", maybe_text()), ("slug", maybe_text()), ("logo_url", maybe_text())], &[])
}

fn chat(call: Operation) -> Operation {
    call.path("chat", "The chat's id.", integer)
}

fn of_chats() -> Vec<Operation> {
    const ALL: &str = "/api/chats";
    const ONE: &str = "/api/chats/{chat}";
    let seed = |method, path, title, source| Operation::new(method, path, title, source).by(API);
    let one =
        |method, title, source| chat(seed(method, ONE, title, source)).answers(200, "The chat.", out::<wire::ChatOut>);
    vec![
        listing(seed(GET, ALL, "List chats", "Seed 003, \"Chats, Get all\"."))
            .query("with[]", RELATED, with_chats)
            .answers(200, "A page.", list::<wire::ChatOut>),
        seed(POST, ALL, "Make a chat", "Seed 003, \"Chats, Create\".")
            .takes_any(&BODIES, |_| fields([("name", maybe_text()), ("company_id", maybe_number())], &[]))
            .or_nothing()
            .answers(201, "The chat.", out::<wire::ChatOut>),
        one(GET, "Show a chat", "Seed 003, \"Chats, Get single by ID\".").query("with[]", RELATED, with_chats),
        one(PUT, "Change a chat", "Seed 003, \"Chats, Edit\".")
            .takes_any(&BODIES, |_| {
                fields([("name", maybe_text()), ("company_id", maybe_number()), ("closed_at", maybe_text())], &[])
            })
            .or_nothing(),
        one(DELETE, "Delete a chat", "Seed 003, \"Chats, Delete\"."),
    ]
}

fn of_people() -> Vec<Operation> {
    const ALL: &str = "/api/chats/{chat}/users";
    const ONE: &str = "/api/chats/{chat}/users/{user}";
    let seed = |method, path, title, source| chat(Operation::new(method, path, title, source).by(API));
    let one = |method, title, source| {
        let call = seed(method, ONE, title, source).path("user", "The chat user's id.", integer);
        call.answers(200, "The chat user.", out::<wire::ChatUserOut>)
    };
    let come_in = Operation::new(POST, ALL, "Come into a chat", "Seed 003, \"Chat users, Create\".");
    vec![
        Operation::new(
            GET,
            "/api/chat-user",
            "Show the caller",
            "Seed 003, \"Get authenticated via chat-user token\".",
        )
        .by(VISITOR)
        .answers(200, "The chat user.", out::<wire::ChatUserOut>),
        listing(seed(GET, ALL, "List chat users", "Seed 003, \"Chat users, Get all\"."))
            .query("with[]", RELATED, with_users)
            .answers(200, "A page.", list::<wire::ChatUserOut>),
        // With an `api_token`, or with the chat's password and no token at all.
        chat(come_in)
            .header("Idempotency-Key", "Promises that a repeat is the same request.")
            .takes_any(&BODIES, |_| {
                fields(
                    [
                        ("email", email()),
                        ("name", maybe_text()),
                        ("surname", maybe_text()),
                        ("password", maybe_text()),
                        ("user_id", maybe_number()),
                        ("api_token", maybe_text()),
                    ],
                    &[],
                )
            })
            .answers(201, "The chat user, with a token.", out::<wire::ChatUserOut>)
            .answers(202, "Somebody has this e-mail: a code was sent to it.", |_| {
                object([("message", json!({ "const": "A code has been sent." }))])
            }),
        one(GET, "Show a chat user", "Seed 003, \"Chat users, Get single by ID\".")
            .query("with[]", RELATED, with_users),
        one(PUT, "Change a chat user", "Seed 003, \"Chat users, Edit\".")
            .takes_any(&BODIES, |_| {
                fields([("name", maybe_text()), ("surname", maybe_text()), ("email", email())], &[])
            })
            .or_nothing(),
        one(DELETE, "Take somebody out of a chat", "Seed 003, \"Chat users, Delete\"."),
    ]
}

fn of_messages() -> Vec<Operation> {
    const ALL: &str = "/api/chats/{chat}/messages";
    const ONE: &str = "/api/chats/{chat}/messages/{message}";
    let seed = |method, path, title, source| chat(Operation::new(method, path, title, source));
    let one = |method, title, source| {
        let call = seed(method, ONE, title, source).path("message", "The message's id.", integer);
        call.answers(200, "The message.", out::<wire::MessageOut>)
    };
    vec![
        listing(seed(GET, ALL, "List messages", "Seed 003, \"Chat messages, Get all\".").by(EITHER))
            .query("with[]", RELATED, with_messages)
            .answers(200, "A page.", list::<wire::MessageOut>),
        seed(POST, ALL, "Say something", "Seed 003, \"Chat messages, Create\".")
            .by(VISITOR)
            .takes_any(&BODIES, said)
            .answers(201, "The message.", out::<wire::MessageOut>),
        one(GET, "Show a message", "Seed 003, \"Chat messages, Get single by ID\".").by(EITHER).query(
            "with[]",
            RELATED,
            with_messages,
        ),
        one(PUT, "Change a message", "Seed 003, \"Chat messages, Edit\".").by(VISITOR).takes_any(&BODIES, said),
        one(DELETE, "Delete a message", "Seed 003, \"Chat messages, Delete\".").by(VISITOR),
    ]
}

/// A message's words have four names.
fn said(_: &mut Schemas) -> Value {
    let said = || json!({ "type": ["string", "null"], "maxLength": 20_000 });
    let kinds: Vec<&str> = std::iter::once("text").chain(wire::FILES).collect();
    fields(
        [
            ("message", said()),
            ("body", said()),
            ("text", said()),
            ("content", said()),
            ("type", words(&kinds)),
            ("url", json!({ "type": ["string", "null"], "format": "uri" })),
        ],
        &[],
    )
}

fn of_doors() -> Vec<Operation> {
    const TOKEN: &str = "Seed 003, \"Get valid chat-user token\".";
    const PASSWORD: &str = "Seed 003, \"Get chat password\".";
    let token = |path, source| {
        let call = chat(Operation::new(POST, path, "Exchange a mailed code for a chat user's token", source));
        let call = call.header("Idempotency-Key", "Promises that a repeat is the same request.");
        call.takes_any(&BODIES, |_| {
            let code = json!({ "type": ["integer", "string"], "description": "Six digits." });
            fields([("email", email()), ("auth-code", code.clone()), ("auth_code", code)], &["email"])
        })
        .answers(200, "The token, and whose it is.", out::<get_token::TokenOut>)
    };
    let share = |path, source| {
        let call = chat(Operation::new(POST, path, "Get a chat's password", source).by(EITHER));
        call.answers(200, "The password.", out::<share::ShareOut>)
    };
    vec![
        token("/chats/{chat}/users/get-token", TOKEN),
        token("/api/chats/{chat}/users/get-token", "Ours: the same under `/api`."),
        share("/chats/{chat}/share", PASSWORD),
        share("/api/chats/{chat}/share", "Ours: the same under `/api`."),
    ]
}
