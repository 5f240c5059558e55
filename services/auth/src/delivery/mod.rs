//! Mail and SMS: rows written in the transaction that causes them, sent by a task of their own.
//!
//! Claiming a row moves its due time behind a lease, so that several instances never send one at the same time. A failed
//! row waits, longer each time; the others go on. What was sent is removed. A crash between sending and removing sends
//! it a second time, with the same `Message-ID`.

mod file;
mod mail;
mod routes;
mod sender;
mod sms;

pub use routes::{BadRoute, Routes};
pub(crate) use sender::Sender;

/// Stands in a stored body where the secret of its invitation, or its code, belongs.
pub(crate) const SECRET: &str = "{secret}";

/// How something travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Mail,
    Sms,
}

impl Channel {
    /// Its word in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Sms => "sms",
        }
    }
}

/// What the secret in a stored body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SecretOf {
    Invitation,
    Code,
}

impl SecretOf {
    /// Its word in the database.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Code => "code",
        }
    }
}

/// Something to be sent, its secret put in.
#[derive(Debug)]
struct Parcel {
    /// The same at each attempt.
    id: String,
    to: String,
    subject: String,
    text: String,
}

/// Why something was not sent.
#[derive(Debug)]
enum Undelivered {
    /// It never will be: the address is none, or was refused for good.
    Never(String),
    /// It may be later.
    NotNow(String),
}
