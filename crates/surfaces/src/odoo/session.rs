//! The web client's session: its id in the query, else in a header, else in a cookie.
//!
//! A cookie is set again with every answer, so that a browser in use stays logged in, unless the id came another way.

use actix_web::HttpResponse;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use contracts::auth::Authenticate;
use domain::{Code, Surface, TokenKind, UserId};

use crate::http::{Call, Head, Problem, shown};

/// How long the cookie stays, as the vendor has it.
const COOKIE_DAYS: i64 = 90;
/// The name in the query and of the cookie.
const NAME: &str = "session_id";

/// A session's id as the request has it.
struct Presented {
    id: String,
    by_cookie: bool,
}

fn presented(head: &Head) -> Option<Presented> {
    let filled = |id: &String| !id.is_empty();
    if let Some(id) = head.query(NAME).filter(filled) {
        return Some(Presented { id, by_cookie: false });
    }
    if let Some(id) = head.header("x-openerp-session-id") {
        return Some(Presented { id: id.to_owned(), by_cookie: false });
    }
    head.cookie(NAME).filter(filled).map(|id| Presented { id, by_cookie: true })
}

/// The session's id as the request has it.
pub fn id(head: &Head) -> Option<String> {
    presented(head).map(|p| p.id)
}

/// Finds the session's id, for endpoints that need a user.
pub fn caller(head: &Head, _body: &[u8]) -> Result<Authenticate, Problem> {
    id(head).map(asked).ok_or(Problem::NoCredential)
}

/// Asks who has the session `id`.
fn asked(id: String) -> Authenticate {
    Authenticate { surface: Surface::Odoo, shown: vec![shown(TokenKind::OdooSession, id)] }
}

/// The user who is logged in.
pub fn me(call: &Call) -> Result<UserId, Problem> {
    call.who()?.user.ok_or_else(|| Problem::refused(Code::Forbidden, "this needs a user's session"))
}

/// Sets the cookie: of a session that was `opened`, else of the one the request had in its cookie.
pub fn keep(head: &Head, opened: Option<&str>, response: &mut HttpResponse) {
    let came = presented(head);
    let id = match (opened, came) {
        (_, Some(Presented { by_cookie: false, .. })) | (None, None) => return,
        (Some(opened), _) => opened.to_owned(),
        (None, Some(Presented { id, .. })) => id,
    };
    let secure = head.request.connection_info().scheme() == "https";
    // An id that no cookie can hold was none of ours.
    let _ = response.add_cookie(&cookie(id, secure));
}

fn cookie(id: String, secure: bool) -> Cookie<'static> {
    Cookie::build(NAME, id)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .max_age(Duration::days(COOKIE_DAYS))
        .finish()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use actix_web::test::TestRequest;

    use super::*;

    fn head(request: TestRequest) -> Head {
        Head { request: request.to_http_request(), started: Instant::now() }
    }

    fn set(head: &Head, opened: Option<&str>) -> Option<String> {
        let mut response = HttpResponse::Ok().finish();
        keep(head, opened, &mut response);
        response.cookies().next().map(|cookie| cookie.to_string())
    }

    #[test]
    fn the_query_comes_before_the_header_and_that_before_the_cookie() {
        let cookie = || TestRequest::with_uri("/im_chat/post").cookie(Cookie::new(NAME, "c"));
        let header = |r: TestRequest| r.insert_header(("X-Openerp-Session-Id", "h"));
        let all = header(TestRequest::with_uri("/im_chat/post?session_id=q").cookie(Cookie::new(NAME, "c")));
        assert_eq!(id(&head(all)).as_deref(), Some("q"));
        assert_eq!(id(&head(header(cookie()))).as_deref(), Some("h"));
        assert_eq!(id(&head(cookie())).as_deref(), Some("c"));
        assert_eq!(id(&head(TestRequest::with_uri("/im_chat/post?session_id="))), None);
    }

    #[test]
    fn the_cookie_is_set_again_unless_the_id_came_another_way() {
        let ninety_days = "HttpOnly; SameSite=Lax; Path=/; Max-Age=7776000";
        let by_cookie = head(TestRequest::default().cookie(Cookie::new(NAME, "c")));
        assert_eq!(set(&by_cookie, None), Some(format!("session_id=c; {ninety_days}")));
        assert_eq!(set(&by_cookie, Some("new")), Some(format!("session_id=new; {ninety_days}")));
        assert_eq!(set(&head(TestRequest::default()), Some("new")), Some(format!("session_id=new; {ninety_days}")));
        assert_eq!(set(&head(TestRequest::default()), None), None);
        for other in [
            TestRequest::with_uri("/?session_id=q").cookie(Cookie::new(NAME, "c")),
            TestRequest::default().insert_header(("X-Openerp-Session-Id", "h")),
        ] {
            assert_eq!(set(&head(other), Some("new")), None);
        }
    }
}
