//! How we read the ConnectNow text where it is silent, and where we differ from it.

use crate::openapi::{Note, decided, deviating};

const LISTS: &[&str] =
    &["GET /api/companies", "GET /api/chats", "GET /api/chats/{chat}/users", "GET /api/chats/{chat}/messages"];
const TOKEN: &str = "/chats/{chat}/users/get-token";
const SHARE: &str = "/chats/{chat}/share";

/// For the coverage page.
pub const NOTES: &[Note] = &[
    decided(
        &[],
        "the fields of objects; the text names none",
        "Those of the vendor's sibling services, in their style: integer ids, `created_at` and `updated_at` with six digits and `Z`, \
         single objects bare.",
    ),
    decided(
        &[TOKEN, SHARE, "/api/chats/{chat}/users/get-token", "/api/chats/{chat}/share"],
        "two routes are written without `/api`",
        "Served with and without.",
    ),
    decided(
        LISTS,
        "pages or bare arrays",
        "The envelope of nine keys that the philosophy page describes, ascending by id.",
    ),
    decided(
        LISTS,
        "`page` and `per_page` out of range",
        "The first page; at most 249, and 15 for what makes no sense.",
    ),
    decided(
        LISTS,
        "`before`, `after`, `scopes[]`, `with[]`",
        "Understood where there is something to relate: company, users and messages of a chat, its chat of a user, the chat user of a \
         message. Unknown relations and bad dates are 422.",
    ),
    decided(
        &[],
        "where the token stands",
        "Query, body, bearer, then the password of HTTP Basic: Laravel's order. A missing `Accept` is forgiven.",
    ),
    decided(
        &[],
        "statuses",
        "Laravel's: 401, 403 for what is there and not yours, 404, 405, 422 with `errors`, 429. Another tenant's object is 404.",
    ),
    decided(&[], "JSON that cannot be parsed", "Counts as an empty body, as Laravel has it."),
    decided(
        &["POST /api/chats/{chat}/users"],
        "who may join",
        "With the chat's password a new e-mail is added (201, with `chat_user_token`) and a known one is sent a code (202). With an \
         `api_token` of a manager or admin anybody, with an agent's its own e-mail.",
    ),
    decided(
        &[TOKEN],
        "the code",
        "Six digits, as a number or a text, as `auth-code` or `auth_code`; once, within its time and few attempts, else 422.",
    ),
    decided(&[SHARE], "what it answers, and to whom", "`{password, url}`, to whoever may read the chat."),
    decided(
        &["POST /api/chats/{chat}/messages"],
        "the text's key",
        "`message`, `body`, `text` or `content`. A `chat_user_token` is needed.",
    ),
    decided(&[], "what DELETE answers", "200 and the deleted object: the vendor's table of statuses has no 204."),
    decided(
        &["PUT /api/chats/{chat}", "DELETE /api/chats/{chat}"],
        "who may change a chat",
        "Who made it, and managers and admins. PUT changes only what is sent.",
    ),
    deviating(
        &[],
        "A browser without `Accept: application/json` is sent to a login page.",
        "JSON is answered anyway; there is no such page.",
    ),
];
