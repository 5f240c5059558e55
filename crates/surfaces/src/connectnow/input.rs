//! What a request says: body and query together, the body first, strings trimmed and empty ones null.

use serde_json::{Map, Value};

use super::php;
use crate::http::{Call, Head};

/// The fields of a request.
#[derive(Debug, Clone, Default)]
pub struct Input {
    query: Map<String, Value>,
    body: Map<String, Value>,
}

impl Input {
    /// Reads the fields of a call.
    pub fn of(call: &Call) -> Self {
        Self::read(&call.head, &call.body)
    }

    /// Reads query and body. A body that is neither JSON with an object nor a form is an empty one.
    pub fn read(head: &Head, body: &[u8]) -> Self {
        let cleaned = |fields: Map<String, Value>| match php::clean("", Value::Object(fields)) {
            Value::Object(fields) => fields,
            _ => Map::new(),
        };
        let query = cleaned(php::parse(head.request.query_string().as_bytes()));
        let content_type = head.header("content-type").unwrap_or_default().to_ascii_lowercase();
        Self { query, body: cleaned(fields(&content_type, body)) }
    }

    /// A field, if it was sent at all.
    pub fn sent(&self, name: &str) -> Option<&Value> {
        self.body.get(name).or_else(|| self.query.get(name))
    }

    /// A field that is not null.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.sent(name).filter(|value| !value.is_null())
    }

    /// A field of the query alone.
    pub fn in_query(&self, name: &str) -> Option<&Value> {
        self.query.get(name).filter(|value| !value.is_null())
    }
}

fn fields(content_type: &str, body: &[u8]) -> Map<String, Value> {
    let json = || serde_json::from_slice::<Map<String, Value>>(body).unwrap_or_default();
    let is_json = content_type.contains("/json") || content_type.contains("+json");
    if is_json {
        return json();
    }
    // No form begins like this; clients that forget the content type mean JSON.
    if body.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{') {
        let object = json();
        if !object.is_empty() {
            return object;
        }
    }
    if content_type.is_empty() || content_type.contains("x-www-form-urlencoded") || content_type.contains("text/plain")
    {
        return php::parse(body);
    }
    Map::new()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use actix_web::test::TestRequest;
    use serde_json::json;

    use super::*;

    fn read(uri: &str, content_type: &str, body: &str) -> Input {
        let request = TestRequest::with_uri(uri).insert_header(("content-type", content_type));
        Input::read(&Head { request: request.to_http_request(), started: Instant::now() }, body.as_bytes())
    }

    #[test]
    fn form_and_json_say_the_same() {
        for (content_type, body) in [
            ("application/json", r#"{"name":" Ann ","surname":""}"#),
            ("application/vnd.api+json; charset=utf-8", r#"{"name":"Ann","surname":null}"#),
            ("application/x-www-form-urlencoded", "name=+Ann+&surname="),
            ("", "name=Ann&surname"),
            ("", r#"{"name":"Ann","surname":" "}"#),
        ] {
            let input = read("/api/chats", content_type, body);
            assert_eq!(input.get("name"), Some(&json!("Ann")), "{content_type}: {body}");
            assert_eq!((input.get("surname"), input.sent("surname")), (None, Some(&Value::Null)), "{body}");
            assert_eq!(input.sent("email"), None);
        }
    }

    #[test]
    fn the_body_comes_before_the_query_and_nonsense_is_empty() {
        let input = read("/api/chats?name=query&page=2", "application/json", r#"{"name":"body"}"#);
        assert_eq!((input.get("name"), input.get("page")), (Some(&json!("body")), Some(&json!("2"))));
        assert_eq!(input.in_query("name"), Some(&json!("query")));
        for body in ["{", "[1]", "7", "null", "\"x\"", "{}trailing"] {
            assert_eq!(read("/api/chats?name=query", "application/json", body).get("name"), Some(&json!("query")));
        }
        assert!(read("/api/chats", "image/png", "name=x").sent("name").is_none());
    }
}
