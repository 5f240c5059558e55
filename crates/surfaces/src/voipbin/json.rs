//! JSON as the vendor reads and writes it.
//!
//! Read: whatever the content type says; absent and `null` fields are zero values, unknown ones are ignored, wrong types
//! are refused. An object is never taken from an array.

use actix_web::HttpResponse;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::http::{Call, Problem};

/// Reads a request's body.
pub fn read<T: DeserializeOwned>(call: &Call) -> Result<T, Problem> {
    parse(call.json()?)
}

fn parse<T: DeserializeOwned>(mut fields: Map<String, Value>) -> Result<T, Problem> {
    without_nulls(&mut fields);
    serde_json::from_value(Value::Object(fields)).map_err(|e| Problem::invalid("body", e.to_string()))
}

fn without_nulls(fields: &mut Map<String, Value>) {
    fields.retain(|_, value| !value.is_null());
    for value in fields.values_mut() {
        match value {
            Value::Object(inner) => without_nulls(inner),
            Value::Array(items) => items.iter_mut().filter_map(Value::as_object_mut).for_each(without_nulls),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

/// A field that is an object.
pub fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(d: D) -> Result<T, D::Error> {
    let fields = Map::deserialize(d)?;
    serde_json::from_value(Value::Object(fields)).map_err(D::Error::custom)
}

/// A field that is a list of objects.
pub fn objects<'de, D: Deserializer<'de>, T: DeserializeOwned>(d: D) -> Result<Vec<T>, D::Error> {
    let items: Vec<Map<String, Value>> = Vec::deserialize(d)?;
    items.into_iter().map(|fields| serde_json::from_value(Value::Object(fields)).map_err(D::Error::custom)).collect()
}

/// Answers an object.
pub fn answer<T: Serialize>(view: &T) -> HttpResponse {
    // Most answers are pages: one allocation in place of a growing text that is copied at each doubling.
    let mut body = Vec::with_capacity(16 << 10);
    match serde_json::to_writer(&mut body, view) {
        Ok(()) => HttpResponse::Ok().content_type("application/json; charset=utf-8").body(body),
        Err(e) => {
            tracing::error!(error = %e, "could not write an answer");
            HttpResponse::InternalServerError().finish()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::address::Address;
    use super::*;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default)]
    struct In {
        name: String,
        #[serde(deserialize_with = "object")]
        source: Address,
        #[serde(deserialize_with = "objects")]
        addresses: Vec<Address>,
    }

    fn read(raw: Value) -> Result<In, Problem> {
        parse(serde_json::from_value(raw).unwrap())
    }

    #[test]
    fn absent_null_and_unknown_fields_are_taken() {
        let read = read(json!({ "name": null, "source": { "type": null, "target": "x" }, "more": 1 })).unwrap();
        assert_eq!((read.name.as_str(), read.source.target.as_str()), ("", "x"));
        assert!(read.addresses.is_empty());
    }

    #[test]
    fn wrong_types_are_refused() {
        for raw in [
            json!({ "name": 1 }),
            json!({ "source": "agent" }),
            json!({ "source": ["agent", "x"] }),
            json!({ "source": { "target": 1 } }),
            json!({ "addresses": {} }),
            json!({ "addresses": [["agent", "x"]] }),
        ] {
            assert!(read(raw.clone()).is_err(), "{raw}");
        }
    }
}
