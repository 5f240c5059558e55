//! How failures look: a status and nothing else.
//!
//! What a client causes is 400, whatever it is; who is not known is 401; an unknown path and a wrong method are the
//! router's 404. What we cause ourselves is 500 or 503, which the vendor does not distinguish, so that a client knows
//! when trying again helps.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use contracts::Failure;
use domain::Code;

use crate::http::{Head, Problem};

pub fn draw(head: &Head, problem: &Problem) -> HttpResponse {
    match problem {
        Problem::UnknownPath | Problem::WrongMethod { .. } => {
            HttpResponse::NotFound().content_type("text/plain").body("404 page not found")
        }
        Problem::TooLarge | Problem::Malformed | Problem::Fields(_) => HttpResponse::BadRequest().finish(),
        Problem::NoCredential => HttpResponse::Unauthorized().finish(),
        Problem::Failure(failure) => refusal(head, failure),
    }
}

fn refusal(head: &Head, failure: &Failure) -> HttpResponse {
    let status = status(failure.code);
    if status.is_server_error() {
        tracing::warn!(path = head.request.path(), code = ?failure.code, "could not answer: {failure}");
    }
    let mut response = HttpResponse::new(status);
    if let Some(seconds) = failure.retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
    }
    response
}

fn status(code: Code) -> StatusCode {
    match code {
        Code::Invalid | Code::Forbidden | Code::NotFound | Code::Conflict | Code::KeyReused => StatusCode::BAD_REQUEST,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::Limited => StatusCode::TOO_MANY_REQUESTS,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use actix_web::body::{BodySize, MessageBody as _};
    use actix_web::test::TestRequest;

    use super::*;

    fn drawn(problem: &Problem) -> HttpResponse {
        let request = TestRequest::with_uri("/v1.0/chats").to_http_request();
        draw(&Head { request, started: Instant::now() }, problem)
    }

    #[test]
    fn a_client_s_fault_is_400_without_a_body() {
        for code in [Code::Invalid, Code::Forbidden, Code::NotFound, Code::Conflict, Code::KeyReused] {
            let response = drawn(&Problem::refused(code, "no"));
            assert_eq!((response.status().as_u16(), response.body().size()), (400, BodySize::Sized(0)));
        }
        assert_eq!(drawn(&Problem::TooLarge).status(), StatusCode::BAD_REQUEST);
        assert_eq!(drawn(&Problem::NoCredential).status(), StatusCode::UNAUTHORIZED);
    }

    #[test]
    fn a_wrong_method_is_the_router_s_404() {
        let response = drawn(&Problem::WrongMethod { allowed: vec!["GET".to_owned()] });
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(response.headers().get(header::CONTENT_TYPE).unwrap(), "text/plain");
        assert_eq!(response.into_body().try_into_bytes().unwrap(), "404 page not found");
    }

    #[test]
    fn a_limit_says_when_to_come_back() {
        let response = drawn(&Problem::limited(7));
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers().get(header::RETRY_AFTER).unwrap(), "7");
    }
}
