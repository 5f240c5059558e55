//! `GET /v1.0/me`: the caller as an agent. An access key shows its own id and name, with its user's permission.

use contracts::auth::{GetToken, Token};
use contracts::users::UsersByIds;
use domain::TokenKind;

use super::agent::AgentView;
use super::{agents, json, permission};
use crate::http::{Answer, Call, Problem};

pub async fn get(call: Call) -> Answer {
    let who = permission::anyone(&call)?;
    let tenant = who.tenant;
    if who.kind == TokenKind::VoipbinAccessKey {
        let key: Token = call.apis.auth.token(GetToken { tenant, id: who.token }).await?;
        return Ok(json::answer(&AgentView::of_key(&key, who.role)));
    }
    let ids = vec![permission::user(who)?];
    let user = call.apis.users.by_ids(UsersByIds { tenant, ids }).await?.pop();
    let user = user.ok_or_else(|| Problem::not_found("user does not exist"))?;
    Ok(json::answer(&agents::view(&call, user).await?))
}
