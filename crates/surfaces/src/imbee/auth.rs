//! `Authorization` and `X-WOOS-KEY`: two opaque secrets on every call. The key says who acts.

use contracts::auth::{Authenticate, Shown};
use domain::{Code, Principal, Surface, TenantId, TokenKind, UserId};

use crate::http::{Call, Head, Problem, shown};

/// The tenant itself: its corporate token is the key.
pub fn corporate(head: &Head, _body: &[u8]) -> Result<Authenticate, Problem> {
    Ok(asked(vec![authorization(head)?, key(head, TokenKind::ImbeeCorporate)?]))
}

/// A user: their `apikey` is the key.
pub fn user(head: &Head, _body: &[u8]) -> Result<Authenticate, Problem> {
    Ok(asked(vec![authorization(head)?, key(head, TokenKind::ImbeeUser)?]))
}

/// A visitor on the page of an access token, with what the exchange gave them in `X-VISIT`.
pub fn visitor(head: &Head, _body: &[u8]) -> Result<Authenticate, Problem> {
    let visit = head.header("x-visit").ok_or(Problem::NoCredential)?;
    Ok(asked(vec![shown(TokenKind::ImbeeVisit, visit)]))
}

/// The caller's tenant, if the key may write.
pub fn tenant(call: &Call) -> Result<TenantId, Problem> {
    let who = call.who()?;
    allowed(who.scopes.write)?;
    Ok(who.tenant)
}

/// The caller and their user, if the key may write.
pub fn writer(call: &Call) -> Result<(Principal, UserId), Problem> {
    let by = call.by()?;
    allowed(by.scopes.write)?;
    acting(by)
}

/// The caller and their user, if the key may read.
pub fn reader(call: &Call) -> Result<(Principal, UserId), Problem> {
    let by = call.by()?;
    allowed(by.scopes.read)?;
    acting(by)
}

/// The user a credential of a user acts as.
pub fn acting(by: Principal) -> Result<(Principal, UserId), Problem> {
    let me = by.user.ok_or_else(|| Problem::refused(Code::Forbidden, "this needs a user's key"))?;
    Ok((by, me))
}

fn allowed(scope: bool) -> Result<(), Problem> {
    if scope { Ok(()) } else { Err(Problem::refused(Code::Forbidden, "the key's scopes do not allow this")) }
}

fn asked(shown: Vec<Shown>) -> Authenticate {
    Authenticate { surface: Surface::Imbee, shown }
}

/// The whole value of `Authorization`, whatever its scheme: clients send it as they were given it.
fn authorization(head: &Head) -> Result<Shown, Problem> {
    head.header("authorization").map(|s| shown(TokenKind::ImbeeAuthorization, s)).ok_or(Problem::NoCredential)
}

fn key(head: &Head, kind: TokenKind) -> Result<Shown, Problem> {
    head.header("x-woos-key").map(|s| shown(kind, s)).ok_or(Problem::NoCredential)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use actix_web::test::TestRequest;

    use super::*;

    fn head(headers: &[(&str, &str)]) -> Head {
        let request = headers.iter().fold(TestRequest::default(), |r, header| r.insert_header(*header));
        Head { request: request.to_http_request(), started: Instant::now() }
    }

    #[test]
    fn the_key_acts_and_authorization_is_taken_whole() {
        let head = head(&[("Authorization", "Basic YTpi"), ("X-WOOS-KEY", "k")]);
        let secrets = vec![shown(TokenKind::ImbeeAuthorization, "Basic YTpi"), shown(TokenKind::ImbeeUser, "k")];
        assert_eq!(user(&head, b"").unwrap().shown, secrets);
        assert_eq!(corporate(&head, b"").unwrap().shown[1].kinds, [TokenKind::ImbeeCorporate]);
    }

    #[test]
    fn both_headers_are_needed() {
        for some in
            [&[("Authorization", "a")][..], &[("X-WOOS-KEY", "k")], &[("Authorization", ""), ("X-WOOS-KEY", "k")]]
        {
            assert_eq!(user(&head(some), b""), Err(Problem::NoCredential));
            assert_eq!(corporate(&head(some), b""), Err(Problem::NoCredential));
        }
        assert_eq!(visitor(&head(&[("X-WOOS-KEY", "k")]), b""), Err(Problem::NoCredential));
    }
}
