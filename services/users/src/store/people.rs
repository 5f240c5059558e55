//! Users.

use contracts::users::{User, UserKey, UserOrder};
use diesel::prelude::*;
use domain::{Limit, Role, TenantId, Timestamp, UserId};
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::keys;
use super::rows::{NewUser, UserChange, UserRow};
use super::schema::{external_ids, partners, users};

/// Gives the user a partner number.
pub async fn insert_partner(tx: &mut Tx, user: UserId) -> StoreResult<i64> {
    Ok(on_conn!(tx, |c| diesel::insert_into(partners::table)
        .values(partners::user_id.eq(user))
        .returning(partners::number)
        .get_result(c)
        .await)?)
}

/// Adds a user.
pub async fn insert(tx: &mut Tx, new: NewUser) -> StoreResult<User> {
    let row: UserRow = on_conn!(tx, |c| diesel::insert_into(users::table)
        .values(new)
        .returning(UserRow::as_returning())
        .get_result(c)
        .await)?;
    row.try_into()
}

/// Changes a user.
pub async fn update(tx: &mut Tx, id: UserId, change: UserChange) -> StoreResult<User> {
    let row: UserRow = on_conn!(tx, |c| diesel::update(users::table.filter(users::id.eq(id)))
        .set(change)
        .returning(UserRow::as_returning())
        .get_result(c)
        .await)?;
    row.try_into()
}

/// Marks a user as deleted and frees their e-mail.
pub async fn mark_deleted(tx: &mut Tx, id: UserId, at: Timestamp) -> StoreResult<User> {
    let row: UserRow = on_conn!(tx, |c| diesel::update(users::table.filter(users::id.eq(id)))
        .set((users::deleted_at.eq(at), users::updated_at.eq(at), users::email_key.eq(None::<String>)))
        .returning(UserRow::as_returning())
        .get_result(c)
        .await)?;
    row.try_into()
}

/// The user of that id in any tenant.
pub async fn of_id(conn: &Conn, id: UserId) -> StoreResult<Option<User>> {
    let row: Option<UserRow> = on_conn!(conn, |c| users::table
        .filter(users::id.eq(id))
        .select(UserRow::as_select())
        .first(c)
        .await
        .optional())?;
    row.map(User::try_from).transpose()
}

/// Whether any user at all, living or not, has this `idsha`.
pub async fn has_idsha(conn: &Conn, idsha: &str) -> StoreResult<bool> {
    let held: i64 = on_conn!(conn, |c| users::table.filter(users::idsha.eq(idsha)).count().get_result(c).await)?;
    Ok(held > 0)
}

/// The user `key` names. By e-mail, telephone and a client's own id only a living one; of several with one telephone the
/// first.
pub async fn find(conn: &Conn, tenant: TenantId, key: &UserKey) -> StoreResult<Option<User>> {
    let row: Option<UserRow> = on_conn!(conn, |c| {
        let of_tenant = users::table.filter(users::tenant.eq(tenant)).into_boxed();
        let living = users::deleted_at.is_null();
        let named = match key {
            UserKey::Id(id) => of_tenant.filter(users::id.eq(*id)),
            UserKey::Number(number) => of_tenant.filter(users::number.eq(*number)),
            UserKey::Partner(number) => of_tenant.filter(users::partner.eq(*number)),
            UserKey::Idsha(idsha) => of_tenant.filter(users::idsha.eq(idsha)),
            UserKey::Email(email) => of_tenant.filter(users::email_key.eq(keys::email(email))).filter(living),
            UserKey::Phone(phone) => of_tenant.filter(users::phone.eq(phone)).filter(living),
            UserKey::External(surface, external) => {
                let known = external_ids::table
                    .filter(external_ids::tenant.eq(tenant))
                    .filter(external_ids::surface.eq(*surface))
                    .filter(external_ids::external_key.eq(keys::external(external).to_vec()));
                of_tenant.filter(users::id.eq_any(known.select(external_ids::user_id))).filter(living)
            }
        };
        named.order(users::number).select(UserRow::as_select()).first(c).await.optional()
    })?;
    row.map(User::try_from).transpose()
}

/// The users of these ids, deleted ones too.
pub async fn by_ids(conn: &Conn, tenant: TenantId, ids: Vec<UserId>) -> StoreResult<Vec<User>> {
    let rows: Vec<UserRow> = on_conn!(conn, |c| users::table
        .filter(users::id.eq_any(ids))
        .filter(users::tenant.eq(tenant))
        .select(UserRow::as_select())
        .load(c)
        .await)?;
    rows.into_iter().map(User::try_from).collect()
}

/// The living users with these numbers.
pub async fn by_numbers(conn: &Conn, tenant: TenantId, numbers: Vec<i64>) -> StoreResult<Vec<User>> {
    let rows: Vec<UserRow> = on_conn!(conn, |c| users::table
        .filter(users::number.eq_any(numbers))
        .filter(users::tenant.eq(tenant))
        .filter(users::deleted_at.is_null())
        .select(UserRow::as_select())
        .load(c)
        .await)?;
    rows.into_iter().map(User::try_from).collect()
}

/// The living users with these `idsha`s.
pub async fn by_idsha(conn: &Conn, tenant: TenantId, idshas: Vec<String>) -> StoreResult<Vec<User>> {
    let rows: Vec<UserRow> = on_conn!(conn, |c| users::table
        .filter(users::idsha.eq_any(idshas))
        .filter(users::tenant.eq(tenant))
        .filter(users::deleted_at.is_null())
        .select(UserRow::as_select())
        .load(c)
        .await)?;
    rows.into_iter().map(User::try_from).collect()
}

/// What a list of users is narrowed to.
#[derive(Debug)]
pub struct Filter<'a> {
    /// Only these roles; empty is all.
    pub roles: &'a [Role],
    /// Only this e-mail, without case.
    pub email: Option<&'a str>,
    /// Only whose full name or e-mail contains this, without case.
    pub search: Option<&'a str>,
}

/// Living users and one more than `limit`, if there is one.
pub async fn page(
    conn: &Conn,
    tenant: TenantId,
    filter: &Filter<'_>,
    order: UserOrder,
    limit: Limit,
) -> StoreResult<Vec<User>> {
    let rows: Vec<UserRow> = on_conn!(conn, |c| {
        let mut all = users::table.filter(users::tenant.eq(tenant)).filter(users::deleted_at.is_null()).into_boxed();
        if !filter.roles.is_empty() {
            all = all.filter(users::role.eq_any(filter.roles.to_vec()));
        }
        if let Some(email) = filter.email {
            all = all.filter(users::email_key.eq(keys::email(email)));
        }
        if let Some(text) = filter.search {
            all = all.filter(users::search_key.like(keys::contains(text)).escape('\\'));
        }
        let ordered = match order {
            UserOrder::After(None) => all.order(users::id.asc()),
            UserOrder::After(Some(id)) => all.filter(users::id.gt(id)).order(users::id.asc()),
            UserOrder::Before(None) => all.order(users::created_at.desc()),
            UserOrder::Before(Some(at)) => all.filter(users::created_at.lt(at)).order(users::created_at.desc()),
        };
        ordered.limit(limit.plus_one()).select(UserRow::as_select()).load(c).await
    })?;
    rows.into_iter().map(User::try_from).collect()
}
