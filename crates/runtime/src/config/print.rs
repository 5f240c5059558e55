//! The effective settings as text without secrets.

use ::config::{Value, ValueKind};

use crate::redact::{self, MASK, is_secret_setting};

/// `root` as TOML, keys sorted, secrets masked.
pub(super) fn redacted(root: &Value) -> String {
    match printable(None, root) {
        Some(toml::Value::Table(table)) => toml::to_string(&table).unwrap_or_else(|e| format!("# cannot print: {e}")),
        _ => String::new(),
    }
}

/// `None` for what has no TOML form (nothing). `key` is the nearest name: a list under a secret name is secret.
fn printable(key: Option<&str>, value: &Value) -> Option<toml::Value> {
    let text = |s: String| Some(toml::Value::String(s));
    match &value.kind {
        ValueKind::Table(table) => {
            let entries = table.iter().filter_map(|(k, v)| Some((k.clone(), printable(Some(k), v)?)));
            Some(toml::Value::Table(entries.collect()))
        }
        ValueKind::Nil => None,
        // An empty one is shown, so that one can see that it is not set.
        ValueKind::String(s) if s.is_empty() => text(String::new()),
        ValueKind::Array(items) if !key.is_some_and(is_secret_setting) => {
            Some(toml::Value::Array(items.iter().filter_map(|v| printable(key, v)).collect()))
        }
        _ if key.is_some_and(is_secret_setting) => text(MASK.to_owned()),
        ValueKind::String(s) => text(redact::url(s)),
        ValueKind::Boolean(b) => Some(toml::Value::Boolean(*b)),
        ValueKind::I64(n) => Some(toml::Value::Integer(*n)),
        ValueKind::Float(n) => Some(toml::Value::Float(*n)),
        other => text(other.to_string()),
    }
}
