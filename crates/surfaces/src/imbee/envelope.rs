//! `{time, code, message, body}`: the shape of every answer.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde::Serialize;
use serde_json::json;

use crate::http::Head;

/// Processed.
const OK: u8 = 0;
/// An error was detected. The vendor's other codes, from 10010, are its client's own and never sent.
const ERROR: u8 = 1;

#[derive(Debug, Serialize)]
struct Envelope<'m, B> {
    /// Seconds this request took.
    time: f64,
    code: u8,
    message: &'m str,
    body: B,
}

/// An answer to what was processed.
pub fn ok<B: Serialize>(head: &Head, body: B) -> HttpResponse {
    HttpResponse::Ok().json(Envelope { time: time(head), code: OK, message: "Ok", body })
}

/// An answer to what was not.
pub fn refused(head: &Head, status: StatusCode, message: &str) -> HttpResponse {
    HttpResponseBuilder::new(status).json(Envelope { time: time(head), code: ERROR, message, body: json!({}) })
}

/// As fine as the vendor's own examples: five digits.
fn time(head: &Head) -> f64 {
    (head.elapsed_s() * 100_000.0).round() / 100_000.0
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::imbee::wire::testing::{body, head};

    fn keys(value: &Value) -> Vec<&str> {
        value.as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn success_and_error_have_the_seeds_four_keys() {
        let fine = body(ok(&head(), json!({ "data0": "value0" })));
        let mut expected: Value =
            serde_json::from_str(r#"{"time":0.00019,"code":0,"message":"Ok","body":{"data0":"value0"}}"#).unwrap();
        assert_eq!(keys(&fine), keys(&expected));
        assert!(fine["time"].as_f64().is_some_and(|t| (0.0..1.0).contains(&t)));
        expected["time"] = fine["time"].clone();
        assert_eq!(fine, expected);

        let bad = body(refused(&head(), StatusCode::OK, "no"));
        assert_eq!((&bad["code"], &bad["message"], &bad["body"]), (&json!(1), &json!("no"), &json!({})));
    }
}
