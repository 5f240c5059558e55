//! Bodies of vendors who say what a call takes, and not what becomes of anything else: read as leniently as can be.

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::{Call, Problem};

/// The body, which must be a JSON object. Unknown keys are ignored; of a key that comes twice the last one counts.
///
/// # Errors
/// No JSON, no object, or a value that is missing or of the wrong type, which is named.
pub fn object<T: DeserializeOwned>(call: &Call) -> Result<T, Problem> {
    let object: Map<String, Value> = call.json()?;
    from_object(object)
}

/// The same of an object that was read already.
///
/// # Errors
/// A value that is missing or of the wrong type, which is named.
pub fn from_object<T: DeserializeOwned>(object: Map<String, Value>) -> Result<T, Problem> {
    serde_path_to_error::deserialize(Value::Object(object)).map_err(|e| {
        let field = e.path().to_string();
        Problem::invalid(&field, format!("{field} is missing or of the wrong type"))
    })
}

/// A whole number, or a text that is one; for `deserialize_with`.
///
/// # Errors
/// Anything else, truth values and fractions among it.
pub fn number<'de, D: Deserializer<'de>>(d: D) -> Result<Option<i64>, D::Error> {
    let value = Value::deserialize(d)?;
    match &value {
        Value::Null => return Ok(None),
        Value::Number(n) => n.as_i64().or_else(|| n.as_u64().map(|_| i64::MAX)),
        Value::String(text) => text.trim().parse().ok(),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
    .map(Some)
    .ok_or_else(|| D::Error::custom("not a whole number"))
}

/// A text, or a number in its digits; for `deserialize_with`.
///
/// # Errors
/// Anything else.
pub fn text<'de, D: Deserializer<'de>>(d: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(d)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(D::Error::custom("no text")),
    }
}

/// An object inside the body, which a list of its values is not; for `deserialize_with`.
///
/// # Errors
/// Anything else; its own.
pub fn nested<'de, T: DeserializeOwned, D: Deserializer<'de>>(d: D) -> Result<Option<T>, D::Error> {
    match Value::deserialize(d)? {
        Value::Null => Ok(None),
        object @ Value::Object(_) => serde_json::from_value(object).map(Some).map_err(D::Error::custom),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Err(D::Error::custom("no object")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct In {
        #[serde(default, deserialize_with = "number")]
        limit: Option<i64>,
    }

    fn read<T: DeserializeOwned>(body: &str) -> Result<T, Problem> {
        from_object(serde_json::from_str(body).unwrap())
    }

    fn limit(body: &str) -> Result<Option<i64>, Problem> {
        read::<In>(body).map(|i| i.limit)
    }

    #[test]
    fn numbers_come_as_numbers_or_text() {
        assert_eq!(limit("{}"), Ok(None));
        assert_eq!(limit(r#"{"limit":null}"#), Ok(None));
        assert_eq!(limit(r#"{"limit":7}"#), Ok(Some(7)));
        assert_eq!(limit(r#"{"limit":" 7 "}"#), Ok(Some(7)));
        assert_eq!(limit(r#"{"limit":18446744073709551615}"#), Ok(Some(i64::MAX)));
        for bad in
            [r#"{"limit":1.5}"#, r#"{"limit":true}"#, r#"{"limit":""}"#, r#"{"limit":"ten"}"#, r#"{"limit":[1]}"#]
        {
            assert!(limit(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_wrong_value_names_its_field() {
        let Err(Problem::Failure(failure)) = read::<In>(r#"{"limit":true}"#) else { panic!("taken") };
        assert_eq!(failure.field.as_deref(), Some("limit"));
    }
}
