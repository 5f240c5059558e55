//! The service: its parts, and its trait. The rules are in the files below, one per thing.

use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bus::Outbox;
use contracts::auth::{
    AskPassword, AuthError, Authenticate, ChatPassword, CreateTenant, DeleteTenant, FindLogin, FindTenant, GetTenant,
    GetToken, HoldPromise, Invitation, InvitationBy, Invite, Invited, IssueToken, IssuedToken, KeepAnswer, KeptAnswer,
    Knock, LetIn, ListTenants, ListTokens, LogIn, Login, LoginsOf, MailCode, MustProve, Redeem, RedeemCode, Redeemed,
    RevokeToken, Session, SetLogin, StandToken, Standing, Tenant, TenantSecrets, Token, TryCode, UpdateToken,
};
use contracts::users::{User, UsersByIds, UsersError};
use contracts::{AuthApi, Invalid, UsersApi};
use domain::{Clock, Page, Principal, TenantId, UserId};
use secrecy::ExposeSecret as _;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::delivery::{Routes, Sender};
use crate::erase::Eraser;
use crate::passwords::Passwords;
use crate::secrets;
use crate::sessions::Sessions;
use crate::used::LastUsed;
use host::keys::{BadKeys, InstanceKeys};
use store::Db;

mod authenticate;
mod doors;
mod invitations;
mod login_limit;
mod promises;
pub(crate) use login_limit::account;
mod logins;
mod tenants;
mod tokens;

/// The error inside this service.
pub(crate) type Fault = store::Fault<AuthError>;
/// What the rules answer.
pub(crate) type Answer<T> = Result<T, Fault>;

/// Settings that make no sense.
#[derive(Debug, thiserror::Error)]
pub enum BadSettings {
    /// The instance keys.
    #[error(transparent)]
    Keys(#[from] BadKeys),
    /// The cost of password hashes.
    #[error("auth.hash_memory_kib and auth.hash_passes: {0}")]
    Hash(String),
}

/// The service `auth`.
pub struct Auth {
    db: Db,
    outbox: Outbox,
    clock: Clock,
    users: Arc<dyn UsersApi>,
    settings: Settings,
    keys: InstanceKeys,
    /// The hash of the root token, if there is one.
    root: Option<[u8; 32]>,
    passwords: Passwords,
    sessions: Sessions,
    used: LastUsed,
    routes: Routes,
    /// Mail or SMS may be waiting.
    queued: Arc<Notify>,
    /// A tenant or user may have to be erased.
    erasing: Arc<Notify>,
}

impl Auth {
    /// The service over its database. `routes`: where mail and SMS go.
    pub fn new(
        db: Db,
        outbox: Outbox,
        clock: Clock,
        users: Arc<dyn UsersApi>,
        routes: Routes,
        settings: &Settings,
    ) -> Result<Arc<Self>, BadSettings> {
        let keys = InstanceKeys::new(&settings.instance_keys, "auth.instance_keys")?;
        let passwords = Passwords::new(settings.hash_memory_kib, settings.hash_passes, settings.hash_parallel())
            .map_err(BadSettings::Hash)?;
        let root = settings.root_token.expose_secret();
        Ok(Arc::new(Self {
            sessions: Sessions::new(keys.clone(), settings.session_days, settings.signing_rotation_days),
            db,
            outbox,
            clock,
            users,
            settings: settings.clone(),
            keys,
            root: (!root.is_empty()).then(|| secrets::hash(root)),
            passwords,
            used: LastUsed::default(),
            routes,
            queued: Arc::default(),
            erasing: Arc::default(),
        }))
    }

    /// What this service does with events.
    pub fn consumers(self: &Arc<Self>) -> bus::Consumers {
        crate::consumers::all(self.clock.clone(), self.erasing.clone())
    }

    /// What goes on in the background until `stop`: sending mail and SMS, erasing, writing down last uses. It ends when
    /// what is being sent has been.
    pub fn work(self: Arc<Self>, stop: CancellationToken) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            let (db, clock, settings) = (&self.db, &self.clock, &self.settings);
            let (queued, erasing) = (self.queued.clone(), self.erasing.clone());
            let sender =
                Sender::new(db.clone(), clock.clone(), self.keys.clone(), self.routes.clone(), queued, settings);
            let eraser = Eraser::new(db.clone(), self.outbox.clone(), clock.clone(), erasing, settings.poll());
            let flush = Duration::from_millis(settings.last_used_flush_ms.max(1));
            tokio::join!(
                sender.run(stop.clone()),
                eraser.run(stop.clone()),
                self.used.run(db, clock, flush, stop.clone())
            );
        })
    }

    /// Living users of a tenant among `ids`; every one must be there.
    async fn living(&self, tenant: TenantId, ids: &[UserId]) -> Answer<Vec<User>> {
        let asked = UsersByIds { tenant, ids: ids.to_vec() };
        let found = self.users.by_ids(asked).await.map_err(peer)?;
        let of = |id: &UserId| found.iter().find(|u| u.id == *id && u.deleted_at.is_none()).cloned();
        Ok(ids.iter().map(of).collect::<Option<Vec<_>>>().ok_or(AuthError::UserNotFound)?)
    }
}

/// What a failure of the service `users` means to our callers.
fn peer(e: UsersError) -> AuthError {
    match e {
        UsersError::Unavailable(why) => AuthError::Unavailable(why),
        other => {
            tracing::error!(error = %other, "users refused a plain question");
            AuthError::Internal
        }
    }
}

/// `text` trimmed, if it has 1 to `max` characters.
fn text(field: &str, text: &str, max: usize) -> Result<String, AuthError> {
    let text = text.trim();
    if (1..=max).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err(Invalid::new(field, format!("must have 1 to {max} characters")).into())
    }
}

/// What names and logins are compared by.
fn key(text: &str) -> String {
    text.trim().to_lowercase()
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Auth").field("db", &self.db).finish_non_exhaustive()
    }
}

#[async_trait]
impl AuthApi for Auth {
    async fn authenticate(&self, command: Authenticate) -> Result<Principal, AuthError> {
        self.principal(command).await.map_err(Fault::answer)
    }
    async fn log_in(&self, command: LogIn) -> Result<Session, AuthError> {
        self.open_session(command).await.map_err(Fault::answer)
    }
    async fn create_tenant(&self, command: CreateTenant) -> Result<TenantSecrets, AuthError> {
        self.make_tenant(command).await.map_err(Fault::answer)
    }
    async fn tenants(&self, command: ListTenants) -> Result<Page<Tenant>, AuthError> {
        self.list_tenants(command).await.map_err(Fault::answer)
    }
    async fn tenant(&self, command: GetTenant) -> Result<Tenant, AuthError> {
        self.get_tenant(command).await.map_err(Fault::answer)
    }
    async fn find_tenant(&self, command: FindTenant) -> Result<Option<Tenant>, AuthError> {
        self.tenant_by_name(command).await.map_err(Fault::answer)
    }
    async fn delete_tenant(&self, command: DeleteTenant) -> Result<Tenant, AuthError> {
        self.end_tenant(command).await.map_err(Fault::answer)
    }
    async fn set_login(&self, command: SetLogin) -> Result<Login, AuthError> {
        self.put_login(command).await.map_err(Fault::answer)
    }
    async fn find_login(&self, command: FindLogin) -> Result<Option<Login>, AuthError> {
        self.login_by_name(command).await.map_err(Fault::answer)
    }
    async fn logins(&self, command: LoginsOf) -> Result<Vec<Login>, AuthError> {
        self.logins_of(command).await.map_err(Fault::answer)
    }
    async fn issue(&self, command: IssueToken) -> Result<IssuedToken, AuthError> {
        self.make_token(command).await.map_err(Fault::answer)
    }
    async fn tokens(&self, command: ListTokens) -> Result<Page<Token>, AuthError> {
        self.list_tokens(command).await.map_err(Fault::answer)
    }
    async fn token(&self, command: GetToken) -> Result<Token, AuthError> {
        self.get_token(command).await.map_err(Fault::answer)
    }
    async fn update_token(&self, command: UpdateToken) -> Result<Token, AuthError> {
        self.rename_token(command).await.map_err(Fault::answer)
    }
    async fn revoke(&self, command: RevokeToken) -> Result<Token, AuthError> {
        self.end_token(command).await.map_err(Fault::answer)
    }
    async fn stand(&self, command: StandToken) -> Result<Standing, AuthError> {
        self.standing(command).await.map_err(Fault::answer)
    }
    async fn promise(&self, command: HoldPromise) -> Result<Option<KeptAnswer>, AuthError> {
        self.hold_promise(command).await.map_err(Fault::answer)
    }
    async fn keep_answer(&self, command: KeepAnswer) -> Result<(), AuthError> {
        self.keep_promised(command).await.map_err(Fault::answer)
    }
    async fn invite(&self, command: Invite) -> Result<Invited, AuthError> {
        self.make_invitation(command).await.map_err(Fault::answer)
    }
    async fn invitation(&self, command: InvitationBy) -> Result<Invitation, AuthError> {
        self.get_invitation(command).await.map_err(Fault::answer)
    }
    async fn redeem(&self, command: Redeem) -> Result<Redeemed, AuthError> {
        self.use_invitation(command).await.map_err(Fault::answer)
    }
    async fn chat_password(&self, command: AskPassword) -> Result<ChatPassword, AuthError> {
        self.password_of(command).await.map_err(Fault::answer)
    }
    async fn knock(&self, command: Knock) -> Result<(), AuthError> {
        self.check_password(command).await.map_err(Fault::answer)
    }
    async fn must_prove(&self, command: MustProve) -> Result<bool, AuthError> {
        self.proof_needed(command).await.map_err(Fault::answer)
    }
    async fn mail_code(&self, command: MailCode) -> Result<(), AuthError> {
        self.send_code(command).await.map_err(Fault::answer)
    }
    async fn try_code(&self, command: TryCode) -> Result<LetIn, AuthError> {
        self.check_code(command).await.map_err(Fault::answer)
    }
    async fn redeem_code(&self, command: RedeemCode) -> Result<IssuedToken, AuthError> {
        self.use_code(command).await.map_err(Fault::answer)
    }
}
