//! `/operator/v1/tokens`: credentials of the tenant. A secret is shown once, in the answer that makes it.

use actix_web::HttpResponse;
use contracts::auth::{GetToken, IssueToken, ListTokens, RevokeToken, Token};
use domain::{Scopes, Surface, Timestamp, TokenId, TokenKind, UserId};
use serde::{Deserialize, Serialize};

use super::lists;
use super::users::admin;
use crate::http::{Answer, Call, Problem};

#[derive(Deserialize)]
struct CreateIn {
    surface: Surface,
    user_id: Option<UserId>,
    #[serde(default)]
    name: String,
    scopes: Option<Vec<Scope>>,
    expires_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Scope {
    Read,
    Write,
}

#[derive(Debug, Serialize)]
struct TokenView {
    id: TokenId,
    surface: Surface,
    user_id: Option<UserId>,
    name: String,
    prefix: String,
    scopes: Vec<Scope>,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl TokenView {
    fn new(token: Token, surface: Surface, secret: Option<String>) -> Self {
        let Token { id, user, name, prefix, scopes, created_at, expires_at, last_used_at, revoked_at, .. } = token;
        let read = scopes.read.then_some(Scope::Read);
        let scopes = read.into_iter().chain(scopes.write.then_some(Scope::Write)).collect();
        let user_id = user;
        Self { id, surface, user_id, name, prefix, scopes, created_at, expires_at, last_used_at, revoked_at, secret }
    }
}

pub async fn create(call: Call) -> Answer {
    let tenant = admin(&call)?;
    let CreateIn { surface, user_id, name, scopes, expires_at } = call.json()?;
    let kind = kind(surface)?;
    if user_id.is_none() && matches!(kind, TokenKind::ImbeeUser | TokenKind::Connectnow) {
        return Err(Problem::invalid("user_id", "user_id is needed for this surface"));
    }
    let scopes = scopes.map_or(Scopes::ALL, |asked| Scopes {
        read: asked.contains(&Scope::Read),
        write: asked.contains(&Scope::Write),
    });
    let command = IssueToken {
        tenant,
        kind,
        user: user_id,
        chat: None,
        name,
        detail: String::new(),
        scopes,
        expires_at,
        idempotency: call.idempotency()?,
    };
    let issued = call.apis.auth.issue(command).await?;
    Ok(HttpResponse::Created().json(TokenView::new(issued.token, surface, Some(issued.secret))))
}

pub async fn list(call: Call) -> Answer {
    let tenant = admin(&call)?;
    let kinds = KINDS.map(|(_, kind)| kind).to_vec();
    let (before, limit) = (lists::after(&call)?, lists::limit(&call)?);
    let page = call.apis.auth.tokens(ListTokens { tenant, kinds, user: None, before, limit }).await?;
    let next = page.items.last().filter(|_| page.more).map(|token| token.created_at.to_string());
    let items: Vec<TokenView> = page.items.into_iter().filter_map(view).collect();
    Ok(lists::draw(&items, next.as_deref()))
}

pub async fn delete(call: Call) -> Answer {
    let tenant = admin(&call)?;
    let id = lists::id(&call, "id", "token")?;
    let missing = || Problem::not_found("token does not exist");
    let token = call.apis.auth.token(GetToken { tenant, id }).await?;
    surface(token.kind).ok_or_else(missing)?;
    let token = call.apis.auth.revoke(RevokeToken { tenant, id }).await?;
    Ok(HttpResponse::Ok().json(view(token).ok_or_else(missing)?))
}

/// What operators make and see, by surface.
const KINDS: [(Surface, TokenKind); 5] = [
    (Surface::Imbee, TokenKind::ImbeeUser),
    (Surface::Zenvia, TokenKind::Zenvia),
    (Surface::Voipbin, TokenKind::VoipbinAccessKey),
    (Surface::Connectnow, TokenKind::Connectnow),
    (Surface::Operator, TokenKind::Operator),
];

fn kind(surface: Surface) -> Result<TokenKind, Problem> {
    let found = KINDS.into_iter().find(|(of, _)| *of == surface).map(|(_, kind)| kind);
    found.ok_or_else(|| Problem::invalid("surface", format!("{surface} has no tokens")))
}

fn surface(kind: TokenKind) -> Option<Surface> {
    KINDS.into_iter().find(|(_, of)| *of == kind).map(|(surface, _)| surface)
}

fn view(token: Token) -> Option<TokenView> {
    let surface = surface(token.kind)?;
    Some(TokenView::new(token, surface, None))
}
