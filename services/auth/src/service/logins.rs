//! Logins, and the sessions they open.

use contracts::Invalid;
use contracts::auth::{AuthError, FindLogin, LogIn, Login, LoginsOf, Session, SetLogin};
use domain::{Principal, Scopes, Surface, TenantId, Timestamp, TokenId, TokenKind, UserId};
use proto_events::TokenRevoked;
use store::{StoreError, Tx};

use super::tokens::NewToken;
use super::{Answer, Auth, key, text};
use crate::sessions::Person;
use crate::store::rows::LoginRow;
use crate::store::{logins, tenants, tokens};

/// The longest login, in characters.
const LOGIN: usize = 200;

impl Auth {
    pub(super) async fn open_session(&self, command: LogIn) -> Answer<Session> {
        let LogIn { surface, login, password, tenant, address } = command;
        let kind = match surface {
            Surface::Voipbin => TokenKind::VoipbinSession,
            Surface::Odoo => TokenKind::OdooSession,
            Surface::Imbee | Surface::Zenvia | Surface::Connectnow | Surface::Operator | Surface::Native => {
                return Err(AuthError::from(Invalid::new("surface", "has no sessions that a login opens")).into());
            }
        };
        let row = self.right_login(&key(&login), &password, tenant, address).await?;
        let user = self.user(row.tenant_id, row.user_id).await?.ok_or(AuthError::Unauthenticated)?;
        let principal = |token| Principal {
            tenant: row.tenant_id,
            user: Some(user.id),
            role: user.role,
            token,
            kind,
            scopes: Scopes::ALL,
            surface,
            chat: None,
        };
        if kind == TokenKind::OdooSession {
            let (id, secret, expires_at) = self.stored_session(&row, kind).await?;
            return Ok(Session { principal: principal(id), secret, expires_at });
        }
        let person = Person {
            tenant: row.tenant_id,
            user: user.id,
            generation: row.generation,
            login: &row.login,
            name: &user.full_name(),
            role: user.role,
            created_at: user.created_at,
            updated_at: user.updated_at,
        };
        let signed = self.sessions.open(&self.db, &person, self.clock.now()).await?;
        Ok(Session { principal: principal(signed.id), secret: signed.secret, expires_at: signed.expires_at })
    }

    /// A session that is a credential like others: listed and revoked with them.
    async fn stored_session(&self, login: &LoginRow, kind: TokenKind) -> Answer<(TokenId, String, Timestamp)> {
        let now = self.clock.now();
        let expires_at = now.plus_seconds(i64::from(self.settings.session_days.max(1)) * 24 * 60 * 60);
        let (id, tenant, user) = (TokenId::new(), login.tenant_id, Some(login.user_id));
        let new = NewToken { user, expires_at: Some(expires_at), ..NewToken::plain(id, tenant, kind, &login.login) };
        let mut tx = self.db.begin().await?;
        let issued = self.insert_token(&mut tx, new, self.keys.newest(), now).await?;
        // Behind the tenant's head: a password that changed meanwhile has ended the sessions it found.
        let held = logins::of(&tx, tenant, &[login.user_id]).await?.pop();
        if held.is_none_or(|held| held.generation != login.generation) {
            return Err(AuthError::Unauthenticated.into());
        }
        tx.commit().await?;
        Ok((id, issued.secret, expires_at))
    }

    /// Ends the stored sessions of a user whose password is another one now.
    async fn end_sessions(&self, tx: &mut Tx, tenant: TenantId, user: UserId, now: Timestamp) -> Answer<()> {
        for token in tokens::revoke_kind(tx, tenant, user, TokenKind::OdooSession, now).await? {
            self.outbox.append(tx, &TokenRevoked { tenant, token }, now).await?;
        }
        Ok(())
    }

    /// The login with this key, if `password` is its own. Unknown logins take as long and count alike.
    async fn right_login(
        &self,
        login_key: &str,
        password: &str,
        tenant: Option<TenantId>,
        address: Option<std::net::IpAddr>,
    ) -> Answer<LoginRow> {
        let turn = self.passwords.turn().await?;
        let now = self.clock.now();
        let counted = self.counted(login_key, address);
        self.check_failures(&counted, now).await?;
        let row = {
            let conn = self.db.read().await?;
            logins::by_key(&conn, login_key).await?.filter(|row| tenant.is_none_or(|only| row.tenant_id == only))
        };
        let stored = row.as_ref().and_then(|row| row.password_hash.as_deref());
        if let (true, Some(row)) = (turn.is_right(password, stored).await?, row) {
            return Ok(row);
        }
        self.count_failure(&counted, now).await?;
        Err(AuthError::Unauthenticated.into())
    }

    pub(super) async fn put_login(&self, command: SetLogin) -> Answer<Login> {
        let SetLogin { tenant, user, login, password } = command;
        let login = login.map(|login| text("login", &login, LOGIN)).transpose()?;
        if password.as_ref().is_some_and(String::is_empty) {
            return Err(AuthError::from(Invalid::new("password", "must not be empty")).into());
        }
        self.living(tenant, &[user]).await?;
        let before = self.logins_rows(tenant, user).await?;
        let hash = self.new_hash(before.as_ref(), password.as_deref()).await?;

        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        if !tenants::hold(&mut tx, tenant).await? {
            return Err(AuthError::TenantNotFound.into());
        }
        if let Some(held) = logins::of(&tx, tenant, &[user]).await?.pop() {
            if let Some(login) = login.filter(|login| *login != held.login) {
                let renamed = logins::rename(&mut tx, user, &login, &key(&login), now).await;
                renamed.map_err(taken)?;
            }
            if let Some(hash) = hash {
                logins::set_password(&mut tx, user, &hash, now).await?;
                self.end_sessions(&mut tx, tenant, user, now).await?;
            }
        } else {
            let login = login.ok_or_else(|| AuthError::from(Invalid::new("login", "is required")))?;
            let row = LoginRow {
                user_id: user,
                tenant_id: tenant,
                login_key: key(&login),
                login,
                password_hash: hash,
                generation: 1,
                created_at: now,
                updated_at: now,
            };
            if !logins::insert(&mut tx, &row).await? {
                return Err(AuthError::LoginTaken.into());
            }
        }
        let after = logins::of(&tx, tenant, &[user]).await?.pop().ok_or(StoreError::NotFound)?;
        tx.commit().await?;
        self.outbox.wake();
        Ok(after.into())
    }

    async fn logins_rows(&self, tenant: domain::TenantId, user: domain::UserId) -> Answer<Option<LoginRow>> {
        let conn = self.db.read().await?;
        Ok(logins::of(&conn, tenant, &[user]).await?.pop())
    }

    /// The hash of a password that is really new: setting the same one again ends no sessions.
    async fn new_hash(&self, before: Option<&LoginRow>, password: Option<&str>) -> Answer<Option<String>> {
        let Some(password) = password else { return Ok(None) };
        if let Some(stored) = before.and_then(|row| row.password_hash.as_deref()) {
            let turn = self.passwords.turn().await?;
            if turn.is_right(password, Some(stored)).await? {
                return Ok(None);
            }
        }
        Ok(Some(self.passwords.hash(password).await?))
    }

    pub(super) async fn login_by_name(&self, FindLogin { login, tenant }: FindLogin) -> Answer<Option<Login>> {
        let conn = self.db.read().await?;
        // One of a tenant that is being erased is not free yet.
        let found = logins::holding(&conn, &key(&login)).await?;
        Ok(found.filter(|row| tenant.is_none_or(|tenant| row.tenant_id == tenant)).map(Login::from))
    }

    pub(super) async fn logins_of(&self, LoginsOf { tenant, users }: LoginsOf) -> Answer<Vec<Login>> {
        let conn = self.db.read().await?;
        let rows = logins::of(&conn, tenant, &users).await?;
        Ok(rows.into_iter().map(Login::from).collect())
    }
}

/// The only unique key that a rename can meet is the login's.
fn taken(e: StoreError) -> super::Fault {
    match e {
        StoreError::Unique => AuthError::LoginTaken.into(),
        other => other.into(),
    }
}
