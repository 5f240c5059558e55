//! The operator API and the native streams, described.

mod support;

use actix_web::http::Method;
use contracts::events::{ParkedEvent, Redriven};
use domain::{ChatId, GroupId, Surface, TenantId, Timestamp, TokenId, UserId, WebhookId};
use schemars::JsonSchema;
use serde_json::{Value, json};

use super::{groups, interaction, parked, tenants, tokens, users, wire};
use crate::native;
use crate::openapi::{
    Answer, Dialect, Event, Operation, Refusal, Schemas, asked, by_hand, integer, object, out, text, value, words,
};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const PATCH: Method = Method::PATCH;
const DELETE: Method = Method::DELETE;

/// The token of a tenant's operator.
const TENANT: &[&[&str]] = &[&["operator"]];
/// The instance's root token.
const ROOT: &[&[&str]] = &[&["root"]];

by_hand! {
    /// How a call is refused.
    Refused = |_generator| json!({
        "type": "object",
        "properties": { "error": {
            "type": "object",
            "properties": {
                "code": { "type": "string", "description": "A word for programs.", "pattern": "^[a-z_]+$" },
                "message": { "type": "string", "description": "A sentence for people." },
                "field": { "type": ["string", "null"], "description": "The field at fault." },
            },
            "required": ["code", "message", "field"],
        } },
        "required": ["error"],
    });
}

/// The document's parts.
pub fn dialect() -> Dialect {
    let mut operations = of_tenants();
    operations.extend(of_people());
    operations.extend(of_chats());
    operations.extend(of_tokens());
    operations.extend(of_instance());
    operations.extend(support::operations());
    operations.extend(native::openapi::operations());
    Dialect {
        name: "operator",
        title: "Parlance: operator API and native streams",
        about: "Our own API. An operator token manages its own tenant, the root token manages tenants. Ids are UUIDs; the id \
                a thing has on each surface stands beside it. The vendors' documents are at \
                `/operator/v1/openapi/{surface}.json`.",
        tables: vec![native::table(), super::table()],
        schemes: vec![
            ("operator", json!({ "type": "http", "scheme": "bearer", "description": "A tenant's operator token." })),
            ("root", json!({ "type": "http", "scheme": "bearer", "description": "The instance's root token." })),
            (
                "any",
                json!({
                    "type": "http", "scheme": "bearer",
                    "description": "A token of any surface that stands for a user, or an operator token.",
                }),
            ),
            (
                "anyInQuery",
                json!({
                    "type": "apiKey", "in": "query", "name": "token",
                    "description": "The same, for browsers' `EventSource`, which sends no headers.",
                }),
            ),
        ],
        operations,
        refusals: refusals(),
        elsewhere: &["NotFound", "WrongMethod"],
        events: events(),
        known: |_| None,
        notes: &[],
    }
}

fn refusals() -> Vec<Refusal> {
    let refused = |name, status, about, when: fn(&Operation) -> bool| Refusal {
        name,
        answer: Answer::json(status, about, out::<Refused>),
        when,
    };
    let limited = Refusal {
        name: "TooMany",
        answer: Answer::json(429, "Too many requests.", out::<Refused>).with(&["Retry-After"]),
        when: |call| !call.is_open(),
    };
    vec![
        refused("Malformed", 400, "The body is no JSON.", Operation::has_body),
        refused("Unauthenticated", 401, "No token, or one that does not count.", |call| !call.is_open()),
        refused("Forbidden", 403, "The token may not do this.", |call| !call.is_open()),
        refused("NotFound", 404, "There is no such thing in this tenant, or no such path.", |call| {
            call.has_parts() || call.writes()
        }),
        refused("WrongMethod", 405, "The path has other methods.", |_| false),
        refused("Conflict", 409, "It exists already, or its state does not allow this.", Operation::writes),
        refused("TooLarge", 413, "The body is too large.", Operation::has_body),
        refused("Invalid", 422, "A value is missing, malformed or not allowed.", |call| !call.is_open()),
        limited,
        refused("Internal", 500, "Our fault.", |_| true),
        refused("Unavailable", 503, "A part that is needed does not answer now.", |_| true),
    ]
}

/// A page of a list.
pub fn list<T: JsonSchema>(schemas: &mut Schemas) -> Value {
    let item = out::<T>(schemas);
    page(item)
}

fn page(item: Value) -> Value {
    let mut items = json!({ "type": "array" });
    items["items"] = item;
    object([
        ("items", items),
        ("next", json!({ "type": ["string", "null"], "description": "What `after` is to be for the next page." })),
    ])
}

fn limit(_: &mut Schemas) -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": 200, "default": 50 })
}

/// A call of a tenant's operator.
pub fn call(method: Method, path: &'static str, title: &'static str) -> Operation {
    Operation::new(method, path, title, "Ours: operator API.").by(TENANT).roles(&["operator"])
}

/// The same for a list.
pub fn listing(path: &'static str, title: &'static str) -> Operation {
    paged(call(GET, path, title))
}

fn paged(call: Operation) -> Operation {
    call.query("limit", "How many at most.", limit).query("after", "The `next` of an earlier page.", text)
}

fn root(method: Method, path: &'static str, title: &'static str) -> Operation {
    Operation::new(method, path, title, "Ours: operator API, for the root token.").by(ROOT).roles(&["root"])
}

/// `<surface>:<id>`.
pub fn identity(_: &mut Schemas) -> Value {
    let surfaces: Vec<&str> = Surface::ALL.iter().map(|surface| surface.as_str()).collect();
    json!({ "type": "string", "pattern": format!("^({}):.+$", surfaces.join("|")) })
}

fn of_tenants() -> Vec<Operation> {
    const PATH: &str = "/operator/v1/tenants";
    vec![
        root(POST, PATH, "Make a tenant").takes(asked::<tenants::CreateIn>).answers(
            201,
            "Its credentials, shown once.",
            credentials,
        ),
        paged(root(GET, PATH, "List tenants")).answers(200, "A page, oldest first.", |s| {
            let (id, at) = (out::<TenantId>(s), out::<domain::Timestamp>(s));
            page(object([("id", id), ("name", text(s)), ("created_at", at)]))
        }),
        root(DELETE, "/operator/v1/tenants/{id}", "Delete a tenant")
            .path("id", "The tenant.", value::<TenantId>)
            .answers(202, "It is refused everywhere from now on, and erased in batches.", |s| {
                object([("id", out::<TenantId>(s)), ("name", text(s))])
            }),
    ]
}

/// The object of `credentials.json`. A surface that is not served has null.
fn credentials(s: &mut Schemas) -> Value {
    let (user, tenant) = (out::<UserId>(s), out::<TenantId>(s));
    let text = text(s);
    let mut zenvia = object([("token", text.clone()), ("department_id", integer(s))]);
    zenvia["type"] = json!(["object", "null"]);
    object([
        ("base_url", text.clone()),
        ("admin_url", text.clone()),
        ("tenant", text.clone()),
        ("operator", object([("token", text.clone())])),
        (
            "imbee",
            object([
                ("authorization", text.clone()),
                ("corporate_token", text.clone()),
                ("bot_idsha", json!({ "type": "string", "pattern": "^[0-9a-f]{40}$" })),
            ]),
        ),
        ("zenvia", zenvia),
        (
            "voipbin",
            object([
                ("customer_id", tenant),
                ("agent_id", user),
                ("username", text.clone()),
                ("password", text.clone()),
                ("access_key", text.clone()),
            ]),
        ),
        ("connectnow", object([("api_token", text.clone())])),
        ("odoo", object([("db", text.clone()), ("login", text.clone()), ("password", text)])),
    ])
}

fn of_people() -> Vec<Operation> {
    const USERS: &str = "/operator/v1/users";
    const USER: &str = "/operator/v1/users/{id}";
    const GROUPS: &str = "/operator/v1/groups";
    let one = |method, title| call(method, USER, title).path("id", "The user.", value::<UserId>);
    vec![
        call(POST, USERS, "Make a user").takes(asked::<users::CreateIn>).answers(
            201,
            "The user.",
            out::<wire::UserView>,
        ),
        listing(USERS, "List users")
            .query("email", "Only whoever has this e-mail.", text)
            .query("login", "Only whoever logs in by this name.", text)
            .query("identity", "Only whoever has this id on a surface.", identity)
            .query("search", "Only those whose name has this in it.", text)
            .answers(200, "A page, oldest first.", list::<wire::UserView>),
        one(GET, "Show a user").answers(200, "The user.", out::<wire::UserView>),
        one(PATCH, "Change a user").takes(asked::<users::UpdateIn>).answers(200, "The user.", out::<wire::UserView>),
        one(DELETE, "Delete a user").answers(200, "The user as they were.", out::<wire::UserView>),
        call(POST, GROUPS, "Make a group").takes(asked::<groups::CreateIn>).answers(
            201,
            "The group.",
            out::<groups::GroupView>,
        ),
        listing(GROUPS, "List groups").answers(200, "A page, oldest first.", list::<groups::GroupView>),
        call(PUT, "/operator/v1/groups/{id}/members", "Set a group's members")
            .path("id", "The group.", value::<GroupId>)
            .takes(asked::<groups::MembersIn>)
            .answers(200, "The group.", out::<groups::GroupView>),
    ]
}

fn of_chats() -> Vec<Operation> {
    const CHAT: &str = "/operator/v1/chats/{id}";
    const MESSAGES: &str = "/operator/v1/chats/{id}/messages";
    vec![
        listing("/operator/v1/chats", "List chats")
            .query("identity", "Only the chat with this id on a surface.", identity)
            .answers(200, "A page, oldest first.", list::<wire::ChatView>),
        call(GET, CHAT, "Show a chat").path("id", "The chat.", value::<ChatId>).answers(
            200,
            "The chat.",
            out::<wire::ChatView>,
        ),
        listing(MESSAGES, "List a chat's messages").path("id", "The chat.", value::<ChatId>).answers(
            200,
            "A page, oldest first; deleted messages keep their place.",
            list::<wire::MessageView>,
        ),
    ]
}

fn of_tokens() -> Vec<Operation> {
    const TOKENS: &str = "/operator/v1/tokens";
    vec![
        call(POST, TOKENS, "Make a credential").takes(asked::<tokens::CreateIn>).answers(
            201,
            "The credential, with its secret.",
            out::<tokens::TokenView>,
        ),
        listing(TOKENS, "List credentials")
            .query("surface", "Only those that open this surface.", value::<Surface>)
            .query("user_id", "Only this user's.", value::<UserId>)
            .answers(200, "A page, newest first.", list::<tokens::TokenView>),
        call(DELETE, "/operator/v1/tokens/{id}", "Revoke a credential")
            .path("id", "The credential.", value::<TokenId>)
            .answers(200, "The credential as it is now.", out::<tokens::TokenView>),
    ]
}

fn of_instance() -> Vec<Operation> {
    let document = |_: &mut Schemas| json!({ "type": "object", "required": ["openapi"] });
    vec![
        paged(root(GET, "/operator/v1/parked", "List events a consumer refused"))
            .needs("service", "Whose consumers.", text)
            .answers(200, "A page, oldest first.", list::<ParkedEvent>),
        root(POST, "/operator/v1/parked/redrive", "Hand parked events to their consumer again")
            .takes(asked::<parked::RedriveIn>)
            .answers(200, "What became of them.", out::<Redriven>),
        Operation::new(GET, "/operator/v1/openapi.json", "This document", "Ours.").answers(
            200,
            "OpenAPI 3.1.",
            document,
        ),
        Operation::new(GET, "/operator/v1/openapi/{surface}.json", "A surface's document", "Ours.")
            .path("surface", "The surface; `operator` has the native streams, too.", |_| {
                words(&super::documents::DOCUMENTS.map(|(name, _)| name))
            })
            .answers(200, "OpenAPI 3.1.", document)
            .answers(404, "There is no such surface.", out::<Refused>),
    ]
}

/// What the native streams tell; native webhooks have the same under `data`.
fn events() -> Vec<Event> {
    let event = |name, about, schema| Event { name, about, schema };
    let chat = out::<wire::ChatView>;
    let participant = |s: &mut Schemas| {
        object([("chat", out::<wire::ChatView>(s)), ("participant", out::<wire::ParticipantView>(s))])
    };
    let (message, moved) = (out::<wire::MessageView>, out::<interaction::MovedView>);
    vec![
        event("chat.created", "A chat was made.", chat),
        event("chat.updated", "A chat was changed.", chat),
        event("chat.deleted", "A chat was deleted.", chat),
        event("participant.added", "Somebody came into a chat.", participant),
        event("participant.removed", "Somebody left a chat.", participant),
        event("message.posted", "Something was said.", message),
        event("message.edited", "A message was changed.", message),
        event("message.deleted", "A message was deleted.", message),
        event("message.read", "Somebody has read up to a place.", |s| {
            object([("chat_id", out::<ChatId>(s)), ("user_id", out::<UserId>(s)), ("read_seq", integer(s))])
        }),
        event("presence.changed", "Somebody came, paused or went.", |s| {
            object([("user_id", out::<UserId>(s)), ("presence", out::<domain::Presence>(s))])
        }),
        event("interaction.started", "A chat was handed to a department.", moved),
        event("interaction.accepted", "Its bot took it on.", moved),
        event("interaction.transferred", "Another serves it now.", moved),
        event("interaction.finished", "It is over.", moved),
        event("webhook.disabled", "A webhook was switched off: it answered 410, or failed for days.", |s| {
            object([
                ("webhook_id", out::<WebhookId>(s)),
                ("url", text(s)),
                ("because", words(&["failing", "gone"])),
                ("failing_since", out::<Timestamp>(s)),
                ("disabled_at", out::<Timestamp>(s)),
            ])
        }),
        event("typing", "Somebody is writing.", |s| {
            object([("chat_id", out::<ChatId>(s)), ("user_id", out::<UserId>(s))])
        }),
    ]
}
