//! SQLite: one writer, so there is nobody to wait for; every statement stays prepared.

use std::collections::HashSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text, Timestamp as SqlTimestamp};
use diesel::sqlite::Sqlite;
use domain::{ClaimId, DeliveryState, InteractionId, LaneId, TenantId, Timestamp, WebhookId};
use store::statement;

use super::{Claim, First, Head, LaneRow, NewDelivery, Next, Settled, Verdict, decide};
use crate::store::schema_delivery::{attempts, deliveries};

/// The columns of a [`LaneRow`].
type LaneColumns = (Binary, Binary, BigInt, BigInt, Nullable<SqlTimestamp>);
/// The columns of a [`First`].
type FirstColumns = (Binary, BigInt, Binary, Text, Text, Text, Nullable<Text>, SqlTimestamp);

statement! {
    /// Makes a lane longer by one, or makes it. One on which nothing waited gets the holder given.
    Lengthen on Sqlite => (BigInt, Nullable<Binary>) {
        "INSERT INTO lanes (lane, tenant, endpoint, interaction, last_place, done_place, due_at, holder, tries, blocked) \
         VALUES (",
        lane: LaneId as Binary, ", ",
        tenant: TenantId as Binary, ", ",
        endpoint: WebhookId as Binary, ", ",
        interaction: Option<InteractionId> as Nullable<Binary>, ", 1, 0, ",
        due: Timestamp as SqlTimestamp, ", ",
        holder: Option<ClaimId> as Nullable<Binary>,
        ", 0, FALSE) ON CONFLICT (lane) DO UPDATE SET last_place = lanes.last_place + 1, \
         holder = CASE WHEN lanes.due_at IS NULL AND NOT lanes.blocked THEN excluded.holder ELSE lanes.holder END, \
         due_at = CASE WHEN lanes.blocked THEN NULL ELSE COALESCE(lanes.due_at, excluded.due_at) END \
         RETURNING last_place, holder",
    }
}

statement! {
    /// Takes lanes that are due.
    TakeDue on Sqlite => LaneColumns {
        "UPDATE lanes SET holder = ",
        holder: ClaimId as Binary, ", due_at = ",
        until: Timestamp as SqlTimestamp,
        " WHERE lane IN (SELECT lane FROM lanes WHERE due_at <= ",
        now: Timestamp as SqlTimestamp, " ORDER BY due_at LIMIT ",
        limit: i64 as BigInt,
        ") RETURNING lane, endpoint, done_place, tries, failing_since",
    }
}

statement! {
    /// A lane that is held still.
    Held on Sqlite => LaneColumns {
        "SELECT lane, endpoint, done_place, tries, failing_since FROM lanes WHERE lane = ",
        lane: LaneId as Binary, " AND holder = ",
        holder: ClaimId as Binary, "",
    }
}

statement! {
    /// The first pending delivery of a lane behind a place.
    FirstOf on Sqlite => FirstColumns {
        "SELECT lane, place, id, webhook_id, event, body, trace, created_at FROM deliveries WHERE lane = ",
        lane: LaneId as Binary, " AND place > ",
        done: i64 as BigInt, " AND state = 'pending' ORDER BY place LIMIT 1",
    }
}

statement! {
    EndDelivery on Sqlite {
        "UPDATE deliveries SET state = ",
        state: DeliveryState as Text, ", settled_at = ",
        now: Timestamp as SqlTimestamp, " WHERE lane = ",
        lane: LaneId as Binary, " AND place = ",
        place: i64 as BigInt, " AND state = 'pending'",
    }
}

statement! {
    MoveLane on Sqlite {
        "UPDATE lanes SET done_place = ",
        done: i64 as BigInt, ", due_at = ",
        due: Option<Timestamp> as Nullable<SqlTimestamp>, ", holder = ",
        holder: Option<ClaimId> as Nullable<Binary>, ", tries = ",
        tries: i64 as BigInt, ", failing_since = ",
        failing: Option<Timestamp> as Nullable<SqlTimestamp>, ", blocked = ",
        blocked: bool as Bool, " WHERE lane = ",
        lane: LaneId as Binary, "",
    }
}

/// See [`super::add`].
pub(super) fn add(
    c: &mut SqliteConnection,
    new: &[NewDelivery],
    claim: Option<Claim>,
    now: Timestamp,
) -> QueryResult<Vec<Head>> {
    let (due, holder) = claim.map_or((now, None), |claim| (claim.until, Some(claim.holder)));
    let mut taken = HashSet::<LaneId>::new();
    let mut heads = Vec::new();
    for one in new {
        let NewDelivery { lane, tenant, endpoint, interaction, .. } = one;
        let lengthen = Lengthen { lane, tenant, endpoint, interaction, due: &due, holder: &holder };
        let (place, held): (i64, Option<ClaimId>) = lengthen.get_result(c)?;
        if let Some(claim) = claim
            && held == Some(claim.holder)
            && taken.insert(*lane)
        {
            heads.push(one.head(place, claim, now));
        }
        insert(c, one, place, now)?;
    }
    Ok(heads)
}

fn insert(c: &mut SqliteConnection, one: &NewDelivery, place: i64, now: Timestamp) -> QueryResult<()> {
    diesel::insert_into(deliveries::table)
        .values((
            deliveries::id.eq(one.id),
            deliveries::tenant.eq(one.tenant),
            deliveries::lane.eq(one.lane),
            deliveries::place.eq(Some(place)),
            deliveries::endpoint.eq(one.endpoint),
            deliveries::webhook_id.eq(&one.webhook_id),
            deliveries::event.eq(&one.event),
            deliveries::interaction.eq(one.interaction),
            deliveries::chat.eq(one.chat),
            deliveries::message.eq(one.message),
            deliveries::state.eq(DeliveryState::Pending),
            deliveries::body.eq(&one.body),
            deliveries::trace.eq(&one.trace),
            deliveries::replay_of.eq(one.replay_of),
            deliveries::created_at.eq(now),
        ))
        .execute(c)?;
    Ok(())
}

/// See [`super::claim`].
pub(super) fn claim(c: &mut SqliteConnection, claim: Claim, now: Timestamp, limit: i64) -> QueryResult<Vec<Head>> {
    let taken = TakeDue { holder: &claim.holder, until: &claim.until, now: &now, limit: &limit };
    let taken: Vec<LaneRow> = taken.load(c)?;
    let mut heads = Vec::with_capacity(taken.len());
    for lane in &taken {
        let first: Option<First> = FirstOf { lane: &lane.lane, done: &lane.done_place }.get_result(c).optional()?;
        match first {
            Some(first) => heads.push(Head::new(lane, first, claim, lane.tries)),
            None => move_lane(c, &Next::idle(lane))?,
        }
    }
    Ok(heads)
}

/// See [`super::settle`].
pub(super) fn settle(
    c: &mut SqliteConnection,
    all: &[Settled],
    until: Timestamp,
    keep: bool,
    now: Timestamp,
) -> QueryResult<Vec<Head>> {
    let mut heads = Vec::new();
    for one in all {
        let Head { lane, place, delivery, claim, .. } = &one.head;
        let row: Option<LaneRow> = Held { lane, holder: &claim.holder }.get_result(c).optional()?;
        let Some(row) = row else { continue };
        let done = match &one.verdict {
            Verdict::Ends { state, .. } => {
                EndDelivery { state, now: &now, lane, place }.execute(c)?;
                *place
            }
            Verdict::Again { .. } | Verdict::Waits { .. } => place - 1,
        };
        if let Some(tried) = &one.tried {
            diesel::insert_into(attempts::table)
                .values((
                    attempts::delivery.eq(*delivery),
                    attempts::number.eq(row.tries + 1),
                    attempts::at.eq(tried.at),
                    attempts::status.eq(tried.status),
                    attempts::duration_ms.eq(tried.duration_ms),
                    attempts::error.eq(&tried.error),
                    attempts::response.eq(&tried.response),
                ))
                .on_conflict_do_nothing()
                .execute(c)?;
        }
        let first: Option<First> = FirstOf { lane, done: &done }.get_result(c).optional()?;
        let (moved, next) = decide(&row, one, first, until, keep, now);
        move_lane(c, &moved)?;
        heads.extend(next);
    }
    Ok(heads)
}

fn move_lane(c: &mut SqliteConnection, next: &Next) -> QueryResult<()> {
    let Next { lane, done_place, due_at, holder, tries, failing_since, blocked } = next;
    let update = MoveLane { done: done_place, due: due_at, holder, tries, failing: failing_since, blocked, lane };
    update.execute(c)?;
    Ok(())
}
