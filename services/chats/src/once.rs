//! A repeated request gets its first answer.
//!
//! Answers are kept as `{"tenant":…,"answer":…}`, so that a deleted tenant's can be found.

use contracts::chats::ChatsError;
use domain::{Idempotency, TenantId, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::idempotency::{self, Claim};
use store::{StoreError, Tx};

use crate::service::Outcome;

#[derive(Serialize, Deserialize)]
struct Kept<A> {
    tenant: TenantId,
    answer: A,
}

/// What every kept answer of `tenant` begins with.
pub fn prefix(tenant: TenantId) -> String {
    format!("{{\"tenant\":\"{tenant}\"")
}

/// Claims the request's key; the first answer if there was one. Requests without a key are always new.
pub async fn first_answer<A: DeserializeOwned>(
    tx: &mut Tx,
    request: Option<&Idempotency>,
    now: Timestamp,
) -> Outcome<Option<A>> {
    let Some(request) = request else { return Ok(None) };
    match idempotency::claim(tx, request, now).await? {
        Claim::New => Ok(None),
        Claim::Replay(json) => Ok(Some(serde_json::from_str::<Kept<A>>(&json).map_err(|e| corrupt(&e))?.answer)),
        Claim::Mismatch => Err(ChatsError::KeyReused.into()),
    }
}

/// Keeps the answer of a request that was new.
pub async fn keep<A: Serialize + Sync>(
    tx: &mut Tx,
    request: Option<&Idempotency>,
    tenant: TenantId,
    answer: &A,
) -> Outcome<()> {
    if let Some(request) = request {
        let json = serde_json::to_string(&Kept { tenant, answer }).map_err(|e| corrupt(&e))?;
        idempotency::keep(tx, &request.key, &json).await?;
    }
    Ok(())
}

fn corrupt(e: &serde_json::Error) -> StoreError {
    StoreError::Corrupt { table: "idempotency", column: "answer", detail: e.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_answers_begin_with_their_tenant() {
        let tenant = TenantId::new();
        let json = serde_json::to_string(&Kept { tenant, answer: 1 }).unwrap();
        assert!(json.starts_with(&prefix(tenant)), "{json}");
    }
}
