//! People and bots: who they are, and their id on every surface.

use domain::{
    Code, GroupId, Idempotency, Limit, Page, Principal, Role, ServiceError, Surface, TenantId, Timestamp, UserId,
};
use serde::{Deserialize, Serialize};

use crate::{Extras, Invalid, given};

mod books;
mod groups;
mod people;
pub use books::{Book, ChangeBook, Contact, OutsideBook};
pub use groups::{GroupKeys, GroupsBy};
pub use people::People;
mod companies;
pub use companies::{
    CompaniesByIds, Company, CompanyKey, CreateCompany, DeleteCompany, GetCompany, ListCompanies, UpdateCompany,
};

/// A person or a bot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The id.
    pub id: UserId,
    /// The tenant.
    pub tenant: TenantId,
    /// Integer id, unique in the instance: Zenvia's, ConnectNow's, and Odoo's `uid`.
    pub number: i64,
    /// Odoo's `partner_id`, unique in the instance.
    pub partner: i64,
    /// imBee's `idsha`: 40 lower-case hex digits, unique in the instance.
    pub idsha: String,
    /// First name, or the whole name.
    pub name: String,
    /// Family name.
    pub surname: Option<String>,
    /// E-mail, unique among the living users of a tenant, compared without case.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Free text about them.
    pub detail: String,
    /// What surfaces want back.
    pub extras: Extras,
    /// When they came; rises strictly within a tenant.
    pub created_at: Timestamp,
    /// When they last changed.
    pub updated_at: Timestamp,
    /// When they were deleted; name and messages stay.
    pub deleted_at: Option<Timestamp>,
}

impl User {
    /// Name and surname in one, for surfaces that know one name.
    pub fn full_name(&self) -> String {
        match &self.surname {
            Some(surname) if !surname.is_empty() => format!("{} {surname}", self.name).trim().to_owned(),
            _ => self.name.clone(),
        }
    }
}

/// Makes a user.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateUser {
    /// The tenant.
    pub tenant: TenantId,
    /// The id, when it follows from something else, so that a repeat finds the same user; a repeat answers that user.
    pub id: Option<UserId>,
    /// First name, or the whole name; not empty.
    pub name: String,
    /// Family name.
    pub surname: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// What they may do.
    pub role: Role,
    /// Free text.
    pub detail: String,
    /// What surfaces want back.
    pub extras: Extras,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}

/// Finds the user a vendor's client knows by an id of its own, or makes one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EnsureUser {
    /// The tenant.
    pub tenant: TenantId,
    /// Whose id it is.
    pub surface: Surface,
    /// The id: any non-empty text, looked up by (tenant, surface, id).
    pub external: String,
    /// Name for a new user.
    pub name: String,
    /// Role for a new user.
    pub role: Role,
    /// E-mail for a new user; ignored when somebody of the tenant has it already.
    pub email: Option<String>,
    /// Telephone for a new user.
    pub phone: Option<String>,
}

/// What [`EnsureUser`] found or made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ensured {
    /// The user.
    pub user: User,
    /// Whether this call made them.
    pub created: bool,
}

/// One way to name a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum UserKey {
    /// Our id; VoIPBin's too.
    Id(UserId),
    /// The integer id.
    Number(i64),
    /// Odoo's partner id.
    Partner(i64),
    /// imBee's `idsha`.
    Idsha(String),
    /// The e-mail of a living user, without case.
    Email(String),
    /// The telephone of a living user, exactly.
    Phone(String),
    /// A vendor client's own id.
    External(Surface, String),
}

/// Finds one user by any of their names. A deleted user is found by id, number, partner and idsha only.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FindUser {
    /// The tenant.
    pub tenant: TenantId,
    /// The name.
    pub key: UserKey,
}

/// Reads users by id, deleted ones too; unknown ids and those of other tenants are left out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UsersByIds {
    /// The tenant.
    pub tenant: TenantId,
    /// The ids, at most 1,000.
    pub ids: Vec<UserId>,
}

/// Reads users by imBee `idsha`, deleted ones left out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UsersByIdsha {
    /// The tenant.
    pub tenant: TenantId,
    /// The `idsha`s, at most 1,000.
    pub idshas: Vec<String>,
}

/// Reads users by integer id, deleted ones left out; unknown ids and those of other tenants too.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UsersByNumbers {
    /// The tenant.
    pub tenant: TenantId,
    /// The integer ids, at most 1,000.
    pub numbers: Vec<i64>,
}

/// Where a list of users starts and in which order it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum UserOrder {
    /// By id, rising, behind this one.
    After(Option<UserId>),
    /// Newest first, created before this moment.
    Before(Option<Timestamp>),
}

/// Lists the living users of a tenant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListUsers {
    /// The tenant.
    pub tenant: TenantId,
    /// Only these roles; empty is all.
    pub roles: Vec<Role>,
    /// Only with this e-mail, without case.
    pub email: Option<String>,
    /// Only whose name, surname or e-mail contains this, without case.
    pub search: Option<String>,
    /// Start and direction.
    pub order: UserOrder,
    /// How many at most.
    pub limit: Limit,
}

/// Changes a living user. `None` leaves a field as it is; `Some(None)` empties it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UpdateUser {
    /// The tenant.
    pub tenant: TenantId,
    /// The user.
    pub id: UserId,
    /// First name.
    pub name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub surname: Option<Option<String>>,
    /// E-mail.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub email: Option<Option<String>>,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "given")]
    pub phone: Option<Option<String>>,
    /// Role.
    pub role: Option<Role>,
    /// Free text.
    pub detail: Option<String>,
    /// Merged into what is there, part by part (RFC 7396): objects are entered, null removes, anything else replaces.
    pub extras: Option<Extras>,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}

/// Deletes a user: their name and messages stay, their e-mail is free again. Deleting twice answers the user again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteUser {
    /// The tenant.
    pub tenant: TenantId,
    /// The user.
    pub id: UserId,
}

/// A named set of users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The id.
    pub id: GroupId,
    /// Integer id, unique in the instance.
    pub number: i64,
    /// The name.
    pub name: String,
    /// The members, by id.
    pub users: Vec<UserId>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Makes a group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateGroup {
    /// Who asks: an admin or manager.
    pub by: Principal,
    /// The name, not empty.
    pub name: String,
    /// The promise of a repeated request.
    pub idempotency: Option<Idempotency>,
}

/// Replaces a group's members.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetMembers {
    /// Who asks: an admin or manager.
    pub by: Principal,
    /// The group.
    pub id: GroupId,
    /// All members from now on; each a living user of the tenant.
    pub users: Vec<UserId>,
}

/// Lists the groups of a tenant by id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListGroups {
    /// The tenant.
    pub tenant: TenantId,
    /// Only those with this member.
    pub member: Option<UserId>,
    /// Only behind this one.
    pub after: Option<GroupId>,
    /// How many at most.
    pub limit: Limit,
}

/// What can go wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum UsersError {
    /// No such user in this tenant.
    #[error("user does not exist")]
    UserNotFound,
    /// No such group in this tenant.
    #[error("group does not exist")]
    GroupNotFound,
    /// No such company in this tenant.
    #[error("company does not exist")]
    CompanyNotFound,
    /// Somebody of the tenant has this e-mail.
    #[error("email is already taken")]
    EmailTaken,
    /// The caller may not.
    #[error("this needs an admin or a manager, or whoever made it")]
    Forbidden,
    /// A value is refused.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The idempotency key came with another body.
    #[error("Idempotency-Key was used with another request")]
    KeyReused,
    /// A needed part does not answer.
    #[error("users is unavailable")]
    Unavailable(String),
    /// Our fault.
    #[error("internal error")]
    Internal,
}

impl ServiceError for UsersError {
    fn code(&self) -> Code {
        match self {
            Self::UserNotFound | Self::GroupNotFound | Self::CompanyNotFound => Code::NotFound,
            Self::EmailTaken | Self::Invalid(_) => Code::Invalid,
            Self::Forbidden => Code::Forbidden,
            Self::KeyReused => Code::KeyReused,
            Self::Unavailable(_) => Code::Unavailable,
            Self::Internal => Code::Internal,
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Self::EmailTaken => Some("email"),
            Self::Invalid(e) => Some(&e.field),
            _ => None,
        }
    }
    fn reason(&self) -> Option<&'static str> {
        match self {
            Self::EmailTaken => Some("email_taken"),
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
    /// People, groups and companies.
    users: UsersApi, HttpUsers, SpawnedUsers, LateUsers => UsersError {
        /// Makes a user.
        write create(CreateUser) -> User;
        /// Finds or makes the user behind a vendor client's own id. The same id at the same instant gives one user.
        write ensure(EnsureUser) -> Ensured;
        /// Finds one user.
        read find(FindUser) -> Option<User>;
        /// Reads users by id.
        read by_ids(UsersByIds) -> Vec<User>;
        /// Reads users by imBee `idsha`.
        read by_idsha(UsersByIdsha) -> Vec<User>;
        /// Reads users by integer id.
        read by_numbers(UsersByNumbers) -> Vec<User>;
        /// Lists users.
        read list(ListUsers) -> Page<User>;
        /// Changes a user.
        write update(UpdateUser) -> User;
        /// Deletes a user.
        write delete(DeleteUser) -> User;
        /// Makes a group.
        write create_group(CreateGroup) -> Group;
        /// Replaces a group's members.
        write set_members(SetMembers) -> Group;
        /// Lists groups.
        read groups(ListGroups) -> Page<Group>;
        /// Reads groups by id.
        read groups_by(GroupsBy) -> Vec<Group>;
        /// Lists the people in somebody's address book.
        read book(Book) -> Page<Contact>;
        /// Lists the people outside of somebody's address book.
        read outside_book(OutsideBook) -> Page<User>;
        /// Puts people into an address book and takes others out.
        write change_book(ChangeBook) -> ();
        /// Makes a company.
        write create_company(CreateCompany) -> Company;
        /// Reads one company.
        read company(GetCompany) -> Company;
        /// Lists companies.
        read companies(ListCompanies) -> Page<Company>;
        /// Reads companies by id.
        read companies_by_ids(CompaniesByIds) -> Vec<Company>;
        /// Changes a company.
        write update_company(UpdateCompany) -> Company;
        /// Deletes a company.
        write delete_company(DeleteCompany) -> Company;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emptying_a_field_is_not_leaving_it() {
        let none = || UpdateUser {
            tenant: TenantId::new(),
            id: UserId::new(),
            name: None,
            surname: Some(None),
            email: None,
            phone: Some(Some("7".to_owned())),
            role: None,
            detail: None,
            extras: None,
            idempotency: None,
        };
        let sent = serde_json::to_string(&none()).unwrap();
        let came: UpdateUser = serde_json::from_str(&sent).unwrap();
        assert_eq!((came.surname, came.email, came.phone), (Some(None), None, Some(Some("7".to_owned()))));
    }
}
