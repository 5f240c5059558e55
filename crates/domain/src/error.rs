//! The closed list of what can go wrong, shared by every service's own error.

use serde::{Deserialize, Serialize};

/// What kind of failure an error is. Each surface draws each code in its vendor's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// A value is missing, malformed or not allowed.
    Invalid,
    /// No credential, or one that does not count.
    Unauthenticated,
    /// The caller is known but may not do this.
    Forbidden,
    /// The thing does not exist for this caller's tenant.
    NotFound,
    /// The thing exists already, or its state does not allow this.
    Conflict,
    /// An idempotency key came again with another body.
    KeyReused,
    /// Too many requests; try again later.
    Limited,
    /// A part that is needed does not answer now; trying again may help.
    Unavailable,
    /// Our fault; the log has the cause.
    Internal,
}

impl Code {
    /// The HTTP status that carries this code between our own services.
    pub const fn http_status(self) -> u16 {
        match self {
            Self::Invalid | Self::KeyReused => 422,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Limited => 429,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }
}

/// What every service's error enum can do beside naming its own reasons.
pub trait ServiceError: std::error::Error + Send + Sync + Sized + 'static {
    /// The kind of failure.
    fn code(&self) -> Code;
    /// The input's field at fault, in the model's words.
    fn field(&self) -> Option<&str> {
        None
    }
    /// A word for programs that is narrower than the code, like `login_taken`.
    fn reason(&self) -> Option<&'static str> {
        None
    }
    /// Seconds to wait before trying again, when that is known.
    fn retry_after_s(&self) -> Option<u32> {
        None
    }
    /// The service, or something it needs, does not answer; `why` is for the log.
    fn unavailable(why: String) -> Self;
    /// Our fault; the cause has been logged.
    fn internal() -> Self;
}
