//! Tenants: made with a login and a credential of each kind, ended with everything.

use contracts::Invalid;
use contracts::auth::{
    AuthError, CreateTenant, DeleteTenant, FindTenant, GetTenant, ListTenants, Tenant, TenantSecrets,
};
use domain::{Page, TenantId, Timestamp, TokenId, TokenKind, UserId};
use proto_events::TenantDeleted;
use store::Tx;

use super::tokens::NewToken;
use super::{Answer, Auth, Fault, key, text};
use crate::secrets::{Origin, first_password};
use crate::store::rows::{LoginRow, TenantRow};
use crate::store::{logins, tenants};

/// The longest name, in characters.
const NAME: usize = 100;
/// What a tenant starts with, and whether it stands for the admin.
const FIRST_TOKENS: [(TokenKind, bool); 6] = [
    (TokenKind::Operator, false),
    (TokenKind::ImbeeAuthorization, false),
    (TokenKind::ImbeeCorporate, false),
    (TokenKind::VoipbinAccessKey, true),
    (TokenKind::Connectnow, true),
    (TokenKind::Zenvia, false),
];

impl Auth {
    pub(super) async fn make_tenant(&self, command: CreateTenant) -> Answer<TenantSecrets> {
        let CreateTenant { id, name, admin, bot } = command;
        let name = text("name", &name, NAME)?;
        if id.uuid().is_nil() {
            return Err(AuthError::from(Invalid::new("id", "must not be nil")).into());
        }
        let now = self.clock.now();
        let row = TenantRow {
            id,
            name_key: Some(key(&name)),
            name,
            admin_id: admin,
            bot_id: bot,
            key_id: self.keys.newest().to_owned(),
            last_token_us: now.micros() - 1,
            created_at: now,
            deleted_at: None,
        };
        if let Some(made) = self.made_before(&row).await? {
            return Ok(made);
        }
        self.living(id, &[admin, bot]).await?;
        let password = first_password(&self.keys, &row.key_id, id)?;
        let hash = self.passwords.hash(&password).await?;

        let mut tx = self.db.begin().await?;
        if !tenants::insert(&mut tx, &row).await? {
            tx.rollback().await?;
            // Either the same request was faster elsewhere, or the name belongs to somebody else.
            return self.made_before(&row).await?.ok_or_else(|| AuthError::NameTaken.into());
        }
        let login = self.first_login(&mut tx, &row, hash, now).await?;
        for (kind, as_admin) in FIRST_TOKENS {
            let user = as_admin.then_some(admin);
            let new = NewToken { user, ..NewToken::plain(first_token(id, kind), id, kind, "default") };
            self.insert_token(&mut tx, new, &row.key_id, now).await?;
        }
        tx.commit().await?;
        self.secrets_of(row, login)
    }

    /// The answer to the same request when it was made before. The same id with anything else is another request.
    async fn made_before(&self, new: &TenantRow) -> Answer<Option<TenantSecrets>> {
        let conn = self.db.read().await?;
        let Some(row) = tenants::find(&conn, new.id).await? else { return Ok(None) };
        if row.deleted_at.is_some() {
            return Err(AuthError::TenantNotFound.into());
        }
        if (&row.name_key, row.admin_id, row.bot_id) != (&new.name_key, new.admin_id, new.bot_id) {
            return Err(AuthError::KeyReused.into());
        }
        let login = logins::of(&conn, row.id, &[row.admin_id]).await?.pop();
        self.secrets_of(row, login.map(|login| login.login).unwrap_or_default()).map(Some)
    }

    /// `admin@<name>`, with a number behind it when somebody has that.
    async fn first_login(&self, tx: &mut Tx, tenant: &TenantRow, hash: String, now: Timestamp) -> Answer<String> {
        let admin = tenant.admin_id;
        if let Some(held) = logins::of(tx, tenant.id, &[admin]).await?.pop() {
            logins::set_password(tx, admin, &hash, now).await?;
            return Ok(held.login);
        }
        let slug = slug(&tenant.name);
        let numbered = (2..=9).map(|n| format!("admin@{slug}-{n}"));
        let unique = format!("admin@{slug}-{}", tenant.id.uuid().simple());
        for login in std::iter::once(format!("admin@{slug}")).chain(numbered).chain([unique]) {
            let row = LoginRow {
                user_id: admin,
                tenant_id: tenant.id,
                login_key: key(&login),
                login,
                password_hash: Some(hash.clone()),
                generation: 1,
                created_at: now,
                updated_at: now,
            };
            if logins::insert(tx, &row).await? {
                return Ok(row.login);
            }
        }
        Err(AuthError::LoginTaken.into())
    }

    fn secrets_of(&self, row: TenantRow, login: String) -> Answer<TenantSecrets> {
        let origin = Origin { key_id: &row.key_id, generation: 1 };
        let secret = |kind| origin.token(&self.keys, kind, first_token(row.id, kind));
        Ok(TenantSecrets {
            login,
            password: first_password(&self.keys, &row.key_id, row.id)?,
            operator: secret(TokenKind::Operator)?,
            imbee_authorization: secret(TokenKind::ImbeeAuthorization)?,
            imbee_corporate: secret(TokenKind::ImbeeCorporate)?,
            voipbin_access_key: secret(TokenKind::VoipbinAccessKey)?,
            connectnow: secret(TokenKind::Connectnow)?,
            zenvia: secret(TokenKind::Zenvia)?,
            tenant: row.into(),
        })
    }

    pub(super) async fn list_tenants(&self, ListTenants { after, limit }: ListTenants) -> Answer<Page<Tenant>> {
        let conn = self.db.read().await?;
        let rows = tenants::page(&conn, after, limit).await?;
        Ok(Page::cut(rows, limit).map(Tenant::from))
    }

    pub(super) async fn get_tenant(&self, GetTenant { id }: GetTenant) -> Answer<Tenant> {
        let conn = self.db.read().await?;
        let found = tenants::find(&conn, id).await?.filter(|row| row.deleted_at.is_none());
        Ok(found.ok_or(AuthError::TenantNotFound)?.into())
    }

    pub(super) async fn tenant_by_name(&self, FindTenant { name }: FindTenant) -> Answer<Option<Tenant>> {
        let conn = self.db.read().await?;
        Ok(tenants::by_name(&conn, &key(&name)).await?.map(Tenant::from))
    }

    /// From the commit on nothing of the tenant counts; every service, this one too, erases when it hears of it.
    pub(super) async fn end_tenant(&self, DeleteTenant { id }: DeleteTenant) -> Answer<Tenant> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let Some(row) = tenants::delete(&mut tx, id, now).await? else {
            let before = tenants::find(&tx, id).await?;
            return before.map(Tenant::from).ok_or_else(|| Fault::from(AuthError::TenantNotFound));
        };
        self.outbox.append(&tx, &TenantDeleted { tenant: id }, now).await?;
        tx.commit().await?;
        self.outbox.wake();
        Ok(row.into())
    }

    /// Holds a living tenant and takes the next `created_at` of a token from its head.
    pub(super) async fn token_at(&self, tx: &mut Tx, tenant: TenantId, now: Timestamp) -> Answer<Timestamp> {
        Ok(tenants::next_token_at(tx, tenant, now).await?.ok_or(AuthError::TenantNotFound)?)
    }

    /// Refuses a user who is not there; a user of a tenant that is being made counts.
    pub(super) async fn known(&self, tenant: TenantId, user: Option<UserId>) -> Answer<()> {
        match user {
            Some(user) => self.living(tenant, &[user]).await.map(drop),
            None => Ok(()),
        }
    }
}

/// A tenant's first credential of a kind has an id that follows from the tenant's.
fn first_token(tenant: TenantId, kind: TokenKind) -> TokenId {
    TokenId::derived(tenant.uuid(), kind.as_str().as_bytes())
}

/// A name as the part of a login behind the `@`.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars().take(50) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "tenant".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_slug_is_plain() {
        assert_eq!(slug("Demo"), "demo");
        assert_eq!(slug("Ann & Bob,  Ltd."), "ann-bob-ltd");
        assert_eq!(slug("日本"), "tenant");
        assert_eq!(slug(" -x- "), "x");
    }
}
