//! A repeated request gets its first answer, or is told that its key was used for another.

use contracts::bots::BotsError;
use domain::{Idempotency, Timestamp};
use host::once::{Request, claim};
pub use host::once::{advance, keep};
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use store::Tx;

use crate::service::Outcome;

/// Claims the request's key; the first answer if there was one. Requests without a key are always new.
pub async fn first_answer<A: DeserializeOwned>(
    tx: &mut Tx,
    request: Option<&Idempotency>,
    now: Timestamp,
) -> Outcome<Option<A>> {
    match claim(tx, request, now).await? {
        Request::New => Ok(None),
        Request::Repeated(answer) => Ok(Some(answer)),
        Request::KeyReused => Err(BotsError::KeyReused.into()),
    }
}

/// The key of one step of a request in another service: a repeat of the request resumes where it stopped.
pub fn step(request: Option<&Idempotency>, name: &str) -> Option<Idempotency> {
    let Idempotency { key, body } = request?;
    Some(Idempotency { key: Sha256::new().chain_update(name).chain_update(key).finalize().into(), body: *body })
}
