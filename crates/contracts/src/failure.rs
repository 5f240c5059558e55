//! Any service's error as the edge needs it: what kind, which field, what to say.

use domain::{Code, ServiceError};
use serde::{Deserialize, Serialize};

/// A failure on its way to a surface, which draws it in its vendor's shape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// The kind of failure.
    pub code: Code,
    /// A word for programs that is narrower than the code, like `login_taken`.
    pub reason: Option<&'static str>,
    /// The input's field at fault, in the model's words.
    pub field: Option<String>,
    /// One sentence for a person; never a cause from inside.
    pub message: String,
    /// Seconds to wait before trying again, when that is known.
    pub retry_after_s: Option<u32>,
}

impl Failure {
    /// A failure with its own sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, reason: None, field: None, message: message.into(), retry_after_s: None }
    }
    /// A value is missing, malformed or not allowed.
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), ..Self::new(Code::Invalid, message) }
    }
}

impl<E: ServiceError> From<E> for Failure {
    fn from(e: E) -> Self {
        Self {
            code: e.code(),
            reason: e.reason(),
            field: e.field().map(ToOwned::to_owned),
            message: e.to_string(),
            retry_after_s: e.retry_after_s(),
        }
    }
}

/// A refused value: part of every service's error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{field} {problem}")]
pub struct Invalid {
    /// The field, in the model's words.
    pub field: String,
    /// What is wrong with it: completes a sentence that begins with the field.
    pub problem: String,
}

impl Invalid {
    /// `field` `problem`.
    pub fn new(field: &str, problem: impl Into<String>) -> Self {
        Self { field: field.to_owned(), problem: problem.into() }
    }
}
