//! Every way a call can go wrong, before a surface draws it in its vendor's shape.

use contracts::{Failure, ServiceError};
use domain::Code;

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// No endpoint has this path.
    UnknownPath,
    /// The path has endpoints, none for this method.
    WrongMethod {
        /// The methods it has, in the table's order, `HEAD` where `GET` is.
        allowed: Vec<String>,
    },
    /// The body is larger than `limits.body_bytes`, or broke off.
    TooLarge,
    /// The body is not what its format says.
    Malformed,
    /// The credential is missing.
    NoCredential,
    /// Values are refused, each with the vendor's own sentence about it.
    Fields(Vec<(String, String)>),
    /// A service, or the surface itself, refuses.
    Failure(Failure),
}

impl Problem {
    /// A refused value.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Failure(Failure::invalid(field, message))
    }
    /// A refusal with its own sentence.
    pub fn refused(code: Code, message: impl Into<String>) -> Self {
        Self::Failure(Failure::new(code, message))
    }
    /// Too many requests.
    pub fn limited(retry_after_s: u32) -> Self {
        let failure = Failure::new(Code::Limited, format!("too many requests; try again in {retry_after_s} s"));
        Self::Failure(Failure { retry_after_s: Some(retry_after_s), ..failure })
    }
    /// Not found.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::refused(Code::NotFound, message)
    }
}

impl<E: ServiceError> From<E> for Problem {
    fn from(e: E) -> Self {
        Self::Failure(e.into())
    }
}
