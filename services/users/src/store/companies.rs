//! Companies.

use contracts::users::{Company, CompanyKey};
use diesel::prelude::*;
use domain::{CompanyId, Limit, TenantId, Window};
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::rows::{CompanyChange, CompanyRow, NewCompany};
use super::schema::companies;

/// Adds a company.
pub async fn insert(tx: &mut Tx, new: NewCompany) -> StoreResult<Company> {
    let row: CompanyRow = on_conn!(tx, |c| diesel::insert_into(companies::table)
        .values(new)
        .returning(CompanyRow::as_returning())
        .get_result(c)
        .await)?;
    Ok(row.into())
}

/// Changes a company.
pub async fn update(tx: &mut Tx, id: CompanyId, change: CompanyChange) -> StoreResult<Company> {
    let row: CompanyRow = on_conn!(tx, |c| diesel::update(companies::table.filter(companies::id.eq(id)))
        .set(change)
        .returning(CompanyRow::as_returning())
        .get_result(c)
        .await)?;
    Ok(row.into())
}

/// The company that `key` names in the tenant, deleted or not.
pub async fn find(conn: &Conn, tenant: TenantId, key: CompanyKey) -> StoreResult<Option<Company>> {
    let row: Option<CompanyRow> = on_conn!(conn, |c| {
        let of_tenant = companies::table.filter(companies::tenant.eq(tenant)).into_boxed();
        let named = match key {
            CompanyKey::Id(id) => of_tenant.filter(companies::id.eq(id)),
            CompanyKey::Number(number) => of_tenant.filter(companies::number.eq(number)),
        };
        named.select(CompanyRow::as_select()).first(c).await.optional()
    })?;
    Ok(row.map(Company::from))
}

/// Those of the ids that are not deleted.
pub async fn by_ids(conn: &Conn, tenant: TenantId, ids: Vec<CompanyId>) -> StoreResult<Vec<Company>> {
    let rows: Vec<CompanyRow> = on_conn!(conn, |c| companies::table
        .filter(companies::id.eq_any(ids))
        .filter(companies::tenant.eq(tenant))
        .filter(companies::deleted_at.is_null())
        .select(CompanyRow::as_select())
        .load(c)
        .await)?;
    Ok(rows.into_iter().map(Company::from).collect())
}

/// Companies by number, and one more than `limit` if there is one.
pub async fn page(conn: &Conn, tenant: TenantId, window: Window, limit: Limit) -> StoreResult<Vec<Company>> {
    let Window { skip, latest, from, until } = window;
    let rows: Vec<CompanyRow> = on_conn!(conn, |c| {
        let mut page = companies::table
            .filter(companies::tenant.eq(tenant))
            .filter(companies::deleted_at.is_null())
            .select(CompanyRow::as_select())
            .into_boxed();
        if let Some(from) = from {
            page = page.filter(companies::created_at.ge(from));
        }
        if let Some(until) = until {
            page = page.filter(companies::created_at.lt(until));
        }
        page = if latest { page.order(companies::number.desc()) } else { page.order(companies::number.asc()) };
        page.limit(limit.plus_one()).offset(skip.max(0)).load(c).await
    })?;
    Ok(rows.into_iter().map(Company::from).collect())
}
