//! SQLite: one writer, so there is nobody to wait for; every statement stays prepared.

use std::collections::HashMap;

use bus::Outbox;
use diesel::dsl::insert_into;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable, Timestamp as SqlTimestamp};
use diesel::sqlite::Sqlite;
use domain::{ChatId, Timestamp};
use store::statement;

use super::{Entry, Head, Outcome, Place, event};
use crate::store::rows::MessageRow;
use crate::store::schema::{heads, messages, post_keys};

statement! {
    /// Draws numbers; the last one is returned.
    DrawNumbers on Sqlite => BigInt {
        "UPDATE message_numbers SET last = last + ", count: i64 as BigInt, " RETURNING last",
    }
}

statement! {
    RaiseHead on Sqlite {
        "UPDATE heads SET last_seq = ", last_seq: i64 as BigInt,
        ", last_at = ", last_at: Option<Timestamp> as Nullable<SqlTimestamp>,
        " WHERE chat = ", chat: ChatId as Binary, "",
    }
}

/// Writes the entries and their events.
pub(super) fn append(
    c: &mut SqliteConnection,
    entries: &[Entry],
    outbox: &Outbox,
    now: Timestamp,
) -> QueryResult<Vec<Outcome>> {
    // As many as could be needed: numbers may have gaps.
    let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    let mut number = DrawNumbers { count: &count }.get_result::<i64>(c)? - count;
    let mut heads = HashMap::new();
    let mut outcomes = Vec::with_capacity(entries.len());
    let mut events = Vec::with_capacity(entries.len());
    for entry in entries {
        let chat = entry.post.chat;
        let head = match heads.get_mut(&chat) {
            Some(head) => head,
            None => heads.entry(chat).or_insert(head_of(c, entry)?),
        };
        if let Some(known) = claim(c, entry, head.last_seq + 1)? {
            outcomes.push(known);
            continue;
        }
        number += 1;
        let place = head.next(number, now);
        insert(c, entry, place)?;
        events.push(event(entry, place, outbox, now));
        outcomes.push(Outcome::Stored(place));
    }
    for (chat, Head { last_seq, last_at }) in &heads {
        RaiseHead { last_seq, last_at, chat }.execute(c)?;
    }
    bus::outbox::insert_sync(c, &events)?;
    Ok(outcomes)
}

/// The head of the entry's chat, made if it is absent. Not by `first`: SQLite prepares a statement with `LIMIT ?` anew at
/// each use.
fn head_of(c: &mut SqliteConnection, entry: &Entry) -> QueryResult<Head> {
    let found: Option<(i64, Option<Timestamp>)> =
        heads::table.find(entry.post.chat).select((heads::last_seq, heads::last_at)).get_result(c).optional()?;
    if let Some((last_seq, last_at)) = found {
        return Ok(Head { last_seq, last_at });
    }
    insert_into(heads::table)
        .values((heads::chat.eq(entry.post.chat), heads::tenant.eq(entry.post.tenant), heads::last_seq.eq(0)))
        .execute(c)?;
    Ok(Head { last_seq: 0, last_at: None })
}

/// Claims the entry's key for the message that will be at `seq`. What the key means already, if it is taken: also by an
/// earlier entry of the same batch, whose message is in its place by now.
fn claim(c: &mut SqliteConnection, entry: &Entry, seq: i64) -> QueryResult<Option<Outcome>> {
    let Some(request) = &entry.post.idempotency else { return Ok(None) };
    let (key, body) = (&request.key[..], &request.body[..]);
    let claimed = insert_into(post_keys::table)
        .values((
            post_keys::key.eq(key),
            post_keys::body.eq(body),
            post_keys::chat_id.eq(entry.post.chat),
            post_keys::seq.eq(seq),
        ))
        .on_conflict_do_nothing()
        .execute(c)?;
    if claimed == 1 {
        return Ok(None);
    }
    let (first_body, chat, seq): (Vec<u8>, ChatId, i64) =
        post_keys::table.find(key).select((post_keys::body, post_keys::chat_id, post_keys::seq)).first(c)?;
    if first_body != body {
        return Ok(Some(Outcome::KeyReused));
    }
    let row = messages::table.find((chat, seq)).select(MessageRow::as_select()).first(c)?;
    Ok(Some(Outcome::Replay(Box::new(row))))
}

fn insert(c: &mut SqliteConnection, entry: &Entry, place: Place) -> QueryResult<()> {
    let post = &*entry.post;
    insert_into(messages::table)
        .values((
            messages::chat_id.eq(post.chat),
            messages::seq.eq(place.seq),
            messages::id.eq(post.id),
            messages::number.eq(place.number),
            messages::tenant.eq(post.tenant),
            messages::author.eq(post.author),
            messages::origin.eq(post.origin),
            messages::kind.eq(post.kind),
            messages::text.eq(post.text.as_deref()),
            messages::media.eq(post.media_json.as_deref()),
            messages::extras.eq(post.extras_json.as_deref()),
            messages::membership_version.eq(entry.membership_version),
            messages::created_at.eq(place.created_at),
            messages::updated_at.eq(place.created_at),
        ))
        .execute(c)?;
    Ok(())
}
