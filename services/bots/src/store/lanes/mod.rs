//! Lanes: what goes to one endpoint in order, claimed as a whole.
//!
//! A lane's row is taken by whoever adds a delivery, claims it or settles it, always first and, of several, by id: so what
//! one of them decides the next one sees. The engines differ in the open: PostgreSQL takes arrays in few statements, SQLite
//! prepared statements row by row in one visit to the blocking threads.

mod postgres;
mod sqlite;
#[cfg(test)]
mod tests;

use diesel::prelude::*;
use domain::{
    ChatId, ClaimId, DeliveryId, DeliveryState, InteractionId, InteractionState, LaneId, MessageId, TenantId,
    Timestamp, WebhookId,
};
use store::{Conn, Engine, RunQueryDsl, StoreResult, Tx, on_conn};

use super::schema::interactions;
use super::schema_delivery::{deliveries, lanes};

/// A delivery to be added at the end of a lane.
#[derive(Debug, Clone)]
pub struct NewDelivery {
    /// The id.
    pub id: DeliveryId,
    /// The lane.
    pub lane: LaneId,
    /// The tenant.
    pub tenant: TenantId,
    /// Where to.
    pub endpoint: WebhookId,
    /// What the receiver is told.
    pub webhook_id: String,
    /// The event.
    pub event: String,
    /// The interaction it belongs to.
    pub interaction: Option<InteractionId>,
    /// The chat it happened in.
    pub chat: Option<ChatId>,
    /// The message it is about.
    pub message: Option<MessageId>,
    /// What is posted.
    pub body: String,
    /// The trace of the request that caused it.
    pub trace: Option<String>,
    /// What it repeats.
    pub replay_of: Option<DeliveryId>,
}

impl NewDelivery {
    /// As the head of a lane that was taken with it.
    fn head(&self, place: i64, claim: Claim, now: Timestamp) -> Head {
        let Self { id, lane, endpoint, webhook_id, event, body, trace, .. } = self;
        Head {
            lane: *lane,
            endpoint: *endpoint,
            claim,
            tries: 0,
            place,
            delivery: *id,
            webhook_id: webhook_id.clone(),
            event: event.clone(),
            body: body.clone(),
            trace: trace.clone(),
            created_at: now,
        }
    }
}

/// Who takes lanes, and until when.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    /// Tells this claim from every other.
    pub holder: ClaimId,
    /// Nobody else takes the lanes before.
    pub until: Timestamp,
}

/// A lane that was claimed, and its first delivery.
#[derive(Debug, Clone)]
pub struct Head {
    /// The lane.
    pub lane: LaneId,
    /// The endpoint.
    pub endpoint: WebhookId,
    /// The claim it is held under.
    pub claim: Claim,
    /// Failed attempts of the delivery so far.
    pub tries: i64,
    /// Its place.
    pub place: i64,
    /// The delivery.
    pub delivery: DeliveryId,
    /// What the receiver is told.
    pub webhook_id: String,
    /// The event.
    pub event: String,
    /// What is posted.
    pub body: String,
    /// The trace of the request that caused it.
    pub trace: Option<String>,
    /// When it was decided.
    pub created_at: Timestamp,
}

/// A lane as its row says.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = lanes)]
pub(crate) struct LaneRow {
    pub lane: LaneId,
    pub endpoint: WebhookId,
    pub done_place: i64,
    pub tries: i64,
    pub failing_since: Option<Timestamp>,
}

/// A delivery as far as sending needs it.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct First {
    pub lane: LaneId,
    pub place: i64,
    pub delivery: DeliveryId,
    pub webhook_id: String,
    pub event: String,
    pub body: String,
    pub trace: Option<String>,
    pub created_at: Timestamp,
}

impl Head {
    pub(crate) fn new(row: &LaneRow, first: First, claim: Claim, tries: i64) -> Self {
        let First { lane, place, delivery, webhook_id, event, body, trace, created_at } = first;
        Self { lane, endpoint: row.endpoint, claim, tries, place, delivery, webhook_id, event, body, trace, created_at }
    }
}

/// What was tried, as a row.
#[derive(Debug, Clone)]
pub struct Tried {
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

/// What becomes of a lane's first delivery.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// It reached an end; the lane goes on, or stays blocked.
    Ends {
        /// The last state.
        state: DeliveryState,
        /// Whether the later ones wait for an operator.
        blocks: bool,
    },
    /// It failed and is tried again.
    Again {
        /// When.
        due_at: Timestamp,
    },
    /// It was not tried: the lane waits.
    Waits {
        /// Until when.
        until: Timestamp,
        /// Whether it would have failed: that counts from now on, too.
        failing: bool,
    },
}

/// The outcome for one held lane.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The lane, its delivery, its claim.
    pub head: Head,
    /// What was tried.
    pub tried: Option<Tried>,
    /// What becomes of it.
    pub verdict: Verdict,
}

/// What a lane's row becomes.
#[derive(Debug, Clone)]
pub(crate) struct Next {
    pub lane: LaneId,
    pub done_place: i64,
    pub due_at: Option<Timestamp>,
    pub holder: Option<ClaimId>,
    pub tries: i64,
    pub failing_since: Option<Timestamp>,
    pub blocked: bool,
}

impl Next {
    /// Nothing waits on it.
    fn idle(row: &LaneRow) -> Self {
        Self {
            lane: row.lane,
            done_place: row.done_place,
            due_at: None,
            holder: None,
            tries: 0,
            failing_since: None,
            blocked: false,
        }
    }
}

/// Adds deliveries, each at the end of its lane, in the order given. Lanes on which nothing waits are taken under `claim`,
/// as far as there is one: their heads are answered, to be sent once `tx` commits.
pub async fn add(tx: &mut Tx, new: Vec<NewDelivery>, claim: Option<Claim>, now: Timestamp) -> StoreResult<Vec<Head>> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    Ok(match tx.engine() {
        Engine::Pg(c) => postgres::add(c, &new, claim, now).await?,
        Engine::Sqlite(c) => c.spawn_blocking(move |c| sqlite::add(c, &new, claim, now)).await?,
    })
}

/// Takes up to `limit` lanes that are due, the longest due first, whatever waits on them. Lanes that others are taking are
/// passed over.
pub async fn claim(tx: &mut Tx, claim: Claim, now: Timestamp, limit: i64) -> StoreResult<Vec<Head>> {
    Ok(match tx.engine() {
        Engine::Pg(c) => postgres::claim(c, claim, now, limit).await?,
        Engine::Sqlite(c) => c.spawn_blocking(move |c| sqlite::claim(c, claim, now, limit)).await?,
    })
}

/// Writes down what became of deliveries and lets their lanes go on: those with more to send stay held until `until` and
/// their next heads are answered, unless `keep` is false. What is no longer held under its claim changes nothing.
pub async fn settle(
    tx: &mut Tx,
    all: Vec<Settled>,
    until: Timestamp,
    keep: bool,
    now: Timestamp,
) -> StoreResult<Vec<Head>> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    Ok(match tx.engine() {
        Engine::Pg(c) => postgres::settle(c, &all, until, keep, now).await?,
        Engine::Sqlite(c) => c.spawn_blocking(move |c| sqlite::settle(c, &all, until, keep, now)).await?,
    })
}

/// What a lane's row becomes, and the head to send next. `first`: what is first now, the settled one left out if it ended.
pub(crate) fn decide(
    row: &LaneRow,
    one: &Settled,
    first: Option<First>,
    until: Timestamp,
    keep: bool,
    now: Timestamp,
) -> (Next, Option<Head>) {
    let place = one.head.place;
    let still = first.as_ref().is_some_and(|first| first.place == place);
    let mut next = Next {
        lane: row.lane,
        done_place: row.done_place.max(first.as_ref().map_or(place, |first| first.place - 1)),
        due_at: None,
        holder: None,
        tries: 0,
        failing_since: None,
        blocked: false,
    };
    match one.verdict {
        Verdict::Again { due_at } if still => {
            next.tries = row.tries + 1;
            next.due_at = Some(due_at);
            next.failing_since = row.failing_since.or(Some(one.tried.as_ref().map_or(now, |tried| tried.at)));
        }
        Verdict::Waits { until, failing } if still => {
            next.tries = row.tries;
            next.due_at = Some(until);
            next.failing_since = row.failing_since.or(failing.then_some(now));
        }
        Verdict::Ends { blocks: true, .. } => {
            next.blocked = true;
            // A replay takes this place again.
            next.done_place = place - 1;
        }
        // Another one is first: the settled one ended, or was cancelled meanwhile.
        _ => {
            if let Some(first) = first {
                let claim = Claim { until, ..one.head.claim };
                (next.due_at, next.holder) = if keep { (Some(until), Some(claim.holder)) } else { (Some(now), None) };
                let head = keep.then(|| Head::new(row, first, claim, 0));
                return (next, head);
            }
        }
    }
    (next, None)
}

/// When the first lane falls due, and whether any is.
pub async fn first_due(conn: &Conn) -> StoreResult<Option<Timestamp>> {
    Ok(on_conn!(conn, |c| lanes::table
        .filter(lanes::due_at.is_not_null())
        .order(lanes::due_at)
        .select(lanes::due_at)
        .first::<Option<Timestamp>>(c)
        .await
        .optional())?
    .flatten())
}

/// How many deliveries are to be sent still, and on how many lanes the first one has failed: on the lanes that fall due first,
/// at most `lanes` of them.
pub async fn backlog(conn: &Conn, lanes: i64) -> StoreResult<(i64, usize)> {
    let rows: Vec<(i64, i64, Option<Timestamp>)> = on_conn!(conn, |c| lanes::table
        .filter(lanes::due_at.is_not_null())
        .order(lanes::due_at)
        .limit(lanes)
        .select((lanes::last_place, lanes::done_place, lanes::failing_since))
        .load(c)
        .await)?;
    let waiting = rows.iter().map(|(last, done, _)| (last - done).max(0)).sum();
    Ok((waiting, rows.iter().filter(|(.., failing)| failing.is_some()).count()))
}

/// Some interactions with their bots whose first delivery failed first before `since`, the longest first.
pub async fn unreachable(conn: &Conn, since: Timestamp, limit: i64) -> StoreResult<Vec<(TenantId, InteractionId)>> {
    let with_bots =
        interactions::table.filter(interactions::state.eq(InteractionState::Bot)).select(interactions::id.nullable());
    let rows: Vec<(TenantId, Option<InteractionId>)> = on_conn!(conn, |c| lanes::table
        .filter(lanes::failing_since.le(since))
        .filter(lanes::interaction.is_not_null())
        .filter(lanes::interaction.eq_any(with_bots))
        .order(lanes::failing_since)
        .limit(limit)
        .select((lanes::tenant, lanes::interaction))
        .load(c)
        .await)?;
    Ok(rows.into_iter().filter_map(|(tenant, of)| Some((tenant, of?))).collect())
}

/// Cancels what is not settled yet of an interaction; says how much.
///
/// Held lanes stay held: what is on its way now is not called back, and its outcome finds it cancelled.
pub async fn cancel(tx: &mut Tx, interaction: InteractionId, now: Timestamp) -> StoreResult<usize> {
    let theirs = lanes::table.filter(lanes::interaction.eq(interaction)).order(lanes::lane).select(lanes::lane);
    let found: Vec<LaneId> = match tx.engine() {
        Engine::Pg(c) => theirs.for_update().load(c).await?,
        Engine::Sqlite(c) => theirs.load(c).await?,
    };
    if found.is_empty() {
        return Ok(0);
    }
    let pending = deliveries::table
        .filter(deliveries::lane.eq_any(found.clone()))
        .filter(deliveries::state.eq(DeliveryState::Pending));
    let gone = on_conn!(tx, |c| diesel::update(pending)
        .set((deliveries::state.eq(DeliveryState::Cancelled), deliveries::settled_at.eq(now)))
        .execute(c)
        .await)?;
    let calm = (lanes::tries.eq(0), lanes::failing_since.eq(None::<Timestamp>), lanes::blocked.eq(false));
    let all = || lanes::table.filter(lanes::lane.eq_any(found.clone()));
    on_conn!(tx, |c| diesel::update(all()).set(calm).execute(c).await)?;
    let idle = (lanes::done_place.eq(lanes::last_place), lanes::due_at.eq(None::<Timestamp>));
    on_conn!(tx, |c| diesel::update(all().filter(lanes::holder.is_null())).set(idle).execute(c).await)?;
    Ok(gone)
}

/// Lets the waiting lanes of an endpoint be looked at now: it was changed, switched off or removed.
pub async fn look_again(tx: &mut Tx, endpoint: WebhookId, unblock: bool, now: Timestamp) -> StoreResult<()> {
    let theirs = || lanes::table.filter(lanes::endpoint.eq(endpoint)).filter(lanes::holder.is_null());
    on_conn!(tx, |c| diesel::update(theirs().filter(lanes::due_at.gt(now)))
        .set(lanes::due_at.eq(now))
        .execute(c)
        .await)?;
    if unblock {
        let freed = (lanes::blocked.eq(false), lanes::due_at.eq(now));
        on_conn!(tx, |c| diesel::update(theirs().filter(lanes::blocked.eq(true))).set(freed).execute(c).await)?;
    }
    Ok(())
}

/// Removes up to `rows` lanes of a tenant; says how many.
pub async fn erase(tx: &mut Tx, tenant: TenantId, rows: i64) -> StoreResult<usize> {
    let some = lanes::table.filter(lanes::tenant.eq(tenant)).limit(rows).select(lanes::lane);
    let ids: Vec<LaneId> = on_conn!(tx, |c| some.load(c).await)?;
    Ok(on_conn!(tx, |c| diesel::delete(lanes::table.filter(lanes::lane.eq_any(ids.clone()))).execute(c).await)?)
}
