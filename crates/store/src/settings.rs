//! Where a service keeps its rows.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::{StoreError, StoreResult};

/// The `database` section of a service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `sqlite:///absolute/path/x.db` or `postgres://user:password@host/database`; `?sslmode=require|verify-full` and
    /// `sslrootcert=/path/to/authorities.pem` secure the connection.
    pub url: SecretString,
    /// PostgreSQL only: the schema to use, made if absent. Several services in one database need one each.
    #[serde(default)]
    pub schema: Option<String>,
    /// Connections held at most.
    pub pool_size: u32,
    /// PostgreSQL only: a statement that runs longer is ended with an error. Milliseconds; 0 means no limit.
    pub statement_timeout_ms: u64,
}

/// What a database URL points at.
pub(crate) enum Target {
    Postgres(String),
    Sqlite(PathBuf),
}

impl DatabaseSettings {
    /// Whether this names a server, which may be down for a while, and not a file.
    pub fn is_server(&self) -> bool {
        matches!(self.target(), Ok(Target::Postgres(_)))
    }

    pub(crate) fn target(&self) -> StoreResult<Target> {
        let url = self.url.expose_secret();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Target::Postgres(url.to_owned()));
        }
        // An in-memory database would be another one for every connection of the pool.
        match url.strip_prefix("sqlite://") {
            Some(path) if !path.is_empty() && path != ":memory:" => Ok(Target::Sqlite(Path::new(path).to_owned())),
            // The URL may hold a password: it is not repeated.
            _ => Err(StoreError::Settings("the URL must be sqlite:///path/to/file or postgres://…".into())),
        }
    }

    /// The schema, if it is a name that needs no quoting.
    pub(crate) fn schema(&self) -> StoreResult<Option<&str>> {
        let Some(schema) = self.schema.as_deref() else { return Ok(None) };
        let plain = schema.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
            && schema.len() < 64
            && schema.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if plain {
            Ok(Some(schema))
        } else {
            Err(StoreError::Settings(format!("schema {schema:?} is not a name of a-z, 0-9 and _, 63 at most")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str, schema: Option<&str>) -> DatabaseSettings {
        DatabaseSettings { url: url.into(), schema: schema.map(Into::into), pool_size: 1, statement_timeout_ms: 0 }
    }

    #[test]
    fn urls_of_other_kinds_are_refused_without_repeating_them() {
        for url in ["mysql://u:hunter2@h/d", "sqlite://", "sqlite://:memory:", "hunter2"] {
            let error = settings(url, None).target().err().unwrap().to_string();
            assert!(!error.contains("hunter2"), "{error}");
        }
        assert!(
            matches!(settings("sqlite:///a/b.db", None).target(), Ok(Target::Sqlite(p)) if p == Path::new("/a/b.db"))
        );
    }

    #[test]
    fn a_schema_is_a_plain_name() {
        assert_eq!(settings("", Some("users_2")).schema().unwrap(), Some("users_2"));
        for bad in ["", "Users", "a\"b", "a b", "1a"] {
            assert!(settings("", Some(bad)).schema().is_err(), "{bad}");
        }
    }
}
