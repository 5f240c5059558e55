//! Feeds: appended in the transaction of what they tell, read by place, cut from the old end.

use std::collections::BTreeMap;

use contracts::realtime::{FeedEvent, FeedHead, FeedItem};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Nullable, Text, Timestamp as SqlTimestamp};
use diesel_async::AsyncPgConnection;
use domain::{ChatId, TenantId, Timestamp, UserId};
use store::{Conn, Engine, RunQueryDsl, Shared, StoreError, StoreResult, Tx, on_conn, statement};
use tokio::try_join;
use uuid::Uuid;

use super::schema::{feed, tenant_heads};
use crate::heads::tell_others;

/// Something to be told.
#[derive(Debug, Clone)]
pub struct News {
    /// Where.
    pub tenant: TenantId,
    /// In which chat.
    pub chat: Option<ChatId>,
    /// Who may see it, sorted, each once.
    pub audience: Vec<UserId>,
    /// Until when, if it is only of the moment.
    pub passing_until: Option<Timestamp>,
    /// What.
    pub what: FeedEvent,
}

#[derive(Debug, Insertable)]
#[diesel(table_name = feed)]
struct NewRow {
    tenant: TenantId,
    place: i64,
    at: Timestamp,
    chat: Option<ChatId>,
    audience: Vec<u8>,
    passing_until: Option<Timestamp>,
    what: String,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = feed)]
struct Row {
    place: i64,
    at: Timestamp,
    chat: Option<ChatId>,
    audience: Vec<u8>,
    passing_until: Option<Timestamp>,
    what: String,
}

/// Where a feed stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Extent {
    /// The newest place.
    pub head: i64,
    /// Everything behind this one is there.
    pub kept_after: i64,
}

/// Appends `news`, of each tenant in the order given, and tells the other instances once `tx` commits; answers where the feeds end then. Tenants' heads are taken in one
/// order, so that two batches never wait for each other.
pub async fn append(tx: &mut Tx, news: Vec<News>, at: Timestamp) -> StoreResult<Vec<FeedHead>> {
    let mut counts = BTreeMap::<TenantId, i64>::new();
    for one in &news {
        *counts.entry(one.tenant).or_default() += 1;
    }
    let (mut next, mut heads) = (BTreeMap::new(), Vec::with_capacity(counts.len()));
    for (tenant, head) in advance(tx, &counts).await? {
        next.insert(tenant, head - counts.get(&tenant).copied().unwrap_or_default());
        heads.push(FeedHead { tenant, head });
    }
    let mut rows = Vec::with_capacity(news.len());
    for News { tenant, chat, audience, passing_until, what } in news {
        let place = next.entry(tenant).or_default();
        *place += 1;
        let what = serde_json::to_string(&what).map_err(|e| corrupt("what", &e))?;
        let audience = audience.iter().flat_map(|user| *user.bytes()).collect();
        rows.push(NewRow { tenant, place: *place, at, chat, audience, passing_until, what });
    }
    try_join!(insert(tx, rows), tell_others(tx, &heads))?;
    Ok(heads)
}

statement! {
    /// Takes places in feeds, tenant by tenant in the order given; answers the last of each.
    TakePlaces on Pg => (Binary, BigInt) {
        "INSERT INTO tenant_heads (tenant, head, kept_after) SELECT t, n, 0 FROM unnest(",
        tenants: [TenantId] as Array<Binary>, ", ",
        counts: [i64] as Array<BigInt>,
        ") WITH ORDINALITY AS r (t, n, place) ORDER BY place \
         ON CONFLICT (tenant) DO UPDATE SET head = tenant_heads.head + excluded.head RETURNING tenant, head",
    }
}

statement! {
    /// Adds rows.
    InsertRows on Pg {
        "INSERT INTO feed (tenant, place, at, chat, audience, passing_until, what) SELECT * FROM unnest(",
        tenants: [TenantId] as Array<Binary>, ", ",
        places: [i64] as Array<BigInt>, ", ",
        ats: [Timestamp] as Array<SqlTimestamp>, ", ",
        chats: [Option<ChatId>] as Array<Nullable<Binary>>, ", ",
        audiences: [&'a [u8]] as Array<Binary>, ", ",
        passing: [Option<Timestamp>] as Array<Nullable<SqlTimestamp>>, ", ",
        whats: [&'a str] as Array<Text>, ")",
    }
}

/// Takes so many places for each tenant; answers the last ones.
async fn advance(tx: &mut Tx, counts: &BTreeMap<TenantId, i64>) -> StoreResult<Vec<(TenantId, i64)>> {
    let wanted: (Vec<TenantId>, Vec<i64>) = counts.iter().unzip();
    match tx.engine() {
        Engine::Pg(c) => Ok(TakePlaces { tenants: &wanted.0, counts: &wanted.1 }.load(c).await?),
        Engine::Sqlite(c) => {
            let mut heads = Vec::with_capacity(counts.len());
            for (tenant, count) in wanted.0.into_iter().zip(wanted.1) {
                let first =
                    (tenant_heads::tenant.eq(tenant), tenant_heads::head.eq(count), tenant_heads::kept_after.eq(0));
                let head = diesel::insert_into(tenant_heads::table)
                    .values(first)
                    .on_conflict(tenant_heads::tenant)
                    .do_update()
                    .set(tenant_heads::head.eq(tenant_heads::head + count))
                    .returning(tenant_heads::head)
                    .get_result(c)
                    .await?;
                heads.push((tenant, head));
            }
            Ok(heads)
        }
    }
}

async fn insert(tx: &Tx, rows: Vec<NewRow>) -> StoreResult<()> {
    if rows.is_empty() {
        return Ok(());
    }
    match tx.shared().await {
        Shared::Pg(c) => insert_arrays(c, &rows).await?,
        // diesel's asynchronous batch does not exist for SQLite, the other one does.
        Shared::Sqlite(mut c) => {
            c.spawn_blocking(move |c| diesel::RunQueryDsl::execute(diesel::insert_into(feed::table).values(rows), c))
                .await?;
        }
    }
    Ok(())
}

async fn insert_arrays(mut c: &AsyncPgConnection, rows: &[NewRow]) -> QueryResult<()> {
    fn column<'a, T>(rows: &'a [NewRow], of: impl Fn(&'a NewRow) -> T) -> Vec<T> {
        rows.iter().map(of).collect()
    }
    let insert = InsertRows {
        tenants: &column(rows, |row| row.tenant),
        places: &column(rows, |row| row.place),
        ats: &column(rows, |row| row.at),
        chats: &column(rows, |row| row.chat),
        audiences: &column(rows, |row| row.audience.as_slice()),
        passing: &column(rows, |row| row.passing_until),
        whats: &column(rows, |row| row.what.as_str()),
    };
    insert.execute(&mut c).await?;
    Ok(())
}

/// Where a tenant's feed stands; at nothing when nothing ever happened.
pub async fn extent(conn: &Conn, tenant: TenantId) -> StoreResult<Extent> {
    let found: Option<(i64, i64)> = on_conn!(conn, |c| tenant_heads::table
        .find(tenant)
        .select((tenant_heads::head, tenant_heads::kept_after))
        .first(c)
        .await
        .optional())?;
    Ok(found.map_or_else(Extent::default, |(head, kept_after)| Extent { head, kept_after }))
}

/// The newest places of these tenants.
pub async fn heads(conn: &Conn, tenants: Vec<TenantId>) -> StoreResult<Vec<FeedHead>> {
    let found: Vec<(TenantId, i64)> = on_conn!(conn, |c| tenant_heads::table
        .filter(tenant_heads::tenant.eq_any(tenants))
        .select((tenant_heads::tenant, tenant_heads::head))
        .load(c)
        .await)?;
    Ok(found.into_iter().map(|(tenant, head)| FeedHead { tenant, head }).collect())
}

/// Rows behind `after`, in order; what was only of the moment is left out once that is over. Also answers the place of the
/// last row looked at when there may be more.
pub async fn read(
    conn: &Conn,
    tenant: TenantId,
    after: i64,
    limit: i64,
    now: Timestamp,
) -> StoreResult<(Vec<FeedItem>, Option<i64>)> {
    let rows: Vec<Row> = on_conn!(conn, |c| feed::table
        .filter(feed::tenant.eq(tenant))
        .filter(feed::place.gt(after))
        .order(feed::place)
        .limit(limit)
        .select(Row::as_select())
        .load(c)
        .await)?;
    let full = i64::try_from(rows.len()).is_ok_and(|n| n == limit);
    let last = rows.last().map(|row| row.place).filter(|_| full);
    let shown = rows.into_iter().filter(|row| row.passing_until.is_none_or(|until| now < until));
    Ok((shown.map(Row::item).collect::<StoreResult<_>>()?, last))
}

impl Row {
    fn item(self) -> StoreResult<FeedItem> {
        let id = |bytes: &[u8]| Uuid::from_slice(bytes).map(UserId::from_uuid).map_err(|e| corrupt("audience", &e));
        Ok(FeedItem {
            offset: self.place,
            at: self.at,
            chat: self.chat,
            audience: self.audience.chunks(16).map(id).collect::<StoreResult<_>>()?,
            what: serde_json::from_str(&self.what).map_err(|e| corrupt("what", &e))?,
        })
    }
}

/// Every tenant that has a feed, behind `after`, by id.
pub async fn tenants(conn: &Conn, after: TenantId) -> StoreResult<Vec<(TenantId, Extent)>> {
    let found: Vec<(TenantId, i64, i64)> = on_conn!(conn, |c| tenant_heads::table
        .filter(tenant_heads::tenant.gt(after))
        .order(tenant_heads::tenant)
        .limit(500)
        .select((tenant_heads::tenant, tenant_heads::head, tenant_heads::kept_after))
        .load(c)
        .await)?;
    Ok(found.into_iter().map(|(tenant, head, kept_after)| (tenant, Extent { head, kept_after })).collect())
}

/// The newest row of a tenant that is older than `before`.
pub async fn newest_before(conn: &Conn, tenant: TenantId, before: Timestamp) -> StoreResult<Option<i64>> {
    // Times rise with places, but for clocks that step back: the first row that is young enough ends the old ones.
    let young: Option<i64> = on_conn!(conn, |c| feed::table
        .filter(feed::tenant.eq(tenant))
        .filter(feed::at.ge(before))
        .order(feed::place)
        .select(feed::place)
        .first(c)
        .await
        .optional())?;
    let last: Option<i64> = on_conn!(conn, |c| feed::table
        .filter(feed::tenant.eq(tenant))
        .order(feed::place.desc())
        .select(feed::place)
        .first(c)
        .await
        .optional())?;
    Ok(young.map(|young| young - 1).or(last))
}

/// Removes up to `rows` rows of a tenant, up to place `upto`, and notes that they are gone; says how many.
pub async fn cut(tx: &mut Tx, tenant: TenantId, upto: i64, rows: i64) -> StoreResult<usize> {
    let old: Vec<i64> = on_conn!(tx, |c| feed::table
        .filter(feed::tenant.eq(tenant))
        .filter(feed::place.le(upto))
        .order(feed::place)
        .limit(rows)
        .select(feed::place)
        .load(c)
        .await)?;
    let Some(last) = old.last().copied() else { return Ok(0) };
    let gone = feed::table.filter(feed::tenant.eq(tenant)).filter(feed::place.le(last));
    let head = tenant_heads::table.find(tenant).filter(tenant_heads::kept_after.lt(last));
    on_conn!(tx, |c| {
        diesel::delete(gone).execute(c).await?;
        diesel::update(head).set(tenant_heads::kept_after.eq(last)).execute(c).await
    })?;
    Ok(old.len())
}

/// Removes what was only of the moment.
pub async fn drop_passed(tx: &mut Tx, now: Timestamp) -> StoreResult<usize> {
    Ok(on_conn!(tx, |c| diesel::delete(feed::table.filter(feed::passing_until.le(now))).execute(c).await)?)
}

/// Removes up to `rows` rows of a tenant that is going; says how many.
pub async fn erase(tx: &mut Tx, tenant: TenantId, rows: i64) -> StoreResult<usize> {
    cut(tx, tenant, i64::MAX, rows).await
}

/// Removes the tenant's head.
pub async fn erase_head(tx: &mut Tx, tenant: TenantId) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::delete(tenant_heads::table.find(tenant)).execute(c).await)?;
    Ok(())
}

fn corrupt(column: &'static str, e: &dyn std::error::Error) -> StoreError {
    StoreError::Corrupt { table: "feed", column, detail: e.to_string() }
}
