//! How we read the VoIPBin text where it is silent, and where we differ from it.

use crate::openapi::{Note, decided, deviating};

/// For the coverage page.
pub const NOTES: &[Note] = &[
    decided(
        &[],
        "the shapes of 2022 or of 2026",
        "Those of 2022, with the keys of 2026 (`room_owner_id`, `owner_type`) beside them; `surfaces.voipbin.exact_2022` hides these.",
    ),
    decided(
        &[],
        "where the credential stands",
        "Cookie `token`, query `token`, `Authorization: Bearer`; without one of them cookie and query `accesskey`. An access key counts \
         where a session belongs, too.",
    ),
    decided(
        &[],
        "page size",
        "10 unless asked, and beyond 1 to 100, as in 2022. A `page_token` that is no time is 400, one in the future is now.",
    ),
    decided(
        &[],
        "lines with the same time at a page's edge",
        "There are none: `tm_create` rises strictly within every list that has pages.",
    ),
    decided(
        &["POST /v1.0/chats"],
        "who may be a participant",
        "Agents of the customer; anybody else is 400. Duplicates count once, one participant is allowed, `type` is any text.",
    ),
    decided(
        &["POST /v1.0/chats"],
        "a second `normal` chat of the same people",
        "400, as the vendor does; it is the same chat that imBee and Odoo find again.",
    ),
    decided(
        &["PUT /v1.0/chats/{id}/owner_id", "PUT /v1.0/chats/{id}/room_owner_id"],
        "which of the two routes",
        "Both, and either key in the body.",
    ),
    decided(&["GET /v1.0/chatrooms"], "no `owner_id`", "The caller's rooms."),
    decided(
        &["POST /v1.0/chatmessages"],
        "who may speak as whom",
        "A manager, an admin and their access keys as any participant; a plain agent as itself only, else 400.",
    ),
    decided(
        &["POST /v1.0/chatmessages"],
        "a `source` that is no agent",
        "The caller is the author, `source` is kept as sent.",
    ),
    decided(
        &["GET /v1.0/accesskeys", "GET /v1.0/me"],
        "whom an access key stands for",
        "The user it was made for, else the tenant's first admin. `/me` shows the key's own id.",
    ),
    decided(&["DELETE /v1.0/chats/{id}"], "deleting twice", "The object again; changing a deleted chat is 400."),
    decided(&[], "a wrong method", "404, as the vendor's router has it."),
    decided(&[], "a body that is too large", "400 without a body; too many requests are 429 without one."),
    deviating(&["POST /v1.0/chatmessages"], "The vendor stores a message for a chat that does not exist.", "400."),
    deviating(
        &["DELETE /v1.0/chats/{id}/participant_ids/{participant_id}"],
        "Removing somebody who is no participant empties the whole list.",
        "400, and nothing changes.",
    ),
    deviating(
        &["GET /v1.0/chatrooms/{id}", "GET /v1.0/chatroommessages"],
        "Rooms and their messages are copies.",
        "They are views of participants and messages. Deleting one hides it from that participant alone.",
    ),
    deviating(
        &[],
        "A webhook is tried three times, unordered and unsigned.",
        "In the vendor's words, with our repeats, order and signature: [webhooks](../webhooks.md).",
    ),
];
