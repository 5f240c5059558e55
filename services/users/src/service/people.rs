//! Users: make, find, change, delete.
//!
//! Every write takes the tenant's turn first (its head row), so that looking before writing is enough: nobody takes the
//! e-mail or the client's id in between, and events leave in the order of the changes.

use contracts::users::{
    CreateUser, DeleteUser, EnsureUser, Ensured, FindUser, ListUsers, UpdateUser, User, UserKey, UsersByIds,
    UsersByIdsha, UsersByNumbers, UsersError,
};
use contracts::{Extras, Invalid};
use domain::{Page, Role, Surface, TenantId, Timestamp, UserId};
use proto_events::{UserDeleted, UserUpdated};
use serde_json::Value;
use store::{Conn, StoreResult, Tx};

use super::{Outcome, Users, checks};
use crate::once;
use crate::store::rows::{NewUser, UserChange};
use crate::store::{books, external, groups, heads, keys, people};

/// A user about to be made, every value checked.
struct Draft {
    tenant: TenantId,
    id: UserId,
    idsha: String,
    name: String,
    surname: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    role: Role,
    detail: String,
    extras: String,
}

impl Users {
    pub(super) async fn create_user(&self, cmd: CreateUser) -> Outcome<User> {
        let id = cmd.id.unwrap_or_else(UserId::new);
        let draft = Draft {
            tenant: cmd.tenant,
            id,
            idsha: keys::idsha(id),
            name: checks::name(cmd.name)?,
            surname: checks::surname(cmd.surname)?,
            email: checks::email(cmd.email)?,
            phone: checks::phone(cmd.phone)?,
            role: cmd.role,
            detail: checks::detail(cmd.detail)?,
            extras: checks::extras(&cmd.extras)?,
        };
        let request = cmd.idempotency.as_ref();
        let mut tx = self.db.begin().await?;
        if let Some(user) = once::first_answer(&mut tx, request, self.clock.now()).await? {
            return Ok(user);
        }
        let last = heads::lock(&mut tx, draft.tenant).await?;
        let user = match people::of_id(&tx, id).await? {
            Some(user) if user.tenant == draft.tenant => user,
            Some(_) => return Err(UsersError::from(Invalid::new("id", "is taken")).into()),
            None => {
                email_free(&tx, draft.tenant, draft.email.as_deref(), None).await?;
                insert(&mut tx, draft, self.clock.now().after(last)).await?
            }
        };
        once::keep(&mut tx, request, user.tenant, &user).await?;
        tx.commit().await?;
        Ok(user)
    }

    pub(super) async fn ensure_user(&self, cmd: EnsureUser) -> Outcome<Ensured> {
        checks::external(&cmd.external)?;
        let found = |user| Ok(Ensured { user, created: false });
        // Mostly somebody who is known: then nobody has to wait for a turn.
        let known = meant(&self.db.read().await?, cmd.tenant, cmd.surface, &cmd.external).await?;
        if let Some(user) = known {
            return found(user);
        }
        let (name, phone) = (checks::name(cmd.name)?, checks::phone(cmd.phone)?);
        let mut tx = self.db.begin().await?;
        let last = heads::lock(&mut tx, cmd.tenant).await?;
        if let Some(user) = meant(&tx, cmd.tenant, cmd.surface, &cmd.external).await? {
            return found(user);
        }
        let id = UserId::new();
        let mut email = checks::email(cmd.email).ok().flatten();
        if holder(&tx, cmd.tenant, email.as_deref()).await?.is_some() {
            email = None;
        }
        let draft = Draft {
            tenant: cmd.tenant,
            id,
            idsha: idsha(&tx, cmd.tenant, cmd.surface, &cmd.external, id).await?,
            name,
            surname: None,
            email,
            phone,
            role: cmd.role,
            detail: String::new(),
            extras: checks::extras(&Extras::new())?,
        };
        let user = insert(&mut tx, draft, self.clock.now().after(last)).await?;
        external::insert(&mut tx, cmd.tenant, cmd.surface, &cmd.external, id).await?;
        tx.commit().await?;
        Ok(Ensured { user, created: true })
    }

    pub(super) async fn find_user(&self, cmd: FindUser) -> Outcome<Option<User>> {
        let conn = self.db.read().await?;
        Ok(match &cmd.key {
            UserKey::External(surface, external) => meant(&conn, cmd.tenant, *surface, external).await?,
            // No column holds a NUL, and PostgreSQL would refuse to compare with one.
            UserKey::Idsha(text) | UserKey::Email(text) | UserKey::Phone(text) if text.contains('\0') => None,
            key => people::find(&conn, cmd.tenant, key).await?,
        })
    }

    pub(super) async fn users_by_ids(&self, cmd: UsersByIds) -> Outcome<Vec<User>> {
        checks::ids("ids", cmd.ids.len())?;
        Ok(people::by_ids(&self.db.read().await?, cmd.tenant, cmd.ids).await?)
    }

    pub(super) async fn users_by_idsha(&self, cmd: UsersByIdsha) -> Outcome<Vec<User>> {
        checks::ids("idshas", cmd.idshas.len())?;
        let idshas = cmd.idshas.into_iter().filter(|idsha| !idsha.contains('\0')).collect();
        Ok(people::by_idsha(&self.db.read().await?, cmd.tenant, idshas).await?)
    }

    pub(super) async fn users_by_numbers(&self, cmd: UsersByNumbers) -> Outcome<Vec<User>> {
        checks::ids("numbers", cmd.numbers.len())?;
        Ok(people::by_numbers(&self.db.read().await?, cmd.tenant, cmd.numbers).await?)
    }

    pub(super) async fn list_users(&self, cmd: ListUsers) -> Outcome<Page<User>> {
        if [&cmd.email, &cmd.search].into_iter().flatten().any(|text| text.contains('\0')) {
            return Ok(Page { items: Vec::new(), more: false });
        }
        let filter = people::Filter { roles: &cmd.roles, email: cmd.email.as_deref(), search: cmd.search.as_deref() };
        let conn = self.db.read().await?;
        let rows = people::page(&conn, cmd.tenant, &filter, cmd.order, cmd.limit).await?;
        Ok(Page::cut(rows, cmd.limit))
    }

    pub(super) async fn update_user(&self, cmd: UpdateUser) -> Outcome<User> {
        let name = cmd.name.map(checks::name).transpose()?;
        let surname = cmd.surname.map(checks::surname).transpose()?;
        let email = cmd.email.map(checks::email).transpose()?;
        let phone = cmd.phone.map(checks::phone).transpose()?;
        let detail = cmd.detail.map(checks::detail).transpose()?;

        let request = cmd.idempotency.as_ref();
        let mut tx = self.db.begin().await?;
        if let Some(user) = once::first_answer(&mut tx, request, self.clock.now()).await? {
            return Ok(user);
        }
        heads::lock(&mut tx, cmd.tenant).await?;
        let old = of_tenant(&tx, cmd.tenant, cmd.id).await?;
        if old.deleted_at.is_some() {
            return Err(UsersError::UserNotFound.into());
        }
        let mut extras = old.extras;
        merge(&mut extras, cmd.extras.unwrap_or_default());
        let new_email = email.unwrap_or(old.email);
        email_free(&tx, cmd.tenant, new_email.as_deref(), Some(cmd.id)).await?;
        let name = name.unwrap_or(old.name);
        let surname = surname.unwrap_or(old.surname);
        let change = UserChange {
            email_key: new_email.as_deref().map(keys::email),
            search_key: keys::search(&name, surname.as_deref(), new_email.as_deref()),
            name,
            surname,
            email: new_email,
            phone: phone.unwrap_or(old.phone),
            role: cmd.role.unwrap_or(old.role),
            detail: detail.unwrap_or(old.detail),
            extras: checks::extras(&extras)?,
            updated_at: self.clock.now().max(old.updated_at),
        };
        let user = people::update(&mut tx, cmd.id, change).await?;
        let event = UserUpdated { tenant: user.tenant, user: user.id };
        self.outbox.append(&tx, &event, user.updated_at).await?;
        once::keep(&mut tx, request, user.tenant, &user).await?;
        tx.commit().await?;
        self.outbox.wake();
        Ok(user)
    }

    pub(super) async fn delete_user(&self, cmd: DeleteUser) -> Outcome<User> {
        let mut tx = self.db.begin().await?;
        heads::lock(&mut tx, cmd.tenant).await?;
        let old = of_tenant(&tx, cmd.tenant, cmd.id).await?;
        if old.deleted_at.is_some() {
            return Ok(old);
        }
        let user = people::mark_deleted(&mut tx, cmd.id, self.clock.now().max(old.updated_at)).await?;
        external::forget(&mut tx, cmd.id).await?;
        groups::forget(&mut tx, cmd.id).await?;
        books::forget(&mut tx, vec![cmd.id]).await?;
        let event = UserDeleted { tenant: user.tenant, user: user.id };
        self.outbox.append(&tx, &event, user.updated_at).await?;
        tx.commit().await?;
        self.outbox.wake();
        Ok(user)
    }
}

/// The living user a client of `surface` means by `external`. imBee's clients may also name somebody who came by another
/// way, by the `idsha` they have here.
async fn meant(conn: &Conn, tenant: TenantId, surface: Surface, external: &str) -> StoreResult<Option<User>> {
    let key = UserKey::External(surface, external.to_owned());
    let known = people::find(conn, tenant, &key).await?;
    if known.is_some() || surface != Surface::Imbee || external.contains('\0') {
        return Ok(known);
    }
    let named = people::find(conn, tenant, &UserKey::Idsha(external.to_owned())).await?;
    Ok(named.filter(|user| user.deleted_at.is_none()))
}

/// The `idsha` of a new user. imBee's follows from what its client calls them, unless a deleted user keeps that one.
async fn idsha(conn: &Conn, tenant: TenantId, surface: Surface, external: &str, id: UserId) -> StoreResult<String> {
    if surface == Surface::Imbee {
        let derived = keys::external_idsha(tenant, external);
        if !people::has_idsha(conn, &derived).await? {
            return Ok(derived);
        }
    }
    Ok(keys::idsha(id))
}

/// Refuses an e-mail that another living user of the tenant has.
async fn email_free(conn: &Conn, tenant: TenantId, email: Option<&str>, but: Option<UserId>) -> Outcome<()> {
    match holder(conn, tenant, email).await? {
        Some(user) if Some(user) != but => Err(UsersError::EmailTaken.into()),
        _ => Ok(()),
    }
}

/// The living user of the tenant who has this e-mail.
async fn holder(conn: &Conn, tenant: TenantId, email: Option<&str>) -> StoreResult<Option<UserId>> {
    let Some(email) = email else { return Ok(None) };
    Ok(people::find(conn, tenant, &UserKey::Email(email.to_owned())).await?.map(|user| user.id))
}

/// The tenant's user, living or not.
async fn of_tenant(conn: &Conn, tenant: TenantId, id: UserId) -> Outcome<User> {
    let user = people::of_id(conn, id).await?.filter(|user| user.tenant == tenant);
    Ok(user.ok_or(UsersError::UserNotFound)?)
}

async fn insert(tx: &mut Tx, draft: Draft, at: Timestamp) -> StoreResult<User> {
    let Draft { tenant, id, idsha, name, surname, email, phone, role, detail, extras } = draft;
    let new = NewUser {
        id,
        tenant,
        partner: people::insert_partner(tx, id).await?,
        idsha,
        email_key: email.as_deref().map(keys::email),
        search_key: keys::search(&name, surname.as_deref(), email.as_deref()),
        name,
        surname,
        email,
        phone,
        role,
        detail,
        extras,
        created_at: at,
        updated_at: at,
    };
    let user = people::insert(tx, new).await?;
    heads::advance(tx, tenant, at).await?;
    Ok(user)
}

/// Merges a change into what is kept, part by part: objects are entered, anything else replaces what was there, null
/// removes it (RFC 7396). So changes of different parts never undo each other, however old what their makers saw.
fn merge(into: &mut Extras, change: Extras) {
    for (part, value) in change {
        match value {
            Value::Null => {
                into.remove(&part);
            }
            Value::Object(inner) => {
                let kept = into.entry(part).or_insert(Value::Null);
                if !kept.is_object() {
                    *kept = Value::Object(Extras::new());
                }
                if let Value::Object(kept) = kept {
                    merge(kept, inner);
                }
            }
            plain => {
                into.insert(part, plain);
            }
        }
    }
}
