//! Parked events: what a consumer rejected, and what came after it under the same key. An operator lists them and, once
//! the cause is gone, has them driven again, in order.

use futures_util::future::BoxFuture;
use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use domain::{Clock, EventId, TenantId, Timestamp};
use store::{Conn, Db, RunQueryDsl, Shared, StoreError, StoreResult, Tx, on_conn};

use crate::envelope::{Delivery, Envelope, Key, partition};
use crate::handler::{Consumers, Failure};
use crate::schema::{parked, parked_keys};
use crate::trail::{self, Sent, Wanted};

/// Why an event is parked that would have been fine.
pub(crate) const BEHIND: &str = "an earlier event of its key is parked";

/// A parked event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// Its place: events of one key are driven again in this order.
    pub place: i64,
    /// Its label.
    pub envelope: Envelope,
    /// Why it is here.
    pub reason: String,
    /// Since when.
    pub parked_at: Timestamp,
}

/// What driving again came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redriven {
    /// So many events were applied and are no longer parked.
    pub applied: u64,
    /// Keys that stopped at an event that failed again, with the reason.
    pub stopped: Vec<(Key, String)>,
}

/// A group's parked events, for an operator.
#[derive(Debug, Clone)]
pub struct EventsAdmin {
    db: Db,
    consumers: Consumers,
    clock: Clock,
}

impl EventsAdmin {
    /// For the group of `consumers`, whose database is `db`.
    pub fn new(db: Db, consumers: Consumers, clock: Clock) -> Self {
        Self { db, consumers, clock }
    }

    /// Up to `limit` parked events after `place`, in order.
    pub fn list(&self, after: i64, limit: i64) -> BoxFuture<'_, StoreResult<Vec<Parked>>> {
        Box::pin(async move {
            let conn = self.db.read().await?;
            let group = self.consumers.group();
            let rows: Vec<Row> = on_conn!(conn, |c| parked::table
                .filter(parked::consumer.eq(group))
                .filter(parked::id.gt(after))
                .order(parked::id)
                .limit(limit)
                .load(c)
                .await)?;
            Ok(rows.into_iter().map(Parked::from).collect())
        })
    }

    /// Drives the events of `key`, or of every key, again, each in a transaction of its own. A key stops at the first
    /// event that fails.
    pub fn redrive(&self, key: Option<Key>) -> BoxFuture<'_, StoreResult<Redriven>> {
        Box::pin(async move {
            let keys = match key {
                Some(key) => vec![key],
                None => self.keys().await?,
            };
            let mut all = Redriven::default();
            for key in keys {
                loop {
                    match self.redrive_first(key).await? {
                        Step::Applied => all.applied += 1,
                        Step::Failed(reason) => {
                            all.stopped.push((key, reason));
                            break;
                        }
                        Step::NoneLeft => break,
                    }
                }
            }
            Ok(all)
        })
    }

    /// The events of this database's outbox that name a thing. See [`Wanted`].
    pub async fn sent(&self, wanted: Wanted) -> StoreResult<Vec<Sent>> {
        trail::sent(&self.db.read().await?, wanted).await
    }

    /// Which of `events` the group hears, by type, and when it had finished each; `None` while it has not.
    pub async fn seen(&self, events: Vec<(EventId, String)>) -> StoreResult<Vec<(EventId, Option<Timestamp>)>> {
        let types = self.consumers.types();
        let heard = |(_, event_type): &(EventId, String)| types.contains(&event_type.as_str());
        let events: Vec<EventId> = events.into_iter().filter(heard).map(|(event, _)| event).collect();
        let seen = trail::seen(&self.db.read().await?, self.consumers.group(), events.clone()).await?;
        let when: HashMap<EventId, Timestamp> = seen.into_iter().collect();
        Ok(events.into_iter().map(|event| (event, when.get(&event).copied())).collect())
    }

    async fn keys(&self) -> StoreResult<Vec<Key>> {
        let conn = self.db.read().await?;
        let group = self.consumers.group();
        Ok(on_conn!(conn, |c| parked_keys::table
            .filter(parked_keys::consumer.eq(group))
            .order(parked_keys::order_key)
            .select(parked_keys::order_key)
            .load(c)
            .await)?)
    }

    async fn redrive_first(&self, key: Key) -> StoreResult<Step> {
        let group = self.consumers.group();
        let next = first(&self.db.read().await?, group, key).await?.map(Delivery::from);
        self.consumers.prepare(next.as_ref().as_slice()).await;
        let mut tx = self.db.begin().await?;
        // Locks the key: the group cannot park behind a row that is about to go.
        if held_keys(&tx, group, vec![key]).await?.is_empty() {
            return Ok(Step::NoneLeft);
        }
        let Some(row) = first(&tx, group, key).await? else {
            on_conn!(tx, |c| diesel::delete(parked_keys::table.find((group, key))).execute(c).await)?;
            tx.commit().await?;
            return Ok(Step::NoneLeft);
        };
        let place = row.id;
        let delivery = Delivery::from(row);
        match self.consumers.apply(&mut tx, &[&delivery]).await {
            Ok(committed) => {
                on_conn!(tx, |c| diesel::delete(parked::table.find(place)).execute(c).await)?;
                tx.commit().await?;
                committed.run();
                tracing::info!(group, event.id = %delivery.envelope.event, "a parked event is applied");
                Ok(Step::Applied)
            }
            Err((_, Failure::Retry(cause) | Failure::Reject(cause))) => {
                tx.rollback().await?;
                let reason = format!("{cause:#}");
                self.note(place, &reason).await?;
                Ok(Step::Failed(reason))
            }
        }
    }

    async fn note(&self, place: i64, reason: &str) -> StoreResult<()> {
        let tx = self.db.begin().await?;
        let now = self.clock.now();
        on_conn!(tx, |c| diesel::update(parked::table.find(place))
            .set((parked::reason.eq(reason), parked::parked_at.eq(now)))
            .execute(c)
            .await)?;
        tx.commit().await
    }
}

enum Step {
    Applied,
    Failed(String),
    NoneLeft,
}

#[derive(Queryable)]
struct Row {
    id: i64,
    _consumer: String,
    event_id: EventId,
    event_type: String,
    version: i64,
    partition: i64,
    order_key: Key,
    tenant: TenantId,
    payload: Vec<u8>,
    traceparent: Option<String>,
    occurred_at: Timestamp,
    reason: String,
    parked_at: Timestamp,
}

impl From<Row> for Delivery {
    fn from(row: Row) -> Self {
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

impl From<Row> for Parked {
    fn from(row: Row) -> Self {
        let (place, reason, parked_at) = (row.id, row.reason.clone(), row.parked_at);
        Self { place, envelope: Delivery::from(row).envelope, reason, parked_at }
    }
}

async fn first(conn: &Conn, group: &str, key: Key) -> StoreResult<Option<Row>> {
    let row = on_conn!(conn, |c| parked::table
        .filter(parked::consumer.eq(group))
        .filter(parked::order_key.eq(key))
        .order(parked::id)
        .first(c)
        .await);
    StoreError::optional(row.map_err(StoreError::from))
}

/// Which of `keys` have parked events. They stay locked until `tx` ends.
pub(crate) async fn held_keys(tx: &Tx, group: &str, keys: Vec<Key>) -> StoreResult<HashSet<Key>> {
    let keys: Vec<Key> = keys.into_iter().collect::<HashSet<_>>().into_iter().collect();
    let wanted = parked_keys::table
        .filter(parked_keys::consumer.eq(group))
        .filter(parked_keys::order_key.eq_any(keys))
        .order(parked_keys::order_key)
        .select(parked_keys::order_key);
    let held: Vec<Key> = match tx.shared().await {
        Shared::Pg(mut c) => wanted.for_update().load(&mut c).await?,
        Shared::Sqlite(mut c) => wanted.load(&mut *c).await?,
    };
    Ok(held.into_iter().collect())
}

/// Parks an event; the later ones of its key follow it.
pub(crate) async fn park(
    tx: &mut Tx,
    group: &str,
    delivery: &Delivery,
    reason: &str,
    now: Timestamp,
) -> StoreResult<()> {
    let meta = &delivery.envelope;
    on_conn!(tx, |c| diesel::insert_into(parked_keys::table)
        .values((parked_keys::consumer.eq(group), parked_keys::order_key.eq(meta.key)))
        .on_conflict_do_nothing()
        .execute(c)
        .await)?;
    let row = (
        parked::consumer.eq(group),
        parked::event_id.eq(meta.event),
        parked::event_type.eq(&meta.event_type),
        parked::version.eq(meta.version),
        parked::partition.eq(i64::from(meta.partition)),
        parked::order_key.eq(meta.key),
        parked::tenant.eq(meta.tenant),
        parked::payload.eq(&delivery.payload),
        parked::traceparent.eq(&meta.traceparent),
        parked::occurred_at.eq(meta.occurred_at),
        parked::reason.eq(reason),
        parked::parked_at.eq(now),
    );
    on_conn!(tx, |c| diesel::insert_into(parked::table).values(row).execute(c).await)?;
    Ok(())
}
