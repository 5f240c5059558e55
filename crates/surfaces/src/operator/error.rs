//! `{"error":{"code","message","field"}}` with the matching HTTP status.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use contracts::Failure;
use domain::Code;
use serde_json::json;

use crate::http::{Head, Problem};

pub fn draw(_head: &Head, problem: &Problem) -> HttpResponse {
    match problem {
        Problem::UnknownPath => body(404, "not_found", "no such path", None),
        Problem::WrongMethod { allowed } => {
            let mut response = body(405, "method_not_allowed", "this path has other methods", None);
            if let Ok(allow) = header::HeaderValue::from_str(&allowed.join(", ")) {
                response.headers_mut().insert(header::ALLOW, allow);
            }
            response
        }
        Problem::TooLarge => body(413, "too_large", "the body is too large", None),
        Problem::Malformed => body(400, "malformed", "the body is no JSON", None),
        Problem::NoCredential => body(401, "unauthenticated", "a bearer token is needed", None),
        Problem::Fields(fields) => {
            let (field, sentence) =
                fields.first().map_or(("", "a value is refused"), |(f, s)| (f.as_str(), s.as_str()));
            body(422, "invalid", sentence, Some(field))
        }
        Problem::Failure(failure) => refusal(failure),
    }
}

fn refusal(failure: &Failure) -> HttpResponse {
    let code = failure.reason.unwrap_or(match failure.code {
        Code::Invalid => "invalid",
        Code::Unauthenticated => "unauthenticated",
        Code::Forbidden => "forbidden",
        Code::NotFound => "not_found",
        Code::Conflict => "conflict",
        Code::KeyReused => "idempotency_key_reused",
        Code::Limited => "limited",
        Code::Unavailable => "unavailable",
        Code::Internal => "internal",
    });
    let mut response = body(failure.code.http_status(), code, &failure.message, failure.field.as_deref());
    if let Some(seconds) = failure.retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
    }
    response
}

fn body(status: u16, code: &str, message: &str, field: Option<&str>) -> HttpResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    HttpResponse::build(status).json(json!({ "error": { "code": code, "message": message, "field": field } }))
}
