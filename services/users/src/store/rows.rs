//! Rows, and how they become views.

use contracts::users::{Company, Group, User};
use diesel::prelude::*;
use domain::{CompanyId, GroupId, Role, TenantId, Timestamp, UserId};
use store::StoreError;

use super::schema::{companies, user_groups, users};

/// A user as stored.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = users)]
pub struct UserRow {
    number: i64,
    id: UserId,
    tenant: TenantId,
    partner: i64,
    idsha: String,
    name: String,
    surname: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    role: Role,
    detail: String,
    extras: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    deleted_at: Option<Timestamp>,
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;
    fn try_from(
        UserRow {
            number,
            id,
            tenant,
            partner,
            idsha,
            name,
            surname,
            email,
            phone,
            role,
            detail,
            extras,
            created_at,
            updated_at,
            deleted_at,
        }: UserRow,
    ) -> Result<Self, StoreError> {
        let extras = serde_json::from_str(&extras).map_err(|e| StoreError::Corrupt {
            table: "users",
            column: "extras",
            detail: format!("user {id}: {e}"),
        })?;
        Ok(Self {
            id,
            tenant,
            number,
            partner,
            idsha,
            name,
            surname,
            email,
            phone,
            role,
            detail,
            extras,
            created_at,
            updated_at,
            deleted_at,
        })
    }
}

/// A user to be stored. The database gives the numbers.
#[derive(Debug, Insertable)]
#[diesel(table_name = users)]
pub struct NewUser {
    pub id: UserId,
    pub tenant: TenantId,
    pub partner: i64,
    pub idsha: String,
    pub name: String,
    pub surname: Option<String>,
    pub email: Option<String>,
    pub email_key: Option<String>,
    pub search_key: String,
    pub phone: Option<String>,
    pub role: Role,
    pub detail: String,
    pub extras: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Every column of a user that may change while they live.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = users, treat_none_as_null = true)]
pub struct UserChange {
    pub name: String,
    pub surname: Option<String>,
    pub email: Option<String>,
    pub email_key: Option<String>,
    pub search_key: String,
    pub phone: Option<String>,
    pub role: Role,
    pub detail: String,
    pub extras: String,
    pub updated_at: Timestamp,
}

/// A group as stored, without its members.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = user_groups)]
pub struct GroupRow {
    number: i64,
    pub id: GroupId,
    name: String,
    created_at: Timestamp,
}

impl GroupRow {
    /// The group with its members, sorted by id.
    pub fn with(self, users: Vec<UserId>) -> Group {
        let Self { number, id, name, created_at } = self;
        Group { id, number, name, users, created_at }
    }
}

/// A group to be stored.
#[derive(Debug, Insertable)]
#[diesel(table_name = user_groups)]
pub struct NewGroup<'a> {
    pub id: GroupId,
    pub tenant: TenantId,
    pub name: &'a str,
    pub created_at: Timestamp,
}

/// A company as stored.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = companies)]
pub struct CompanyRow {
    number: i64,
    id: CompanyId,
    tenant: TenantId,
    name: String,
    slug: String,
    logo_url: Option<String>,
    creator: Option<UserId>,
    created_at: Timestamp,
    updated_at: Timestamp,
    deleted_at: Option<Timestamp>,
}

impl From<CompanyRow> for Company {
    fn from(
        CompanyRow { number, id, tenant, name, slug, logo_url, creator, created_at, updated_at, deleted_at }: CompanyRow,
    ) -> Self {
        Self { id, tenant, number, name, slug, logo_url, creator, created_at, updated_at, deleted_at }
    }
}

/// A company to be stored. The database gives the number.
#[derive(Debug, Insertable)]
#[diesel(table_name = companies)]
pub struct NewCompany {
    pub id: CompanyId,
    pub tenant: TenantId,
    pub name: String,
    pub slug: String,
    pub logo_url: Option<String>,
    pub creator: Option<UserId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Every column of a company that may change.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = companies, treat_none_as_null = true)]
pub struct CompanyChange {
    pub name: String,
    pub slug: String,
    pub logo_url: Option<String>,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}
