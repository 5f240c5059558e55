//! JSON as PHP writes it: slashes escaped, everything beyond ASCII as `\u`.

use std::io::{self, Write};

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use crate::http::{Budget, Head};

/// An answer.
pub fn answer<T: Serialize>(head: &Head, status: StatusCode, view: &T) -> HttpResponse {
    let body = written(view).unwrap_or_else(|e| {
        tracing::error!(error = %e, "an answer could not be written");
        b"{}".to_vec()
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

fn written<T: Serialize>(view: &T) -> serde_json::Result<Vec<u8>> {
    let mut body = Vec::with_capacity(1024);
    view.serialize(&mut Serializer::with_formatter(&mut body, Php))?;
    Ok(body)
}

struct Php;

impl Formatter for Php {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        // By bytes: most texts have none of these, and a character is looked at only where one has.
        while let Some(at) = rest.bytes().position(|byte| byte == b'/' || !byte.is_ascii()) {
            let (plain, from) = rest.split_at(at);
            writer.write_all(plain.as_bytes())?;
            let Some(c) = from.chars().next() else { break };
            if c == '/' {
                writer.write_all(b"\\/")?;
            } else {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
            rest = &from[c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_and_letters_beyond_ascii_are_escaped() {
        let written = String::from_utf8(written(&"http://x/é\u{1f600}\u{1}\n\"").unwrap()).unwrap();
        assert_eq!(written, r#""http:\/\/x\/\u00e9\ud83d\ude00\u0001\n\"""#);
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), "http://x/é\u{1f600}\u{1}\n\"");
    }
}
