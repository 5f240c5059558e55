//! The outbox: events are rows, written in the transaction of the data they tell about.

use futures_util::future::BoxFuture;
use std::sync::Arc;

use diesel::pg::Pg;
use diesel::pg::sql_types::Array;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Nullable, Text, Timestamp as SqlTimestamp};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::{EventId, TenantId, Timestamp};
use proto_events::Event;
use store::{Conn, Db, Engine, Shared, StoreResult, Tx, on_conn, statement};
use tokio::sync::watch;

use crate::envelope::{Delivery, Envelope, Key, partition};
use crate::schema::outbox;
use crate::topology::Topology;

/// An event as a row, ready to be written.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = outbox)]
pub struct OutboxRow {
    event_id: EventId,
    event_type: &'static str,
    version: i64,
    partition: i64,
    order_key: Key,
    tenant: TenantId,
    payload: Vec<u8>,
    traceparent: Option<String>,
    occurred_at: Timestamp,
    published_at: Option<Timestamp>,
}

impl OutboxRow {
    /// The event's id.
    pub fn event(&self) -> EventId {
        self.event_id
    }
}

/// A service's outbox. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Outbox {
    topology: Topology,
    wake: Arc<watch::Sender<()>>,
}

impl Outbox {
    pub(crate) fn new(topology: Topology) -> Self {
        Self { topology, wake: Arc::new(watch::Sender::new(())) }
    }

    /// Makes the row of `event`, for [`append_many`](Self::append_many) or [`insert_sync`].
    ///
    /// `traceparent`: the trace the event belongs to, as [`domain::trace::current`] gives it where the request is served.
    /// A row nobody hears is born published.
    pub fn row<E: Event>(&self, event: &E, now: Timestamp, traceparent: Option<String>) -> OutboxRow {
        let key = event.key();
        OutboxRow {
            event_id: EventId::new(),
            event_type: E::TYPE,
            version: i64::from(E::VERSION),
            partition: i64::from(proto_events::partition(key)),
            order_key: Key(key.uuid()),
            tenant: event.tenant(),
            payload: event.encode(),
            traceparent,
            occurred_at: now,
            published_at: (!self.topology.is_heard(E::TYPE)).then_some(now),
        }
    }

    /// Adds `event` to the outbox. Nothing is sent until `tx` commits; call [`wake`](Self::wake) then.
    pub fn append<'a, E: Event>(
        &'a self,
        tx: &'a Tx,
        event: &E,
        now: Timestamp,
    ) -> BoxFuture<'a, StoreResult<EventId>> {
        self.append_row(tx, self.row(event, now, domain::trace::current()))
    }

    fn append_row<'a>(&'a self, tx: &'a Tx, row: OutboxRow) -> BoxFuture<'a, StoreResult<EventId>> {
        Box::pin(async move {
            let id = row.event_id;
            self.append_many(tx, vec![row]).await?;
            Ok(id)
        })
    }

    /// Adds events in the order given: one statement on PostgreSQL, one hand-over to the blocking threads on SQLite.
    pub fn append_many<'a>(&'a self, tx: &'a Tx, rows: Vec<OutboxRow>) -> BoxFuture<'a, StoreResult<()>> {
        Box::pin(async move {
            if rows.is_empty() {
                return Ok(());
            }
            match tx.shared().await {
                Shared::Pg(c) => insert_async(c, &rows).await?,
                Shared::Sqlite(mut c) => c.spawn_blocking(move |c| insert_sync(c, &rows)).await?,
            }
            Ok(())
        })
    }

    /// Tells whoever sends this outbox's events that a transaction with some was committed.
    pub fn wake(&self) {
        self.wake.send_replace(());
    }

    pub(crate) fn woken(&self) -> watch::Receiver<()> {
        self.wake.subscribe()
    }
}

/// Writes rows on an SQLite connection, for a writer that has a blocking section of its own.
pub fn insert_sync(conn: &mut SqliteConnection, rows: &[OutboxRow]) -> QueryResult<()> {
    for row in rows {
        diesel::RunQueryDsl::execute(diesel::insert_into(outbox::table).values(row), conn)?;
    }
    Ok(())
}

/// Writes rows on a PostgreSQL connection, for a writer that asks something else beside it.
pub async fn insert_async(mut conn: &AsyncPgConnection, rows: &[OutboxRow]) -> QueryResult<()> {
    fn column<'a, T>(rows: &'a [OutboxRow], of: impl Fn(&'a OutboxRow) -> T) -> Vec<T> {
        rows.iter().map(of).collect()
    }
    if rows.is_empty() {
        return Ok(());
    }
    let insert = InsertRows {
        events: column(rows, |r| r.event_id),
        types: column(rows, |r| r.event_type),
        versions: column(rows, |r| r.version),
        partitions: column(rows, |r| r.partition),
        keys: column(rows, |r| r.order_key),
        tenants: column(rows, |r| r.tenant),
        payloads: column(rows, |r| r.payload.as_slice()),
        traceparents: column(rows, |r| r.traceparent.as_deref()),
        occurred: column(rows, |r| r.occurred_at),
        published: column(rows, |r| r.published_at),
    };
    insert.execute(&mut conn).await?;
    Ok(())
}

/// One INSERT for any number of rows: arrays cost the server far less than as many rows of parameters.
struct InsertRows<'a> {
    events: Vec<EventId>,
    types: Vec<&'static str>,
    versions: Vec<i64>,
    partitions: Vec<i64>,
    keys: Vec<Key>,
    tenants: Vec<TenantId>,
    payloads: Vec<&'a [u8]>,
    traceparents: Vec<Option<&'a str>>,
    occurred: Vec<Timestamp>,
    published: Vec<Option<Timestamp>>,
}

/// Stays prepared, unlike `sql_query`.
impl QueryId for InsertRows<'_> {
    type QueryId = InsertRows<'static>;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryFragment<Pg> for InsertRows<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO outbox (event_id, event_type, version, partition, order_key, tenant, payload, traceparent, \
             occurred_at, published_at) SELECT e, t, v, p, k, n, b, w, o, u FROM unnest(",
        );
        out.push_bind_param::<Array<Binary>, _>(&self.events)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.types)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.versions)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.partitions)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Binary>, _>(&self.keys)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Binary>, _>(&self.tenants)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Binary>, _>(&self.payloads)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<Text>>, _>(&self.traceparents)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<SqlTimestamp>, _>(&self.occurred)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Nullable<SqlTimestamp>>, _>(&self.published)?;
        out.push_sql(") WITH ORDINALITY AS r (e, t, v, p, k, n, b, w, o, u, place) ORDER BY place");
        Ok(())
    }
}

impl<C> diesel::RunQueryDsl<C> for InsertRows<'_> {}

/// An event as it was read from the outbox.
#[derive(Debug, Queryable)]
pub(crate) struct Stored {
    pub id: i64,
    event_id: EventId,
    event_type: String,
    version: i64,
    partition: i64,
    order_key: Key,
    tenant: TenantId,
    payload: Vec<u8>,
    traceparent: Option<String>,
    occurred_at: Timestamp,
    _published_at: Option<Timestamp>,
}

impl From<Stored> for Delivery {
    fn from(row: Stored) -> Self {
        Self {
            envelope: Envelope {
                event: row.event_id,
                event_type: row.event_type,
                version: row.version,
                partition: partition(row.partition),
                key: row.order_key,
                tenant: row.tenant,
                occurred_at: row.occurred_at,
                traceparent: row.traceparent,
            },
            payload: row.payload,
        }
    }
}

/// The oldest unpublished rows of `partitions`, without those in `skip`.
///
/// Always from the head: a row with a lower id may have been committed after one with a higher id, in another chat.
/// Reading on from the last id would leave it behind, or overtake it within its partition.
pub(crate) async fn unpublished(
    conn: &Conn,
    partitions: &[u8],
    skip: &[i64],
    limit: usize,
) -> StoreResult<Vec<(i64, Delivery)>> {
    let partitions: Vec<i64> = partitions.iter().map(|p| i64::from(*p)).collect();
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<Stored> = on_conn!(conn, |c| outbox::table
        .filter(outbox::published_at.is_null())
        .filter(outbox::partition.eq_any(partitions))
        .filter(outbox::id.ne_all(skip.to_vec()))
        .order((outbox::published_at, outbox::id))
        .limit(limit)
        .load(c)
        .await)?;
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

/// Unpublished rows of these types behind row `last`, oldest first.
pub(crate) async fn behind(
    conn: &Conn,
    types: &[&'static str],
    last: i64,
    limit: usize,
) -> StoreResult<Vec<(i64, Delivery)>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows: Vec<Stored> = on_conn!(conn, |c| outbox::table
        .filter(outbox::published_at.is_null())
        .filter(outbox::id.gt(last))
        .filter(outbox::event_type.eq_any(types.to_vec()))
        .order((outbox::published_at, outbox::id))
        .limit(limit)
        .load(c)
        .await)?;
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

/// Which unpublished rows above `floor` there are of these types, outside `blocked` partitions, oldest first.
pub(crate) async fn waiting(
    conn: &Conn,
    types: &[&'static str],
    blocked: &[u8],
    floor: i64,
    limit: usize,
) -> StoreResult<Vec<i64>> {
    let blocked: Vec<i64> = blocked.iter().map(|p| i64::from(*p)).collect();
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(on_conn!(conn, |c| outbox::table
        .filter(outbox::published_at.is_null())
        .filter(outbox::id.gt(floor))
        .filter(outbox::event_type.eq_any(types.to_vec()))
        .filter(outbox::partition.ne_all(blocked))
        .order((outbox::published_at, outbox::id))
        .limit(limit)
        .select(outbox::id)
        .load(c)
        .await)?)
}

/// These rows, oldest first.
pub(crate) async fn rows(conn: &Conn, ids: &[i64]) -> StoreResult<Vec<(i64, Delivery)>> {
    // Put in order here: asked to do it, PostgreSQL walks through the whole table by its primary key, in a plan that it made
    // while the table was small and keeps.
    let mut rows: Vec<Stored> =
        on_conn!(conn, |c| outbox::table.filter(outbox::id.eq_any(ids.to_vec())).load(c).await)?;
    rows.sort_unstable_by_key(|row| row.id);
    Ok(rows.into_iter().map(|row| (row.id, row.into())).collect())
}

statement! {
    /// Marks rows as published. The disk is left to those who wait for it: a mark that a crash takes away means an event sent again,
    /// which the inbox of its consumers knows.
    MarkPublished on Pg {
        "UPDATE outbox SET published_at = ",
        now: Timestamp as SqlTimestamp,
        " FROM set_config('synchronous_commit', 'off', TRUE) WHERE id = ANY(",
        ids: [i64] as Array<BigInt>, ")",
    }
}

/// Marks rows as published, in a transaction of its own.
pub(crate) async fn mark(db: &Db, ids: &[i64], now: Timestamp) -> StoreResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    if db.is_postgres()
        && let Engine::Pg(c) = db.read().await?.engine()
    {
        MarkPublished { now: &now, ids }.execute(c).await?;
        return Ok(());
    }
    let tx = db.begin_unsynced().await?;
    let rows = outbox::table.filter(outbox::id.eq_any(ids.to_vec()));
    on_conn!(tx, |c| diesel::update(rows).set(outbox::published_at.eq(now)).execute(c).await)?;
    tx.commit().await
}

/// Marks what nobody in `heard` will ever take.
pub(crate) async fn mark_unheard(db: &Db, heard: &[&'static str], now: Timestamp) -> StoreResult<usize> {
    let tx = db.begin().await?;
    let rows = on_conn!(tx, |c| diesel::update(
        outbox::table.filter(outbox::published_at.is_null()).filter(outbox::event_type.ne_all(heard.to_vec()))
    )
    .set(outbox::published_at.eq(now))
    .execute(c)
    .await)?;
    tx.commit().await?;
    Ok(rows)
}

/// Makes everything that is retained count as unpublished, and answers how many rows that were: after a restore of databases
/// alone, whose consumers may have less than was published to them. Inboxes drop what they have.
///
/// For a database that no process works on: a relay that runs takes an event nobody subscribes to for one that is lost.
pub fn republish(db: &Db) -> BoxFuture<'_, StoreResult<usize>> {
    Box::pin(async move {
        let tx = db.begin().await?;
        let published = outbox::table.filter(outbox::id.gt(0)).filter(outbox::published_at.is_not_null());
        let rows = on_conn!(tx, |c| diesel::update(published)
            .set(outbox::published_at.eq(None::<Timestamp>))
            .execute(c)
            .await)?;
        tx.commit().await?;
        Ok(rows)
    })
}

/// How many events of this database are not published yet: for tests that wait, and for operators.
pub fn pending(db: &Db) -> BoxFuture<'_, StoreResult<i64>> {
    Box::pin(async move {
        let conn = db.read().await?;
        Ok(on_conn!(conn, |c| outbox::table.filter(outbox::published_at.is_null()).count().get_result(c).await)?)
    })
}
