//! Named arguments, as Python takes them: unknown and missing ones are a `TypeError`.

use serde_json::{Map, Value};

use crate::http::Problem;

/// Which arguments a call takes.
#[derive(Debug, Clone, Copy)]
pub struct Signature {
    /// The name of the function, for errors.
    pub name: &'static str,
    /// What must be there.
    pub required: &'static [&'static str],
    /// What may be there.
    pub optional: &'static [&'static str],
    /// Whether anything else is passed over.
    pub open: bool,
}

impl Signature {
    /// Takes exactly these.
    pub const fn new(name: &'static str, required: &'static [&'static str], optional: &'static [&'static str]) -> Self {
        Self { name, required, optional, open: false }
    }

    /// Takes these and passes over anything else.
    pub const fn open(
        name: &'static str,
        required: &'static [&'static str],
        optional: &'static [&'static str],
    ) -> Self {
        Self { open: true, ..Self::new(name, required, optional) }
    }

    /// The arguments in `params`, without the context.
    pub fn bind(&self, mut params: Map<String, Value>) -> Result<Args, Problem> {
        params.remove("context");
        let known = |name: &String| self.required.iter().chain(self.optional).any(|n| n == name);
        if let Some(unknown) = params.keys().find(|name| !self.open && !known(name)) {
            let name = self.name;
            return Err(type_error(format!("{name}() got an unexpected keyword argument '{unknown}'")));
        }
        let given = self.required.iter().filter(|name| params.contains_key(**name)).count();
        if given < self.required.len() {
            // Python counts `self`.
            let (name, least, given) = (self.name, self.required.len() + 1, params.len() + 1);
            return Err(type_error(format!("{name}() takes at least {least} arguments ({given} given)")));
        }
        Ok(Args(params))
    }
}

/// The name of Python's error for wrong arguments.
pub const TYPE_ERROR: &str = "exceptions.TypeError";

/// Wrong arguments.
pub fn type_error(message: String) -> Problem {
    let Problem::Failure(failure) = Problem::invalid("params", message) else { return Problem::Malformed };
    Problem::Failure(contracts::Failure { reason: Some(TYPE_ERROR), ..failure })
}

/// The arguments of a call. `false` and `null` are how this vendor's clients write "none".
#[derive(Debug, Default)]
pub struct Args(Map<String, Value>);

impl Args {
    /// Whatever came under `name`, unless it is none.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !matches!(value, Value::Null | Value::Bool(false)))
    }

    /// A text.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Problem> {
        match self.value(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Problem::invalid(name, format!("{name} must be a string"))),
        }
    }

    /// A whole number, or a text that is one.
    pub fn number(&self, name: &str) -> Result<Option<i64>, Problem> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let wrong = || Problem::invalid(name, format!("{name} must be a number"));
        match number(value) {
            Some(number) => Ok(Some(number)),
            None if value.as_str().is_some_and(|text| text.trim().is_empty()) => Ok(None),
            None => Err(wrong()),
        }
    }
}

impl std::fmt::Display for Args {
    /// As JSON, keys sorted.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&Value::Object(self.0.clone()).to_string())
    }
}

/// A whole number, or a text that is one.
pub fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(n) => n.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const CALL: Signature = Signature::new("history", &["uuid"], &["last_ID", "limit"]);

    fn bind(params: Value) -> Result<Args, String> {
        let Value::Object(params) = params else { panic!("no object") };
        CALL.bind(params).map_err(|problem| match problem {
            Problem::Failure(failure) => {
                assert_eq!(failure.reason, Some(TYPE_ERROR));
                failure.message
            }
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn unknown_and_missing_arguments_are_type_errors() {
        let unknown = bind(json!({ "uuid": "x", "nonsense": 1 })).unwrap_err();
        assert_eq!(unknown, "history() got an unexpected keyword argument 'nonsense'");
        let missing = bind(json!({ "limit": 1 })).unwrap_err();
        assert_eq!(missing, "history() takes at least 2 arguments (2 given)");
        assert!(bind(json!({ "uuid": null, "context": { "lang": "en_US" } })).is_ok());
        let any = Signature::open("signin", &["login"], &[]);
        assert!(any.bind(json!({ "login": "a", "device": 1 }).as_object().unwrap().clone()).is_ok());
    }

    #[test]
    fn none_comes_as_false_and_null() {
        let args = bind(json!({ "uuid": false, "limit": null, "last_ID": "12" })).unwrap();
        assert_eq!(
            (args.text("uuid"), args.number("limit"), args.number("last_ID")),
            (Ok(None), Ok(None), Ok(Some(12)))
        );
        let args = bind(json!({ "uuid": 7, "limit": true, "last_ID": 1.5 })).unwrap();
        assert!(args.text("uuid").is_err() && args.number("limit").is_err() && args.number("last_ID").is_err());
    }
}
