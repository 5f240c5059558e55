//! Where a caller's credential stands.
//!
//! A session: cookie `token` (an empty one is skipped), query `token`, `Authorization: Bearer`. Without one, an access
//! key: cookie `accesskey`, query `accesskey`. The first that is there counts, also when it turns out to be wrong. Some
//! clients send their access key where a session belongs, so both are tried there.

use contracts::auth::{Authenticate, Shown};
use domain::{Surface, TokenKind};

use crate::http::{Head, Problem};

pub fn caller(head: &Head, _body: &[u8]) -> Result<Authenticate, Problem> {
    let shown = session(head).or_else(|| access_key(head)).ok_or(Problem::NoCredential)?;
    Ok(Authenticate { surface: Surface::Voipbin, shown: vec![shown] })
}

fn session(head: &Head) -> Option<Shown> {
    let filled = |secret: &String| !secret.is_empty();
    let secret = head.cookie("token").filter(filled);
    let secret = secret.or_else(|| head.query("token").filter(filled));
    let secret = secret.or_else(|| head.bearer().map(ToOwned::to_owned).filter(filled))?;
    Some(Shown { kinds: vec![TokenKind::VoipbinSession, TokenKind::VoipbinAccessKey], secret })
}

fn access_key(head: &Head) -> Option<Shown> {
    let filled = |secret: &String| !secret.is_empty();
    let secret = head.cookie("accesskey").filter(filled).or_else(|| head.query("accesskey").filter(filled))?;
    Some(Shown { kinds: vec![TokenKind::VoipbinAccessKey], secret })
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use actix_web::cookie::Cookie;
    use actix_web::test::TestRequest;

    use super::*;

    fn secret(request: TestRequest) -> Option<(String, usize)> {
        let head = Head { request: request.to_http_request(), started: Instant::now() };
        let mut shown = caller(&head, b"").ok()?.shown;
        shown.pop().map(|s| (s.secret, s.kinds.len()))
    }

    #[test]
    fn a_session_is_looked_for_in_cookie_query_and_header() {
        let everywhere = || {
            TestRequest::with_uri("/v1.0/chats?token=query&accesskey=key")
                .insert_header(("authorization", "Bearer header"))
                .cookie(Cookie::new("accesskey", "key"))
        };
        assert_eq!(secret(everywhere().cookie(Cookie::new("token", "cookie"))), Some(("cookie".to_owned(), 2)));
        assert_eq!(secret(everywhere().cookie(Cookie::new("token", ""))), Some(("query".to_owned(), 2)));
        let header = TestRequest::with_uri("/v1.0/chats?token=").insert_header(("authorization", "Bearer header"));
        assert_eq!(secret(header), Some(("header".to_owned(), 2)));
    }

    #[test]
    fn an_access_key_counts_without_a_session_only() {
        let query = TestRequest::with_uri("/v1.0/chats?accesskey=query");
        assert_eq!(secret(query), Some(("query".to_owned(), 1)));
        let both = TestRequest::with_uri("/v1.0/chats?accesskey=query").cookie(Cookie::new("accesskey", "cookie"));
        assert_eq!(secret(both), Some(("cookie".to_owned(), 1)));
        assert_eq!(secret(TestRequest::with_uri("/v1.0/chats")), None);
    }
}
