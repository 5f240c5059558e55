//! How we read the Odoo text where it is silent, and where we differ from it.

use crate::openapi::{Note, decided, deviating};

const WITH_USER: &str = "/im_chat/api/get_or_create_session";
const OF_GROUP: &str = "/im_chat/api/get_or_create_session_group";
const USERS: &str = "/im_chat/api/get_sessions";
const GROUPS: &str = "/im_chat/api/get_sessions_group";
const HISTORY: &str = "/im_chat/api/history";

/// For the coverage page.
pub const NOTES: &[Note] = &[
    decided(
        &[WITH_USER, OF_GROUP, USERS, GROUPS],
        "`docs:` and `with_documents:`",
        "The examples' spelling stands beside the tables' (`docs`, `with_documents`); `surfaces.odoo.colon_keys` turns it off.",
    ),
    decided(
        &[
            USERS,
            GROUPS,
            HISTORY,
            "/im_chat/api/init",
            "/im_chat/api/user_chat_ab/get_all_users",
            "/im_chat/api/user_chat_ab/get_users_from_book",
        ],
        "lists that the text shows bare",
        "Always in the envelope of JSON-RPC, as `result`.",
    ),
    decided(
        &[],
        "a JSON object without `jsonrpc`, `method` and `params`",
        "Is taken as the arguments, and answered with `id` null. `id` is otherwise echoed, whatever it is.",
    ),
    decided(&[], "nobody logged in", "HTTP 200 with error code 100 on every call that needs a login."),
    decided(
        &["/signin/1.0/json", "/web/session/authenticate"],
        "which login",
        "Both, over one kind of session. A `db` that names another tenant fails like a wrong password; one that names none is ignored.",
    ),
    decided(
        &[WITH_USER, OF_GROUP],
        "`user_to` that is oneself or unknown, an unknown group, half a document",
        "A JSON-RPC error of code 200: these calls document no `status`.",
    ),
    decided(
        &[WITH_USER, OF_GROUP],
        "a document",
        "Is part of what a session is: each pair or group has one without and one per document. `doc_id` is a number, or digits.",
    ),
    decided(
        &[USERS, GROUPS],
        "`last_message`",
        "`false` where there is none. Newest session first; `limit` of 0 or less is 20.",
    ),
    decided(
        &["/im_chat/api/init"],
        "`name` \"Required\"",
        "Empty or absent is everybody; else a part of the name, in either case.",
    ),
    decided(
        &[HISTORY],
        "`last_ID`, and sessions of others",
        "Messages below it, newest first, 20 unless asked; `last_id` is read too. A session that is not the caller's has an empty \
         history. Reading moves the caller's read mark.",
    ),
    decided(
        &["/im_chat/post"],
        "what it answers",
        "The bare number of the message, `false` where the caller is no member.",
    ),
    decided(&["/im_chat/post"], "type `typing`", "Is told to those who poll, never stored, and never in the history."),
    decided(
        &["/im_chat/api/change_session_status"],
        "errors",
        "`{status: \"error\", field, message}` for an unknown `uuid` or `new_status`; without `new_status` nothing changes.",
    ),
    decided(
        &["/im_chat/api/user_chat_ab/add_partner"],
        "who may be linked",
        "Any partner of the tenant to the caller's own, else \"input parameters are not valid\".",
    ),
    decided(
        &["/web/dataset/call_kw", "/web/dataset/call_kw/{path:.*}"],
        "how `state` is set",
        "As the stock client does: `im_chat.session`, `update_state`. Other models and methods are an error of code 200.",
    ),
    deviating(&["/im_chat/post"], "Stock Odoo lets somebody who is not logged in post.", "A login is needed."),
    deviating(
        &["/web/webclient/version_info"],
        "Stock Odoo has far more below `/web` and `/im_chat/image`.",
        "What a chat client needs to log in, poll and set a window's state; the rest is 404.",
    ),
];
