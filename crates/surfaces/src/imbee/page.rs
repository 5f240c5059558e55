//! The page a visitor's link opens: shows whom they will talk to, exchanges the token for a chat with the tenant's bot,
//! and lets them talk.
//!
//! Looking at the page uses nothing up; `max_retries` and `date_limit` bound the exchange. The exchange gives a visit: a
//! credential that works on this page's two calls alone. It acts as the visitor, in the conversation whose id only the
//! exchange tells; it lives on when the link is renewed, so that nobody is cut off in mid-sentence.

use actix_web::HttpResponse;
use contracts::auth::{AuthError, GetTenant, Invitation, InvitationBy, Redeem};
use contracts::chats::Existing;
use contracts::users::{User, UsersByIds};
use domain::{Principal, Role, Scopes, Surface, TokenId, TokenKind};
use serde::Serialize;

use super::chat_history::{self, HistoryIn};
use super::wire::{self, ConversationOut};
use super::{chat_create, envelope};
use crate::http::{Answer, Call, Problem};

mod html;

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct VisitOut {
    #[serde(flatten)]
    conversation: ConversationOut,
    visit: String,
}

/// `GET /t/{token}`: the page.
pub async fn show(call: Call) -> Answer {
    let Some((invitation, bot)) = invited(&call).await? else { return Ok(html::unknown()) };
    let tenant = match call.apis.auth.tenant(GetTenant { id: invitation.tenant }).await {
        Ok(tenant) => tenant,
        Err(AuthError::TenantNotFound) => return Ok(html::unknown()),
        Err(e) => return Err(e.into()),
    };
    Ok(html::page(&invitation, &bot.full_name(), &tenant.name))
}

/// `POST /t/{token}`: exchanges the token for a chat.
///
/// While there are uses, the chat is made first: it is found again, a use is not. So whatever fails, nothing is used up
/// that gave no chat. Once there are none, only a repeat of an earlier request still gets its chat.
pub async fn exchange(call: Call) -> Answer {
    let Some((invitation, bot)) = invited(&call).await? else { return Err(Problem::UnknownPath) };
    call.count_token(TokenId::from_uuid(invitation.id.uuid()))?;
    let idempotency = call.idempotency_of(invitation.tenant, Some(invitation.visitor))?;
    let me = invitation.visitor;
    let command = chat_create::command(guest(&invitation), me, vec![bot.id], None, Existing::Return, None);
    let early = if invitation.open { Some(call.apis.chats.create(command.clone()).await?) } else { None };
    let redeemed = call.apis.auth.redeem(Redeem { secret: invitation.secret, idempotency }).await?;
    let made = match early {
        Some(made) => made,
        None => call.apis.chats.create(command).await?,
    };
    let idshas = wire::idshas(&call.apis, bot.tenant, made.chat.participants.iter().map(|p| p.user)).await?;
    let conversation = ConversationOut::new(&made, me, &idshas);
    Ok(no_store(envelope::ok(&call.head, VisitOut { conversation, visit: redeemed.visit })))
}

/// The visitor, before they have a visit.
fn guest(invitation: &Invitation) -> Principal {
    Principal {
        tenant: invitation.tenant,
        user: Some(invitation.visitor),
        role: Role::Customer,
        token: TokenId::from_uuid(invitation.id.uuid()),
        kind: TokenKind::ImbeeVisit,
        scopes: Scopes::ALL,
        surface: Surface::Imbee,
        chat: None,
    }
}

/// `GET /t/{token}/history?conversationId=…`: what `chat/history` answers.
pub async fn history(call: Call) -> Answer {
    let chat = wire::conversation(&call.head.query("conversationId").unwrap_or_default())?;
    let asked = HistoryIn { limit: number(&call, "limit")?, before_id: number(&call, "before_id")? };
    Ok(no_store(chat_history::answer(&call, chat, &asked).await?))
}

/// The invitation behind the path's token, and its bot. None when the token, or the bot, is there no more.
async fn invited(call: &Call) -> Result<Option<(Invitation, User)>, Problem> {
    let invitation = match call.apis.auth.invitation(InvitationBy { secret: call.path("token").to_owned() }).await {
        Ok(invitation) => invitation,
        Err(AuthError::InvitationNotFound) => return Ok(None),
        Err(e) => return Err(e.into()),
    };
    let asked = UsersByIds { tenant: invitation.tenant, ids: vec![invitation.bot] };
    let bot = call.apis.users.by_ids(asked).await?.pop().filter(|bot| bot.deleted_at.is_none());
    Ok(bot.map(|bot| (invitation, bot)))
}

fn number(call: &Call, name: &str) -> Result<Option<i64>, Problem> {
    let wrong = |_| Problem::invalid(name, format!("{name} must be a whole number"));
    call.head.query(name).map(|raw| raw.parse().map_err(wrong)).transpose()
}

fn no_store(mut response: HttpResponse) -> HttpResponse {
    use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    use contracts::chats::Created;
    use domain::UserId;
    use serde_json::json;

    use super::*;
    use crate::imbee::wire::testing::chat;

    #[test]
    fn an_exchange_answers_a_conversation_and_a_visit() {
        let (visitor, bot) = (UserId::new(), UserId::new());
        let idshas = wire::Idshas::from([(visitor, "visitor".into()), (bot, "bot".into())]);
        let made = Created { chat: chat(&[visitor, bot]), created: true };
        let conversation = ConversationOut::new(&made, visitor, &idshas);
        let expected = json!({
            "contacts": [{ "idsha": "visitor", "isadmin": 1 }, { "idsha": "bot", "isadmin": 0 }],
            "conversationId": wire::conversation_id(made.chat.id),
            "previously_created": false,
            "visit": "secret",
        });
        let out = VisitOut { conversation, visit: "secret".into() };
        assert_eq!(serde_json::to_value(out).unwrap(), expected);
    }
}
