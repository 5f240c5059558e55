//! Problems in the envelope: code 1 always, and HTTP 200 for whatever the vendor's clients read from the code alone.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use contracts::Failure;
use domain::Code;

use super::envelope::refused;
use crate::http::{Head, Problem};

pub fn draw(head: &Head, problem: &Problem) -> HttpResponse {
    match problem {
        Problem::UnknownPath => refused(head, StatusCode::NOT_FOUND, "no such path"),
        Problem::WrongMethod { allowed } => {
            let mut response = refused(head, StatusCode::METHOD_NOT_ALLOWED, "this path has other methods");
            if let Ok(allow) = header::HeaderValue::from_str(&allowed.join(", ")) {
                response.headers_mut().insert(header::ALLOW, allow);
            }
            response
        }
        Problem::TooLarge => refused(head, StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"),
        Problem::Malformed => refused(head, StatusCode::BAD_REQUEST, "the body is no JSON"),
        Problem::NoCredential => refused(head, StatusCode::UNAUTHORIZED, "not authenticated"),
        Problem::Fields(fields) => {
            let sentence = fields.first().map_or("a value is refused", |(_, sentence)| sentence.as_str());
            refused(head, StatusCode::OK, sentence)
        }
        Problem::Failure(failure) => failed(head, failure),
    }
}

fn failed(head: &Head, failure: &Failure) -> HttpResponse {
    let status = match failure.code {
        Code::Invalid | Code::Forbidden | Code::NotFound | Code::Conflict | Code::KeyReused => StatusCode::OK,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::Limited => StatusCode::TOO_MANY_REQUESTS,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let mut response = refused(head, status, &failure.message);
    if let Some(seconds) = failure.retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
    }
    response
}

#[cfg(test)]
mod tests {
    use contracts::users::UsersError;
    use serde_json::json;

    use super::*;
    use crate::imbee::wire::testing::{body, head};

    #[test]
    fn business_errors_are_200_and_the_rest_keeps_its_status() {
        let cases = [
            (Problem::from(UsersError::UserNotFound), 200),
            (Problem::invalid("type", "no"), 200),
            (Problem::refused(Code::KeyReused, "no"), 200),
            (Problem::Malformed, 400),
            (Problem::NoCredential, 401),
            (Problem::refused(Code::Unauthenticated, "no"), 401),
            (Problem::UnknownPath, 404),
            (Problem::WrongMethod { allowed: vec!["POST".into()] }, 405),
            (Problem::TooLarge, 413),
            (Problem::limited(3), 429),
            (Problem::from(UsersError::Internal), 500),
            (Problem::from(UsersError::Unavailable("why".into())), 503),
        ];
        for (problem, status) in cases {
            let response = draw(&head(), &problem);
            assert_eq!(response.status().as_u16(), status, "{problem:?}");
            let body = body(response);
            assert_eq!((&body["code"], &body["body"]), (&json!(1), &json!({})), "{problem:?}");
        }
    }

    #[test]
    fn waiting_and_methods_are_told_in_headers() {
        assert_eq!(draw(&head(), &Problem::limited(3)).headers().get(header::RETRY_AFTER).unwrap(), "3");
        let wrong = Problem::WrongMethod { allowed: vec!["GET".into(), "HEAD".into()] };
        assert_eq!(draw(&head(), &wrong).headers().get(header::ALLOW).unwrap(), "GET, HEAD");
    }
}
