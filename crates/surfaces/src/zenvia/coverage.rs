//! How we read the Zenvia text where it is silent, and where we differ from it.

use crate::openapi::{Note, decided, deviating};

const ACCEPT: &str = "PUT /core/api/v1/bot/{interaction_hash}/accept";
const FINISH: &str = "PUT /core/api/v1/bot/{interaction_hash}/finish";
const TRANSFER: &str = "PUT /core/api/v1/bot/{interaction_hash}/transfer";
const MESSAGE: &str = "POST /core/api/v1/bot/{interaction_hash}/message";

/// For the coverage page.
pub const NOTES: &[Note] = &[
    decided(&[], "HTTP status and `status`", "The same number."),
    decided(
        &[],
        "which errors are 422",
        "Every refusal of a call, wrong tokens and malformed JSON among them. An unknown path is 404, a wrong method 405, a large body \
         413, too many requests 429, each as `{message, status}`.",
    ),
    decided(&[], "content types of requests", "Bodies are JSON, whatever their content type says."),
    decided(
        &[ACCEPT, FINISH, TRANSFER, MESSAGE],
        "the form of `interaction_hash`",
        "We send UUIDs; what comes in is looked up and not judged by its form.",
    ),
    decided(
        &[ACCEPT, MESSAGE, FINISH, TRANSFER],
        "the order of calls",
        "Acting accepts. A repeated accept is 200; whatever follows a finish or a transfer is 422.",
    ),
    decided(
        &[MESSAGE],
        "content types beyond the list",
        "MIME types, which older versions of the text had, become words: `image/png` is `image`, `application/pdf` is `file`. Others are \
         422.",
    ),
    decided(
        &[MESSAGE],
        "`attachment`",
        "Optional for every type, as is each of its keys; `file` is read in its place. Its `url` is never fetched.",
    ),
    decided(
        &[TRANSFER],
        "`department_id`",
        "A number, or digits in a text. Null or absent is the department it started in; from that department's own bot it goes to the \
         agents, never back to the bot.",
    ),
    decided(
        &[FINISH],
        "when `finished_interaction` is told",
        "When the customer ends it, not for the bot's own finish or transfer.",
    ),
    decided(
        &["POST /core/api/v1/interactions"],
        "who the customer is",
        "Matched by e-mail, then phone, then cpf; without `customer`, a visitor.",
    ),
    decided(
        &["GET /core/api/v1/agents/online", "GET /api/external/departments"],
        "where the token stands in a GET",
        "In the query.",
    ),
    decided(
        &[],
        "what a bot is told of media",
        "`new_message` has the seed's four keys; one that is no text has `attachment` beside them, and its `content` is the caption, \
         else the URL.",
    ),
    decided(
        &[],
        "repeats, time limits and signatures of calls to a bot",
        "As [webhooks](../webhooks.md) says: in order per interaction, 10 s, no redirects, `webhook-id` always, a signature where there is \
         a secret. After 60 s without success the visitor goes to the agents.",
    ),
    deviating(
        &[],
        "A bot is switched on by the vendor's support.",
        "The operator gives a department its bot: `POST /operator/v1/departments`.",
    ),
];
