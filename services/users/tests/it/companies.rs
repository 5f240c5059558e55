//! Companies.

use contracts::UsersApi as _;
use contracts::users::{
    CompaniesByIds, Company, CompanyKey, CreateCompany, DeleteCompany, GetCompany, ListCompanies, UpdateCompany,
    UsersError,
};
use domain::{ChatId, Limit, Principal, Role, TenantId, UserId, Window};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES, at, request};

fn draft(by: Principal, name: &str) -> CreateCompany {
    CreateCompany { by, name: name.into(), slug: None, logo_url: None, idempotency: None }
}

async fn company(fx: &Fixture, name: &str) -> Company {
    fx.users.create_company(draft(fx.admin(), name)).await.unwrap()
}

fn change(by: Principal, company: &Company) -> UpdateCompany {
    let key = CompanyKey::Id(company.id);
    UpdateCompany { by, key, name: Some("Renamed".into()), slug: None, logo_url: None, idempotency: None }
}

/// The names on a page, and whether there is more.
async fn page(fx: &Fixture, window: Window, limit: i64) -> (Vec<String>, bool) {
    let command = ListCompanies { by: fx.admin(), window, limit: Limit::clamped(limit) };
    let page = fx.users.companies(command).await.unwrap();
    (page.items.into_iter().map(|company| company.name).collect(), page.more)
}

on_each_engine! {
    migrations = TREES;

    async fn a_company_is_made_changed_and_deleted(db: Db) {
        let fx = Fixture::new(&db);
        let made = company(&fx, "Ann & Sons, Ltd.").await;
        assert_eq!((made.slug.as_str(), &made.logo_url, made.number > 0), ("ann-sons-ltd", &None, true));
        let get = |key| fx.users.company(GetCompany { by: fx.admin(), key });
        assert_eq!(get(CompanyKey::Number(made.number)).await.unwrap(), made);

        fx.clock.set(at(5));
        let logo_url = Some(Some("https://x/y.png".to_owned()));
        let new = UpdateCompany { logo_url, ..change(fx.admin(), &made) };
        let renamed = fx.users.update_company(new).await.unwrap();
        assert_eq!((renamed.name.as_str(), renamed.slug.as_str(), renamed.updated_at), ("Renamed", "ann-sons-ltd", at(5)));
        let emptied = UpdateCompany { name: None, logo_url: Some(None), ..change(fx.admin(), &made) };
        let emptied = fx.users.update_company(emptied).await.unwrap();
        assert_eq!((emptied.name.as_str(), emptied.logo_url), ("Renamed", None));

        let key = CompanyKey::Id(made.id);
        let gone = fx.users.delete_company(DeleteCompany { by: fx.admin(), key }).await.unwrap();
        assert_eq!(gone.deleted_at, Some(at(5)));
        assert_eq!(get(key).await.unwrap_err(), UsersError::CompanyNotFound);
        let twice = fx.users.delete_company(DeleteCompany { by: fx.admin(), key }).await;
        assert_eq!(twice.unwrap_err(), UsersError::CompanyNotFound);
        let by_ids = CompaniesByIds { tenant: fx.tenant, ids: vec![made.id] };
        assert!(fx.users.companies_by_ids(by_ids).await.unwrap().is_empty());
        assert!(matches!(fx.users.create_company(draft(fx.admin(), " ")).await, Err(UsersError::Invalid(_))));
    }

    async fn staff_makes_them_and_whoever_made_one_changes_it(db: Db) {
        let fx = Fixture::new(&db);
        let agent = |user| Principal { user: Some(user), role: Role::Agent, ..fx.admin() };
        let (ann, bob) = (agent(UserId::new()), agent(UserId::new()));
        let made = fx.users.create_company(draft(ann.clone(), "ACME")).await.unwrap();
        assert_eq!(made.creator, ann.user);
        assert_eq!(fx.users.update_company(change(bob.clone(), &made)).await.unwrap_err(), UsersError::Forbidden);
        let key = CompanyKey::Id(made.id);
        assert_eq!(
            fx.users.delete_company(DeleteCompany { by: bob, key }).await.unwrap_err(),
            UsersError::Forbidden
        );
        fx.users.update_company(change(ann.clone(), &made)).await.unwrap();
        fx.users.update_company(change(fx.admin(), &made)).await.unwrap();
        let customer = Principal { role: Role::Customer, ..ann.clone() };
        let confined = Principal { chat: Some(ChatId::new()), ..ann };
        for by in [customer, confined] {
            assert_eq!(fx.users.company(GetCompany { by: by.clone(), key }).await.unwrap_err(), UsersError::Forbidden);
            assert_eq!(fx.users.create_company(draft(by, "x")).await.unwrap_err(), UsersError::Forbidden);
        }
        let foreign = Principal { tenant: TenantId::new(), ..fx.admin() };
        assert_eq!(fx.users.company(GetCompany { by: foreign, key }).await.unwrap_err(), UsersError::CompanyNotFound);
    }

    async fn pages_are_numbered_and_filtered_by_time(db: Db) {
        let fx = Fixture::new(&db);
        for n in 0..5 {
            fx.clock.set(at(n * 10));
            company(&fx, &n.to_string()).await;
        }
        let window = Window::default();
        let names = |names: &[&str], more| (names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>(), more);
        assert_eq!(page(&fx, window, 2).await, names(&["0", "1"], true));
        assert_eq!(page(&fx, Window { skip: 4, ..window }, 2).await, names(&["4"], false));
        assert_eq!(page(&fx, Window { skip: 9, ..window }, 2).await, names(&[], false));
        assert_eq!(page(&fx, Window { latest: true, skip: 1, ..window }, 2).await, names(&["3", "2"], true));
        let between = Window { from: Some(at(10)), until: Some(at(30)), ..window };
        assert_eq!(page(&fx, between, 9).await, names(&["1", "2"], false));
    }

    async fn a_repeated_request_makes_one(db: Db) {
        let fx = Fixture::new(&db);
        let promised = |key, name: &str| CreateCompany { idempotency: Some(request(1, key)), ..draft(fx.admin(), name) };
        let made = fx.users.create_company(promised(1, "ACME")).await.unwrap();
        assert_eq!(fx.users.create_company(promised(1, "ACME")).await.unwrap(), made);
        assert_eq!(fx.users.create_company(promised(2, "Other")).await.unwrap_err(), UsersError::KeyReused);
        let change = |body| UpdateCompany { idempotency: Some(request(2, body)), ..change(fx.admin(), &made) };
        let first = fx.users.update_company(change(1)).await.unwrap();
        fx.clock.set(at(9));
        assert_eq!(fx.users.update_company(change(1)).await.unwrap(), first);
        assert_eq!(fx.users.update_company(change(2)).await.unwrap_err(), UsersError::KeyReused);
    }
}
