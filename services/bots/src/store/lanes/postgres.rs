//! PostgreSQL: arrays in few statements, so that a batch costs few round trips whatever its size. Lanes are locked by id.

use std::collections::{BTreeMap, HashMap};

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Bool, Nullable, Text, Timestamp as SqlTimestamp};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use domain::{
    ChatId, ClaimId, DeliveryId, DeliveryState, InteractionId, LaneId, MessageId, TenantId, Timestamp, WebhookId,
};
use store::statement;
use tokio::try_join;

use super::{Claim, First, Head, LaneRow, NewDelivery, Next, Settled, Verdict, decide};

/// The columns of a [`LaneRow`].
type LaneColumns = (Binary, Binary, BigInt, BigInt, Nullable<SqlTimestamp>);
/// The columns of a [`First`].
type FirstColumns = (Binary, BigInt, Binary, Text, Text, Text, Nullable<Text>, SqlTimestamp);

statement! {
    /// Makes lanes longer, or makes them, and adds deliveries at their ends. A lane on which nothing waited gets the holder given.
    AddDeliveries on Pg => (Binary, BigInt, Nullable<Binary>) {
        "WITH longer AS (\
         INSERT INTO lanes (lane, tenant, endpoint, interaction, last_place, done_place, due_at, holder, tries, blocked) \
         SELECT l, t, e, i, n, 0, ",
        due: Timestamp as SqlTimestamp, ", ",
        holder: Option<ClaimId> as Nullable<Binary>,
        ", 0, FALSE FROM unnest(",
        lanes: [LaneId] as Array<Binary>, ", ",
        lane_tenants: [TenantId] as Array<Binary>, ", ",
        lane_endpoints: [WebhookId] as Array<Binary>, ", ",
        lane_interactions: [Option<InteractionId>] as Array<Nullable<Binary>>, ", ",
        counts: [i64] as Array<BigInt>,
        ") WITH ORDINALITY AS r (l, t, e, i, n, place) ORDER BY place \
         ON CONFLICT (lane) DO UPDATE SET last_place = lanes.last_place + excluded.last_place, \
         holder = CASE WHEN lanes.due_at IS NULL AND NOT lanes.blocked THEN excluded.holder ELSE lanes.holder END, \
         due_at = CASE WHEN lanes.blocked THEN NULL ELSE COALESCE(lanes.due_at, excluded.due_at) END \
         RETURNING lane, last_place, holder), \
         added AS (\
         INSERT INTO deliveries (id, tenant, lane, place, endpoint, webhook_id, event, interaction, chat, message, state, \
         body, trace, replay_of, created_at) \
         SELECT d, t, l, longer.last_place - a, e, w, v, i, c, m, 'pending', b, y, r, ",
        now: Timestamp as SqlTimestamp,
        " FROM unnest(",
        ids: [DeliveryId] as Array<Binary>, ", ",
        tenants: [TenantId] as Array<Binary>, ", ",
        of_lanes: [LaneId] as Array<Binary>, ", ",
        after: [i64] as Array<BigInt>, ", ",
        endpoints: [WebhookId] as Array<Binary>, ", ",
        webhook_ids: [&'a str] as Array<Text>, ", ",
        events: [&'a str] as Array<Text>, ", ",
        interactions: [Option<InteractionId>] as Array<Nullable<Binary>>, ", ",
        chats: [Option<ChatId>] as Array<Nullable<Binary>>, ", ",
        messages: [Option<MessageId>] as Array<Nullable<Binary>>, ", ",
        bodies: [&'a str] as Array<Text>, ", ",
        traces: [Option<&'a str>] as Array<Nullable<Text>>, ", ",
        replays: [Option<DeliveryId>] as Array<Nullable<Binary>>,
        ") AS x (d, t, l, a, e, w, v, i, c, m, b, y, r) JOIN longer ON longer.lane = x.l) \
         SELECT lane, last_place, holder FROM longer",
    }
}

statement! {
    /// Takes lanes that are due, but for those that others are taking.
    TakeDue on Pg => LaneColumns {
        "UPDATE lanes SET holder = ",
        holder: ClaimId as Binary, ", due_at = ",
        until: Timestamp as SqlTimestamp,
        " FROM (SELECT lane FROM lanes WHERE due_at <= ",
        now: Timestamp as SqlTimestamp, " ORDER BY due_at LIMIT ",
        limit: i64 as BigInt,
        " FOR UPDATE SKIP LOCKED) AS due WHERE lanes.lane = due.lane \
         RETURNING lanes.lane, endpoint, done_place, tries, failing_since",
    }
}

statement! {
    /// The first pending delivery of each lane behind a place.
    Firsts on Pg => FirstColumns {
        "SELECT d.lane, d.place, d.id, d.webhook_id, d.event, d.body, d.trace, d.created_at FROM unnest(",
        lanes: [LaneId] as Array<Binary>, ", ",
        dones: [i64] as Array<BigInt>,
        ") AS w (lane, done) CROSS JOIN LATERAL (SELECT * FROM deliveries WHERE lane = w.lane AND place > w.done \
         AND state = 'pending' ORDER BY place LIMIT 1) AS d",
    }
}

statement! {
    /// Locks the lanes that are held still.
    LockHeld on Pg => LaneColumns {
        "SELECT l.lane, endpoint, done_place, tries, failing_since FROM unnest(",
        lanes: [LaneId] as Array<Binary>, ", ",
        holders: [ClaimId] as Array<Binary>,
        ") AS w (lane, holder) JOIN lanes l ON l.lane = w.lane AND l.holder = w.holder ORDER BY l.lane FOR UPDATE OF l",
    }
}

statement! {
    EndDeliveries on Pg {
        "UPDATE deliveries SET state = r.state, settled_at = ",
        now: Timestamp as SqlTimestamp, " FROM unnest(",
        lanes: [LaneId] as Array<Binary>, ", ",
        places: [i64] as Array<BigInt>, ", ",
        states: [DeliveryState] as Array<Text>,
        ") AS r (lane, place, state) \
         WHERE deliveries.lane = r.lane AND deliveries.place = r.place AND deliveries.state = 'pending'",
    }
}

statement! {
    InsertAttempts on Pg {
        "INSERT INTO attempts (delivery, number, at, status, duration_ms, error, response) SELECT * FROM unnest(",
        deliveries: [DeliveryId] as Array<Binary>, ", ",
        numbers: [i64] as Array<BigInt>, ", ",
        ats: [Timestamp] as Array<SqlTimestamp>, ", ",
        statuses: [Option<i64>] as Array<Nullable<BigInt>>, ", ",
        durations: [i64] as Array<BigInt>, ", ",
        errors: [Option<&'a str>] as Array<Nullable<Text>>, ", ",
        responses: [Option<&'a str>] as Array<Nullable<Text>>,
        ") ON CONFLICT DO NOTHING",
    }
}

statement! {
    MoveLanes on Pg {
        "UPDATE lanes SET done_place = r.done, due_at = r.due, holder = r.holder, tries = r.tries, \
         failing_since = r.failing, blocked = r.blocked FROM unnest(",
        lanes: [LaneId] as Array<Binary>, ", ",
        dones: [i64] as Array<BigInt>, ", ",
        dues: [Option<Timestamp>] as Array<Nullable<SqlTimestamp>>, ", ",
        holders: [Option<ClaimId>] as Array<Nullable<Binary>>, ", ",
        tries: [i64] as Array<BigInt>, ", ",
        failing: [Option<Timestamp>] as Array<Nullable<SqlTimestamp>>, ", ",
        blocked: [bool] as Array<Bool>,
        ") AS r (lane, done, due, holder, tries, failing, blocked) WHERE lanes.lane = r.lane",
    }
}

fn column<'a, R, T>(rows: &'a [R], of: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}

/// See [`super::add`].
pub(super) async fn add(
    c: &mut AsyncPgConnection,
    new: &[NewDelivery],
    claim: Option<Claim>,
    now: Timestamp,
) -> QueryResult<Vec<Head>> {
    let mut wanted = BTreeMap::<LaneId, (&NewDelivery, i64)>::new();
    // How many of each one's lane come after it.
    let mut after = vec![0; new.len()];
    for (one, after) in new.iter().zip(&mut after).rev() {
        let (_, count) = wanted.entry(one.lane).or_insert((one, 0));
        *after = *count;
        *count += 1;
    }
    let lanes: Vec<(&NewDelivery, i64)> = wanted.into_values().collect();
    let add = AddDeliveries {
        due: &claim.map_or(now, |claim| claim.until),
        holder: &claim.map(|claim| claim.holder),
        lanes: &column(&lanes, |(one, _)| one.lane),
        lane_tenants: &column(&lanes, |(one, _)| one.tenant),
        lane_endpoints: &column(&lanes, |(one, _)| one.endpoint),
        lane_interactions: &column(&lanes, |(one, _)| one.interaction),
        counts: &column(&lanes, |(_, count)| *count),
        now: &now,
        ids: &column(new, |one| one.id),
        tenants: &column(new, |one| one.tenant),
        of_lanes: &column(new, |one| one.lane),
        after: &after,
        endpoints: &column(new, |one| one.endpoint),
        webhook_ids: &column(new, |one| one.webhook_id.as_str()),
        events: &column(new, |one| one.event.as_str()),
        interactions: &column(new, |one| one.interaction),
        chats: &column(new, |one| one.chat),
        messages: &column(new, |one| one.message),
        bodies: &column(new, |one| one.body.as_str()),
        traces: &column(new, |one| one.trace.as_deref()),
        replays: &column(new, |one| one.replay_of),
    };
    let added: Vec<(LaneId, i64, Option<ClaimId>)> = add.load(c).await?;
    let mut ends: HashMap<LaneId, (i64, Option<ClaimId>)> =
        added.into_iter().map(|(lane, last, holder)| (lane, (last, holder))).collect();
    let mut heads = Vec::new();
    for (one, after) in new.iter().zip(after) {
        let Some((last, holder)) = ends.get_mut(&one.lane) else { return Err(diesel::result::Error::NotFound) };
        // The first one of a lane that was taken just now.
        if let Some(claim) = claim
            && holder.take() == Some(claim.holder)
        {
            heads.push(one.head(*last - after, claim, now));
        }
    }
    Ok(heads)
}

async fn firsts(mut c: &AsyncPgConnection, lanes: &[LaneId], dones: &[i64]) -> QueryResult<HashMap<LaneId, First>> {
    if lanes.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<First> = Firsts { lanes, dones }.load(&mut c).await?;
    Ok(found.into_iter().map(|first| (first.lane, first)).collect())
}

/// See [`super::claim`].
pub(super) async fn claim(
    c: &mut AsyncPgConnection,
    claim: Claim,
    now: Timestamp,
    limit: i64,
) -> QueryResult<Vec<Head>> {
    let taken = TakeDue { holder: &claim.holder, until: &claim.until, now: &now, limit: &limit };
    let taken: Vec<LaneRow> = taken.load(c).await?;
    let mut found = firsts(c, &column(&taken, |lane| lane.lane), &column(&taken, |lane| lane.done_place)).await?;
    let (mut heads, mut idle) = (Vec::with_capacity(taken.len()), Vec::new());
    for lane in &taken {
        match found.remove(&lane.lane) {
            Some(first) => heads.push(Head::new(lane, first, claim, lane.tries)),
            None => idle.push(Next::idle(lane)),
        }
    }
    move_lanes(c, &idle).await?;
    Ok(heads)
}

/// See [`super::settle`].
pub(super) async fn settle(
    c: &mut AsyncPgConnection,
    all: &[Settled],
    until: Timestamp,
    keep: bool,
    now: Timestamp,
) -> QueryResult<Vec<Head>> {
    let lock =
        LockHeld { lanes: &column(all, |one| one.head.lane), holders: &column(all, |one| one.head.claim.holder) };
    let rows: Vec<LaneRow> = lock.load(c).await?;
    let rows: HashMap<LaneId, LaneRow> = rows.into_iter().map(|row| (row.lane, row)).collect();
    let held: Vec<(&Settled, &LaneRow)> = all.iter().filter_map(|one| Some((one, rows.get(&one.head.lane)?))).collect();
    let dones = column(&held, |(one, _)| match one.verdict {
        Verdict::Ends { .. } => one.head.place,
        Verdict::Again { .. } | Verdict::Waits { .. } => one.head.place - 1,
    });
    let lanes = column(&held, |(one, _)| one.head.lane);
    // What is first does not depend on what ends: it is looked for behind that.
    let ((), (), mut found) = try_join!(end(c, &held, now), attempts(c, &held), firsts(c, &lanes, &dones))?;
    let (mut moves, mut heads) = (Vec::with_capacity(held.len()), Vec::new());
    for (one, row) in held {
        let (change, next) = decide(row, one, found.remove(&row.lane), until, keep, now);
        moves.push(change);
        heads.extend(next);
    }
    move_lanes(c, &moves).await?;
    Ok(heads)
}

async fn end(mut c: &AsyncPgConnection, held: &[(&Settled, &LaneRow)], now: Timestamp) -> QueryResult<()> {
    let ended = held.iter().filter_map(|(one, _)| match one.verdict {
        Verdict::Ends { state, .. } => Some((one.head.lane, one.head.place, state)),
        Verdict::Again { .. } | Verdict::Waits { .. } => None,
    });
    let ended: Vec<(LaneId, i64, DeliveryState)> = ended.collect();
    if ended.is_empty() {
        return Ok(());
    }
    let end = EndDeliveries {
        now: &now,
        lanes: &column(&ended, |(lane, ..)| *lane),
        places: &column(&ended, |(_, place, _)| *place),
        states: &column(&ended, |(.., state)| *state),
    };
    end.execute(&mut c).await?;
    Ok(())
}

async fn attempts(mut c: &AsyncPgConnection, held: &[(&Settled, &LaneRow)]) -> QueryResult<()> {
    let tried = held.iter().filter_map(|(one, row)| Some((one.head.delivery, row.tries + 1, one.tried.as_ref()?)));
    let tried: Vec<_> = tried.collect();
    if tried.is_empty() {
        return Ok(());
    }
    let insert = InsertAttempts {
        deliveries: &column(&tried, |(delivery, ..)| *delivery),
        numbers: &column(&tried, |(_, number, _)| *number),
        ats: &column(&tried, |(.., tried)| tried.at),
        statuses: &column(&tried, |(.., tried)| tried.status),
        durations: &column(&tried, |(.., tried)| tried.duration_ms),
        errors: &column(&tried, |(.., tried)| tried.error.as_deref()),
        responses: &column(&tried, |(.., tried)| tried.response.as_deref()),
    };
    insert.execute(&mut c).await?;
    Ok(())
}

async fn move_lanes(c: &mut AsyncPgConnection, moves: &[Next]) -> QueryResult<()> {
    if moves.is_empty() {
        return Ok(());
    }
    let update = MoveLanes {
        lanes: &column(moves, |next| next.lane),
        dones: &column(moves, |next| next.done_place),
        dues: &column(moves, |next| next.due_at),
        holders: &column(moves, |next| next.holder),
        tries: &column(moves, |next| next.tries),
        failing: &column(moves, |next| next.failing_since),
        blocked: &column(moves, |next| next.blocked),
    };
    update.execute(c).await?;
    Ok(())
}
