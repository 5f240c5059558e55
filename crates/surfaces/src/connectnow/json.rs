//! JSON as PHP writes it: slashes escaped, everything beyond ASCII as `\u`.

use std::fmt::Write as _;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use serde::Serialize;

use crate::http::{Budget, Head};

/// An answer.
pub fn answer<T: Serialize>(head: &Head, status: StatusCode, view: &T) -> HttpResponse {
    let body = serde_json::to_string(view).map(|plain| escaped(&plain));
    let body = body.unwrap_or_else(|e| {
        tracing::error!(error = %e, "an answer could not be written");
        "{}".to_owned()
    });
    let mut response = HttpResponse::build(status).content_type("application/json").body(body);
    if let Some(Budget { limit, remaining }) = head.budget() {
        for (name, value) in [("x-ratelimit-limit", limit), ("x-ratelimit-remaining", remaining)] {
            response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from(value));
        }
    }
    response
}

/// An object.
pub fn ok<T: Serialize>(head: &Head, view: &T) -> HttpResponse {
    answer(head, StatusCode::OK, view)
}

/// An object that was just made.
pub fn created<T: Serialize>(head: &Head, view: &T) -> HttpResponse {
    answer(head, StatusCode::CREATED, view)
}

/// Outside of strings JSON has neither slashes nor anything beyond ASCII.
fn escaped(plain: &str) -> String {
    let mut text = String::with_capacity(plain.len() + 16);
    for c in plain.chars() {
        match c {
            '/' => text.push_str("\\/"),
            c if c.is_ascii() => text.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_and_letters_beyond_ascii_are_escaped() {
        let written = escaped(&serde_json::to_string("http://x/é\u{1f600}\u{1}\n\"").unwrap());
        assert_eq!(written, r#""http:\/\/x\/\u00e9\ud83d\ude00\u0001\n\"""#);
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), "http://x/é\u{1f600}\u{1}\n\"");
    }
}
