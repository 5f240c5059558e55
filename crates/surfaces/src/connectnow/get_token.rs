//! `POST /chats/{chat}/users/get-token`, seed 003 "Get valid chat-user token": a mailed code for a `chat_user_token`.

use contracts::auth::{AuthError, RedeemCode};
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
    let asked = RedeemCode { tenant: located.tenant, chat: located.id, email, code };
    let user = call.apis.auth.redeem_code(asked).await.map_err(wrong_code)?.user;

    let by = Principal::let_in(located.tenant, user, located.id, Surface::Connectnow);
    let chat = joining::join(&call, &by, located.id, user, None).await?;
    let chat_user = joining::shown(&call, &chat, user).await?;
    let chat_user_token = joining::token(&call, &chat, user, None).await?;
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
