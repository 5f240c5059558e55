//! Endpoints and their secrets. Each change takes the next number of [`endpoint_changes`], so that whoever keeps a copy
//! asks for what is above theirs. That row is taken before any other: two changes never wait for each other crosswise.

use diesel::prelude::*;
use domain::{EndpointKind, OnParked, TenantId, Timestamp, WebhookFormat, WebhookId};
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::schema_delivery::{endpoint_changes, endpoint_secrets, endpoints};

/// An endpoint as its row says.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = endpoints, treat_none_as_null = true)]
pub struct EndpointRow {
    /// The id; a bot's is its department's.
    pub id: WebhookId,
    /// The tenant.
    pub tenant: TenantId,
    /// Whose.
    pub kind: EndpointKind,
    /// Where.
    pub url: String,
    /// In whose words.
    pub format: WebhookFormat,
    /// The events it is told, as a JSON list.
    pub events: Option<String>,
    /// What becomes of later deliveries behind one that was given up.
    pub on_parked: OnParked,
    /// The number of its last change.
    pub change: i64,
    /// Since when every attempt has failed.
    pub failing_since: Option<Timestamp>,
    /// Since when it is told nothing.
    pub disabled_at: Option<Timestamp>,
    /// Why.
    pub disabled_because: Option<String>,
    /// When it was removed.
    pub deleted_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A secret as its row says.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = endpoint_secrets)]
pub struct SecretRow {
    /// Whose.
    pub endpoint: WebhookId,
    /// Rises with time.
    pub place: i64,
    /// The key it is encrypted under.
    pub key_id: String,
    /// The secret, encrypted.
    pub sealed: Vec<u8>,
    /// When it was set.
    pub made_at: Timestamp,
    /// Until when it signs.
    pub ends_at: Option<Timestamp>,
}

/// The number of the last change.
pub async fn last_change(conn: &Conn) -> StoreResult<i64> {
    Ok(on_conn!(conn, |c| endpoint_changes::table.find(1).select(endpoint_changes::last).get_result::<i64>(c).await)?)
}

/// Takes the number of a new change.
pub async fn next_change(tx: &mut Tx) -> StoreResult<i64> {
    let counter = endpoint_changes::table.find(1);
    Ok(on_conn!(tx, |c| diesel::update(counter)
        .set(endpoint_changes::last.eq(endpoint_changes::last + 1))
        .returning(endpoint_changes::last)
        .get_result(c)
        .await)?)
}

/// Endpoints changed after `change`, and all their secrets.
pub async fn changed(conn: &Conn, change: i64, limit: i64) -> StoreResult<Vec<(EndpointRow, Vec<SecretRow>)>> {
    let rows: Vec<EndpointRow> = on_conn!(conn, |c| endpoints::table
        .filter(endpoints::change.gt(change))
        .order(endpoints::change)
        .limit(limit)
        .select(EndpointRow::as_select())
        .load(c)
        .await)?;
    let ids: Vec<WebhookId> = rows.iter().map(|row| row.id).collect();
    let mut secrets = secrets(conn, ids).await?;
    let with = |row: EndpointRow| {
        let (theirs, others) = std::mem::take(&mut secrets).into_iter().partition(|s| s.endpoint == row.id);
        secrets = others;
        (row, theirs)
    };
    Ok(rows.into_iter().map(with).collect())
}

/// All secrets of these endpoints, oldest first.
pub async fn secrets(conn: &Conn, ids: Vec<WebhookId>) -> StoreResult<Vec<SecretRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_conn!(conn, |c| endpoint_secrets::table
        .filter(endpoint_secrets::endpoint.eq_any(ids))
        .order((endpoint_secrets::endpoint, endpoint_secrets::place))
        .select(SecretRow::as_select())
        .load(c)
        .await)?)
}

/// One endpoint, removed ones too.
pub async fn find(conn: &Conn, id: WebhookId) -> StoreResult<Option<EndpointRow>> {
    Ok(on_conn!(conn, |c| endpoints::table
        .filter(endpoints::id.eq(id))
        .select(EndpointRow::as_select())
        .first(c)
        .await
        .optional())?)
}

/// The living webhooks of a tenant, by id.
pub async fn webhooks(
    conn: &Conn,
    tenant: TenantId,
    after: Option<WebhookId>,
    limit: i64,
) -> StoreResult<Vec<EndpointRow>> {
    Ok(on_conn!(conn, |c| {
        let mut query = endpoints::table
            .filter(endpoints::tenant.eq(tenant))
            .filter(endpoints::kind.eq(EndpointKind::Webhook))
            .filter(endpoints::deleted_at.is_null())
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(endpoints::id.gt(after));
        }
        query.order(endpoints::id).limit(limit).select(EndpointRow::as_select()).load(c).await
    })?)
}

/// These endpoints.
pub async fn by_ids(conn: &Conn, ids: Vec<WebhookId>) -> StoreResult<Vec<EndpointRow>> {
    Ok(on_conn!(conn, |c| endpoints::table
        .filter(endpoints::id.eq_any(ids))
        .select(EndpointRow::as_select())
        .load(c)
        .await)?)
}

/// Adds an endpoint, unless it is there.
pub async fn insert(tx: &mut Tx, row: EndpointRow) -> StoreResult<bool> {
    let added = on_conn!(tx, |c| diesel::insert_into(endpoints::table)
        .values(row)
        .on_conflict(endpoints::id)
        .do_nothing()
        .execute(c)
        .await)?;
    Ok(added > 0)
}

/// Writes an endpoint anew.
pub async fn update(tx: &mut Tx, row: &EndpointRow) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::update(endpoints::table.find(row.id)).set(row).execute(c).await)?;
    Ok(())
}

/// Adds a secret behind the others, which sign until `others_end` at most; says whether there were others.
pub async fn add_secret(tx: &mut Tx, row: SecretRow, others_end: Timestamp) -> StoreResult<()> {
    let theirs = endpoint_secrets::table.filter(endpoint_secrets::endpoint.eq(row.endpoint));
    let open = theirs.filter(endpoint_secrets::ends_at.is_null());
    on_conn!(tx, |c| diesel::update(open).set(endpoint_secrets::ends_at.eq(others_end)).execute(c).await)?;
    let last: Option<i64> = on_conn!(tx, |c| endpoint_secrets::table
        .filter(endpoint_secrets::endpoint.eq(row.endpoint))
        .order(endpoint_secrets::place.desc())
        .select(endpoint_secrets::place)
        .first(c)
        .await
        .optional())?;
    let row = SecretRow { place: last.unwrap_or(0) + 1, ..row };
    on_conn!(tx, |c| diesel::insert_into(endpoint_secrets::table).values(row).execute(c).await)?;
    Ok(())
}

/// Removes an endpoint's secrets: all, or those that ended before a moment.
pub async fn drop_secrets(tx: &mut Tx, endpoint: WebhookId, ended_before: Option<Timestamp>) -> StoreResult<()> {
    let theirs = || endpoint_secrets::table.filter(endpoint_secrets::endpoint.eq(endpoint));
    match ended_before {
        None => on_conn!(tx, |c| diesel::delete(theirs()).execute(c).await)?,
        Some(at) => {
            on_conn!(tx, |c| diesel::delete(theirs().filter(endpoint_secrets::ends_at.le(at))).execute(c).await)?
        }
    };
    Ok(())
}

/// Secrets encrypted under another key than this one.
pub async fn under_other_keys(conn: &Conn, key_id: &str, limit: i64) -> StoreResult<Vec<SecretRow>> {
    Ok(on_conn!(conn, |c| endpoint_secrets::table
        .filter(endpoint_secrets::key_id.ne(key_id))
        .limit(limit)
        .select(SecretRow::as_select())
        .load(c)
        .await)?)
}

/// Puts a secret under another key, unless somebody did so before.
pub async fn reseal(tx: &mut Tx, old: &SecretRow, key_id: &str, sealed: Vec<u8>) -> StoreResult<()> {
    let row = endpoint_secrets::table.find((old.endpoint, old.place)).filter(endpoint_secrets::key_id.eq(&old.key_id));
    let new = (endpoint_secrets::key_id.eq(key_id), endpoint_secrets::sealed.eq(sealed));
    on_conn!(tx, |c| diesel::update(row).set(new).execute(c).await)?;
    Ok(())
}

/// Of these, those that count as failing.
pub async fn failing(conn: &Conn, ids: Vec<WebhookId>) -> StoreResult<Vec<(WebhookId, Timestamp)>> {
    let rows: Vec<(WebhookId, Option<Timestamp>)> = on_conn!(conn, |c| endpoints::table
        .filter(endpoints::id.eq_any(ids))
        .filter(endpoints::failing_since.is_not_null())
        .select((endpoints::id, endpoints::failing_since))
        .load(c)
        .await)?;
    Ok(rows.into_iter().filter_map(|(id, since)| Some((id, since?))).collect())
}

/// These have been reached.
pub async fn reached(tx: &mut Tx, mut ids: Vec<WebhookId>) -> StoreResult<()> {
    ids.sort_unstable();
    for id in ids {
        let none = endpoints::failing_since.eq(None::<Timestamp>);
        on_conn!(tx, |c| diesel::update(endpoints::table.find(id)).set(none).execute(c).await)?;
    }
    Ok(())
}

/// These have failed, since when nobody knew of an earlier failure.
pub async fn missed(tx: &mut Tx, mut ids: Vec<WebhookId>, at: Timestamp) -> StoreResult<()> {
    ids.sort_unstable();
    for id in ids {
        let row = endpoints::table.find(id).filter(endpoints::failing_since.is_null());
        on_conn!(tx, |c| diesel::update(row).set(endpoints::failing_since.eq(at)).execute(c).await)?;
    }
    Ok(())
}

/// Every tenant that ever had an endpoint, behind `after`, by id.
pub async fn tenants(conn: &Conn, after: Option<TenantId>, limit: i64) -> StoreResult<Vec<TenantId>> {
    Ok(on_conn!(conn, |c| {
        let mut query = endpoints::table.select(endpoints::tenant).distinct().into_boxed();
        if let Some(after) = after {
            query = query.filter(endpoints::tenant.gt(after));
        }
        query.order(endpoints::tenant).limit(limit).load(c).await
    })?)
}

/// Removes all endpoints of a tenant, with their secrets; says how many.
pub async fn erase(tx: &mut Tx, tenant: TenantId, rows: i64) -> StoreResult<usize> {
    let some = endpoints::table.filter(endpoints::tenant.eq(tenant)).limit(rows).select(endpoints::id);
    let ids: Vec<WebhookId> = on_conn!(tx, |c| some.load(c).await)?;
    if ids.is_empty() {
        return Ok(0);
    }
    let secrets = || endpoint_secrets::table.filter(endpoint_secrets::endpoint.eq_any(ids.clone()));
    on_conn!(tx, |c| diesel::delete(secrets()).execute(c).await)?;
    Ok(on_conn!(tx, |c| diesel::delete(endpoints::table.filter(endpoints::id.eq_any(ids.clone()))).execute(c).await)?)
}
