//! `POST /auth/login` with `username` and `password`: the session's token, in the body and as a cookie.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use contracts::auth::{AuthError, LogIn};
use domain::{Code, Surface};
use serde::{Deserialize, Serialize};

use super::json;
use crate::http::{Answer, Call, Problem};

/// How long the cookie stays, as the vendor has it.
const COOKIE_DAYS: i64 = 7;

#[derive(Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct LoginIn {
    username: String,
    password: String,
}

#[derive(Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct LoginView {
    username: String,
    token: String,
}

pub async fn login(call: Call) -> Answer {
    let LoginIn { username, password } = json::read(&call)?;
    if username.is_empty() || password.is_empty() {
        return Err(Problem::invalid("username", "username and password are required"));
    }
    let (login, address) = (username.clone(), call.client());
    let command = LogIn { surface: Surface::Voipbin, login, password, tenant: None, address };
    let session = match call.apis.auth.log_in(command).await {
        // A wrong password is a bad request here; 401 is for calls that need a token.
        Err(AuthError::Unauthenticated) => return Err(Problem::refused(Code::Invalid, "wrong username or password")),
        other => other?,
    };
    let mut response = json::answer(&LoginView { username, token: session.secret.clone() });
    if response.add_cookie(&cookie(session.secret, call.base_url().starts_with("https:"))).is_err() {
        return Err(Problem::refused(Code::Internal, "the token does not fit a cookie"));
    }
    Ok(response)
}

fn cookie(secret: String, secure: bool) -> Cookie<'static> {
    Cookie::build("token", secret)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .max_age(Duration::days(COOKIE_DAYS))
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_the_vendor_s() {
        let written = cookie("abc".to_owned(), false).to_string();
        assert_eq!(written, "token=abc; HttpOnly; SameSite=Lax; Path=/; Max-Age=604800");
    }
}
