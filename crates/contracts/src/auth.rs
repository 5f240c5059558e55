//! Tenants, credentials, logins, invitations: who is who, and who may come in.

use std::net::IpAddr;

use domain::{
    Code, Idempotency, InvitationId, Limit, Page, Principal, Scopes, ServiceError, Surface, TenantId, Timestamp,
    TokenId, TokenKind, UserId,
};
use serde::{Deserialize, Serialize};

use crate::Invalid;

mod credentials;
pub use credentials::Credentials;

/// A secret as a client showed it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Shown {
    /// What it may be.
    pub kinds: Vec<TokenKind>,
    /// The secret.
    pub secret: String,
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shown").field("kinds", &self.kinds).finish_non_exhaustive()
    }
}

/// Asks who a caller is. All secrets must count and belong to one tenant; the last one says who acts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Authenticate {
    /// The surface asked through.
    pub surface: Surface,
    /// The secrets; at least one.
    pub shown: Vec<Shown>,
}

/// Checks a login and its password, and opens a session.
#[derive(Clone, Serialize, Deserialize)]
pub struct LogIn {
    /// The surface, which decides what kind of session is opened.
    pub surface: Surface,
    /// The login, unique in the instance.
    pub login: String,
    /// The password.
    pub password: String,
    /// Where the caller sits; failures are counted by it.
    pub address: Option<IpAddr>,
}

impl std::fmt::Debug for LogIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogIn").field("surface", &self.surface).field("login", &self.login).finish_non_exhaustive()
    }
}

/// An open session.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    /// Who it is.
    pub principal: Principal,
    /// Its secret; for VoIPBin a signed JWT.
    pub secret: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// A company on this instance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenant {
    /// The id.
    pub id: TenantId,
    /// Its name, unique in the instance without case; Odoo's `db`.
    pub name: String,
    /// Its first admin: whom credentials without a user of their own stand for.
    pub admin: UserId,
    /// Its default bot.
    pub bot: UserId,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Makes a tenant whose people exist already, with a login for the admin and one credential of each kind.
/// A repeat with the same id answers the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateTenant {
    /// The id.
    pub id: TenantId,
    /// The name: 1 to 100 characters.
    pub name: String,
    /// The first admin.
    pub admin: UserId,
    /// The default bot.
    pub bot: UserId,
}

/// A new tenant's secrets, each shown this once.
#[derive(Clone, Serialize, Deserialize)]
pub struct TenantSecrets {
    /// The tenant.
    pub tenant: Tenant,
    /// The admin's login.
    pub login: String,
    /// The admin's password.
    pub password: String,
    /// Operator token.
    pub operator: String,
    /// imBee's `Authorization`, scheme included.
    pub imbee_authorization: String,
    /// imBee's corporate token.
    pub imbee_corporate: String,
    /// The admin's VoIPBin access key.
    pub voipbin_access_key: String,
    /// The admin's ConnectNow `api_token`.
    pub connectnow: String,
    /// Zenvia's token.
    pub zenvia: String,
}

/// Lists tenants by id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListTenants {
    /// Only behind this one.
    pub after: Option<TenantId>,
    /// How many at most.
    pub limit: Limit,
}

/// Reads one tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetTenant {
    /// The tenant.
    pub id: TenantId,
}

/// Finds a living tenant by its name, without case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FindTenant {
    /// The name.
    pub name: String,
}

/// Deletes a tenant: refused everywhere from now on, erased by every service afterwards.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteTenant {
    /// The tenant.
    pub id: TenantId,
}

/// Gives a user a login, or another login or password.
#[derive(Clone, Serialize, Deserialize)]
pub struct SetLogin {
    /// The tenant.
    pub tenant: TenantId,
    /// The user.
    pub user: UserId,
    /// The login, 1 to 200 characters; `None` leaves it.
    pub login: Option<String>,
    /// The password, not empty; `None` leaves it. A new one ends the user's sessions.
    pub password: Option<String>,
}

impl std::fmt::Debug for SetLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SetLogin").field("user", &self.user).field("login", &self.login).finish_non_exhaustive()
    }
}

/// A user's way to log in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// The user.
    pub user: UserId,
    /// The login.
    pub login: String,
}

/// Asks whether a login is free, before a user is made for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FindLogin {
    /// The login.
    pub login: String,
    /// Only within this tenant; `None` is the whole instance.
    pub tenant: Option<TenantId>,
}

/// Reads the logins of users.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LoginsOf {
    /// The tenant.
    pub tenant: TenantId,
    /// The users, at most 1,000.
    pub users: Vec<UserId>,
}

/// A credential, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The id.
    pub id: TokenId,
    /// The tenant.
    pub tenant: TenantId,
    /// What it opens.
    pub kind: TokenKind,
    /// The user it was made for.
    pub user: Option<UserId>,
    /// Its name.
    pub name: String,
    /// Free text about it.
    pub detail: String,
    /// First characters of the secret, to tell credentials apart.
    pub prefix: String,
    /// What it allows.
    pub scopes: Scopes,
    /// When it was made; rises strictly within a tenant.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was last shown; kept to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Makes a credential.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IssueToken {
    /// The tenant.
    pub tenant: TenantId,
    /// What it opens.
    pub kind: TokenKind,
    /// The user it is for.
    pub user: Option<UserId>,
    /// Its name.
    pub name: String,
    /// Free text.
    pub detail: String,
    /// What it allows.
    pub scopes: Scopes,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// The promise of a repeated request; a repeat answers the same secret.
    pub idempotency: Option<Idempotency>,
}

/// A credential with its secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IssuedToken {
    /// The credential.
    pub token: Token,
    /// The secret.
    pub secret: String,
}

/// Lists a tenant's credentials of one kind, revoked ones left out, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListTokens {
    /// The tenant.
    pub tenant: TenantId,
    /// Only these kinds; empty is all.
    pub kinds: Vec<TokenKind>,
    /// Only of this user.
    pub user: Option<UserId>,
    /// Made before this moment.
    pub before: Option<Timestamp>,
    /// How many at most.
    pub limit: Limit,
}

/// Reads one credential, revoked ones too.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetToken {
    /// The tenant.
    pub tenant: TenantId,
    /// The credential.
    pub id: TokenId,
}

/// Changes a credential's name and text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UpdateToken {
    /// The tenant.
    pub tenant: TenantId,
    /// The credential.
    pub id: TokenId,
    /// Its name.
    pub name: String,
    /// Free text.
    pub detail: String,
}

/// Ends a credential. Revoking twice answers it again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RevokeToken {
    /// The tenant.
    pub tenant: TenantId,
    /// The credential.
    pub id: TokenId,
}

/// Gives a user their one standing credential of a kind: the same secret at each call, until revoked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StandToken {
    /// The tenant.
    pub tenant: TenantId,
    /// The user.
    pub user: UserId,
    /// The kind.
    pub kind: TokenKind,
}

/// A standing credential.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Standing {
    /// The secret: 40 lower-case hex digits.
    pub secret: String,
    /// A second secret of the same life for the vendor's other transport: 40 lower-case hex digits.
    pub pass: String,
    /// Whether this call made it.
    pub created: bool,
}

/// Invites a visitor to talk to a bot. A repeat for the same two answers the same invitation, unless a later day is given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Invite {
    /// The tenant.
    pub tenant: TenantId,
    /// The visitor.
    pub visitor: UserId,
    /// The bot.
    pub bot: UserId,
    /// How often the invitation may be used; `None` or 0 is the default.
    pub max_uses: Option<i64>,
    /// The last day it counts, UTC, whole; `None` is the default number of days from today.
    pub last_day: Option<chrono::NaiveDate>,
    /// Where to mail the link.
    pub mail: Option<String>,
    /// Where to send the link by SMS.
    pub phone: Option<String>,
    /// What comes before the secret in the link.
    pub link_prefix: String,
    /// The promise of a repeated request: a repeat sends nothing again.
    pub idempotency: Option<Idempotency>,
}

/// Holds a client to its promise on a write that needs no kept answer, because doing it again changes nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HoldPromise {
    /// The tenant.
    pub tenant: TenantId,
    /// The promise.
    pub idempotency: Idempotency,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The id.
    pub id: InvitationId,
    /// The tenant.
    pub tenant: TenantId,
    /// The visitor.
    pub visitor: UserId,
    /// The bot.
    pub bot: UserId,
    /// The secret in the link.
    pub secret: String,
    /// How often it may be used.
    pub max_uses: i64,
    /// How often it was used.
    pub uses: i64,
    /// The last day it counts, UTC, whole.
    pub last_day: chrono::NaiveDate,
    /// Whether it can be used now.
    pub open: bool,
}

/// What [`Invite`] made or found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// Whether this call made it.
    pub created: bool,
}

/// Finds an invitation by its secret.
#[derive(Clone, Serialize, Deserialize)]
pub struct InvitationBy {
    /// The secret.
    pub secret: String,
}

impl std::fmt::Debug for InvitationBy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InvitationBy").finish_non_exhaustive()
    }
}

/// A used invitation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Redeemed {
    /// The invitation, after this use.
    pub invitation: Invitation,
    /// A credential of the visitor, kind `imbee_visit`.
    pub visit: String,
}

/// What can go wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AuthError {
    /// The secrets do not count, or the login or password is wrong.
    #[error("not authenticated")]
    Unauthenticated,
    /// No such tenant.
    #[error("tenant does not exist")]
    TenantNotFound,
    /// Another tenant has this name.
    #[error("name is already taken")]
    NameTaken,
    /// Another user of the instance has this login.
    #[error("login is already taken")]
    LoginTaken,
    /// No such user.
    #[error("user does not exist")]
    UserNotFound,
    /// No such credential in this tenant.
    #[error("token does not exist")]
    TokenNotFound,
    /// No such invitation.
    #[error("invitation does not exist")]
    InvitationNotFound,
    /// The invitation's last day is over, or all its uses are spent.
    #[error("invitation has ended")]
    InvitationEnded,
    /// Too many failed attempts.
    #[error("too many failed logins; try again in {retry_after_s} s")]
    Limited {
        /// Seconds until an attempt may be made again.
        retry_after_s: u32,
    },
    /// A value is refused.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The idempotency key came with another body.
    #[error("Idempotency-Key was used with another request")]
    KeyReused,
    /// A needed part does not answer.
    #[error("auth is unavailable")]
    Unavailable(String),
    /// Our fault.
    #[error("internal error")]
    Internal,
}

impl ServiceError for AuthError {
    fn code(&self) -> Code {
        match self {
            Self::Unauthenticated => Code::Unauthenticated,
            Self::TenantNotFound | Self::UserNotFound | Self::TokenNotFound | Self::InvitationNotFound => {
                Code::NotFound
            }
            Self::NameTaken | Self::LoginTaken | Self::Invalid(_) => Code::Invalid,
            Self::InvitationEnded => Code::Conflict,
            Self::Limited { .. } => Code::Limited,
            Self::KeyReused => Code::KeyReused,
            Self::Unavailable(_) => Code::Unavailable,
            Self::Internal => Code::Internal,
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Self::NameTaken => Some("name"),
            Self::LoginTaken => Some("login"),
            Self::Invalid(e) => Some(&e.field),
            _ => None,
        }
    }
    fn reason(&self) -> Option<&'static str> {
        match self {
            Self::NameTaken => Some("name_taken"),
            Self::LoginTaken => Some("login_taken"),
            _ => None,
        }
    }
    fn retry_after_s(&self) -> Option<u32> {
        match self {
            Self::Limited { retry_after_s } => Some(*retry_after_s),
            _ => None,
        }
    }
    fn unavailable(why: String) -> Self {
        Self::Unavailable(why)
    }
    fn internal() -> Self {
        Self::Internal
    }
}

service! {
    /// Who is who, and who may come in.
    auth: AuthApi, HttpAuth, SpawnedAuth, LateAuth => AuthError {
        /// Says who a caller is. Ask through [`Credentials`], which keeps positive answers for a few seconds.
        read authenticate(Authenticate) -> Principal;
        /// Opens a session. Changes nothing that a held answer depends on, hence no `write`.
        read log_in(LogIn) -> Session;
        /// Makes a tenant.
        write create_tenant(CreateTenant) -> TenantSecrets;
        /// Lists tenants.
        read tenants(ListTenants) -> Page<Tenant>;
        /// Reads one tenant.
        read tenant(GetTenant) -> Tenant;
        /// Finds a tenant by name.
        read find_tenant(FindTenant) -> Option<Tenant>;
        /// Deletes a tenant.
        write delete_tenant(DeleteTenant) -> Tenant;
        /// Gives a user a login or a password.
        write set_login(SetLogin) -> Login;
        /// Finds who has a login.
        read find_login(FindLogin) -> Option<Login>;
        /// Reads logins of users; those without one are left out.
        read logins(LoginsOf) -> Vec<Login>;
        /// Makes a credential.
        write issue(IssueToken) -> IssuedToken;
        /// Lists credentials.
        read tokens(ListTokens) -> Page<Token>;
        /// Reads one credential.
        read token(GetToken) -> Token;
        /// Changes a credential's name.
        write update_token(UpdateToken) -> Token;
        /// Ends a credential.
        write revoke(RevokeToken) -> Token;
        /// Gives a user their standing credential.
        write stand(StandToken) -> Standing;
        /// Refuses a request whose key came before with another body.
        read promise(HoldPromise) -> ();
        /// Invites a visitor.
        write invite(Invite) -> Invited;
        /// Reads an invitation.
        read invitation(InvitationBy) -> Invitation;
        /// Uses an invitation once.
        write redeem(InvitationBy) -> Redeemed;
    }
}
