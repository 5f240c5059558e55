//! Idempotency keys of single requests; a batch of posts takes its keys with [`append`](super::append).

use contracts::messages::Message;
use diesel::prelude::*;
use domain::{ChatId, Idempotency};
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::messages::at;
use super::schema::post_keys;

/// What is known about a request's key.
pub(crate) enum Claim {
    /// It is taken now, if the transaction commits.
    New,
    /// It was taken by the same request for this message.
    Replay(Box<Message>),
    /// It was taken by another request.
    Mismatch,
}

/// Takes the key of `request`, which is about `message`. Waits for another transaction that does the same.
pub(crate) async fn claim(tx: &mut Tx, request: &Idempotency, message: &Message) -> StoreResult<Claim> {
    let row = (
        post_keys::key.eq(&request.key[..]),
        post_keys::body.eq(&request.body[..]),
        post_keys::chat_id.eq(message.chat),
        post_keys::seq.eq(message.seq),
    );
    let taken =
        on_conn!(tx, |c| diesel::insert_into(post_keys::table).values(row).on_conflict_do_nothing().execute(c).await)?;
    if taken == 1 {
        return Ok(Claim::New);
    }
    Ok(made_by(tx, request).await?.map_or(Claim::Mismatch, |message| Claim::Replay(Box::new(message))))
}

/// What `request`, with this body, was about before, if it was made before.
pub(crate) async fn made_by(conn: &Conn, request: &Idempotency) -> StoreResult<Option<Message>> {
    let place: Option<(ChatId, i64)> = on_conn!(conn, |c| post_keys::table
        .find(&request.key[..])
        .filter(post_keys::body.eq(&request.body[..]))
        .select((post_keys::chat_id, post_keys::seq))
        .first(c)
        .await
        .optional())?;
    match place {
        Some((chat, seq)) => Ok(Some(at(conn, chat, seq).await?)),
        None => Ok(None),
    }
}
