//! `POST /signin/1.0/json` and `/logout/1.0/json`, the vendor's other documents: the same sessions by its own logins.

use contracts::auth::Session;
use serde_json::json;

use super::args::Signature;
use super::books::{failed, success};
use super::envelope::{Asked, Outcome, Reply};
use super::session;
use super::web_session::{COMPANY, Who, end, log_in, unknown};

pub const SIGNIN: Signature = Signature::open("signin", &[], &["login", "password", "db"]);
pub const LOGOUT: Signature = Signature::open("logout", &[], &[]);

/// What devices tell about themselves beside login and password is passed over.
pub async fn signin(Asked { call, args }: Asked) -> Outcome {
    let Some(Session { principal, secret, .. }) = log_in(&call, &args).await? else {
        return failed("Login or password is incorrect");
    };
    let who = Who::of(&call, &principal).await?;
    let result = json!({
        "company_id": COMPANY,
        "db": who.db,
        "session_id": secret,
        "uid": who.user.number,
        "name": who.user.name,
        "surname": who.user.surname.clone().unwrap_or_default(),
        "partner_id": who.user.partner,
        "user_context": who.context(),
        "username": who.login,
    });
    Ok(Reply::of(&result)?.opening(secret))
}

/// Whoever is not logged in is logged out already.
pub async fn logout(Asked { mut call, .. }: Asked) -> Outcome {
    match call.authenticate(session::caller).await {
        Ok(()) => end(&call, call.who()?).await?,
        Err(problem) if unknown(&problem) => {}
        Err(problem) => return Err(problem),
    }
    success()
}
