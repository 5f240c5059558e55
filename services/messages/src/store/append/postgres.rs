//! PostgreSQL: arrays in few statements, so that a batch costs few round trips whatever its size.
//!
//! Locks are taken in one order by everybody: keys, sorted; new heads, sorted; then heads without waiting.

use std::collections::{BTreeMap, HashMap, HashSet};

use bus::{Outbox, OutboxRow};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text, Timestamp as SqlTimestamp};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::{ChatId, Idempotency, MessageId, MessageKind, Surface, TenantId, Timestamp, UserId};
use store::statement;
use tokio::try_join;

use super::{Entry, Head, Outcome, Place, event};
use crate::store::rows::MessageRow;
use crate::store::schema::{heads, messages, post_keys};

statement! {
    /// Takes keys that are free; those are returned.
    InsertKeys on Pg => Binary {
        "INSERT INTO post_keys (key, body, chat_id, seq) SELECT k, b, c, 0 FROM unnest(",
        keys: [&'a [u8]] as Array<Binary>, ", ",
        bodies: [&'a [u8]] as Array<Binary>, ", ",
        chats: [ChatId] as Array<Binary>,
        ") WITH ORDINALITY AS r (k, b, c, place) ORDER BY place ON CONFLICT (key) DO NOTHING RETURNING key",
    }
}

statement! {
    /// Locks those heads that nobody holds, and draws a number for each place that is wanted in them. Numbers are drawn
    /// above the locks, so that they rise with places whoever writes.
    LockHeads on Pg => (Binary, BigInt, Nullable<SqlTimestamp>, Array<BigInt>) {
        "SELECT chat, last_seq, last_at, \
         ARRAY(SELECT nextval('message_numbers') FROM generate_series(last_seq + 1, last_seq + n)) \
         FROM (SELECT h.chat, h.last_seq, h.last_at, w.n FROM unnest(",
        chats: [ChatId] as Array<Binary>, ", ",
        counts: [i64] as Array<BigInt>,
        ") AS w (chat, n) JOIN heads h ON h.chat = w.chat ORDER BY h.chat FOR UPDATE OF h SKIP LOCKED) AS held",
    }
}

statement! {
    /// Makes heads; those that were made are returned.
    MakeHeads on Pg => Binary {
        "INSERT INTO heads (chat, tenant, last_seq) SELECT c, t, 0 FROM unnest(",
        chats: [ChatId] as Array<Binary>, ", ",
        tenants: [TenantId] as Array<Binary>,
        ") WITH ORDINALITY AS r (c, t, place) ORDER BY place ON CONFLICT (chat) DO NOTHING RETURNING chat",
    }
}

statement! {
    /// Raises heads, gives keys their places, inserts messages.
    InsertMessages on Pg {
        "WITH raised AS (UPDATE heads SET last_seq = r.seq, last_at = r.said FROM unnest(",
        heads: [ChatId] as Array<Binary>, ", ",
        last_seqs: [i64] as Array<BigInt>, ", ",
        last_ats: [Option<Timestamp>] as Array<Nullable<SqlTimestamp>>,
        ") AS r (chat, seq, said) WHERE heads.chat = r.chat), \
         keyed AS (UPDATE post_keys SET seq = r.seq FROM unnest(",
        keys: [&'a [u8]] as Array<Binary>, ", ",
        key_seqs: [i64] as Array<BigInt>,
        ") AS r (key, seq) WHERE post_keys.key = r.key) \
         INSERT INTO messages (chat_id, seq, id, number, tenant, author, origin, kind, text, media, extras, \
         membership_version, created_at, updated_at) \
         SELECT c, s, i, n, o, a, f, k, t, m, x, v, d, d FROM unnest(",
        chats: [ChatId] as Array<Binary>, ", ",
        seqs: [i64] as Array<BigInt>, ", ",
        ids: [MessageId] as Array<Binary>, ", ",
        numbers: [i64] as Array<BigInt>, ", ",
        tenants: [TenantId] as Array<Binary>, ", ",
        authors: [Option<UserId>] as Array<Nullable<Binary>>, ", ",
        origins: [Surface] as Array<Text>, ", ",
        kinds: [MessageKind] as Array<Text>, ", ",
        texts: [Option<&'a str>] as Array<Nullable<Text>>, ", ",
        media: [Option<&'a str>] as Array<Nullable<Text>>, ", ",
        extras: [Option<&'a str>] as Array<Nullable<Text>>, ", ",
        versions: [i64] as Array<BigInt>, ", ",
        created_ats: [Timestamp] as Array<SqlTimestamp>,
        ") AS r (c, s, i, n, o, a, f, k, t, m, x, v, d)",
    }
}

/// Writes the entries and their events.
pub(super) async fn append(
    c: &mut AsyncPgConnection,
    entries: &[Entry],
    outbox: &Outbox,
    now: Timestamp,
) -> QueryResult<Vec<Outcome>> {
    let mut outcomes = claim(c, entries).await?;
    let fresh = entries.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_none());
    let fresh: Vec<&Entry> = fresh.map(|(entry, _)| entry).collect();
    let mut held = lock(c, &fresh).await?;

    let mut placed = Vec::with_capacity(fresh.len());
    for (entry, outcome) in entries.iter().zip(&mut outcomes) {
        if outcome.is_none() {
            *outcome = Some(match held.get_mut(&entry.post.chat).and_then(|head| head.next(now)) {
                Some(place) => {
                    placed.push((entry, place));
                    Outcome::Stored(place)
                }
                None => Outcome::Held,
            });
        }
    }
    let outcomes = settle(outcomes);
    forget_held(c, entries, &outcomes).await?;
    let events: Vec<OutboxRow> = placed.iter().map(|(entry, place)| event(entry, *place, outbox, now)).collect();
    try_join!(insert(c, &placed, &held), bus::outbox::insert_async(c, &events))?;
    Ok(outcomes)
}

fn request(entry: &Entry) -> Option<&Idempotency> {
    entry.post.idempotency.as_ref()
}

/// Takes the keys of the batch. Entries whose keys are taken, by an earlier one of the batch or by a message of the
/// past, get their outcomes; the others have none yet.
async fn claim(c: &mut AsyncPgConnection, entries: &[Entry]) -> QueryResult<Vec<Option<Outcome>>> {
    // Sorted, so that two batches with the same keys wait for each other and never lock each other up.
    let mut firsts: BTreeMap<&[u8; 32], usize> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        if let Some(request) = request(entry) {
            firsts.entry(&request.key).or_insert(at);
        }
    }
    let mut outcomes: Vec<Option<Outcome>> = entries.iter().map(|_| None).collect();
    if firsts.is_empty() {
        return Ok(outcomes);
    }
    let mut taken = taken(c, entries, &firsts).await?;
    for (at, entry) in entries.iter().enumerate() {
        let Some(Idempotency { key, body }) = request(entry) else { continue };
        let first = firsts[key];
        outcomes[at] = match taken.get_mut(&key[..]) {
            Some(made) if made.body[..] == body[..] => Some(made.replay(c).await?),
            None if first == at => None,
            None if request(&entries[first]).is_some_and(|r| r.body == *body) => Some(Outcome::Twin(first)),
            Some(_) | None => Some(Outcome::KeyReused),
        };
    }
    Ok(outcomes)
}

/// What a key made in the past.
struct Made {
    body: Vec<u8>,
    chat: ChatId,
    seq: i64,
}

impl Made {
    async fn replay(&self, c: &mut AsyncPgConnection) -> QueryResult<Outcome> {
        let row = messages::table.find((self.chat, self.seq)).select(MessageRow::as_select());
        Ok(Outcome::Replay(Box::new(row.first(c).await?)))
    }
}

/// Inserts the keys, and returns those that were there before.
async fn taken(
    c: &mut AsyncPgConnection,
    entries: &[Entry],
    firsts: &BTreeMap<&[u8; 32], usize>,
) -> QueryResult<HashMap<Vec<u8>, Made>> {
    let keys: Vec<&[u8]> = firsts.keys().map(|key| &key[..]).collect();
    let bodies: Vec<&[u8]> = firsts.values().filter_map(|at| Some(&request(&entries[*at])?.body[..])).collect();
    let chats: Vec<ChatId> = firsts.values().map(|at| entries[*at].post.chat).collect();
    let won: Vec<Vec<u8>> = InsertKeys { keys: &keys, bodies: &bodies, chats: &chats }.load(c).await?;
    if won.len() == keys.len() {
        return Ok(HashMap::new());
    }
    let won: HashSet<Vec<u8>> = won.into_iter().collect();
    let lost: Vec<&[u8]> = keys.into_iter().filter(|key| !won.contains(*key)).collect();
    let rows: Vec<(Vec<u8>, Vec<u8>, ChatId, i64)> =
        post_keys::table.filter(post_keys::key.eq_any(lost)).load(c).await?;
    Ok(rows.into_iter().map(|(key, body, chat, seq)| (key, Made { body, chat, seq })).collect())
}

/// A head this transaction holds, and the numbers drawn for it.
struct HeldHead {
    head: Head,
    numbers: std::vec::IntoIter<i64>,
}

impl HeldHead {
    fn next(&mut self, now: Timestamp) -> Option<Place> {
        let number = self.numbers.next()?;
        Some(self.head.next(number, now))
    }
}

/// Locks the heads of the entries' chats, made if they are absent, but for those that others hold.
async fn lock(c: &mut AsyncPgConnection, entries: &[&Entry]) -> QueryResult<HashMap<ChatId, HeldHead>> {
    let mut wanted: BTreeMap<ChatId, (TenantId, i64)> = BTreeMap::new();
    for entry in entries {
        wanted.entry(entry.post.chat).or_insert((entry.post.tenant, 0)).1 += 1;
    }
    let mut held = HashMap::with_capacity(wanted.len());
    lock_some(c, &wanted, &mut held).await?;
    wanted.retain(|chat, _| !held.contains_key(chat));
    if wanted.is_empty() {
        return Ok(held);
    }
    // Either others hold them or they are not there yet. Only those are made: inserting what is there would wait.
    let chats: Vec<ChatId> = wanted.keys().copied().collect();
    let there: Vec<ChatId> = heads::table.filter(heads::chat.eq_any(chats)).select(heads::chat).load(c).await?;
    wanted.retain(|chat, _| !there.contains(chat));
    if !wanted.is_empty() {
        let chats: Vec<ChatId> = wanted.keys().copied().collect();
        let tenants: Vec<TenantId> = wanted.values().map(|(tenant, _)| *tenant).collect();
        let made: Vec<ChatId> = MakeHeads { chats: &chats, tenants: &tenants }.load(c).await?;
        wanted.retain(|chat, _| made.contains(chat));
        lock_some(c, &wanted, &mut held).await?;
    }
    Ok(held)
}

async fn lock_some(
    c: &mut AsyncPgConnection,
    wanted: &BTreeMap<ChatId, (TenantId, i64)>,
    held: &mut HashMap<ChatId, HeldHead>,
) -> QueryResult<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let chats: Vec<ChatId> = wanted.keys().copied().collect();
    let counts: Vec<i64> = wanted.values().map(|(_, count)| *count).collect();
    let rows: Vec<(ChatId, i64, Option<Timestamp>, Vec<i64>)> =
        LockHeads { chats: &chats, counts: &counts }.load(c).await?;
    held.extend(rows.into_iter().map(|(chat, last_seq, last_at, numbers)| {
        (chat, HeldHead { head: Head { last_seq, last_at }, numbers: numbers.into_iter() })
    }));
    Ok(())
}

/// Whoever shares a key with a held entry is held too: what the key means is not decided yet.
fn settle(outcomes: Vec<Option<Outcome>>) -> Vec<Outcome> {
    let is_held = |at: usize| matches!(outcomes[at], Some(Outcome::Held));
    let waits: Vec<bool> =
        outcomes.iter().map(|outcome| matches!(outcome, Some(Outcome::Twin(first)) if is_held(*first))).collect();
    let waits = waits.into_iter().zip(outcomes);
    waits.map(|(waits, outcome)| if waits { Outcome::Held } else { outcome.unwrap_or(Outcome::Held) }).collect()
}

/// Gives the keys of held entries free: their messages are not there.
async fn forget_held(c: &mut AsyncPgConnection, entries: &[Entry], outcomes: &[Outcome]) -> QueryResult<()> {
    let held = entries.iter().zip(outcomes).filter(|(_, outcome)| matches!(outcome, Outcome::Held));
    let keys: Vec<&[u8]> = held.filter_map(|(entry, _)| Some(&request(entry)?.key[..])).collect();
    if !keys.is_empty() {
        diesel::delete(post_keys::table.filter(post_keys::key.eq_any(keys))).execute(c).await?;
    }
    Ok(())
}

async fn insert(
    mut c: &AsyncPgConnection,
    placed: &[(&Entry, Place)],
    held: &HashMap<ChatId, HeldHead>,
) -> QueryResult<()> {
    fn column<'a, T>(placed: &[(&'a Entry, Place)], of: impl Fn(&'a Entry, Place) -> T) -> Vec<T> {
        placed.iter().map(|(entry, place)| of(entry, *place)).collect()
    }
    if placed.is_empty() {
        return Ok(());
    }
    let raised = || held.iter().map(|(chat, HeldHead { head, .. })| (*chat, head));
    let keyed = || placed.iter().filter_map(|(entry, place)| Some((&request(entry)?.key[..], place.seq)));
    InsertMessages {
        heads: &raised().map(|(chat, _)| chat).collect::<Vec<_>>(),
        last_seqs: &raised().map(|(_, head)| head.last_seq).collect::<Vec<_>>(),
        last_ats: &raised().map(|(_, head)| head.last_at).collect::<Vec<_>>(),
        keys: &keyed().map(|(key, _)| key).collect::<Vec<_>>(),
        key_seqs: &keyed().map(|(_, seq)| seq).collect::<Vec<_>>(),
        chats: &column(placed, |entry, _| entry.post.chat),
        seqs: &column(placed, |_, place| place.seq),
        ids: &column(placed, |entry, _| entry.post.id),
        numbers: &column(placed, |_, place| place.number),
        tenants: &column(placed, |entry, _| entry.post.tenant),
        authors: &column(placed, |entry, _| entry.post.author),
        origins: &column(placed, |entry, _| entry.post.origin),
        kinds: &column(placed, |entry, _| entry.post.kind),
        texts: &column(placed, |entry, _| entry.post.text.as_deref()),
        media: &column(placed, |entry, _| entry.post.media_json.as_deref()),
        extras: &column(placed, |entry, _| entry.post.extras_json.as_deref()),
        versions: &column(placed, |entry, _| entry.membership_version),
        created_ats: &column(placed, |_, place| place.created_at),
    }
    .execute(&mut c)
    .await?;
    Ok(())
}
