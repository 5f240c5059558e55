//! The service: what it holds, and its calls. The rules are in the modules below.

mod books;
mod checks;
mod companies;
mod groups;
mod people;

use futures_util::future::BoxFuture;
use std::sync::Arc;

use async_trait::async_trait;
use bus::{Consumers, Outbox};
use contracts::UsersApi;
use contracts::users::{
    Book, ChangeBook, CompaniesByIds, Company, Contact, CreateCompany, CreateGroup, CreateUser, DeleteCompany,
    DeleteUser, EnsureUser, Ensured, FindUser, GetCompany, Group, GroupsBy, ListCompanies, ListGroups, ListUsers,
    OutsideBook, SetMembers, UpdateCompany, UpdateUser, User, UsersByIds, UsersByIdsha, UsersByNumbers, UsersError,
};
use domain::{Clock, Page};
use host::erase::Eraser;
use proto_events::TenantDeleted;
use store::{Db, Fault};
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::consumers::OnTenantDeleted;
use crate::store::erasures;

/// How a call ends inside the service.
pub type Outcome<T> = Result<T, Fault<UsersError>>;

/// People, groups of them, and companies.
pub struct Users {
    db: Db,
    outbox: Outbox,
    clock: Clock,
    eraser: Eraser,
}

impl Users {
    /// The service over `db`, which has this crate's tables.
    pub fn new(db: Db, outbox: Outbox, clock: Clock, settings: &Settings) -> Arc<Self> {
        let eraser = Eraser::new(db.clone(), clock.clone(), erasures::Rows, settings.pace());
        Arc::new(Self { db, outbox, clock, eraser })
    }

    /// What this service hears.
    pub fn consumers(&self) -> Consumers {
        Consumers::new("users").on::<TenantDeleted>(OnTenantDeleted::new(self.clock.clone()))
    }

    /// What goes on in the background, until `stop`.
    pub fn work(self: Arc<Self>, stop: CancellationToken) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            self.eraser.run(stop).await;
        })
    }
}

#[async_trait]
impl UsersApi for Users {
    async fn create(&self, command: CreateUser) -> Result<User, UsersError> {
        self.create_user(command).await.map_err(Fault::answer)
    }
    async fn ensure(&self, command: EnsureUser) -> Result<Ensured, UsersError> {
        self.ensure_user(command).await.map_err(Fault::answer)
    }
    async fn find(&self, command: FindUser) -> Result<Option<User>, UsersError> {
        self.find_user(command).await.map_err(Fault::answer)
    }
    async fn by_ids(&self, command: UsersByIds) -> Result<Vec<User>, UsersError> {
        self.users_by_ids(command).await.map_err(Fault::answer)
    }
    async fn by_idsha(&self, command: UsersByIdsha) -> Result<Vec<User>, UsersError> {
        self.users_by_idsha(command).await.map_err(Fault::answer)
    }
    async fn list(&self, command: ListUsers) -> Result<Page<User>, UsersError> {
        self.list_users(command).await.map_err(Fault::answer)
    }
    async fn update(&self, command: UpdateUser) -> Result<User, UsersError> {
        self.update_user(command).await.map_err(Fault::answer)
    }
    async fn delete(&self, command: DeleteUser) -> Result<User, UsersError> {
        self.delete_user(command).await.map_err(Fault::answer)
    }
    async fn create_group(&self, command: CreateGroup) -> Result<Group, UsersError> {
        self.make_group(command).await.map_err(Fault::answer)
    }
    async fn set_members(&self, command: SetMembers) -> Result<Group, UsersError> {
        self.replace_members(command).await.map_err(Fault::answer)
    }
    async fn groups(&self, command: ListGroups) -> Result<Page<Group>, UsersError> {
        self.list_groups(command).await.map_err(Fault::answer)
    }
    async fn by_numbers(&self, command: UsersByNumbers) -> Result<Vec<User>, UsersError> {
        self.users_by_numbers(command).await.map_err(Fault::answer)
    }
    async fn groups_by(&self, command: GroupsBy) -> Result<Vec<Group>, UsersError> {
        self.groups_by_keys(command).await.map_err(Fault::answer)
    }
    async fn book(&self, command: Book) -> Result<Page<Contact>, UsersError> {
        self.read_book(command).await.map_err(Fault::answer)
    }
    async fn outside_book(&self, command: OutsideBook) -> Result<Page<User>, UsersError> {
        self.read_outside(command).await.map_err(Fault::answer)
    }
    async fn change_book(&self, command: ChangeBook) -> Result<(), UsersError> {
        self.edit_book(command).await.map_err(Fault::answer)
    }
    async fn create_company(&self, command: CreateCompany) -> Result<Company, UsersError> {
        self.make_company(command).await.map_err(Fault::answer)
    }
    async fn company(&self, command: GetCompany) -> Result<Company, UsersError> {
        self.get_company(command).await.map_err(Fault::answer)
    }
    async fn companies(&self, command: ListCompanies) -> Result<Page<Company>, UsersError> {
        self.list_companies(command).await.map_err(Fault::answer)
    }
    async fn companies_by_ids(&self, command: CompaniesByIds) -> Result<Vec<Company>, UsersError> {
        self.some_companies(command).await.map_err(Fault::answer)
    }
    async fn update_company(&self, command: UpdateCompany) -> Result<Company, UsersError> {
        self.change_company(command).await.map_err(Fault::answer)
    }
    async fn delete_company(&self, command: DeleteCompany) -> Result<Company, UsersError> {
        self.remove_company(command).await.map_err(Fault::answer)
    }
}
