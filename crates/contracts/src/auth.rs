//! Tenants, credentials, logins, invitations: who is who, and who may come in.

use std::net::IpAddr;

use domain::{Code, Idempotency, Page, Principal, ServiceError, Surface, TenantId, Timestamp, TokenKind, UserId};
use serde::{Deserialize, Serialize};

use crate::Invalid;

mod credentials;
mod doors;
mod invitations;
mod tenants;
mod tokens;
pub use credentials::Credentials;
pub use doors::{AskPassword, ChatPassword, Knock, LetIn, MailCode, MustProve, RedeemCode, TryCode};
pub use invitations::{Invitation, InvitationBy, Invite, Invited, Redeem, Redeemed};
pub use tenants::{CreateTenant, DeleteTenant, FindTenant, GetTenant, ListTenants, Tenant, TenantSecrets};
pub use tokens::{
    GetToken, IssueToken, IssuedToken, ListTokens, RevokeToken, StandToken, Standing, Token, UpdateToken,
};

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
    /// The only tenant whose logins count; `None` is any.
    pub tenant: Option<TenantId>,
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

/// Holds a client to its promise on a write whose service keeps no answer; answers what [`KeepAnswer`] kept, if anything.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HoldPromise {
    /// The tenant.
    pub tenant: TenantId,
    /// The promise.
    pub idempotency: Idempotency,
}

/// What a client was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The content type, if there was one.
    pub content_type: Option<String>,
    /// The body.
    pub body: String,
}

/// Keeps the answer to a held promise, for repeats. The first one stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeepAnswer {
    /// The tenant.
    pub tenant: TenantId,
    /// The promise, which is held already.
    pub idempotency: Idempotency,
    /// The answer.
    pub answer: KeptAnswer,
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
    /// Not the chat's password.
    #[error("the password is incorrect")]
    WrongPassword,
    /// The code is wrong, used, expired, or was tried too often.
    #[error("the code is invalid")]
    WrongCode,
    /// Too many failed attempts.
    #[error("too many attempts; try again in {retry_after_s} s")]
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
            Self::NameTaken | Self::LoginTaken | Self::WrongPassword | Self::WrongCode | Self::Invalid(_) => {
                Code::Invalid
            }
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
            Self::WrongPassword => Some("password"),
            Self::WrongCode => Some("code"),
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
        read promise(HoldPromise) -> Option<KeptAnswer>;
        /// Keeps the answer to a promise.
        write keep_answer(KeepAnswer) -> ();
        /// Invites a visitor.
        write invite(Invite) -> Invited;
        /// Reads an invitation.
        read invitation(InvitationBy) -> Invitation;
        /// Uses an invitation once.
        write redeem(Redeem) -> Redeemed;
        /// Answers a chat's password. Changes nothing that a held answer depends on, hence no `write`.
        read chat_password(AskPassword) -> ChatPassword;
        /// Checks a chat's password.
        read knock(Knock) -> ();
        /// Says whether somebody must prove that an address is theirs.
        read must_prove(MustProve) -> bool;
        /// Mails a code.
        write mail_code(MailCode) -> ();
        /// Tries a code.
        write try_code(TryCode) -> LetIn;
        /// Uses a code up, for a credential.
        write redeem_code(RedeemCode) -> IssuedToken;
    }
}
