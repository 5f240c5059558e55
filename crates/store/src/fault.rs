//! How a service's work ends badly: refused for a reason the caller is told, or broken for one they are not.

use domain::ServiceError;

use crate::StoreError;

/// The error inside a service: `?` takes both a refusal and a store failure; [`answer`](Self::answer) at the trait's
/// edge logs the latter once and hides it.
#[derive(Debug, thiserror::Error)]
pub enum Fault<E> {
    /// The caller is told why.
    #[error(transparent)]
    Refused(E),
    /// The store failed; the log is told why.
    #[error("store failed")]
    Store(StoreError),
}

impl<E: ServiceError> From<E> for Fault<E> {
    fn from(refused: E) -> Self {
        Self::Refused(refused)
    }
}

impl<E: ServiceError> From<StoreError> for Fault<E> {
    fn from(broken: StoreError) -> Self {
        Self::Store(broken)
    }
}

impl<E: ServiceError> Fault<E> {
    /// What the caller is told.
    pub fn answer(self) -> E {
        match self {
            Self::Refused(e) => e,
            Self::Store(e) => {
                let cause = chain(&e);
                if e.is_retryable() {
                    tracing::warn!(cause, "the store does not answer");
                    E::unavailable(cause)
                } else {
                    tracing::error!(cause, "the store failed");
                    E::internal()
                }
            }
        }
    }
}

/// The error and its causes in one line.
fn chain(e: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(e.source(), |cause| cause.source());
    causes.fold(e.to_string(), |line, cause| format!("{line}: {cause}"))
}
