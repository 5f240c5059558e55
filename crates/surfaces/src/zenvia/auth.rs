//! The API token: one secret of the tenant, in the JSON body, also on PUT; in the query of calls without a body.

use contracts::auth::{Authenticate, Shown};
use domain::{Code, Principal, Surface, TokenKind};
use serde_json::{Map, Value};

use crate::http::{Call, Head, Problem, shown};

/// The token in the body, whatever the body's content type says.
pub fn in_body(_head: &Head, body: &[u8]) -> Result<Authenticate, Problem> {
    let fields: Map<String, Value> = serde_json::from_slice(body).map_err(|_| Problem::Malformed)?;
    let token = fields.get("token").and_then(Value::as_str).filter(|token| !token.is_empty());
    Ok(asked(shown(TokenKind::Zenvia, token.ok_or(Problem::NoCredential)?)))
}

/// The token in the query.
pub fn in_query(head: &Head, _body: &[u8]) -> Result<Authenticate, Problem> {
    let token = head.query("token").filter(|token| !token.is_empty());
    Ok(asked(shown(TokenKind::Zenvia, token.ok_or(Problem::NoCredential)?)))
}

fn asked(shown: Shown) -> Authenticate {
    Authenticate { surface: Surface::Zenvia, shown: vec![shown] }
}

/// The caller, if the token may read.
pub fn reader(call: &Call) -> Result<Principal, Problem> {
    let by = call.by()?;
    if by.scopes.read { Ok(by) } else { Err(scopes()) }
}

/// The caller, if the token may write.
pub fn writer(call: &Call) -> Result<Principal, Problem> {
    let by = call.by()?;
    if by.scopes.write { Ok(by) } else { Err(scopes()) }
}

fn scopes() -> Problem {
    Problem::refused(Code::Forbidden, "The token's scopes do not allow this")
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use actix_web::test::TestRequest;

    use super::*;

    fn head(uri: &str) -> Head {
        Head { request: TestRequest::with_uri(uri).to_http_request(), started: Instant::now() }
    }

    #[test]
    fn the_token_is_a_text_in_the_body() {
        let of = |body: &str| in_body(&head("/x?token=q"), body.as_bytes());
        assert_eq!(of(r#"{"content":"x","token":"t"}"#).unwrap().shown[0].secret, "t");
        for body in ["{}", r#"{"token":""}"#, r#"{"token":5}"#, r#"{"token":null}"#] {
            assert_eq!(of(body), Err(Problem::NoCredential), "{body}");
        }
        for body in ["", "{", "token=t", "[]", "\"t\""] {
            assert_eq!(of(body), Err(Problem::Malformed), "{body}");
        }
    }

    #[test]
    fn without_a_body_it_is_in_the_query() {
        assert_eq!(in_query(&head("/x?token=a%20b"), b"").unwrap().shown[0].secret, "a b");
        assert_eq!(in_query(&head("/x?token="), br#"{"token":"t"}"#), Err(Problem::NoCredential));
    }
}
