//! imBee, described. Sources: seed 000, the vendor's SDK where the seed is silent.

use actix_web::http::Method;
use schemars::JsonSchema;
use serde_json::{Value, json};

use super::{chat_create, chat_history, chat_list, message_new, page, token_new, user_new, wire};
use crate::openapi::{
    Answer, Dialect, Operation, Refusal, Schemas, asked, by_hand, inline, integer, object, out, text,
};

const POST: Method = Method::POST;
const GET: Method = Method::GET;

/// The company: its corporate token is the key.
const COMPANY: &[&[&str]] = &[&["authorization", "corporate"]];
/// A user: their `apikey` is the key.
const USER: &[&[&str]] = &[&["authorization", "user"]];
/// A visitor on a token's page.
const VISITOR: &[&[&str]] = &[&["visit"]];

/// Where siblings are described.
const SDK: &str = "The vendor's SDK; not in the seed.";
/// Where ours are.
const OURS: &str = "Ours, in the vendor's envelope.";

by_hand! {
    /// What was not processed.
    Refused = |_generator| json!({
        "type": "object",
        "properties": {
            "time": { "type": "number", "minimum": 0 },
            "code": { "const": 1, "description": "An error was detected." },
            "message": { "type": "string", "description": "For people; not meant to be parsed." },
            "body": { "type": "object", "maxProperties": 0 },
        },
        "required": ["time", "code", "message", "body"],
    });
}

/// The document's parts.
pub fn dialect() -> Dialect {
    let key = |about: &str| json!({ "type": "apiKey", "in": "header", "name": "X-WOOS-KEY", "description": about });
    Dialect {
        name: "imbee",
        title: "Parlance: imBee",
        about: "Seed 000, \"Rest API\". Every answer is `{time, code, message, body}`; whatever the client's request causes is \
                HTTP 200 with code 1.",
        tables: vec![super::table()],
        schemes: vec![
            (
                "authorization",
                json!({
                    "type": "apiKey", "in": "header", "name": "Authorization",
                    "description": "Seed 000, \"Requirements\": <myAuth>, one opaque text of the company.",
                }),
            ),
            ("corporate", key("Seed 000, \"Requirements\": the corporate token.")),
            ("user", key("The acting user's `apikey`, from `third_parties/user/new`.")),
            (
                "visit",
                json!({
                    "type": "apiKey", "in": "header", "name": "X-VISIT",
                    "description": "What the exchange of an access token gave.",
                }),
            ),
        ],
        operations: operations(),
        refusals: refusals(),
        elsewhere: &["UnknownPath", "WrongMethod"],
        events: Vec::new(),
        known,
        notes: super::coverage::NOTES,
    }
}

/// Ids are SHA-1 sized; a message without author has none.
fn known(key: &str) -> Option<Value> {
    match key {
        "idsha" => Some(json!({ "pattern": "^([0-9a-f]{40})?$" })),
        "user_idsha" | "virtualUser" | "apikey" | "pass" => Some(json!({ "pattern": "^[0-9a-f]{40}$" })),
        "conversationId" => Some(json!({ "pattern": "^[0-9a-f]{32}$" })),
        "date_limit" => Some(json!({ "format": "date" })),
        _ => None,
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
        refused("Refused", 200, "An error was detected: code 1.", |call| !call.is_open() || call.writes()),
        refused("Malformed", 400, "The body is no JSON.", Operation::has_body),
        refused("Unauthenticated", 401, "A header is missing or does not count.", |call| !call.is_open()),
        refused("UnknownPath", 404, "There is no such path.", |_| false),
        refused("WrongMethod", 405, "The path has other methods.", |_| false),
        refused("TooLarge", 413, "The body is too large.", Operation::has_body),
        Refusal { name: "TooMany", answer: limited, when: |call| !call.is_open() || call.writes() },
        refused("Internal", 500, "Our fault.", |_| true),
        refused("Unavailable", 503, "A part that is needed does not answer now.", |_| true),
    ]
}

/// `body` in the envelope of what was processed.
fn enveloped(body: Value) -> Value {
    object([
        ("time", json!({ "type": "number", "minimum": 0, "description": "Seconds this request took." })),
        ("code", json!({ "const": 0 })),
        ("message", json!({ "type": "string" })),
        ("body", body),
    ])
}

fn envelope<T: JsonSchema>(schemas: &mut Schemas) -> Value {
    enveloped(out::<T>(schemas))
}

fn operations() -> Vec<Operation> {
    let call = |path, title, source| Operation::new(POST, path, title, source);
    vec![
        call("/token/new", "Generate an access token", "Seed 000, \"Generate a Access Token\".")
            .by(COMPANY)
            .takes(asked::<token_new::TokenIn>)
            .answers(200, "The token's page and limits.", envelope::<token_new::TokenOut>),
        call("/third_parties/user/new", "Register an external user", "Seed 000, \"Create a External User\".")
            .by(COMPANY)
            .takes(asked::<user_new::UserIn>)
            .answers(200, "The user and their key.", envelope::<user_new::UserOut>),
        call("/chat/create", "Make a chat, or find it", "Seed 000, \"Create a Chat between users\".")
            .by(USER)
            .takes(asked::<chat_create::CreateIn>)
            .answers(200, "The chat.", envelope::<wire::ConversationOut>),
        call("/chat/list", "List the caller's chats", SDK).by(USER).takes(asked::<chat_list::ListIn>).answers(
            200,
            "The chats, latest activity first.",
            |s| {
                let chats = json!({ "type": "array", "items": out::<chat_list::ChatOut>(s) });
                enveloped(object([("chats", chats)]))
            },
        ),
        call("/chat/history/{conversationId}", "Read a chat", SDK)
            .by(USER)
            .path("conversationId", "The chat.", text)
            .takes(asked::<chat_history::HistoryIn>)
            .answers(200, "Its messages, newest first.", envelope::<chat_history::HistoryOut>),
        call("/chat/message/new", "Say something in a chat", OURS)
            .by(USER)
            .takes(asked::<message_new::MessageIn>)
            .answers(200, "The message.", envelope::<message_new::PostedOut>),
        on_page(GET, "/t/{token}", "The page of an access token")
            .gives(Answer::of(200, "Whom the visitor will talk to.", "text/html", text))
            .gives(Answer::of(404, "Nobody knows this token.", "text/html", text)),
        on_page(POST, "/t/{token}", "Exchange an access token for a chat")
            .answers(200, "The chat and a visit.", |s| enveloped(inline::<page::VisitOut>(s)))
            .answers(404, "Nobody knows this token.", out::<Refused>),
        on_page(GET, "/t/{token}/history", "Read the visit's chat")
            .by(VISITOR)
            .needs("conversationId", "The chat.", text)
            .query("limit", "How many at most.", integer)
            .query("before_id", "Only messages whose number is below this.", integer)
            .answers(200, "Its messages, newest first.", envelope::<chat_history::HistoryOut>),
        on_page(POST, "/t/{token}/message", "Say something in the visit's chat")
            .by(VISITOR)
            .takes(asked::<message_new::MessageIn>)
            .answers(200, "The message.", envelope::<message_new::PostedOut>),
    ]
}

fn on_page(method: Method, path: &'static str, title: &'static str) -> Operation {
    Operation::new(method, path, title, "Ours: the page an access token's `url` opens.").path(
        "token",
        "The access token.",
        text,
    )
}
