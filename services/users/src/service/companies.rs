//! Companies. Staff reads and makes them; whoever made one, and managers, change it.

use contracts::users::{
    CompaniesByIds, Company, CompanyKey, CreateCompany, DeleteCompany, GetCompany, ListCompanies, UpdateCompany,
    UsersError,
};
use domain::{CompanyId, Page, Principal};
use store::Tx;

use super::{Outcome, Users, checks};
use crate::once;
use crate::store::rows::{CompanyChange, NewCompany};
use crate::store::{companies, heads};

impl Users {
    pub(super) async fn make_company(&self, cmd: CreateCompany) -> Outcome<Company> {
        staff(&cmd.by)?;
        let name = checks::name(cmd.name)?;
        let slug = checks::slug(cmd.slug, &name)?;
        let logo_url = checks::url("logo_url", cmd.logo_url)?;
        let (tenant, request, now) = (cmd.by.tenant, cmd.idempotency.as_ref(), self.clock.now());
        let mut tx = self.db.begin().await?;
        if let Some(company) = once::first_answer(&mut tx, request, now).await? {
            return Ok(company);
        }
        let id = CompanyId::new();
        let new =
            NewCompany { id, tenant, name, slug, logo_url, creator: cmd.by.user, created_at: now, updated_at: now };
        let company = companies::insert(&mut tx, new).await?;
        once::keep(&mut tx, request, tenant, &company).await?;
        tx.commit().await?;
        Ok(company)
    }

    pub(super) async fn get_company(&self, cmd: GetCompany) -> Outcome<Company> {
        staff(&cmd.by)?;
        let found = companies::find(&self.db.read().await?, cmd.by.tenant, cmd.key).await?;
        Ok(found.filter(|company| company.deleted_at.is_none()).ok_or(UsersError::CompanyNotFound)?)
    }

    pub(super) async fn list_companies(&self, cmd: ListCompanies) -> Outcome<Page<Company>> {
        staff(&cmd.by)?;
        let conn = self.db.read().await?;
        let rows = companies::page(&conn, cmd.by.tenant, cmd.window, cmd.limit).await?;
        Ok(Page::cut(rows, cmd.limit))
    }

    pub(super) async fn some_companies(&self, cmd: CompaniesByIds) -> Outcome<Vec<Company>> {
        checks::ids("ids", cmd.ids.len())?;
        Ok(companies::by_ids(&self.db.read().await?, cmd.tenant, cmd.ids).await?)
    }

    pub(super) async fn change_company(&self, cmd: UpdateCompany) -> Outcome<Company> {
        let name = cmd.name.map(checks::name).transpose()?;
        let logo_url = cmd.logo_url.map(|url| checks::url("logo_url", url)).transpose()?;
        let (tenant, request, now) = (cmd.by.tenant, cmd.idempotency.as_ref(), self.clock.now());
        let mut tx = self.db.begin().await?;
        if let Some(company) = once::first_answer(&mut tx, request, now).await? {
            return Ok(company);
        }
        let old = changeable(&mut tx, &cmd.by, cmd.key).await?;
        let slug = cmd.slug.map(|slug| checks::slug(Some(slug), &old.name)).transpose()?;
        let change = CompanyChange {
            name: name.unwrap_or(old.name),
            slug: slug.unwrap_or(old.slug),
            logo_url: logo_url.unwrap_or(old.logo_url),
            updated_at: now.max(old.updated_at),
            deleted_at: None,
        };
        let company = companies::update(&mut tx, old.id, change).await?;
        once::keep(&mut tx, request, tenant, &company).await?;
        tx.commit().await?;
        Ok(company)
    }

    pub(super) async fn remove_company(&self, cmd: DeleteCompany) -> Outcome<Company> {
        let mut tx = self.db.begin().await?;
        let old = changeable(&mut tx, &cmd.by, cmd.key).await?;
        let at = self.clock.now().max(old.updated_at);
        let Company { id, name, slug, logo_url, .. } = old;
        let change = CompanyChange { name, slug, logo_url, updated_at: at, deleted_at: Some(at) };
        let company = companies::update(&mut tx, id, change).await?;
        tx.commit().await?;
        Ok(company)
    }
}

/// The company that is not deleted, held with its tenant, if `by` may change it.
async fn changeable(tx: &mut Tx, by: &Principal, key: CompanyKey) -> Outcome<Company> {
    staff(by)?;
    heads::lock(tx, by.tenant).await?;
    let found = companies::find(tx, by.tenant, key).await?.filter(|company| company.deleted_at.is_none());
    let company = found.ok_or(UsersError::CompanyNotFound)?;
    if by.manages() || company.creator.is_some_and(|creator| by.is(creator)) {
        Ok(company)
    } else {
        Err(UsersError::Forbidden.into())
    }
}

/// Whoever works for the tenant, with a credential that is not confined to one chat.
fn staff(by: &Principal) -> Outcome<()> {
    if by.chat.is_none() && by.role.is_staff() { Ok(()) } else { Err(UsersError::Forbidden.into()) }
}
