//! The edge to the service `users`: a list of people.

use std::sync::Mutex;

use async_trait::async_trait;
use contracts::UsersApi;
use contracts::users::{
    Book, ChangeBook, CompaniesByIds, Company, Contact, CreateCompany, CreateGroup, CreateUser, DeleteCompany,
    DeleteUser, EnsureUser, Ensured, FindUser, GetCompany, Group, GroupsBy, ListCompanies, ListGroups, ListUsers,
    OutsideBook, SetMembers, UpdateCompany, UpdateUser, User, UsersByIds, UsersByIdsha, UsersByNumbers, UsersError,
};
use domain::{Page, Role, TenantId, Timestamp, UserId};

/// Who there is.
#[derive(Default)]
pub struct People(Mutex<Vec<User>>);

impl People {
    /// Somebody new.
    pub fn add(&self, tenant: TenantId, name: &str, role: Role) -> UserId {
        let at = Timestamp::from_micros(0);
        let id = UserId::new();
        let user = User {
            id,
            tenant,
            number: 1,
            partner: 1,
            idsha: String::new(),
            name: name.to_owned(),
            surname: None,
            email: None,
            phone: None,
            role,
            detail: String::new(),
            extras: serde_json::Map::new(),
            created_at: at,
            updated_at: at,
            deleted_at: None,
        };
        self.0.lock().unwrap().push(user);
        id
    }

    /// Somebody is deleted.
    pub fn remove(&self, id: UserId) {
        let mut all = self.0.lock().unwrap();
        let gone = all.iter_mut().find(|user| user.id == id).unwrap();
        gone.deleted_at = Some(Timestamp::from_micros(1));
    }

    /// Somebody gets another role.
    pub fn promote(&self, id: UserId, role: Role) {
        self.0.lock().unwrap().iter_mut().find(|user| user.id == id).unwrap().role = role;
    }
}

fn unused<T>() -> Result<T, UsersError> {
    Err(UsersError::Unavailable("auth does not ask this".to_owned()))
}

#[async_trait]
impl UsersApi for People {
    async fn by_ids(&self, asked: UsersByIds) -> Result<Vec<User>, UsersError> {
        let all = self.0.lock().unwrap();
        Ok(all.iter().filter(|u| u.tenant == asked.tenant && asked.ids.contains(&u.id)).cloned().collect())
    }
    async fn list(&self, asked: ListUsers) -> Result<Page<User>, UsersError> {
        let all = self.0.lock().unwrap();
        let living = all.iter().filter(|u| u.tenant == asked.tenant && u.deleted_at.is_none());
        Ok(Page::cut(living.filter(|u| asked.roles.contains(&u.role)).cloned().collect(), asked.limit))
    }
    async fn create(&self, _: CreateUser) -> Result<User, UsersError> {
        unused()
    }
    async fn ensure(&self, _: EnsureUser) -> Result<Ensured, UsersError> {
        unused()
    }
    async fn find(&self, _: FindUser) -> Result<Option<User>, UsersError> {
        unused()
    }
    async fn by_idsha(&self, _: UsersByIdsha) -> Result<Vec<User>, UsersError> {
        unused()
    }
    async fn update(&self, _: UpdateUser) -> Result<User, UsersError> {
        unused()
    }
    async fn delete(&self, _: DeleteUser) -> Result<User, UsersError> {
        unused()
    }
    async fn create_group(&self, _: CreateGroup) -> Result<Group, UsersError> {
        unused()
    }
    async fn set_members(&self, _: SetMembers) -> Result<Group, UsersError> {
        unused()
    }
    async fn groups(&self, _: ListGroups) -> Result<Page<Group>, UsersError> {
        unused()
    }
    async fn by_numbers(&self, _: UsersByNumbers) -> Result<Vec<User>, UsersError> {
        unused()
    }
    async fn groups_by(&self, _: GroupsBy) -> Result<Vec<Group>, UsersError> {
        unused()
    }
    async fn book(&self, _: Book) -> Result<Page<Contact>, UsersError> {
        unused()
    }
    async fn outside_book(&self, _: OutsideBook) -> Result<Page<User>, UsersError> {
        unused()
    }
    async fn change_book(&self, _: ChangeBook) -> Result<(), UsersError> {
        unused()
    }
    async fn create_company(&self, _: CreateCompany) -> Result<Company, UsersError> {
        unused()
    }
    async fn company(&self, _: GetCompany) -> Result<Company, UsersError> {
        unused()
    }
    async fn companies(&self, _: ListCompanies) -> Result<Page<Company>, UsersError> {
        unused()
    }
    async fn companies_by_ids(&self, _: CompaniesByIds) -> Result<Vec<Company>, UsersError> {
        unused()
    }
    async fn update_company(&self, _: UpdateCompany) -> Result<Company, UsersError> {
        unused()
    }
    async fn delete_company(&self, _: DeleteCompany) -> Result<Company, UsersError> {
        unused()
    }
}
