//! A repeated request gets its first answer.
//!
//! Answers are kept as `{"tenant":…,"answer":…}`, so that a deleted tenant's can be found.

use domain::{Idempotency, TenantId, Timestamp};
use futures_util::future::BoxFuture;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::idempotency::{self, Claim};
use store::{StoreError, StoreResult, Tx};

/// What is known of a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Request<A> {
    /// It is new: carry it out, then [`keep`] its answer.
    New,
    /// It was carried out before, with this answer.
    Repeated(A),
    /// Its key was used with another body.
    KeyReused,
}

#[derive(Serialize, Deserialize)]
struct Kept<A> {
    tenant: TenantId,
    answer: A,
}

/// What every kept answer of `tenant` begins with.
fn prefix(tenant: TenantId) -> String {
    format!("{{\"tenant\":\"{tenant}\"")
}

/// Claims the request's key within `tx`. Requests without a key are always new.
///
/// # Errors
/// The store's.
pub async fn claim<A: DeserializeOwned>(
    tx: &mut Tx,
    request: Option<&Idempotency>,
    now: Timestamp,
) -> StoreResult<Request<A>> {
    let Some(request) = request else { return Ok(Request::New) };
    Ok(match idempotency::claim(tx, request, now).await? {
        Claim::New => Request::New,
        Claim::Replay(json) => {
            Request::Repeated(serde_json::from_str::<Kept<A>>(&json).map_err(|e| corrupt(&e))?.answer)
        }
        Claim::Mismatch => Request::KeyReused,
    })
}

/// Keeps the answer of a request that was new, within the transaction of its effects.
///
/// # Errors
/// The store's.
pub async fn keep<A: Serialize + Sync>(
    tx: &mut Tx,
    request: Option<&Idempotency>,
    tenant: TenantId,
    answer: &A,
) -> StoreResult<()> {
    if let Some(request) = request {
        let json = serde_json::to_string(&Kept { tenant, answer }).map_err(|e| corrupt(&e))?;
        idempotency::keep(tx, &request.key, &json).await?;
    }
    Ok(())
}

/// Replaces the answer of a request that is carried out in several transactions, within that of a step, if it is still
/// `from`; says whether it was. Requests without a key have nobody beside them.
///
/// # Errors
/// The store's.
pub async fn advance<A: Serialize + Sync>(
    tx: &mut Tx,
    request: Option<&Idempotency>,
    tenant: TenantId,
    from: &A,
    to: &A,
) -> StoreResult<bool> {
    let Some(request) = request else { return Ok(true) };
    let written = |answer| serde_json::to_string(&Kept { tenant, answer }).map_err(|e| corrupt(&e));
    idempotency::advance(tx, &request.key, &written(from)?, &written(to)?).await
}

/// Forgets everything kept for a tenant.
///
/// # Errors
/// The store's.
pub fn forget(tx: &mut Tx, tenant: TenantId) -> BoxFuture<'_, StoreResult<()>> {
    Box::pin(async move {
        idempotency::forget_answers(tx, &prefix(tenant)).await?;
        Ok(())
    })
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
