//! What can go wrong in a store, sorted by what the caller can do about it.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// The cause of an error, kept for the log. Made from an error or from a text.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The result of a store function.
pub type StoreResult<T> = Result<T, StoreError>;

/// Why a store function did not do what it says.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// One row was asked for and there is none.
    #[error("no such row")]
    NotFound,
    /// A row with the same unique key is there already. The engines do not agree on how they name the key: ask which
    /// row holds it.
    #[error("a row with the same key is there already")]
    Unique,
    /// Lost against another transaction (deadlock, serialization, lock): the same transaction may succeed if run anew.
    #[error("the transaction lost against another one")]
    Retry(#[source] Cause),
    /// The database cannot be reached, is full, out of connections, shutting down or too slow.
    #[error("the database is unavailable")]
    Unavailable(#[source] Cause),
    /// What the database says is wrong with the statement.
    #[error("the database refused the statement")]
    Database(#[source] DieselError),
    /// A row holds what it never should.
    #[error("column {column} of table {table} is inconsistent: {detail}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// What is wrong, for the log.
        detail: String,
    },
    /// A migration failed; the ones before it are kept.
    #[error("migration {name} failed")]
    Migration {
        /// `tree/version_name`.
        name: String,
        /// The database's answer.
        source: Cause,
    },
    /// The settings of a database make no sense.
    #[error("database settings: {0}")]
    Settings(String),
}

impl StoreError {
    /// Whether the same call, unchanged, may succeed later.
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::Retry(_) | Self::Unavailable(_) => true,
            Self::NotFound
            | Self::Unique
            | Self::Database(_)
            | Self::Corrupt { .. }
            | Self::Migration { .. }
            | Self::Settings(_) => false,
        }
    }

    /// Turns [`NotFound`](Self::NotFound) into `None`.
    pub fn optional<T>(result: StoreResult<T>) -> StoreResult<Option<T>> {
        match result {
            Ok(found) => Ok(Some(found)),
            Err(Self::NotFound) => Ok(None),
            Err(other) => Err(other),
        }
    }

    pub(crate) fn unavailable(cause: impl Into<Cause>) -> Self {
        Self::Unavailable(cause.into())
    }
}

/// Words of either engine for "another transaction was in the way". diesel has no kinds for these and hides the codes, so
/// PostgreSQL must speak English (`lc_messages` C or en_US).
const LOST: [&str; 6] = [
    "database is locked",
    "database table is locked",
    "deadlock detected",
    "could not serialize access",
    "could not obtain lock",
    "due to lock timeout",
];

/// Words of either engine for "not now".
const NOT_NOW: [&str; 11] = [
    "database or disk is full",
    "disk I/O error",
    "unable to open database file",
    "attempt to write a readonly database",
    "No space left on device",
    "due to statement timeout",
    "due to administrator command",
    "the database system is",
    "too many clients",
    "remaining connection slots",
    "out of memory",
];

impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        let DieselError::DatabaseError(kind, ref detail) = error else {
            return match error {
                DieselError::NotFound => Self::NotFound,
                other => Self::Database(other),
            };
        };
        let message = detail.message();
        let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
        match kind {
            DatabaseErrorKind::UniqueViolation => {
                tracing::debug!(message, "unique key is taken");
                Self::Unique
            }
            DatabaseErrorKind::SerializationFailure => Self::Retry(error.into()),
            DatabaseErrorKind::ClosedConnection
            | DatabaseErrorKind::UnableToSendCommand
            | DatabaseErrorKind::ReadOnlyTransaction => Self::Unavailable(error.into()),
            _ if says(&LOST) => Self::Retry(error.into()),
            _ if says(&NOT_NOW) => Self::Unavailable(error.into()),
            _ => Self::Database(error),
        }
    }
}

impl From<diesel::ConnectionError> for StoreError {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::unavailable(error)
    }
}

impl From<diesel_async::pooled_connection::deadpool::PoolError> for StoreError {
    fn from(error: diesel_async::pooled_connection::deadpool::PoolError) -> Self {
        Self::unavailable(error)
    }
}

/// A task of the store's runtime ended without an answer: it panicked, or the runtime is shutting down.
impl From<tokio::task::JoinError> for StoreError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::unavailable(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(kind: DatabaseErrorKind, message: &str) -> StoreError {
        DieselError::DatabaseError(kind, Box::new(message.to_owned())).into()
    }

    #[test]
    fn errors_are_sorted_by_what_can_be_done() {
        use DatabaseErrorKind::{CheckViolation, SerializationFailure, UnableToSendCommand, UniqueViolation, Unknown};
        assert!(matches!(database(UniqueViolation, "x"), StoreError::Unique));
        assert!(matches!(database(Unknown, "database is locked"), StoreError::Retry(_)));
        assert!(matches!(database(Unknown, "deadlock detected"), StoreError::Retry(_)));
        assert!(matches!(database(SerializationFailure, "x"), StoreError::Retry(_)));
        assert!(matches!(database(Unknown, "database or disk is full"), StoreError::Unavailable(_)));
        assert!(matches!(database(UnableToSendCommand, "connection closed"), StoreError::Unavailable(_)));
        assert!(matches!(database(CheckViolation, "x"), StoreError::Database(_)));
        assert!(matches!(StoreError::from(DieselError::NotFound), StoreError::NotFound));
    }

    #[test]
    fn the_cause_stays_in_the_chain() {
        let error = database(DatabaseErrorKind::Unknown, "database is locked");
        assert!(error.is_retryable());
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "database is locked");
    }
}
