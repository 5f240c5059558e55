//! `POST /web/session/…` and `/web/webclient/version_info`, stock: how web clients log in, look who they are, and log out.

use std::sync::Arc;

use contracts::auth::{AuthError, FindTenant, GetTenant, LogIn, LoginsOf, RevokeToken, Session};
use contracts::users::User;
use domain::{Code, Principal, Surface, TenantId};
use serde_json::{Value, json};

use super::args::{Args, Signature};
use super::envelope::{Asked, Outcome, Reply};
use super::session;
use super::wire;
use crate::http::{Call, Problem};

pub const VERSION: Signature = Signature::new("version_info", &[], &[]);
pub const AUTHENTICATE: Signature = Signature::new("authenticate", &["db", "login", "password"], &["base_location"]);
pub const INFO: Signature = Signature::new("get_session_info", &[], &[]);
pub const DESTROY: Signature = Signature::new("destroy", &[], &[]);

/// The one company of a database.
pub const COMPANY: i64 = 1;

pub async fn version_info(_: Asked) -> Outcome {
    std::future::ready(Reply::of(&json!({
        "server_version": "8.0",
        "server_version_info": [8, 0, 0, "final", 0],
        "server_serie": "8.0",
        "protocol_version": 1,
    })))
    .await
}

/// A wrong login is no error: `uid` is `false`.
pub async fn authenticate(Asked { call, args }: Asked) -> Outcome {
    let Some(Session { principal, secret, .. }) = log_in(&call, &args).await? else {
        let (db, login) = (args.value("db"), args.value("login"));
        return Reply::of(&json!({
            "session_id": session::id(&call.head),
            "uid": false,
            "user_context": {},
            "db": db,
            "username": login,
            "company_id": null,
        }));
    };
    let who = Who::of(&call, &principal).await?;
    Ok(Reply::of(&who.info(&secret))?.opening(secret))
}

pub async fn get_session_info(Asked { mut call, .. }: Asked) -> Outcome {
    let nobody = |id: Option<String>| {
        Reply::of(&json!({
            "session_id": id,
            "uid": null,
            "user_context": {},
            "db": null,
            "username": null,
            "company_id": null,
        }))
    };
    let Some(id) = session::id(&call.head) else { return nobody(None) };
    match call.authenticate(session::caller).await {
        Ok(()) => Reply::of(&Who::of(&call, call.who()?).await?.info(&id)),
        Err(problem) if unknown(&problem) => nobody(Some(id)),
        Err(problem) => Err(problem),
    }
}

/// Whether nobody has the session.
pub fn unknown(problem: &Problem) -> bool {
    matches!(problem, Problem::NoCredential)
        || matches!(problem, Problem::Failure(failure) if failure.code == Code::Unauthenticated)
}

pub async fn destroy(Asked { call, .. }: Asked) -> Outcome {
    end(&call, call.who()?).await?;
    Ok(Reply::none())
}

/// Ends a session.
pub async fn end(call: &Call, who: &Principal) -> Result<(), Problem> {
    call.apis.auth.revoke(RevokeToken { tenant: who.tenant, id: who.token }).await?;
    Ok(())
}

/// Opens a session; `None` for a wrong login. A database that is another tenant's makes any login wrong, one that is
/// nobody's is passed over.
pub async fn log_in(call: &Call, args: &Args) -> Result<Option<Session>, Problem> {
    let text = |name| args.text(name).ok().flatten().map(ToOwned::to_owned);
    let (Some(login), Some(password)) = (text("login"), text("password")) else { return Ok(None) };
    let tenant = match text("db").filter(|db| !db.contains('\0')) {
        Some(name) => call.apis.auth.find_tenant(FindTenant { name }).await?.map(|tenant| tenant.id),
        None => None,
    };
    let command = LogIn { surface: Surface::Odoo, login, password, tenant, address: call.client() };
    match call.apis.auth.log_in(command).await {
        Ok(session) => Ok(Some(session)),
        Err(AuthError::Unauthenticated) => Ok(None),
        Err(e) => Err(e.into()),
    }
}

/// The database's name: the tenant's.
pub async fn database(call: &Call, tenant: TenantId) -> Result<String, Problem> {
    Ok(call.apis.auth.tenant(GetTenant { id: tenant }).await?.name)
}

/// Who is logged in, and where.
pub struct Who {
    pub user: Arc<User>,
    pub login: String,
    pub db: String,
}

impl Who {
    pub async fn of(call: &Call, principal: &Principal) -> Result<Self, Problem> {
        let id = principal.user.ok_or(AuthError::Unauthenticated)?;
        let tenant = principal.tenant;
        let mut people = wire::people(&call.apis, tenant, std::iter::once(id)).await?;
        let user = people.remove(&id).ok_or(AuthError::Unauthenticated)?;
        let logins = call.apis.auth.logins(LoginsOf { tenant, users: vec![id] }).await?;
        let login = logins.into_iter().next().map(|login| login.login).unwrap_or_default();
        Ok(Self { user, login, db: database(call, tenant).await? })
    }

    /// Language, time zone, and who it is.
    pub fn context(&self) -> Value {
        json!({ "lang": "en_US", "tz": "UTC", "uid": self.user.number })
    }

    fn info(&self, id: &str) -> Value {
        json!({
            "session_id": id,
            "uid": self.user.number,
            "user_context": self.context(),
            "db": self.db,
            "username": self.login,
            "company_id": COMPANY,
        })
    }
}
