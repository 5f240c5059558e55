//! Failures of a call: an `error` object at HTTP 200. What is no call is a page of HTML.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use contracts::Failure;
use domain::Code;
use serde_json::{Value, json};

use super::args::TYPE_ERROR;
use super::{envelope, session};
use crate::http::{Head, Problem};

/// The code of every failure but one.
const SERVER_ERROR: u16 = 200;
/// The caller is not logged in.
const SESSION: u16 = 100;

/// What becomes of a request that reaches no call.
pub fn draw(head: &Head, problem: &Problem) -> HttpResponse {
    match problem {
        Problem::UnknownPath => page(
            StatusCode::NOT_FOUND,
            "The requested URL was not found on the server. If you entered the URL manually please check your spelling \
             and try again.",
        ),
        Problem::WrongMethod { .. } | Problem::TooLarge | Problem::Malformed => bad_request(),
        Problem::NoCredential | Problem::Fields(_) | Problem::Failure(_) => answer(head, &Value::Null, problem),
    }
}

/// What is no JSON-RPC request.
pub fn bad_request() -> HttpResponse {
    page(StatusCode::BAD_REQUEST, "The browser (or proxy) sent a request that this server could not understand.")
}

fn page(status: StatusCode, text: &str) -> HttpResponse {
    let title = status.canonical_reason().unwrap_or_default();
    let page = format!(
        "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">\n<title>{code} {title}</title>\n<h1>{title}</h1>\n\
         <p>{text}</p>\n",
        code = status.as_u16()
    );
    HttpResponse::build(status).content_type("text/html").body(page)
}

/// The answer to a call that failed.
pub fn answer(head: &Head, id: &Value, problem: &Problem) -> HttpResponse {
    let mut body = envelope::opening(id);
    body.push_str(r#","error":"#);
    body.push_str(&error(problem).to_string());
    body.push('}');
    let mut response = envelope::json(body);
    if let Problem::Failure(Failure { retry_after_s: Some(seconds), .. }) = problem {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(*seconds));
    }
    session::keep(head, None, &mut response);
    response
}

fn error(problem: &Problem) -> Value {
    match problem {
        Problem::NoCredential => expired("Odoo Session Invalid", "openerp.http.AuthenticationError", "Session invalid"),
        Problem::Failure(failure) if failure.code == Code::Unauthenticated => {
            expired("Odoo Session Expired", "openerp.http.SessionExpiredException", "Session expired")
        }
        Problem::Failure(failure) => {
            if matches!(failure.code, Code::Unavailable | Code::Internal) {
                tracing::warn!(code = ?failure.code, "could not answer: {failure}");
            }
            let (name, kind) = python(failure);
            drawn(SERVER_ERROR, "Odoo Server Error", name, &failure.message, kind)
        }
        Problem::Fields(fields) => {
            let said = fields.first().map_or("a value is refused", |(_, sentence)| sentence);
            drawn(SERVER_ERROR, "Odoo Server Error", "exceptions.ValueError", said, None)
        }
        Problem::UnknownPath | Problem::WrongMethod { .. } | Problem::TooLarge | Problem::Malformed => {
            drawn(SERVER_ERROR, "Odoo Server Error", "exceptions.ValueError", "the request cannot be read", None)
        }
    }
}

fn expired(message: &str, name: &str, said: &str) -> Value {
    drawn(SESSION, message, name, said, None)
}

fn drawn(code: u16, message: &str, name: &str, said: &str, kind: Option<&str>) -> Value {
    // A traceback would tell of our insides: its last line is all a person needs.
    let debug = format!("{}: {said}\n", name.rsplit('.').next().unwrap_or(name));
    let mut data = json!({ "name": name, "debug": debug, "message": said, "arguments": [said] });
    if let Some(kind) = kind {
        data["exception_type"] = kind.into();
    }
    json!({ "code": code, "message": message, "data": data })
}

/// The exception that says the same, and the word its clients know it by.
fn python(failure: &Failure) -> (&'static str, Option<&'static str>) {
    if failure.reason == Some(TYPE_ERROR) {
        return (TYPE_ERROR, None);
    }
    match failure.code {
        Code::Invalid => ("exceptions.ValueError", None),
        Code::Forbidden | Code::Unauthenticated => ("openerp.exceptions.AccessError", Some("access_error")),
        Code::NotFound => ("openerp.exceptions.MissingError", Some("missing_error")),
        Code::Conflict | Code::Limited => ("openerp.exceptions.Warning", Some("warning")),
        Code::KeyReused => ("openerp.exceptions.ValidationError", Some("validation_error")),
        Code::Unavailable | Code::Internal => ("exceptions.Exception", None),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use actix_web::body::MessageBody as _;
    use actix_web::test::TestRequest;
    use contracts::auth::AuthError;
    use contracts::users::UsersError;

    use super::*;
    use crate::odoo::args::type_error;

    fn head() -> Head {
        Head { request: TestRequest::default().to_http_request(), started: Instant::now() }
    }

    fn text(response: HttpResponse) -> String {
        let bytes = response.into_body().try_into_bytes().unwrap_or_default();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    fn said(problem: &Problem) -> Value {
        let response = answer(&head(), &json!("r7"), problem);
        assert_eq!(response.status(), StatusCode::OK);
        serde_json::from_str(&text(response)).unwrap()
    }

    #[test]
    fn a_failure_has_the_vendors_shape() {
        let said = said(&type_error("f() takes at least 2 arguments (1 given)".to_owned()));
        let expected = json!({
            "jsonrpc": "2.0",
            "id": "r7",
            "error": {
                "code": 200,
                "message": "Odoo Server Error",
                "data": {
                    "name": "exceptions.TypeError",
                    "debug": "TypeError: f() takes at least 2 arguments (1 given)\n",
                    "message": "f() takes at least 2 arguments (1 given)",
                    "arguments": ["f() takes at least 2 arguments (1 given)"],
                },
            },
        });
        assert_eq!(said, expected);
    }

    #[test]
    fn who_is_not_logged_in_gets_code_100() {
        let code =
            |problem: &Problem| (said(problem)["error"]["code"].clone(), said(problem)["error"]["message"].clone());
        assert_eq!(code(&Problem::NoCredential), (json!(100), json!("Odoo Session Invalid")));
        assert_eq!(code(&AuthError::Unauthenticated.into()), (json!(100), json!("Odoo Session Expired")));
        assert_eq!(code(&UsersError::Forbidden.into()), (json!(200), json!("Odoo Server Error")));
        assert_eq!(said(&UsersError::Forbidden.into())["error"]["data"]["exception_type"], "access_error");
    }

    #[test]
    fn waiting_is_told_in_a_header_too() {
        let response = answer(&head(), &json!(1), &Problem::limited(3));
        assert_eq!(
            (response.status(), response.headers().get(header::RETRY_AFTER).unwrap()),
            (StatusCode::OK, &"3".parse().unwrap())
        );
    }

    #[test]
    fn what_is_no_call_is_a_page() {
        for (problem, status, title) in [
            (Problem::UnknownPath, 404, "<title>404 Not Found</title>"),
            (Problem::WrongMethod { allowed: Vec::new() }, 400, "<title>400 Bad Request</title>"),
            (Problem::TooLarge, 400, "<title>400 Bad Request</title>"),
        ] {
            let response = draw(&head(), &problem);
            assert_eq!(response.status().as_u16(), status);
            assert!(response.headers().get(header::CONTENT_TYPE).unwrap().to_str().unwrap().starts_with("text/html"));
            assert!(text(response).contains(title));
        }
    }
}
