//! VoIPBin, described. Sources: seed 002; the vendor's API of 2022 and 2026 where the seed is silent.

use actix_web::http::Method;
use domain::{ChatId, MessageId, ParticipationId, TokenId, UserId};
use schemars::JsonSchema;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    accesskeys, agent, agent_changes, agents, chatmessages, chatroommessages, chatrooms, chats, login, page,
    participants, wire,
};
use crate::openapi::{Answer, Dialect, Event, Operation, Refusal, Schemas, asked, inline, object, out, text, value};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const DELETE: Method = Method::DELETE;

/// A session or an access key, wherever it stands.
const ANY: &[&[&str]] = &[&["token"], &["tokenCookie"], &["bearer"], &["accesskey"], &["accesskeyCookie"]];
/// Managers and admins.
const MANAGERS: &[&str] = &["manager", "admin"];
/// Everybody who works for the customer.
const STAFF: &[&str] = &["agent", "manager", "admin"];
/// Admins.
const ADMINS: &[&str] = &["admin"];
/// Where siblings are described.
const LATER: &str = "The vendor's API of 2022 and 2026; not in the seed.";

/// The document's parts.
pub fn dialect() -> Dialect {
    let key = |place: &str, name: &str, about: &str| json!({ "type": "apiKey", "in": place, "name": name, "description": about });
    let bearer = json!({ "type": "http", "scheme": "bearer", "description": "A session, or an access key." });
    let mut operations = vec![
        Operation::new(GET, "/ping", "Is it there", LATER)
            .answers(200, "It is.", |_| object([("message", json!({ "const": "pong" }))])),
        Operation::new(POST, "/auth/login", "Log in", LATER).takes(asked::<login::LoginIn>).gives(
            Answer::json(200, "The session's token, in a cookie too.", out::<login::LoginView>).with(&["Set-Cookie"]),
        ),
        of_anybody(GET, "/v1.0/me", "Show the caller").answers(200, "The caller.", out::<agent::AgentView>),
        of_anybody(GET, "/v1.0/ws", "Listen over a WebSocket").lasting().gives(Answer::empty(
            101,
            "A WebSocket that tells what is under `webhooks`, by topics the client subscribes to.",
        )),
    ];
    operations.extend(people());
    operations.extend(keys());
    operations.extend(conversations());
    operations.extend(rooms());
    operations.extend(own_person());
    operations.extend(own_rooms());
    Dialect {
        name: "voipbin",
        title: "Parlance: VoIPBin",
        about: "Seed 002, \"Tutorial\". Bodies are JSON whatever their content type says. Success is 200, whatever a client \
                causes is 400 without a body, who is not known is 401 without a body.",
        tables: vec![super::table()],
        schemes: vec![
            ("token", key("query", "token", "Seed 002: a session's token.")),
            ("tokenCookie", key("cookie", "token", "A session's token, as the login sets it.")),
            ("bearer", bearer),
            ("accesskey", key("query", "accesskey", "An access key.")),
            ("accesskeyCookie", key("cookie", "accesskey", "An access key.")),
        ],
        operations,
        refusals: refusals(),
        elsewhere: &["UnknownPath"],
        events: events(),
        known,
        notes: super::coverage::NOTES,
    }
}

/// Times have one form everywhere.
fn known(key: &str) -> Option<Value> {
    const TIME: &str = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{6}$";
    key.starts_with("tm_").then(|| json!({ "pattern": TIME, "description": "UTC; 9999-01-01 for never." }))
}

fn refusals() -> Vec<Refusal> {
    let refused = |name, status, about, when: fn(&Operation) -> bool| Refusal {
        name,
        answer: Answer::empty(status, about),
        when,
    };
    let elsewhere = Answer::of(
        404,
        "There is no such path, or it has other methods.",
        "text/plain",
        |_| json!({ "type": "string", "const": "404 page not found" }),
    );
    let limited = Answer::empty(429, "Too many requests, or failed logins.").with(&["Retry-After"]);
    vec![
        refused("Refused", 400, "Whatever the client causes.", |call| !call.is_open() || call.writes()),
        refused("Unauthenticated", 401, "No credential, or one that does not count.", |call| !call.is_open()),
        Refusal { name: "UnknownPath", answer: elsewhere, when: |_| false },
        Refusal { name: "TooMany", answer: limited, when: |call| !call.is_open() || call.writes() },
        refused("Internal", 500, "Our fault.", |_| true),
        refused("Unavailable", 503, "A part that is needed does not answer now.", |_| true),
    ]
}

fn of_anybody(method: Method, path: &'static str, title: &'static str) -> Operation {
    Operation::new(method, path, title, LATER).by(ANY)
}

fn of_managers(method: Method, path: &'static str, title: &'static str) -> Operation {
    of_anybody(method, path, title).roles(MANAGERS)
}

fn seeded(method: Method, path: &'static str, title: &'static str, source: &'static str) -> Operation {
    Operation::new(method, path, title, source).by(ANY)
}

/// `result` and `next_page_token`.
fn list<T: JsonSchema>(schemas: &mut Schemas) -> Value {
    inline::<page::PageView<T>>(schemas)
}

fn paged(call: Operation) -> Operation {
    call.query("page_size", "1 to 100; anything else is 10.", |_| json!({ "type": "integer", "default": 10 })).query(
        "page_token",
        "The `next_page_token` of an earlier page.",
        text,
    )
}

fn people() -> Vec<Operation> {
    let one = |method, path, title| of_managers(method, path, title).path("id", "The agent.", value::<UserId>);
    let own = |method, path, title| of_anybody(method, path, title).path("id", "The agent.", value::<UserId>);
    let agent = |call: Operation| call.answers(200, "The agent.", out::<agent::AgentView>);
    vec![
        paged(of_managers(GET, "/v1.0/agents", "List agents"))
            .query("tag_ids", "Those with any of these tags, separated by commas.", text)
            .query("status", "Those who stand so.", text)
            .answers(200, "A page.", list::<agent::AgentView>),
        agent(of_managers(POST, "/v1.0/agents", "Make an agent").takes(asked::<agents::CreateIn>)),
        agent(own(GET, "/v1.0/agents/{id}", "Show an agent")),
        agent(own(PUT, "/v1.0/agents/{id}", "Change an agent").takes(asked::<agents::UpdateIn>)),
        agent(one(DELETE, "/v1.0/agents/{id}", "Delete an agent")),
        agent(
            one(PUT, "/v1.0/agents/{id}/addresses", "Set an agent's addresses")
                .takes(asked::<agent_changes::AddressesIn>),
        ),
        agent(
            one(PUT, "/v1.0/agents/{id}/password", "Set an agent's password").takes(asked::<agent_changes::PasswordIn>),
        ),
        agent(
            one(PUT, "/v1.0/agents/{id}/permission", "Set an agent's permission")
                .takes(asked::<agent_changes::PermissionIn>),
        ),
        agent(own(PUT, "/v1.0/agents/{id}/status", "Set an agent's status").takes(asked::<agent_changes::StatusIn>)),
        agent(one(PUT, "/v1.0/agents/{id}/tag_ids", "Set an agent's tags").takes(asked::<agent_changes::TagIdsIn>)),
    ]
}

fn keys() -> Vec<Operation> {
    let admins = |method, path, title| of_anybody(method, path, title).roles(ADMINS);
    let one = |method, title| admins(method, "/v1.0/accesskeys/{id}", title).path("id", "The key.", value::<TokenId>);
    let key = |call: Operation| call.answers(200, "The key.", out::<accesskeys::AccesskeyView>);
    vec![
        paged(admins(GET, "/v1.0/accesskeys", "List access keys")).answers(
            200,
            "A page.",
            list::<accesskeys::AccesskeyView>,
        ),
        key(admins(POST, "/v1.0/accesskeys", "Make an access key").takes(asked::<accesskeys::CreateIn>)),
        key(one(GET, "Show an access key")),
        key(one(PUT, "Change an access key").takes(asked::<accesskeys::UpdateIn>)),
        key(one(DELETE, "Revoke an access key")),
    ]
}

fn conversations() -> Vec<Operation> {
    const CHATS: &str = "/v1.0/chats";
    const CHAT: &str = "/v1.0/chats/{id}";
    const MESSAGES: &str = "/v1.0/chatmessages";
    const MESSAGE: &str = "/v1.0/chatmessages/{id}";
    let chat = |call: Operation| call.answers(200, "The chat.", out::<wire::ChatView>);
    let message = |call: Operation| call.answers(200, "The message.", out::<wire::ChatmessageView<'static>>);
    let one = |method, path, title| of_managers(method, path, title).path("id", "The chat.", value::<ChatId>);
    let said = |method, title| of_managers(method, MESSAGE, title).path("id", "The message.", value::<MessageId>);
    let detail = seeded(GET, CHAT, "Show a chat", "Seed 002, \"Get detail of chat\".");
    vec![
        paged(seeded(GET, CHATS, "List chats", "Seed 002, \"Get list of chats\".")).answers(
            200,
            "A page, newest first.",
            list::<wire::ChatView>,
        ),
        chat(seeded(POST, CHATS, "Make a chat", "Seed 002, \"Create a new chat\".").takes(asked::<chats::CreateIn>)),
        chat(detail.path("id", "The chat.", value::<ChatId>)),
        chat(one(PUT, CHAT, "Rename a chat").takes(asked::<chats::NamesIn>)),
        chat(one(DELETE, CHAT, "Delete a chat")),
        chat(one(PUT, "/v1.0/chats/{id}/owner_id", "Set a chat's owner").takes(asked::<chats::OwnerIn>)),
        chat(one(PUT, "/v1.0/chats/{id}/room_owner_id", "Set a chat's owner").takes(asked::<chats::OwnerIn>)),
        chat(one(POST, "/v1.0/chats/{id}/participant_ids", "Add a participant").takes(asked::<participants::AddIn>)),
        chat(one(DELETE, "/v1.0/chats/{id}/participant_ids/{participant_id}", "Remove a participant").path(
            "participant_id",
            "The participant.",
            value::<UserId>,
        )),
        paged(of_managers(GET, MESSAGES, "List a chat's messages"))
            .needs("chat_id", "The chat.", value::<ChatId>)
            .answers(200, "A page, newest first.", list::<wire::ChatmessageView<'static>>),
        message(
            seeded(POST, MESSAGES, "Send a message", "Seed 002, \"Send chatmessage\".")
                .takes(asked::<chatmessages::CreateIn>),
        ),
        message(said(GET, "Show a message")),
        message(said(DELETE, "Delete a message, its copies too")),
    ]
}

fn rooms() -> Vec<Operation> {
    const ROOMS: &str = "/v1.0/chatrooms";
    const ROOM: &str = "/v1.0/chatrooms/{id}";
    let list_of = seeded(GET, ROOMS, "List somebody's chatrooms", "Seed 002, \"Get list of chatrooms\".");
    let mut all = vec![
        paged(list_of).query("owner_id", "Whose; without it the caller's.", value::<UserId>).answers(
            200,
            "A page, newest first.",
            list::<wire::ChatroomView>,
        ),
        room(of_anybody(POST, ROOMS, "Make a chat of the caller and others").takes(asked::<chatrooms::CreateIn>)),
        room(at_room(of_anybody(GET, ROOM, "Show a chatroom"))),
        room(at_room(of_managers(PUT, ROOM, "Rename the caller's chatroom").takes(asked::<chats::NamesIn>))),
        room(at_room(of_anybody(DELETE, ROOM, "Drop a chatroom"))),
    ];
    all.extend(copies("/v1.0/chatroommessages", "/v1.0/chatroommessages/{id}", of_managers));
    all
}

/// What everybody who works for the customer sees of the others, and does to themselves.
fn own_person() -> Vec<Operation> {
    const AGENTS: &str = "/v1.0/service_agents/agents";
    let agent = |call: Operation| call.answers(200, "The agent.", out::<agent::AgentView>);
    let me = |path, title| of_anybody(PUT, path, title);
    let colleague = of_anybody(GET, "/v1.0/service_agents/agents/{id}", "Show a colleague").roles(STAFF);
    vec![
        paged(of_anybody(GET, AGENTS, "List colleagues").roles(STAFF)).answers(
            200,
            "A page.",
            list::<agent::AgentView>,
        ),
        agent(colleague.path("id", "The agent.", value::<UserId>)),
        agent(of_anybody(GET, "/v1.0/service_agents/me", "Show the caller's user")),
        agent(me("/v1.0/service_agents/me", "Change the caller").takes(asked::<agents::UpdateIn>)),
        agent(
            me("/v1.0/service_agents/me/addresses", "Set the caller's addresses")
                .takes(asked::<agent_changes::AddressesIn>),
        ),
        agent(
            me("/v1.0/service_agents/me/password", "Set the caller's password")
                .takes(asked::<agent_changes::PasswordIn>),
        ),
        agent(me("/v1.0/service_agents/me/status", "Set the caller's status").takes(asked::<agent_changes::StatusIn>)),
    ]
}

fn own_rooms() -> Vec<Operation> {
    const ROOMS: &str = "/v1.0/service_agents/chatrooms";
    const ROOM: &str = "/v1.0/service_agents/chatrooms/{id}";
    let mut all = vec![
        paged(of_anybody(GET, ROOMS, "List the caller's chatrooms")).answers(
            200,
            "A page, newest first.",
            list::<wire::ChatroomView>,
        ),
        room(of_anybody(POST, ROOMS, "Make a chat of the caller and others").takes(asked::<chatrooms::CreateIn>)),
        room(at_room(of_anybody(GET, ROOM, "Show the caller's chatroom"))),
        room(at_room(of_anybody(PUT, ROOM, "Rename the caller's chatroom").takes(asked::<chats::NamesIn>))),
        room(at_room(of_anybody(DELETE, ROOM, "Drop the caller's chatroom"))),
    ];
    all.extend(copies(
        "/v1.0/service_agents/chatroommessages",
        "/v1.0/service_agents/chatroommessages/{id}",
        of_anybody,
    ));
    all
}

fn room(call: Operation) -> Operation {
    call.answers(200, "The chatroom.", out::<wire::ChatroomView>)
}

fn at_room(call: Operation) -> Operation {
    call.path("id", "The chatroom.", value::<ParticipationId>)
}

/// Messages of one room. `posting`: who may say something.
fn copies(
    all: &'static str,
    one: &'static str,
    posting: fn(Method, &'static str, &'static str) -> Operation,
) -> Vec<Operation> {
    let copy = |call: Operation| call.answers(200, "The copy.", out::<wire::ChatroommessageView<'static>>);
    let known = |method, title| of_anybody(method, one, title).path("id", "The copy.", value::<Uuid>);
    vec![
        paged(of_anybody(GET, all, "List a chatroom's messages"))
            .needs("chatroom_id", "The chatroom.", value::<ParticipationId>)
            .answers(200, "A page, newest first.", list::<wire::ChatroommessageView<'static>>),
        copy(posting(POST, all, "Send a message as the caller").takes(asked::<chatroommessages::CreateIn>)),
        copy(known(GET, "Show a copy of a message")),
        copy(known(DELETE, "Delete a copy of a message")),
    ]
}

/// What webhooks and the WebSocket tell.
fn events() -> Vec<Event> {
    const ABOUT: &str = "The vendor's webhooks; not in the seed.";
    fn told<T: JsonSchema>(schemas: &mut Schemas) -> Value {
        object([("type", json!({ "type": "string" })), ("data", out::<T>(schemas))])
    }
    let event = |name, schema| Event { name, about: ABOUT, schema };
    let (chat, room) = (told::<wire::ChatView>, told::<wire::ChatroomView>);
    let (message, copy) = (told::<wire::ChatmessageView<'static>>, told::<wire::ChatroommessageView<'static>>);
    vec![
        event("chat_created", chat),
        event("chat_updated", chat),
        event("chat_deleted", chat),
        event("chatroom_created", room),
        event("chatroom_updated", room),
        event("chatroom_deleted", room),
        event("messagechat_created", message),
        event("messagechat_deleted", message),
        event("messagechatroom_created", copy),
        event("messagechatroom_deleted", copy),
    ]
}
