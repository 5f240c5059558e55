//! How we read the imBee text where it is silent, and where we differ from it.

use crate::openapi::{Note, decided, deviating};

/// For the coverage page.
pub const NOTES: &[Note] = &[
    decided(
        &[],
        "HTTP status of a refusal",
        "200 with `code` 1 for what the request causes; 401 for missing or wrong headers, 400 for what is no JSON, 404, 405, 413 and 429 \
         as in HTTP, always in the envelope. `body` is then `{}`.",
    ),
    decided(&[], "a wrong or missing content type", "The body is read when it is JSON."),
    decided(
        &[],
        "the form of `Authorization`",
        "One opaque text of the company, compared as a whole; no scheme is asked for.",
    ),
    decided(&[], "`time`", "How long the request took, in seconds."),
    decided(
        &["POST /token/new"],
        "`virutal_user` in the parameter list, `virtual_user` in the example",
        "Both are read; `virtual_user` wins.",
    ),
    decided(&["POST /token/new"], "`celullar`", "The vendor's spelling; `cellular` and `celular` are read too."),
    decided(
        &["POST /token/new"],
        "the same `virtual_user` and `bot_idsha` again",
        "The same `url` and stored limits with `previously_created` true, until it is revoked or a later `date_limit` is sent. Each call \
         sends its mail or SMS.",
    ),
    decided(
        &["POST /token/new"],
        "no `max_retries` or `date_limit`",
        "Ten exchanges; thirty days. A `date_limit` counts to the end of its day in UTC, and one in the past is stored as given.",
    ),
    decided(
        &["POST /t/{token}"],
        "what a retry is",
        "One exchange of the token for a chat; to look at the page uses nothing up.",
    ),
    decided(
        &["POST /third_parties/user/new"],
        "registering again",
        "The same user and the same `apikey`, `previously_registered` true. Only `uniqueIdSha` is required; it shares one namespace \
         with `virtual_user`, and any text that is not empty will do.",
    ),
    decided(
        &["POST /chat/create"],
        "types other than `chat`",
        "`chat` has one other contact and is found again; `group` takes more and is always new; others are refused.",
    ),
    decided(
        &["POST /chat/create"],
        "the caller among the `contacts`",
        "Counts once. `isadmin` is 1 for who made the chat.",
    ),
    decided(&["POST /chat/create"], "an unknown `idsha`", "Refused, and nothing is made."),
    decided(
        &["POST /chat/history/{conversationId}"],
        "page sizes",
        "`limit` is brought into 1 to 100; without one it is 20. Reading moves the caller's read mark.",
    ),
    deviating(
        &["POST /chat/message/new", "POST /chat/list", "POST /chat/history/{conversationId}"],
        "The vendor's own app sends and receives over XMPP, which its REST text does not describe.",
        "Chats are listed, read and written by REST, in the same envelope; `pass` is given and leads nowhere.",
    ),
];
