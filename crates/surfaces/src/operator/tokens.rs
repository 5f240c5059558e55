//! `/operator/v1/tokens`: a tenant's credentials, Odoo's web sessions among them. Secrets are shown once.

use actix_web::HttpResponse;
use contracts::Invalid;
use contracts::auth::{AuthError, IssueToken, IssuedToken, ListTokens, RevokeToken, Token};
use domain::{Scopes, Surface, Timestamp, TokenId, TokenKind, UserId};
use serde::{Deserialize, Serialize};

use super::lists;
use super::users::admin;
use crate::http::{Answer, Call, Problem};

#[derive(Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct CreateIn {
    surface: Surface,
    user_id: Option<UserId>,
    name: Option<String>,
    scopes: Option<Vec<Scope>>,
    expires_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
enum Scope {
    Read,
    Write,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TokenView {
    id: TokenId,
    surface: Surface,
    kind: TokenKind,
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
    fn new(token: Token, secret: Option<String>) -> Self {
        let Token { id, tenant: _, kind, user: user_id, name, detail: _, prefix, scopes, created_at, .. } = token;
        let (expires_at, last_used_at, revoked_at) = (token.expires_at, token.last_used_at, token.revoked_at);
        let allowed = [(scopes.read, Scope::Read), (scopes.write, Scope::Write)];
        let scopes = allowed.into_iter().filter(|(allows, _)| *allows).map(|(_, scope)| scope).collect();
        let surface = surface_of(kind);
        Self {
            id,
            surface,
            kind,
            user_id,
            name,
            prefix,
            scopes,
            created_at,
            expires_at,
            last_used_at,
            revoked_at,
            secret,
        }
    }
}

pub async fn create(call: Call) -> Answer {
    let tenant = admin(&call)?;
    let CreateIn { surface, user_id, name, scopes, expires_at } = call.json()?;
    let scopes = scopes.map_or(Scopes::ALL, |scopes| Scopes {
        read: scopes.contains(&Scope::Read),
        write: scopes.contains(&Scope::Write),
    });
    let command = IssueToken {
        tenant,
        kind: issued_for(surface)?,
        user: user_id,
        chat: None,
        name: name.unwrap_or_default(),
        detail: String::new(),
        scopes,
        expires_at,
        idempotency: call.idempotency()?,
    };
    let IssuedToken { token, secret } = call.apis.auth.issue(command).await.map_err(named)?;
    Ok(HttpResponse::Created().json(TokenView::new(token, Some(secret))))
}

/// A refused user is refused by the key that names them here.
fn named(error: AuthError) -> Problem {
    match error {
        AuthError::Invalid(Invalid { field, problem }) if field == "user" => {
            Problem::invalid("user_id", format!("user_id {problem}"))
        }
        other => other.into(),
    }
}

/// Newest first; `surface` and `user_id` narrow it down.
pub async fn list(call: Call) -> Answer {
    let tenant = admin(&call)?;
    let kinds = match call.head.query("surface") {
        None => Vec::new(),
        Some(word) => {
            let wanted: Surface = word.parse().map_err(|_| Problem::invalid("surface", "surface is unknown"))?;
            TokenKind::ALL.iter().copied().filter(|kind| surface_of(*kind) == wanted).collect()
        }
    };
    let user = call.head.query("user_id").map(|id| id.parse()).transpose();
    let user = user.map_err(|_| Problem::invalid("user_id", "user_id must be a user's id"))?;
    let command = ListTokens { tenant, kinds, user, before: lists::after(&call)?, limit: lists::limit(&call)? };
    let page = call.apis.auth.tokens(command).await?;
    let next = page.items.last().filter(|_| page.more).map(|token| token.created_at.to_string());
    let items: Vec<TokenView> = page.items.into_iter().map(|token| TokenView::new(token, None)).collect();
    Ok(lists::draw(&items, next.as_deref()))
}

pub async fn delete(call: Call) -> Answer {
    let tenant = admin(&call)?;
    let id = lists::id(&call, "id", "token")?;
    let token = call.apis.auth.revoke(RevokeToken { tenant, id }).await?;
    Ok(HttpResponse::Ok().json(TokenView::new(token, None)))
}

/// What a credential made for a surface is.
fn issued_for(surface: Surface) -> Result<TokenKind, Problem> {
    match surface {
        Surface::Imbee => Ok(TokenKind::ImbeeUser),
        Surface::Zenvia => Ok(TokenKind::Zenvia),
        Surface::Voipbin => Ok(TokenKind::VoipbinAccessKey),
        Surface::Connectnow => Ok(TokenKind::Connectnow),
        Surface::Operator => Ok(TokenKind::Operator),
        Surface::Odoo => Err(Problem::invalid("surface", "odoo knows logins only")),
        Surface::Native => Err(Problem::invalid("surface", "native streams take the other surfaces' credentials")),
    }
}

/// The surface a credential opens.
fn surface_of(kind: TokenKind) -> Surface {
    match kind {
        TokenKind::ImbeeAuthorization | TokenKind::ImbeeCorporate | TokenKind::ImbeeUser | TokenKind::ImbeeVisit => {
            Surface::Imbee
        }
        TokenKind::Zenvia => Surface::Zenvia,
        TokenKind::VoipbinAccessKey | TokenKind::VoipbinSession => Surface::Voipbin,
        TokenKind::Connectnow | TokenKind::ChatUser => Surface::Connectnow,
        TokenKind::OdooSession => Surface::Odoo,
        TokenKind::Operator | TokenKind::Root => Surface::Operator,
    }
}
