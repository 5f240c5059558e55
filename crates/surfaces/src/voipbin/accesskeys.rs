//! `/v1.0/accesskeys`: long-lived credentials for programs, for admins to manage. A key acts as the admin who made it.
//!
//! Only a hash of a key is stored, so `token` is filled in the answer that makes it, and in repeats of that request
//! under the same `Idempotency-Key`; afterwards `token_prefix` tells keys apart.

use contracts::auth::{GetToken, IssueToken, ListTokens, RevokeToken, Token, UpdateToken};
use domain::{Code, TenantId, TokenId, TokenKind};
use serde::{Deserialize, Serialize};

use super::{ids, json, page, permission, time};
use crate::http::{Answer, Call, Problem};

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct CreateIn {
    name: String,
    detail: String,
    /// Seconds until the key ends by itself; 0 is never.
    expire: u32,
}

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct UpdateIn {
    name: String,
    detail: String,
}

/// A key, keys in the vendor's order.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AccesskeyView {
    id: TokenId,
    customer_id: TenantId,
    name: String,
    detail: String,
    token: String,
    token_prefix: String,
    tm_expire: String,
    tm_create: String,
    tm_update: String,
    tm_delete: String,
}

impl AccesskeyView {
    fn new(key: Token, secret: String) -> Self {
        Self {
            id: key.id,
            customer_id: key.tenant,
            name: key.name,
            detail: key.detail,
            token: secret,
            token_prefix: key.prefix,
            tm_expire: time::show_or_never(key.expires_at),
            tm_create: time::show(key.created_at),
            tm_update: time::show(key.revoked_at.map_or(key.updated_at, |at| at.max(key.updated_at))),
            tm_delete: time::show_or_never(key.revoked_at),
        }
    }

    fn known(key: Token) -> Self {
        Self::new(key, String::new())
    }
}

pub async fn list(call: Call) -> Answer {
    let tenant = permission::admin(&call)?.tenant;
    let page::Wanted { before, limit } = page::wanted(&call)?;
    let command = ListTokens { tenant, kinds: vec![TokenKind::VoipbinAccessKey], user: None, before, limit };
    let keys = call.apis.auth.tokens(command).await?.items;
    let last = keys.last().map(|key| key.created_at);
    Ok(page::draw(keys.into_iter().map(AccesskeyView::known).collect(), last))
}

pub async fn create(call: Call) -> Answer {
    let who = permission::admin(&call)?;
    let CreateIn { name, detail, expire } = json::read(&call)?;
    let command = IssueToken {
        tenant: who.tenant,
        kind: TokenKind::VoipbinAccessKey,
        user: who.user,
        chat: None,
        name,
        detail,
        scopes: who.scopes,
        expires_at: (expire > 0).then(|| call.apis.clock.now().plus_seconds(i64::from(expire))),
        idempotency: call.idempotency()?,
    };
    let issued = call.apis.auth.issue(command).await?;
    Ok(json::answer(&AccesskeyView::new(issued.token, issued.secret)))
}

pub async fn get(call: Call) -> Answer {
    let key = known(&call).await?;
    Ok(json::answer(&AccesskeyView::known(key)))
}

pub async fn update(call: Call) -> Answer {
    let UpdateIn { name, detail } = json::read(&call)?;
    let key = known(&call).await?;
    if key.revoked_at.is_some() {
        return Err(Problem::refused(Code::Conflict, "access key was deleted"));
    }
    call.promised().await?;
    let key = call.apis.auth.update_token(UpdateToken { tenant: key.tenant, id: key.id, name, detail }).await?;
    Ok(json::answer(&AccesskeyView::known(key)))
}

pub async fn delete(call: Call) -> Answer {
    let key = known(&call).await?;
    let key = call.apis.auth.revoke(RevokeToken { tenant: key.tenant, id: key.id }).await?;
    Ok(json::answer(&AccesskeyView::known(key)))
}

/// The access key in the path. Credentials of other kinds are none.
async fn known(call: &Call) -> Result<Token, Problem> {
    let tenant = permission::admin(call)?.tenant;
    let key = call.apis.auth.token(GetToken { tenant, id: ids::path(call, "id")? }).await?;
    let known = Some(key).filter(|key| key.kind == TokenKind::VoipbinAccessKey);
    known.ok_or_else(|| Problem::not_found("access key does not exist"))
}
