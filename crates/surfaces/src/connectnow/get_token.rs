//! `POST /chats/{chat}/users/get-token`, seed 003 "Get valid chat-user token": a mailed code for a `chat_user_token`.

use contracts::auth::{AuthError, LetIn, RedeemCode, TryCode};
use domain::{Principal, Surface};
use serde::Serialize;
use serde_json::Value;

use super::input::Input;
use super::rules::{self, Rules};
use super::wire::ChatUserOut;
use super::{joining, json};
use crate::http::{Answer, Call, Problem};

/// The seed's name of the code, and the one that programs without hyphens use.
const CODE: &str = "auth-code";
const CODE_TOO: &str = "auth_code";

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TokenOut {
    chat_user_token: String,
    chat_user: ChatUserOut,
}

pub async fn create(call: Call) -> Answer {
    call.count_address()?;
    let input = Input::of(&call);
    let located = joining::located(&call).await?;
    let mut rules = Rules::of(&input);
    let email = rules.required_email("email");
    let code = code(&input, &mut rules);
    rules.done()?;
    let (tenant, chat) = (located.tenant, located.id);
    let idempotency = call.idempotency_of(tenant, None)?;
    let asked = TryCode { tenant, chat, email, code, idempotency };
    let LetIn { user, code } = call.apis.auth.try_code(asked).await.map_err(wrong_code)?;

    // The code is used up last, with the token's making: whatever fails before can be tried again with it.
    let by = Principal::let_in(tenant, user, chat, Surface::Connectnow);
    let joined = joining::join(&call, &by, chat, user, idempotency).await?;
    let chat_user = joining::shown(&call, &joined, user).await?;
    let redeemed = call.apis.auth.redeem_code(RedeemCode { tenant, chat, code, idempotency });
    let chat_user_token = redeemed.await.map_err(wrong_code)?.secret;
    Ok(json::ok(&call.head, &TokenOut { chat_user_token, chat_user }))
}

/// Digits, as a number or as text.
fn code(input: &Input, rules: &mut Rules<'_>) -> String {
    let value = input.get(CODE).or_else(|| input.get(CODE_TOO));
    let digits = match value {
        None => {
            rules.refuse(CODE, rules::required(CODE));
            return String::new();
        }
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(_) => String::new(),
    };
    if digits.is_empty() || digits.len() > 20 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        rules.refuse(CODE, format!("The {CODE} must be an integer."));
    }
    digits
}

fn wrong_code(e: AuthError) -> Problem {
    match e {
        AuthError::WrongCode => rules::refuse(CODE, rules::selected(CODE)),
        other => other.into(),
    }
}
