//! Who a caller is.

use contracts::auth::{AuthError, Authenticate, Shown};
use contracts::users::{ListUsers, User, UserOrder, UsersByIds};
use domain::{ChatId, Limit, Principal, Role, Scopes, Surface, TenantId, TokenId, TokenKind, UserId};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::{Answer, Auth, peer};
use crate::secrets;
use crate::sessions;
use crate::store::rows::TokenRow;
use crate::store::{logins, tokens};

/// A credential that counts.
struct Credential {
    token: TokenId,
    tenant: TenantId,
    kind: TokenKind,
    acting: Acting,
    scopes: Scopes,
    chat: Option<ChatId>,
}

/// As whom a credential acts.
enum Acting {
    /// As the tenant.
    Tenant,
    /// As the instance.
    Instance,
    /// As a user, who must live.
    User(UserId),
    /// As the tenant's first admin: this one, or whoever is it now.
    FirstAdmin(UserId),
}

impl Auth {
    /// All secrets must count and belong to one tenant; the last one says who acts.
    pub(super) async fn principal(&self, Authenticate { surface, shown }: Authenticate) -> Answer<Principal> {
        let rows = self.rows_of(&shown).await?;
        let mut credentials = Vec::with_capacity(shown.len());
        for shown in &shown {
            credentials.push(self.credential(shown, &rows).await?.ok_or(AuthError::Unauthenticated)?);
        }
        let last = credentials.pop().ok_or(AuthError::Unauthenticated)?;
        if credentials.iter().any(|other| other.tenant != last.tenant) {
            return Err(AuthError::Unauthenticated.into());
        }
        self.acting(surface, last).await
    }

    /// The stored credentials among the secrets: one query for all.
    async fn rows_of(&self, shown: &[Shown]) -> Answer<Vec<(TokenRow, UserId)>> {
        let stored = |kind: &TokenKind| !matches!(kind, TokenKind::VoipbinSession | TokenKind::Root);
        let hashes: Vec<Vec<u8>> = shown
            .iter()
            .filter(|shown| shown.kinds.iter().any(stored))
            .map(|shown| secrets::hash(&shown.secret).to_vec())
            .collect();
        if hashes.is_empty() {
            return Ok(Vec::new());
        }
        let conn = self.db.read().await?;
        Ok(tokens::by_hashes(&conn, hashes).await?)
    }

    async fn credential(&self, shown: &Shown, rows: &[(TokenRow, UserId)]) -> Answer<Option<Credential>> {
        let hash = secrets::hash(&shown.secret);
        if let Some((row, admin)) = rows.iter().find(|(row, _)| row.secret_hash[..] == hash[..]) {
            return Ok(shown.kinds.contains(&row.kind).then(|| self.stored(row, *admin)).flatten());
        }
        if shown.kinds.contains(&TokenKind::Root) && self.root.is_some_and(|root| bool::from(root.ct_eq(&hash))) {
            return Ok(Some(Credential {
                token: TokenId::from_uuid(Uuid::nil()),
                tenant: TenantId::from_uuid(Uuid::nil()),
                kind: TokenKind::Root,
                acting: Acting::Instance,
                scopes: Scopes::ALL,
                chat: None,
            }));
        }
        if shown.kinds.contains(&TokenKind::VoipbinSession) && sessions::looks_like_one(&shown.secret) {
            return self.session(&shown.secret).await;
        }
        Ok(None)
    }

    fn stored(&self, row: &TokenRow, admin: UserId) -> Option<Credential> {
        let now = self.clock.now();
        if !row.counts(now) {
            return None;
        }
        self.used.note(row.id, row.last_used_at, now);
        let acting = match (row.kind, row.user_id) {
            (_, Some(user)) => Acting::User(user),
            (TokenKind::VoipbinAccessKey, None) => Acting::FirstAdmin(admin),
            (_, None) => Acting::Tenant,
        };
        Some(Credential {
            token: row.id,
            tenant: row.tenant_id,
            kind: row.kind,
            acting,
            scopes: row.scopes(),
            chat: row.chat_id,
        })
    }

    /// A signed session counts as long as its user's login has the generation it was signed in.
    async fn session(&self, secret: &str) -> Answer<Option<Credential>> {
        let conn = self.db.read().await?;
        let Some(held) = self.sessions.read(&conn, secret, self.clock.now()).await? else { return Ok(None) };
        let login = logins::of_living(&conn, held.tenant, held.user).await?;
        Ok(login.filter(|login| login.generation == held.generation).map(|_| Credential {
            token: held.id,
            tenant: held.tenant,
            kind: TokenKind::VoipbinSession,
            acting: Acting::User(held.user),
            scopes: Scopes::ALL,
            chat: None,
        }))
    }

    async fn acting(&self, surface: Surface, credential: Credential) -> Answer<Principal> {
        let Credential { token, tenant, kind, acting, scopes, chat } = credential;
        let user = match acting {
            Acting::Tenant | Acting::Instance => None,
            Acting::User(id) => Some(self.user(tenant, id).await?.ok_or(AuthError::Unauthenticated)?),
            Acting::FirstAdmin(id) => Some(self.first_admin(tenant, id).await?.ok_or(AuthError::Unauthenticated)?),
        };
        let role = user.as_ref().map_or(Role::Admin, |user| user.role);
        Ok(Principal { tenant, user: user.map(|user| user.id), role, token, kind, scopes, surface, chat })
    }

    /// The user, if they live.
    pub(super) async fn user(&self, tenant: TenantId, id: UserId) -> Answer<Option<User>> {
        let found = self.users.by_ids(UsersByIds { tenant, ids: vec![id] }).await.map_err(peer)?;
        Ok(found.into_iter().find(|user| user.id == id && user.deleted_at.is_none()))
    }

    /// The admin the tenant was made with or, once they are gone, the one who came first of those there are.
    async fn first_admin(&self, tenant: TenantId, id: UserId) -> Answer<Option<User>> {
        if let Some(admin) = self.user(tenant, id).await? {
            return Ok(Some(admin));
        }
        let asked = ListUsers {
            tenant,
            roles: vec![Role::Admin],
            email: None,
            search: None,
            order: UserOrder::After(None),
            limit: Limit::clamped(1),
        };
        Ok(self.users.list(asked).await.map_err(peer)?.items.into_iter().next())
    }
}
