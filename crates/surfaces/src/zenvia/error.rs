//! Problems as `{message, status}`: 422 for whatever is wrong with a call, the same number in line and body. Only what no
//! call is at fault for has another: paths, methods, sizes, limits, and what is our own fault.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use contracts::Failure;
use domain::Code;
use serde_json::json;

use crate::http::{Head, Problem};

pub fn draw(_head: &Head, problem: &Problem) -> HttpResponse {
    match problem {
        Problem::UnknownPath => refused(StatusCode::NOT_FOUND, "Not found"),
        Problem::WrongMethod { allowed } => {
            let mut response = refused(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed");
            if let Ok(allow) = header::HeaderValue::from_str(&allowed.join(", ")) {
                response.headers_mut().insert(header::ALLOW, allow);
            }
            response
        }
        Problem::TooLarge => refused(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large"),
        Problem::Malformed => refused(StatusCode::UNPROCESSABLE_ENTITY, "The body must be a JSON object"),
        Problem::NoCredential => refused(StatusCode::UNPROCESSABLE_ENTITY, INVALID_TOKEN),
        Problem::Fields(fields) => {
            let sentence = fields.first().map_or("A value is refused", |(_, sentence)| sentence.as_str());
            refused(StatusCode::UNPROCESSABLE_ENTITY, sentence)
        }
        Problem::Failure(failure) => failed(failure),
    }
}

/// The vendor's own words, from its older documents.
const INVALID_TOKEN: &str = "Invalid token";

fn failed(failure: &Failure) -> HttpResponse {
    let status = match failure.code {
        Code::Unauthenticated => return refused(StatusCode::UNPROCESSABLE_ENTITY, INVALID_TOKEN),
        Code::Invalid | Code::Forbidden | Code::NotFound | Code::Conflict | Code::KeyReused => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Code::Limited => StatusCode::TOO_MANY_REQUESTS,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let mut response = refused(status, &sentence(&failure.message));
    if let Some(seconds) = failure.retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
    }
    response
}

fn refused(status: StatusCode, message: &str) -> HttpResponse {
    HttpResponse::build(status).json(json!({ "message": message, "status": status.as_u16() }))
}

/// A service's words as a sentence.
fn sentence(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use actix_web::body::MessageBody as _;
    use actix_web::test::TestRequest;
    use contracts::bots::BotsError;
    use serde_json::Value;

    use super::*;

    fn drawn(problem: &Problem) -> (HttpResponse, u16) {
        let head = Head { request: TestRequest::default().to_http_request(), started: Instant::now() };
        let response = draw(&head, problem);
        let status = response.status().as_u16();
        (response, status)
    }

    #[test]
    fn a_calls_own_errors_are_422_and_the_number_stands_twice() {
        let cases = [
            (Problem::from(BotsError::InteractionNotFound), 422, "Interaction does not exist"),
            (Problem::from(BotsError::Finished), 422, "Interaction is finished"),
            (Problem::from(BotsError::KeyReused), 422, "Idempotency-Key was used with another request"),
            (Problem::refused(Code::Forbidden, "no"), 422, "No"),
            (Problem::invalid("content", "content is required"), 422, "Content is required"),
            (Problem::Malformed, 422, "The body must be a JSON object"),
            (Problem::NoCredential, 422, "Invalid token"),
            (Problem::refused(Code::Unauthenticated, "not authenticated"), 422, "Invalid token"),
            (Problem::UnknownPath, 404, "Not found"),
            (Problem::WrongMethod { allowed: vec!["PUT".into()] }, 405, "Method not allowed"),
            (Problem::TooLarge, 413, "The body is too large"),
            (Problem::limited(3), 429, "Too many requests; try again in 3 s"),
            (Problem::from(BotsError::Unavailable("why".into())), 503, "Bots is unavailable"),
            (Problem::from(BotsError::Internal), 500, "Internal error"),
        ];
        for (problem, status, message) in cases {
            let (response, line) = drawn(&problem);
            let Ok(bytes) = response.into_body().try_into_bytes() else { panic!("the body is a stream") };
            let body: Value = serde_json::from_slice(&bytes).unwrap();
            assert_eq!((line, body), (status, json!({ "message": message, "status": status })), "{problem:?}");
        }
    }

    #[test]
    fn waiting_and_methods_are_told_in_headers() {
        assert_eq!(drawn(&Problem::limited(3)).0.headers().get(header::RETRY_AFTER).unwrap(), "3");
        let wrong = Problem::WrongMethod { allowed: vec!["GET".into(), "HEAD".into()] };
        assert_eq!(drawn(&wrong).0.headers().get(header::ALLOW).unwrap(), "GET, HEAD");
    }
}
