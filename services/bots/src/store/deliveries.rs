//! Deliveries and their attempts, to be looked at, repeated and forgotten.

use std::collections::HashMap;

use contracts::bots::DeliveryFilter;
use diesel::prelude::*;
use domain::{
    ChatId, ClaimId, DeliveryId, DeliveryState, InteractionId, LaneId, MessageId, TenantId, Timestamp, WebhookId,
};
use store::{Conn, RunQueryDsl, StoreResult, Tx, on_conn};

use super::schema_delivery::{attempts, deliveries, lanes};

/// A delivery without what is posted.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = deliveries)]
pub struct Row {
    /// The id.
    pub id: DeliveryId,
    /// The tenant.
    pub tenant: TenantId,
    /// The lane.
    pub lane: LaneId,
    /// Its place there.
    pub place: Option<i64>,
    /// Where to.
    pub endpoint: WebhookId,
    /// What the receiver is told.
    pub webhook_id: String,
    /// The event.
    pub event: String,
    /// The interaction.
    pub interaction: Option<InteractionId>,
    /// The chat.
    pub chat: Option<ChatId>,
    /// The message.
    pub message: Option<MessageId>,
    /// How it stands.
    pub state: DeliveryState,
    /// When it was decided.
    pub created_at: Timestamp,
    /// When it reached its last state.
    pub settled_at: Option<Timestamp>,
}

/// One attempt.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = attempts)]
pub struct AttemptRow {
    /// Of which.
    pub delivery: DeliveryId,
    /// When it began.
    pub at: Timestamp,
    /// What was answered.
    pub status: Option<i64>,
    /// How long it took. Milliseconds.
    pub duration_ms: i64,
    /// Why nothing came of it.
    pub error: Option<String>,
    /// The beginning of the answer.
    pub response: Option<String>,
}

/// Builds the query of a list. Whatever is asked, an index leads: the narrowest of message, interaction, chat and
/// endpoint, or the tenant's undelivered ones, or the tenant's ids.
macro_rules! matching {
    ($tenant:expr, $filter:expr, $after:expr) => {{
        let DeliveryFilter { state, interaction, chat, message, endpoint, since } = $filter;
        let mut query = deliveries::table.filter(deliveries::tenant.eq($tenant)).into_boxed();
        if let Some(state) = *state {
            query = query.filter(deliveries::state.eq(state));
            if state != DeliveryState::Delivered {
                // Says again what the partial index is over, for planners that see a parameter above.
                query = query.filter(deliveries::state.ne(DeliveryState::Delivered.as_str()));
            }
        }
        if let Some(interaction) = *interaction {
            query = query.filter(deliveries::interaction.eq(interaction));
        }
        if let Some(chat) = *chat {
            query = query.filter(deliveries::chat.eq(chat));
        }
        if let Some(message) = *message {
            query = query.filter(deliveries::message.eq(message));
        }
        if let Some(endpoint) = *endpoint {
            query = query.filter(deliveries::endpoint.eq(WebhookId::from_uuid(endpoint)));
        }
        // Ids begin with the moment of the decision.
        let from = since.map(crate::ids::first_at);
        let after: Option<DeliveryId> = $after;
        if let Some(from) = from {
            query = query.filter(deliveries::id.ge(from));
        }
        if let Some(after) = after {
            query = query.filter(deliveries::id.gt(after));
        }
        query.order(deliveries::id)
    }};
}

/// Up to `limit` deliveries, oldest first.
pub async fn page(
    conn: &Conn,
    tenant: TenantId,
    filter: &DeliveryFilter,
    after: Option<DeliveryId>,
    limit: i64,
) -> StoreResult<Vec<Row>> {
    Ok(on_conn!(conn, |c| matching!(tenant, filter, after).limit(limit).select(Row::as_select()).load(c).await)?)
}

/// Of which of these messages a delivery of an interaction was made.
pub async fn told_of(conn: &Conn, interaction: InteractionId, messages: Vec<MessageId>) -> StoreResult<Vec<MessageId>> {
    if messages.is_empty() {
        return Ok(Vec::new());
    }
    let of = deliveries::table.filter(deliveries::interaction.eq(interaction));
    let known: Vec<Option<MessageId>> =
        on_conn!(conn, |c| of.filter(deliveries::message.eq_any(messages)).select(deliveries::message).load(c).await)?;
    Ok(known.into_iter().flatten().collect())
}

/// One delivery.
pub async fn find(conn: &Conn, tenant: TenantId, id: DeliveryId) -> StoreResult<Option<Row>> {
    Ok(on_conn!(conn, |c| deliveries::table
        .filter(deliveries::id.eq(id))
        .filter(deliveries::tenant.eq(tenant))
        .select(Row::as_select())
        .first(c)
        .await
        .optional())?)
}

/// What was posted in each of these.
pub async fn bodies(conn: &Conn, ids: Vec<DeliveryId>) -> StoreResult<HashMap<DeliveryId, String>> {
    let rows: Vec<(DeliveryId, String)> = on_conn!(conn, |c| deliveries::table
        .filter(deliveries::id.eq_any(ids))
        .select((deliveries::id, deliveries::body))
        .load(c)
        .await)?;
    Ok(rows.into_iter().collect())
}

/// The attempts at these, oldest first.
pub async fn attempts(conn: &Conn, ids: Vec<DeliveryId>) -> StoreResult<HashMap<DeliveryId, Vec<AttemptRow>>> {
    let rows: Vec<AttemptRow> = on_conn!(conn, |c| attempts::table
        .filter(attempts::delivery.eq_any(ids))
        .order((attempts::delivery, attempts::number))
        .select(AttemptRow::as_select())
        .load(c)
        .await)?;
    let mut all = HashMap::<DeliveryId, Vec<AttemptRow>>::new();
    for row in rows {
        all.entry(row.delivery).or_default().push(row);
    }
    Ok(all)
}

/// When the lanes of these are due, and behind which place they stand.
pub async fn dues(conn: &Conn, lanes: Vec<LaneId>) -> StoreResult<HashMap<LaneId, Option<Timestamp>>> {
    let rows: Vec<(LaneId, Option<Timestamp>)> = on_conn!(conn, |c| lanes::table
        .filter(lanes::lane.eq_any(lanes))
        .select((lanes::lane, lanes::due_at))
        .load(c)
        .await)?;
    Ok(rows.into_iter().collect())
}

/// If the lane is blocked by the delivery at `place`, takes its place away, for `by` to have it, and lets the lane go on;
/// says whether it was so. The lane's row is taken first.
pub async fn replace_blocking(tx: &mut Tx, row: &Row, by: DeliveryId, body: &str, now: Timestamp) -> StoreResult<bool> {
    let Some(place) = row.place else { return Ok(false) };
    let behind = lanes::table.find(row.lane).filter(lanes::blocked.eq(true)).filter(lanes::done_place.eq(place - 1));
    let freed =
        (lanes::blocked.eq(false), lanes::due_at.eq(now), lanes::tries.eq(0), lanes::holder.eq(None::<ClaimId>));
    if on_conn!(tx, |c| diesel::update(behind).set(freed).execute(c).await)? == 0 {
        return Ok(false);
    }
    let gone = deliveries::table.find(row.id);
    on_conn!(tx, |c| diesel::update(gone).set(deliveries::place.eq(None::<i64>)).execute(c).await)?;
    let new = (
        deliveries::id.eq(by),
        deliveries::tenant.eq(row.tenant),
        deliveries::lane.eq(row.lane),
        deliveries::place.eq(Some(place)),
        deliveries::endpoint.eq(row.endpoint),
        deliveries::webhook_id.eq(&row.webhook_id),
        deliveries::event.eq(&row.event),
        deliveries::interaction.eq(row.interaction),
        deliveries::chat.eq(row.chat),
        deliveries::message.eq(row.message),
        deliveries::state.eq(DeliveryState::Pending),
        deliveries::body.eq(body),
        deliveries::replay_of.eq(row.id),
        deliveries::created_at.eq(now),
    );
    on_conn!(tx, |c| diesel::insert_into(deliveries::table).values(new).execute(c).await)?;
    Ok(true)
}

/// Removes up to `rows` settled deliveries of a tenant decided before a moment, with their attempts; says how many.
pub async fn forget(tx: &mut Tx, tenant: TenantId, before: Timestamp, rows: i64) -> StoreResult<usize> {
    let old = deliveries::table
        .filter(deliveries::tenant.eq(tenant))
        .filter(deliveries::id.lt(crate::ids::first_at(before)))
        .filter(deliveries::state.ne(DeliveryState::Pending))
        .order(deliveries::id)
        .limit(rows)
        .select(deliveries::id);
    let ids: Vec<DeliveryId> = on_conn!(tx, |c| old.load(c).await)?;
    remove(tx, ids).await
}

/// Removes up to `rows` deliveries of a tenant that is going; says how many.
pub async fn erase(tx: &mut Tx, tenant: TenantId, rows: i64) -> StoreResult<usize> {
    let some = deliveries::table.filter(deliveries::tenant.eq(tenant)).limit(rows).select(deliveries::id);
    let ids: Vec<DeliveryId> = on_conn!(tx, |c| some.load(c).await)?;
    remove(tx, ids).await
}

async fn remove(tx: &mut Tx, ids: Vec<DeliveryId>) -> StoreResult<usize> {
    if ids.is_empty() {
        return Ok(0);
    }
    let tried = || attempts::table.filter(attempts::delivery.eq_any(ids.clone()));
    on_conn!(tx, |c| diesel::delete(tried()).execute(c).await)?;
    Ok(on_conn!(tx, |c| diesel::delete(deliveries::table.filter(deliveries::id.eq_any(ids.clone()))).execute(c).await)?)
}
