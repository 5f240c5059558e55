//! A repeated request gets the first answer: the kernel's one table.
//!
//! Claim the key first thing in the transaction that does the work, keep the answer last thing in the same one:
//!
//! ```ignore
//! match idempotency::claim(&mut tx, &request, now).await? {
//!     Claim::New => {}
//!     Claim::Replay(answer) => return Ok(serde_json::from_str(&answer)?),
//!     Claim::Mismatch => return Err(ChatsError::KeyReused),
//! }
//! // … the work …
//! idempotency::keep(&mut tx, &request.key, &serde_json::to_string(&answer)?).await?;
//! tx.commit().await?;
//! ```
//!
//! Of two transactions that claim the same key at once, one waits for the other's end; if that one commits, it replays.

use futures_util::future::BoxFuture;
use std::collections::{HashMap, HashSet};

use diesel::TextExpressionMethods as _;
use diesel::prelude::{ExpressionMethods as _, OptionalExtension as _, QueryDsl as _};
use diesel::sql_types::{Array, Binary, Text, Timestamp as SqlTimestamp};
use diesel_async::RunQueryDsl as _;
use domain::{Idempotency, Timestamp};

use crate::{Engine, StoreError, StoreResult, Tx, on_conn};

diesel::table! {
    /// Keys of requests, with their answers.
    idempotency (key) {
        /// Hash of principal, route and the client's key.
        key -> Binary,
        /// Hash of the request's body.
        body_hash -> Binary,
        /// JSON, once there is an answer.
        answer -> Nullable<Text>,
        /// When the key was first seen.
        created_at -> Timestamp,
    }
}

/// What is known about a request's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Do the work. Either the key is new, or an earlier attempt committed a step without an answer: then resume.
    New,
    /// The work is done; this was the answer.
    Replay(String),
    /// The key belongs to a request with another body: refuse.
    Mismatch,
}

/// Claims the key of `request` for this transaction.
pub fn claim<'a>(tx: &'a mut Tx, request: &'a Idempotency, now: Timestamp) -> BoxFuture<'a, StoreResult<Claim>> {
    Box::pin(async move {
        let inserted = on_conn!(tx, |c| diesel::insert_into(idempotency::table)
            .values((
                idempotency::key.eq(&request.key[..]),
                idempotency::body_hash.eq(&request.body[..]),
                idempotency::created_at.eq(now),
            ))
            .on_conflict(idempotency::key)
            .do_nothing()
            .execute(c)
            .await)?;
        if inserted == 1 {
            return Ok(Claim::New);
        }
        let row: Option<(Vec<u8>, Option<String>)> = on_conn!(tx, |c| idempotency::table
            .find(&request.key[..])
            .select((idempotency::body_hash, idempotency::answer))
            .first(c)
            .await
            .optional())?;
        known(row.as_ref(), request)
    })
}

/// [`claim`] for a batch, in one statement; the answers are in the order of `requests`, whose keys must be distinct.
/// Keys are taken in their own order, so that two batches cannot deadlock.
pub fn claim_many<'a>(
    tx: &'a mut Tx,
    requests: &'a [Idempotency],
    now: Timestamp,
) -> BoxFuture<'a, StoreResult<Vec<Claim>>> {
    Box::pin(async move {
        let mut sorted = requests.to_vec();
        sorted.sort_unstable_by_key(|request| request.key);
        debug_assert!(sorted.windows(2).all(|pair| pair[0].key != pair[1].key), "the keys of a batch are distinct");

        let new = insert_absent(tx, sorted, now).await?;
        let lost: Vec<&[u8]> = requests.iter().map(|r| &r.key[..]).filter(|key| !new.contains(*key)).collect();
        let mut held = HashMap::new();
        if !lost.is_empty() {
            let rows: Vec<(Vec<u8>, Vec<u8>, Option<String>)> = on_conn!(tx, |c| idempotency::table
                .filter(idempotency::key.eq_any(lost))
                .select((idempotency::key, idempotency::body_hash, idempotency::answer))
                .load(c)
                .await)?;
            held.extend(rows.into_iter().map(|(key, body, answer)| (key, (body, answer))));
        }
        let claim_of = |request: &Idempotency| {
            if new.contains(&request.key[..]) { Ok(Claim::New) } else { known(held.get(&request.key[..]), request) }
        };
        requests.iter().map(claim_of).collect()
    })
}

/// Keeps the answer, JSON, for repetitions of the request that claimed `key`.
///
/// # Errors
/// [`StoreError::NotFound`] if the key was never claimed.
pub fn keep<'a>(tx: &'a mut Tx, key: &'a [u8; 32], answer: &'a str) -> BoxFuture<'a, StoreResult<()>> {
    Box::pin(async move {
        let updated = on_conn!(tx, |c| diesel::update(idempotency::table.find(&key[..]))
            .set(idempotency::answer.eq(answer))
            .execute(c)
            .await)?;
        if updated == 1 { Ok(()) } else { Err(StoreError::NotFound) }
    })
}

/// Replaces the answer by another one, if it is `from`; says whether it was. Of several that do so at once one succeeds,
/// and the others wait for its end: so a long request is carried out a step per transaction, and no step twice.
///
/// # Errors
/// The store's.
pub fn advance<'a>(tx: &'a mut Tx, key: &'a [u8; 32], from: &'a str, to: &'a str) -> BoxFuture<'a, StoreResult<bool>> {
    Box::pin(async move {
        let step = idempotency::table.find(&key[..]).filter(idempotency::answer.eq(from));
        let updated = on_conn!(tx, |c| diesel::update(step).set(idempotency::answer.eq(to)).execute(c).await)?;
        Ok(updated == 1)
    })
}

/// [`keep`] for a batch, in one statement.
pub fn keep_many(tx: &mut Tx, answers: Vec<([u8; 32], String)>) -> BoxFuture<'_, StoreResult<()>> {
    Box::pin(async move {
        let expected = answers.len();
        let updated = match tx.engine() {
            Engine::Pg(c) => {
                let (keys, answers): (Vec<Vec<u8>>, Vec<String>) =
                    answers.into_iter().map(|(key, answer)| (key.to_vec(), answer)).unzip();
                diesel::sql_query(
                    "UPDATE idempotency SET answer = t.answer FROM unnest($1, $2) AS t (key, answer) \
                     WHERE idempotency.key = t.key",
                )
                .bind::<Array<Binary>, _>(keys)
                .bind::<Array<Text>, _>(answers)
                .execute(c)
                .await?
            }
            Engine::Sqlite(c) => {
                c.spawn_blocking(move |c| {
                    answers.iter().try_fold(0, |done, (key, answer)| {
                        let query =
                            diesel::update(idempotency::table.find(&key[..])).set(idempotency::answer.eq(answer));
                        Ok(done + diesel::RunQueryDsl::execute(query, c)?)
                    })
                })
                .await?
            }
        };
        if updated == expected { Ok(()) } else { Err(StoreError::NotFound) }
    })
}

/// Forgets up to `limit` keys first seen before `before`; says how many. Their requests, repeated, are new.
pub fn forget(tx: &mut Tx, before: Timestamp, limit: i64) -> BoxFuture<'_, StoreResult<usize>> {
    Box::pin(async move {
        let old = idempotency::table
            .filter(idempotency::created_at.lt(before))
            .order(idempotency::created_at)
            .limit(limit)
            .select(idempotency::key);
        let keys: Vec<Vec<u8>> = on_conn!(tx, |c| old.load(c).await)?;
        let query = diesel::delete(idempotency::table.filter(idempotency::key.eq_any(keys)));
        Ok(on_conn!(tx, |c| query.execute(c).await)?)
    })
}

/// Forgets every key whose answer begins with `prefix`. There is no index for it: not for hot paths.
pub fn forget_answers<'a>(tx: &'a mut Tx, prefix: &'a str) -> BoxFuture<'a, StoreResult<usize>> {
    Box::pin(async move {
        let query = diesel::delete(idempotency::table.filter(idempotency::answer.like(format!("{prefix}%"))));
        Ok(on_conn!(tx, |c| query.execute(c).await)?)
    })
}

/// Inserts what is absent of `sorted`, and returns those keys.
async fn insert_absent(tx: &mut Tx, sorted: Vec<Idempotency>, now: Timestamp) -> StoreResult<HashSet<Vec<u8>>> {
    Ok(match tx.engine() {
        Engine::Pg(c) => {
            let (keys, bodies): (Vec<Vec<u8>>, Vec<Vec<u8>>) =
                sorted.iter().map(|request| (request.key.to_vec(), request.body.to_vec())).unzip();
            let rows: Vec<Key> = diesel::sql_query(
                "INSERT INTO idempotency (key, body_hash, created_at) \
                 SELECT t.key, t.body, $3 FROM unnest($1, $2) WITH ORDINALITY AS t (key, body, n) ORDER BY t.n \
                 ON CONFLICT (key) DO NOTHING RETURNING key",
            )
            .bind::<Array<Binary>, _>(keys)
            .bind::<Array<Binary>, _>(bodies)
            .bind::<SqlTimestamp, _>(now)
            .load(c)
            .await?;
            rows.into_iter().map(|row| row.key).collect()
        }
        Engine::Sqlite(c) => {
            c.spawn_blocking(move |c| {
                let mut new = HashSet::new();
                for Idempotency { key, body } in sorted {
                    let query = diesel::insert_into(idempotency::table)
                        .values((
                            idempotency::key.eq(&key[..]),
                            idempotency::body_hash.eq(&body[..]),
                            idempotency::created_at.eq(now),
                        ))
                        .on_conflict(idempotency::key)
                        .do_nothing();
                    if diesel::RunQueryDsl::execute(query, c)? == 1 {
                        new.insert(key.to_vec());
                    }
                }
                Ok(new)
            })
            .await?
        }
    })
}

#[derive(diesel::QueryableByName)]
struct Key {
    #[diesel(sql_type = Binary)]
    key: Vec<u8>,
}

/// What the row that holds the key says about `request`.
fn known(row: Option<&(Vec<u8>, Option<String>)>, request: &Idempotency) -> StoreResult<Claim> {
    match row {
        // It was there a moment ago: `forget` was at work.
        None => Err(StoreError::Retry("the key was forgotten meanwhile".into())),
        Some((body, _)) if body[..] != request.body[..] => Ok(Claim::Mismatch),
        Some((_, None)) => Ok(Claim::New),
        Some((_, Some(answer))) => Ok(Claim::Replay(answer.clone())),
    }
}
