//! What became of one event: when it was published, and when each group had finished it. For an operator who asks; nothing
//! here is indexed for it, so that writing events stays cheap.

use diesel::prelude::*;
use domain::{EventId, TenantId, Timestamp};
use store::{Conn, RunQueryDsl, StoreError, StoreResult, on_conn};
use uuid::Uuid;

use crate::envelope::Key;
use crate::schema::{inbox, outbox};

/// How far the time at which an event was written may be from the time it tells of. Seconds.
const AROUND_S: i64 = 2;
/// Rows read at once.
const WINDOW: i64 = 1000;

/// An event of this database's outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Its id.
    pub event: EventId,
    /// Its type, as in `message.posted`.
    pub event_type: String,
    /// When it was written.
    pub occurred_at: Timestamp,
    /// When it had been given to everybody who subscribes.
    pub published_at: Option<Timestamp>,
}

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// The tenant it happened in.
    pub tenant: TenantId,
    /// What orders it.
    pub key: Key,
    /// A thing whose id its payload has.
    pub about: Uuid,
    /// When it happened.
    pub at: Timestamp,
}

/// The events that name a thing and were written when it happened. None once they are forgotten.
///
/// Ids rise with time, but for what was written at the same moment: the first row is found by halving.
pub(crate) async fn sent(conn: &Conn, wanted: Wanted) -> StoreResult<Vec<Sent>> {
    let (from, until) = (wanted.at.plus_seconds(-AROUND_S), wanted.at.plus_seconds(AROUND_S));
    let Some(mut after) = before(conn, from).await? else { return Ok(Vec::new()) };
    let needle = wanted.about.as_bytes();
    let mut found = Vec::new();
    loop {
        let window: Vec<Row> = on_conn!(conn, |c| outbox::table
            .filter(outbox::id.gt(after))
            .order(outbox::id)
            .limit(WINDOW)
            .select((
                outbox::id,
                outbox::event_id,
                outbox::event_type,
                outbox::order_key,
                outbox::tenant,
                outbox::payload,
                outbox::occurred_at,
                outbox::published_at,
            ))
            .load(c)
            .await)?;
        let late = window.last().is_none_or(|last| last.occurred_at > until);
        after = window.last().map_or(after, |last| last.id);
        let near = |row: &Row| (from..=until).contains(&row.occurred_at);
        let theirs = |row: &Row| row.order_key == wanted.key && row.tenant == wanted.tenant;
        let names = |row: &Row| row.payload.windows(needle.len()).any(|bytes| bytes == needle);
        found.extend(window.into_iter().filter(|row| near(row) && theirs(row) && names(row)).map(Sent::from));
        if late {
            return Ok(found);
        }
    }
}

/// An id below all rows written at `from` or later; `None` when there is no row at all.
async fn before(conn: &Conn, from: Timestamp) -> StoreResult<Option<i64>> {
    let ends = on_conn!(conn, |c| {
        let first: QueryResult<i64> = outbox::table.order(outbox::id).select(outbox::id).first(c).await;
        let last: QueryResult<i64> = outbox::table.order(outbox::id.desc()).select(outbox::id).first(c).await;
        first.and_then(|first| last.map(|last| (first, last)))
    });
    let Some((first, last)) = StoreError::optional(ends.map_err(StoreError::from))? else { return Ok(None) };
    let (mut low, mut high) = (first - 1, last);
    while low < high {
        let middle = low + (high - low + 1) / 2;
        let next: QueryResult<Timestamp> = on_conn!(conn, |c| outbox::table
            .filter(outbox::id.ge(middle))
            .order(outbox::id)
            .select(outbox::occurred_at)
            .first(c)
            .await);
        let next = StoreError::optional(next.map_err(StoreError::from))?;
        if next.is_some_and(|at| at < from) { low = middle } else { high = middle - 1 }
    }
    Ok(Some(low))
}

/// When `consumer` had finished, or parked, each of `events`; those it has not are left out.
pub(crate) async fn seen(conn: &Conn, consumer: &str, events: Vec<EventId>) -> StoreResult<Vec<(EventId, Timestamp)>> {
    Ok(on_conn!(conn, |c| inbox::table
        .filter(inbox::consumer.eq(consumer))
        .filter(inbox::event_id.eq_any(events))
        .select((inbox::event_id, inbox::seen_at))
        .load(c)
        .await)?)
}

#[derive(Queryable)]
struct Row {
    id: i64,
    event_id: EventId,
    event_type: String,
    order_key: Key,
    tenant: TenantId,
    payload: Vec<u8>,
    occurred_at: Timestamp,
    published_at: Option<Timestamp>,
}

impl From<Row> for Sent {
    fn from(row: Row) -> Self {
        let Row { id: _, event_id: event, event_type, order_key: _, tenant: _, payload: _, .. } = row;
        Self { event, event_type, occurred_at: row.occurred_at, published_at: row.published_at }
    }
}
