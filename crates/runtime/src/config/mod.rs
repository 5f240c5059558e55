//! One tree of settings: defaults < file < environment < command line.
//!
//! Unknown keys are errors that name the key and where it came from: sections when loading, everything below them when a
//! section is read into its type (which must carry `#[serde(deny_unknown_fields)]`).

mod lists;
mod print;
mod sources;

use std::fmt;
use std::path::Path;

use ::config::{ConfigError as Cause, Map, Value, ValueKind};
use serde::de::DeserializeOwned;

pub use lists::comma_list;
pub use sources::Sources;

use crate::redact::is_secret_setting;

/// Every top-level section there is. A process reads those it needs; all of them may stand in its file or environment.
pub const SECTIONS: &[&str] = &[
    "auth",
    "bots",
    "bus",
    "chats",
    "egress",
    "embedded",
    "gateway",
    "limits",
    "mail",
    "messages",
    "production",
    "realtime",
    "rpc",
    "server",
    "shutdown",
    "sms",
    "surfaces",
    "telemetry",
    "users",
];

/// Why settings could not be read. Values of secret settings never appear in it.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file named on the command line cannot be read.
    #[error("cannot read {path}: {cause}")]
    Read {
        /// The file.
        path: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A text is not TOML.
    #[error("{origin} is not valid TOML: {message}")]
    Parse {
        /// Which text.
        origin: String,
        /// Where and why.
        message: String,
    },
    /// A top-level name is not a section.
    #[error("unknown key `{key}` in {origin}; the sections are {}", SECTIONS.join(", "))]
    UnknownSection {
        /// The offending name.
        key: String,
        /// Where it stands.
        origin: String,
    },
    /// A key is unknown, missing, or has a value that does not fit.
    #[error("setting `{key}` ({origin}): {message}")]
    Invalid {
        /// The whole key, as in `bus.poll_ms`.
        key: String,
        /// Where its value was set.
        origin: String,
        /// What is wrong.
        message: String,
    },
}

impl ConfigError {
    /// For owners of a section: a value whose type fits but which makes no sense.
    pub fn invalid(key: &str, message: impl fmt::Display) -> Self {
        Self::Invalid { key: key.to_owned(), origin: "effective value".to_owned(), message: message.to_string() }
    }
}

/// The effective settings. Cheap enough to clone; printing it shows no secrets.
#[derive(Clone)]
pub struct Config {
    root: Value,
}

impl Config {
    /// `defaults` (TOML texts, each with its top-level table) < `file` < `PARLANCE__…` of this process < `overrides`
    /// (`("egress.allow", "127.0.0.0/8")`, from the command line).
    pub fn load(defaults: &[&str], file: Option<&Path>, overrides: Vec<(String, String)>) -> Result<Self, ConfigError> {
        Sources::new(defaults).file(file).environment().overrides(overrides).load()
    }

    /// As [`Config::load`], without file and environment: what tests start from.
    pub fn isolated(defaults: &[&str], overrides: Vec<(String, String)>) -> Result<Self, ConfigError> {
        Sources::new(defaults).overrides(overrides).load()
    }

    /// The section `name` (`"bus"`, or deeper: `"auth.database"`) as a `T`. A section nobody set is an empty table.
    pub fn section<T: DeserializeOwned>(&self, name: &str) -> Result<T, ConfigError> {
        let value = self.find(name).cloned().unwrap_or_else(|| Value::new(None, Map::<String, Value>::new()));
        serde_path_to_error::deserialize(value).map_err(|e| {
            let mut key = match e.path().to_string() {
                at if at == "." => name.to_owned(),
                at => format!("{name}.{at}"),
            };
            let cause = innermost(e.into_inner());
            let message = match cause {
                Cause::NotFound(field) => {
                    key = format!("{key}.{field}");
                    "missing".to_owned()
                }
                Cause::Type { .. } if is_secret_setting(&key) => "the value has the wrong type".to_owned(),
                Cause::Type { unexpected, expected, .. } => format!("invalid type: {unexpected}, expected {expected}"),
                other => other.to_string(),
            };
            ConfigError::Invalid { origin: self.origin(&key), key, message }
        })
    }

    /// The effective settings as TOML, secrets replaced: for `parlance config` and the log.
    pub fn redacted(&self) -> String {
        print::redacted(&self.root)
    }

    /// The value at `key` as text, if it is set and has one.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        self.find(key)?.clone().into_string().ok()
    }

    /// The texts of the list at `key`, which may be written with commas.
    pub(crate) fn texts(&self, key: &str) -> Vec<String> {
        match self.find(key).map(|value| value.kind.clone()) {
            Some(ValueKind::Array(items)) => items.into_iter().filter_map(|item| item.into_string().ok()).collect(),
            Some(ValueKind::String(text)) => {
                text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
            }
            _ => Vec::new(),
        }
    }

    /// That the value at `key` is not accepted, and where it was set.
    pub(crate) fn refusal(&self, key: &str, message: &str) -> ConfigError {
        ConfigError::Invalid { key: key.to_owned(), origin: self.origin(key), message: message.to_owned() }
    }

    fn find(&self, path: &str) -> Option<&Value> {
        path.split('.').try_fold(&self.root, |value, key| match &value.kind {
            ValueKind::Table(table) => table.get(key),
            _ => None,
        })
    }

    /// Where the value at `key` was set. Elements of lists are set where their list is.
    fn origin(&self, key: &str) -> String {
        let key = key.split('[').next().unwrap_or(key);
        let origin = self.find(key).and_then(Value::origin);
        origin.map_or_else(|| "set nowhere".to_owned(), |o| format!("from {o}"))
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.redacted())
    }
}

/// The library wraps a cause once per level of nesting; the path is told apart from it, so the cause alone is wanted.
fn innermost(error: Cause) -> Cause {
    match error {
        Cause::At { error, .. } => innermost(*error),
        other => other,
    }
}

#[cfg(test)]
mod tests;
