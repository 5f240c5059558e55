//! `/api/companies`, seed 003 "Companies".

use contracts::users::{
    Company, CompanyKey, CreateCompany, DeleteCompany, GetCompany, ListCompanies, UpdateCompany, UsersError,
};
use domain::Principal;

use super::input::Input;
use super::page::{self, PageOut};
use super::rules::{Rules, TEXT};
use super::wire::CompanyOut;
use super::{auth, error, json};
use crate::http::{Answer, Call, Problem};

pub async fn list(call: Call) -> Answer {
    let by = auth::reader(&call)?;
    let input = Input::of(&call);
    let mut rules = Rules::of(&input);
    rules.words("with", &[]);
    let wanted = page::wanted(&call, &input, rules)?;
    let found = call.apis.users.companies(ListCompanies { by, window: wanted.window, limit: wanted.limit }).await?;
    let data = found.items.into_iter().map(CompanyOut::from).collect();
    Ok(json::ok(&call.head, &PageOut::new(&call, wanted, data, found.more)))
}

pub async fn create(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    let input = Input::of(&call);
    let mut rules = Rules::of(&input);
    let name = rules.required_text("name", TEXT);
    let (slug, logo_url) = (rules.text("slug", TEXT), rules.url("logo_url"));
    rules.done()?;
    let command = CreateCompany { by, name, slug, logo_url, idempotency: call.idempotency()? };
    let company = call.apis.users.create_company(command).await?;
    Ok(json::created(&call.head, &CompanyOut::from(company)))
}

pub async fn get(call: Call) -> Answer {
    let by = auth::reader(&call)?;
    let company = call.apis.users.company(GetCompany { by, key: key(&call)? }).await;
    Ok(json::ok(&call.head, &CompanyOut::from(known(&call, company)?)))
}

/// Only what is sent changes.
pub async fn update(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    let key = visible(&call, &by).await?;
    let input = Input::of(&call);
    let mut rules = Rules::of(&input);
    let (name, slug) = (rules.filled_change("name", TEXT), rules.filled_change("slug", TEXT));
    let logo_url = input.sent("logo_url").map(|_| rules.url("logo_url"));
    rules.done()?;
    let command = UpdateCompany { by, key, name, slug, logo_url, idempotency: call.idempotency()? };
    let company = call.apis.users.update_company(command).await;
    Ok(json::ok(&call.head, &CompanyOut::from(known(&call, company)?)))
}

pub async fn delete(call: Call) -> Answer {
    let by = auth::writer(&call)?;
    let company = call.apis.users.delete_company(DeleteCompany { by, key: key(&call)? }).await;
    Ok(json::ok(&call.head, &CompanyOut::from(known(&call, company)?)))
}

/// The company in the path, which must be there before the fields are looked at.
async fn visible(call: &Call, by: &Principal) -> Result<CompanyKey, Problem> {
    let key = key(call)?;
    let found = call.apis.users.company(GetCompany { by: by.clone(), key }).await;
    known(call, found).map(|_| key)
}

fn key(call: &Call) -> Result<CompanyKey, Problem> {
    call.path("company").parse().map(CompanyKey::Number).map_err(|_| missing(call))
}

fn known(call: &Call, found: Result<Company, UsersError>) -> Result<Company, Problem> {
    found.map_err(|e| if e == UsersError::CompanyNotFound { missing(call) } else { e.into() })
}

fn missing(call: &Call) -> Problem {
    error::missing("Company", call.path("company"))
}
