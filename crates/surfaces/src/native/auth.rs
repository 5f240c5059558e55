//! Who may listen, to what, and from where on.

use contracts::auth::{Authenticate, Shown};
use domain::{Code, Surface, TokenKind};

use crate::http::live::{Wanted, Whom};
use crate::http::{Call, Head, Problem};

/// Every kind of credential that can stand for a user, and the operator's.
const KINDS: [TokenKind; 8] = [
    TokenKind::ImbeeUser,
    TokenKind::ImbeeVisit,
    TokenKind::VoipbinAccessKey,
    TokenKind::VoipbinSession,
    TokenKind::Connectnow,
    TokenKind::ChatUser,
    TokenKind::OdooSession,
    TokenKind::Operator,
];

/// Finds the token: `Authorization: Bearer`, or the query's `token`, since a browser's `EventSource` sends no headers.
pub fn caller(head: &Head, _body: &[u8]) -> Result<Authenticate, Problem> {
    let secret = head.bearer().map(ToOwned::to_owned).or_else(|| head.query("token"));
    let secret = secret.filter(|secret| !secret.is_empty()).ok_or(Problem::NoCredential)?;
    Ok(Authenticate { surface: Surface::Native, shown: vec![Shown { kinds: KINDS.to_vec(), secret }] })
}

/// What the caller may listen to.
pub fn wanted(call: &Call) -> Result<Wanted, Problem> {
    let who = call.who()?;
    if !who.scopes.read {
        return Err(Problem::refused(Code::Forbidden, "the token may not read"));
    }
    let whom = match (who.kind, who.user) {
        (TokenKind::Operator, _) => Whom::Tenant,
        (_, Some(user)) => who.chat.map_or(Whom::User(user), |chat| Whom::UserIn(user, chat)),
        (_, None) => return Err(Problem::refused(Code::Forbidden, "this needs a token that stands for a user")),
    };
    let credential = Some(caller(&call.head, b"")?);
    Ok(Wanted { credential, ..Wanted::of(who, whom, cursor(call)?) })
}

/// The cursor: `Last-Event-ID`, or the query's `after`.
fn cursor(call: &Call) -> Result<Option<i64>, Problem> {
    let given = call.head.header("last-event-id").map(ToOwned::to_owned).or_else(|| call.head.query("after"));
    let wrong = || Problem::invalid("after", "after must be the id of an earlier event");
    let cursor = given.map(|given| given.parse::<i64>().ok().filter(|n| *n >= 0).ok_or_else(wrong));
    cursor.transpose()
}
