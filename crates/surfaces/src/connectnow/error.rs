//! How failures look: `{"message"}`, with `errors` per field where values are refused, and the status Laravel gives them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use contracts::Failure;
use domain::{Clock, Code};
use serde_json::{Map, Value, json};

use super::json;
use crate::http::{Head, Problem};

pub fn draw(head: &Head, problem: &Problem) -> HttpResponse {
    match problem {
        Problem::UnknownPath => message(head, StatusCode::NOT_FOUND, ""),
        Problem::WrongMethod { allowed } => wrong_method(head, &allowed.join(", ")),
        Problem::TooLarge => message(head, StatusCode::PAYLOAD_TOO_LARGE, ""),
        // A body that broke off. One that is no JSON counts as empty, and never comes here.
        Problem::Malformed => fields(head, &[("body".to_owned(), "The body is invalid.".to_owned())]),
        Problem::NoCredential => message(head, StatusCode::UNAUTHORIZED, "Unauthenticated."),
        Problem::Fields(errors) => fields(head, errors),
        Problem::Failure(failure) => failed(head, failure),
    }
}

fn message(head: &Head, status: StatusCode, message: &str) -> HttpResponse {
    json::answer(head, status, &json!({ "message": message }))
}

fn wrong_method(head: &Head, allowed: &str) -> HttpResponse {
    let method = head.request.method();
    let text = format!("The {method} method is not supported for this route. Supported methods: {allowed}.");
    let mut response = message(head, StatusCode::METHOD_NOT_ALLOWED, &text);
    if let Ok(allow) = HeaderValue::from_str(allowed) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

/// `message` first, as Laravel has it.
fn fields(head: &Head, errors: &[(String, String)]) -> HttpResponse {
    #[derive(serde::Serialize)]
    struct Refused {
        message: &'static str,
        errors: Map<String, Value>,
    }
    let errors = errors.iter().map(|(field, sentence)| (field.clone(), json!([sentence]))).collect();
    let refused = Refused { message: "The given data was invalid.", errors };
    json::answer(head, StatusCode::UNPROCESSABLE_ENTITY, &refused)
}

fn failed(head: &Head, failure: &Failure) -> HttpResponse {
    match failure.code {
        Code::Unauthenticated => message(head, StatusCode::UNAUTHORIZED, "Unauthenticated."),
        Code::Forbidden => message(head, StatusCode::FORBIDDEN, "This action is unauthorized."),
        Code::NotFound => message(head, StatusCode::NOT_FOUND, &failure.message),
        Code::KeyReused => {
            let sentence = "The Idempotency-Key was used with another request.";
            fields(head, &[("Idempotency-Key".to_owned(), sentence.to_owned())])
        }
        Code::Invalid | Code::Conflict => {
            let field = field(failure.field.as_deref().unwrap_or("id"));
            fields(head, &[(field.to_owned(), format!("The {}.", failure.message))])
        }
        Code::Limited => limited(head, failure.retry_after_s),
        Code::Unavailable => message(head, StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
        Code::Internal => message(head, StatusCode::INTERNAL_SERVER_ERROR, "Server Error"),
    }
}

/// The model's word for a field as this vendor says it.
fn field(word: &str) -> &str {
    match word {
        "title" => "name",
        "company" => "company_id",
        "text" => "message",
        "media" | "media.url" => "url",
        other => other,
    }
}

fn limited(head: &Head, retry_after_s: Option<u32>) -> HttpResponse {
    let wait = retry_after_s.unwrap_or(1);
    let mut response = message(head, StatusCode::TOO_MANY_REQUESTS, "Too Many Attempts.");
    let reset = Clock::system().now().plus_seconds(wait.into()).micros() / 1_000_000;
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, HeaderValue::from(wait));
    headers.insert(HeaderName::from_static("x-ratelimit-reset"), HeaderValue::from(reset));
    headers.insert(HeaderName::from_static("x-ratelimit-remaining"), HeaderValue::from(0));
    if !headers.contains_key("x-ratelimit-limit") {
        headers.insert(HeaderName::from_static("x-ratelimit-limit"), HeaderValue::from(1));
    }
    response
}

/// An object that is not there, by the name of its model.
pub fn missing(model: &str, id: &str) -> Problem {
    Problem::not_found(format!("No query results for model [App\\Models\\{model}] {id}"))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use actix_web::body::MessageBody as _;
    use actix_web::test::TestRequest;

    use super::*;

    fn drawn(problem: &Problem) -> (u16, String, HttpResponse) {
        let request = TestRequest::with_uri("/api/chats").method(actix_web::http::Method::PATCH).to_http_request();
        let response = draw(&Head { request, started: Instant::now() }, problem);
        let (head, body) = response.into_parts();
        let text = String::from_utf8(body.try_into_bytes().unwrap().to_vec()).unwrap();
        (head.status().as_u16(), text, head.map_into_boxed_body())
    }

    #[test]
    fn each_status_has_laravel_s_body() {
        for (problem, status, body) in [
            (Problem::NoCredential, 401, r#"{"message":"Unauthenticated."}"#),
            (Problem::refused(Code::Unauthenticated, "x"), 401, r#"{"message":"Unauthenticated."}"#),
            (Problem::refused(Code::Forbidden, "x"), 403, r#"{"message":"This action is unauthorized."}"#),
            (Problem::UnknownPath, 404, r#"{"message":""}"#),
            (missing("Chat", "99"), 404, r#"{"message":"No query results for model [App\\Models\\Chat] 99"}"#),
            (Problem::TooLarge, 413, r#"{"message":""}"#),
            (
                Problem::Fields(vec![("email".into(), "The email field is required.".into())]),
                422,
                r#"{"message":"The given data was invalid.","errors":{"email":["The email field is required."]}}"#,
            ),
            (
                Problem::refused(Code::KeyReused, "x"),
                422,
                r#"{"message":"The given data was invalid.","errors":{"Idempotency-Key":["The Idempotency-Key was used with another request."]}}"#,
            ),
            (Problem::refused(Code::Internal, "x"), 500, r#"{"message":"Server Error"}"#),
        ] {
            let (got, text, _) = drawn(&problem);
            assert_eq!((got, text.as_str()), (status, body), "{problem:?}");
        }
    }

    #[test]
    fn a_wrong_method_names_the_right_ones() {
        let allowed = ["GET", "HEAD", "PUT", "DELETE"].map(str::to_owned).to_vec();
        let (status, text, head) = drawn(&Problem::WrongMethod { allowed });
        let sentence = "The PATCH method is not supported for this route. Supported methods: GET, HEAD, PUT, DELETE.";
        assert_eq!((status, text), (405, format!("{{\"message\":\"{sentence}\"}}")));
        assert_eq!(head.headers().get(header::ALLOW).unwrap(), "GET, HEAD, PUT, DELETE");
    }

    #[test]
    fn a_limit_says_how_long_to_wait() {
        let (status, text, head) = drawn(&Problem::limited(7));
        assert_eq!((status, text.as_str()), (429, r#"{"message":"Too Many Attempts."}"#));
        assert_eq!(head.headers().get(header::RETRY_AFTER).unwrap(), "7");
        for name in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
            assert!(head.headers().contains_key(name), "{name}");
        }
    }
}
