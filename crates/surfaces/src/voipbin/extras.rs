//! What this surface keeps beside the model, under its own word: only what the model does not imply.

use contracts::Extras;
use domain::Surface;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// What was kept under `key`.
pub fn get<'e>(extras: &'e Extras, key: &str) -> Option<&'e Value> {
    extras.get(Surface::Voipbin.as_str())?.get(key)
}

/// A word that was kept under `key`.
pub fn word<'e>(extras: &'e Extras, key: &str) -> Option<&'e str> {
    get(extras, key)?.as_str()
}

/// Everything that was kept.
pub fn all<T: DeserializeOwned>(extras: &Extras) -> Option<T> {
    serde_json::from_value(extras.get(Surface::Voipbin.as_str())?.clone()).ok()
}

/// Keeps `fields`, if there are any.
pub fn keep(fields: Map<String, Value>) -> Extras {
    let mut extras = Extras::new();
    if !fields.is_empty() {
        extras.insert(Surface::Voipbin.as_str().to_owned(), Value::Object(fields));
    }
    extras
}
