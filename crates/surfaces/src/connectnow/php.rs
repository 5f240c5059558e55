//! What PHP makes of a query or a form: names with brackets become lists and objects, the last of several wins.

use serde_json::{Map, Value};

/// How deep brackets may nest; deeper ones are left out, as PHP does beyond `max_input_nesting_level`.
const DEEPEST: usize = 64;

/// Reads `a=1&b[]=2&c[d]=3`.
pub fn parse(encoded: &[u8]) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, value) in form_urlencoded::parse(encoded) {
        let Some((first, rest)) = names(&name) else { continue };
        if rest.len() <= DEEPEST {
            put(&mut fields, first, &rest, Value::String(value.into_owned()));
        }
    }
    fields.into_iter().map(|(name, value)| (name, lists(value))).collect()
}

/// The parts of a name: `a[b][]` is `a`, `b` and an empty one. In the first, dots and spaces become underscores.
fn names(name: &str) -> Option<(String, Vec<&str>)> {
    let name = name.trim_start_matches(' ');
    let (first, mut rest) = match name.find('[') {
        Some(0) | None => (name, ""),
        Some(at) => name.split_at(at),
    };
    if first.is_empty() {
        return None;
    }
    let mut parts = Vec::new();
    while let Some((part, behind)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        parts.push(part);
        rest = behind;
    }
    Some((first.replace(['.', ' '], "_"), parts))
}

fn put(into: &mut Map<String, Value>, name: String, rest: &[&str], value: Value) {
    let Some((next, rest)) = rest.split_first() else {
        into.insert(name, value);
        return;
    };
    let inner = into.entry(name).or_insert_with(|| Value::Object(Map::new()));
    if !inner.is_object() {
        *inner = Value::Object(Map::new());
    }
    let Value::Object(inner) = inner else { return };
    let next = if next.is_empty() { next_index(inner) } else { (*next).to_owned() };
    put(inner, next, rest, value);
}

/// One more than the highest number among the names.
fn next_index(inner: &Map<String, Value>) -> String {
    let highest = inner.keys().filter_map(|key| key.parse::<u64>().ok()).max();
    highest.map_or(0, |n| n.saturating_add(1)).to_string()
}

/// Objects whose names are 0, 1, 2 … are lists.
fn lists(value: Value) -> Value {
    let Value::Object(inner) = value else { return value };
    let mut numbered: Vec<(Option<usize>, String, Value)> =
        inner.into_iter().map(|(name, value)| (name.parse().ok(), name, lists(value))).collect();
    numbered.sort_by_key(|(number, ..)| *number);
    if !numbered.is_empty() && numbered.iter().enumerate().all(|(at, (number, ..))| *number == Some(at)) {
        return Value::Array(numbered.into_iter().map(|(.., value)| value).collect());
    }
    Value::Object(numbered.into_iter().map(|(_, name, value)| (name, value)).collect())
}

/// Strings without the white space around them, and null for those that are then empty, however deep: what Laravel's
/// middleware makes of every request. Passwords are not trimmed.
pub fn clean(name: &str, value: Value) -> Value {
    match value {
        Value::String(text) => {
            let kept = if matches!(name, "password" | "current_password" | "password_confirmation") {
                text
            } else {
                trim(&text).to_owned()
            };
            if kept.is_empty() { Value::Null } else { Value::String(kept) }
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| clean("", item)).collect()),
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(name, value)| {
                    let value = clean(&name, value);
                    (name, value)
                })
                .collect(),
        ),
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

/// PHP's `trim`.
fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r', '\0', '\u{b}'])
}

/// PHP's `FILTER_VALIDATE_INT`: digits, perhaps signed, no zeros in front, white space around them allowed.
pub fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => {
            let text = text.trim_matches([' ', '\t', '\n', '\r', '\u{b}', '\0']);
            let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
            let plain = digits.bytes().all(|b| b.is_ascii_digit()) && !(digits.len() > 1 && digits.starts_with('0'));
            text.parse().ok().filter(|_| plain)
        }
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn brackets_make_lists_and_objects() {
        let read = |text: &str| Value::Object(parse(text.as_bytes()));
        assert_eq!(read("a=1&b=x+y&a=2"), json!({ "a": "2", "b": "x y" }));
        assert_eq!(read("with[]=a&with[]=b"), json!({ "with": ["a", "b"] }));
        assert_eq!(read("with%5B%5D=a&with%5B1%5D=b"), json!({ "with": ["a", "b"] }));
        assert_eq!(read("with[1]=b&with[0]=a"), json!({ "with": ["a", "b"] }));
        assert_eq!(read("with[5]=b"), json!({ "with": { "5": "b" } }));
        assert_eq!(read("a[b][c]=1&a[b][]=2"), json!({ "a": { "b": { "c": "1", "0": "2" } } }));
        assert_eq!(read("auth-code=1&first.name=x"), json!({ "auth-code": "1", "first_name": "x" }));
        assert_eq!(read("=1&[]=2&&c"), json!({ "[]": "2", "c": "" }));
    }

    #[test]
    fn strings_are_trimmed_and_empty_ones_are_null() {
        let cleaned = clean("", json!({ "a": " x ", "b": "  ", "c": [" y", ""], "password": " p ", "n": 1 }));
        assert_eq!(cleaned, json!({ "a": "x", "b": null, "c": ["y", null], "password": " p ", "n": 1 }));
    }

    #[test]
    fn integers_are_what_php_takes_for_them() {
        for (value, expected) in [
            (json!(7), Some(7)),
            (json!("7"), Some(7)),
            (json!(" +7 "), Some(7)),
            (json!("-7"), Some(-7)),
            (json!("0"), Some(0)),
            (json!("07"), None),
            (json!("7x"), None),
            (json!("1.0"), None),
            (json!(1.5), None),
            (json!("99999999999999999999"), None),
            (json!(null), None),
            (json!([1]), None),
        ] {
            assert_eq!(integer(&value), expected, "{value}");
        }
    }
}
