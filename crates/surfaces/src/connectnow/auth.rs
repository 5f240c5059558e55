//! Where a caller's token stands: query, body, `Authorization: Bearer`, the password of `Authorization: Basic`. The first
//! that is there counts, also when it turns out to be wrong.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contracts::auth::{Authenticate, Shown};
use domain::{Code, Principal, Surface, TokenKind};
use serde_json::Value;

use super::input::Input;
use crate::http::{Call, Head, Problem};

/// The two tokens, and the name each has in query and body.
const API: (&str, TokenKind) = ("api_token", TokenKind::Connectnow);
const CHAT_USER: (&str, TokenKind) = ("chat_user_token", TokenKind::ChatUser);

/// An `api_token`.
pub fn api(head: &Head, body: &[u8]) -> Result<Authenticate, Problem> {
    asked(&[API], head, body)
}

/// A `chat_user_token`.
pub fn chat_user(head: &Head, body: &[u8]) -> Result<Authenticate, Problem> {
    asked(&[CHAT_USER], head, body)
}

/// Either token.
pub fn either(head: &Head, body: &[u8]) -> Result<Authenticate, Problem> {
    asked(&[API, CHAT_USER], head, body)
}

fn asked(tokens: &[(&str, TokenKind)], head: &Head, body: &[u8]) -> Result<Authenticate, Problem> {
    let shown = shown(tokens, head, body).ok_or(Problem::NoCredential)?;
    Ok(Authenticate { surface: Surface::Connectnow, shown: vec![shown] })
}

fn shown(tokens: &[(&str, TokenKind)], head: &Head, body: &[u8]) -> Option<Shown> {
    let input = Input::read(head, body);
    let named = |find: &dyn Fn(&str) -> Option<String>| {
        tokens.iter().find_map(|(name, kind)| Some(Shown { kinds: vec![*kind], secret: find(name)? }))
    };
    let any = |secret| Shown { kinds: tokens.iter().map(|(_, kind)| *kind).collect(), secret };
    named(&|name| text(input.in_query(name)))
        .or_else(|| named(&|name| text(input.get(name))))
        .or_else(|| bearer(head).map(any))
        .or_else(|| basic_password(head).map(any))
}

/// What PHP does not take for empty.
fn text(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    filled(&text)
}

fn filled(text: &str) -> Option<String> {
    (!matches!(text, "" | "0")).then(|| text.to_owned())
}

/// Behind the last `Bearer `, up to a comma.
fn bearer(head: &Head) -> Option<String> {
    let (_, behind) = head.header("authorization")?.rsplit_once("Bearer ")?;
    filled(behind.split(',').next().unwrap_or_default())
}

fn basic_password(head: &Head) -> Option<String> {
    let (scheme, encoded) = head.header("authorization")?.split_once(' ')?;
    let pair = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let pair = String::from_utf8(pair).ok()?;
    filled(pair.split_once(':')?.1)
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
    Problem::refused(Code::Forbidden, "the token's scopes do not allow this")
}

/// Whether the request shows an `api_token`, for the one call that works without.
pub fn shows_api_token(call: &Call) -> bool {
    shown(&[API], &call.head, &call.body).is_some()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use actix_web::test::TestRequest;

    use super::*;

    fn head(uri: &str, authorization: Option<&str>) -> Head {
        let mut request = TestRequest::with_uri(uri).insert_header(("content-type", "application/json"));
        if let Some(value) = authorization {
            request = request.insert_header(("authorization", value));
        }
        Head { request: request.to_http_request(), started: Instant::now() }
    }

    fn secret(uri: &str, body: &str, authorization: Option<&str>) -> Option<String> {
        let head = head(uri, authorization);
        api(&head, body.as_bytes()).ok().and_then(|mut asked| asked.shown.pop()).map(|shown| shown.secret)
    }

    #[test]
    fn query_beats_body_beats_bearer_beats_password() {
        let basic = format!("Basic {}", STANDARD.encode("user:p"));
        let body = r#"{"api_token":"b"}"#;
        assert_eq!(secret("/api/user?api_token=q", body, Some("Bearer h")).as_deref(), Some("q"));
        assert_eq!(secret("/api/user", body, Some("Bearer h")).as_deref(), Some("b"));
        assert_eq!(secret("/api/user", "", Some("Bearer h")).as_deref(), Some("h"));
        assert_eq!(secret("/api/user", "", Some(&basic)).as_deref(), Some("p"));
        assert_eq!(secret("/api/user?api_token=", body, None).as_deref(), Some("b"));
        assert_eq!(secret("/api/user?api_token=0", "", Some("Bearer h")).as_deref(), Some("h"));
        assert_eq!(secret("/api/user", "", Some("Bearer a, Bearer b")).as_deref(), Some("b"));
        assert_eq!(secret("/api/user", "", Some("Bearer a,x")).as_deref(), Some("a"));
        for nothing in ["Bearer", "bearer h", "Token h", "Basic !", "Basic dXNlcg=="] {
            assert_eq!(secret("/api/user", "", Some(nothing)), None, "{nothing}");
        }
    }

    #[test]
    fn where_either_will_do_the_name_says_which() {
        let kinds = |uri: &str, authorization| {
            either(&head(uri, authorization), b"").map(|asked| asked.shown[0].kinds.clone()).unwrap()
        };
        assert_eq!(kinds("/x?chat_user_token=a", Some("Bearer h")), [TokenKind::ChatUser]);
        assert_eq!(kinds("/x?api_token=a", None), [TokenKind::Connectnow]);
        assert_eq!(kinds("/x", Some("Bearer h")), [TokenKind::Connectnow, TokenKind::ChatUser]);
        assert_eq!(chat_user(&head("/x?api_token=a", None), b""), Err(Problem::NoCredential));
    }
}
