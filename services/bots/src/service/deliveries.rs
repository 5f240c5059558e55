//! What is, was or was to be told outside.

use std::collections::HashMap;

use contracts::bots::{
    Attempt, BotsError, Delivery, Endpoint, GetDelivery, ListDeliveries, ReplayDeliveries, ReplayDelivery, Replayed,
};
use domain::{DeliveryState, EndpointKind, LaneId, Page, TenantId, Timestamp, WebhookId};
use store::{Conn, StoreResult};

use super::{Bots, Outcome, checks};
use crate::ids;
use crate::store::deliveries::{self, AttemptRow, Row};
use crate::store::endpoints::{self, EndpointRow};
use crate::store::lanes::NewDelivery;

/// Deliveries made anew in one transaction.
const AT_ONCE: i64 = 200;

impl Bots {
    pub(super) async fn list_deliveries(&self, cmd: ListDeliveries) -> Outcome<Page<Delivery>> {
        checks::read(&cmd.by)?;
        let mut conn = self.db.read().await?;
        let rows = deliveries::page(&mut conn, cmd.by.tenant, &cmd.filter, cmd.after, cmd.limit.plus_one()).await?;
        let page = Page::cut(rows, cmd.limit);
        let more = page.more;
        let mut items = views(&mut conn, page.items).await?;
        for item in &mut items {
            item.attempts = item.attempts.split_off(item.attempts.len().saturating_sub(1));
        }
        Ok(Page { items, more })
    }

    pub(super) async fn get_delivery(&self, cmd: GetDelivery) -> Outcome<Delivery> {
        checks::read(&cmd.by)?;
        let mut conn = self.db.read().await?;
        let row = deliveries::find(&mut conn, cmd.by.tenant, cmd.id).await?.ok_or(BotsError::DeliveryNotFound)?;
        Ok(views(&mut conn, vec![row]).await?.pop().ok_or(BotsError::DeliveryNotFound)?)
    }

    pub(super) async fn replay_delivery(&self, cmd: ReplayDelivery) -> Outcome<Delivery> {
        checks::write(&cmd.by)?;
        let tenant = cmd.by.tenant;
        let mut conn = self.db.read().await?;
        let row = deliveries::find(&mut conn, tenant, cmd.id).await?.ok_or(BotsError::DeliveryNotFound)?;
        let rows = replayable(&mut conn, vec![row]).await?;
        drop(conn);
        let made = self.make_again(rows).await?;
        let id = made.first().copied().ok_or(BotsError::NotReplayable)?;
        let mut conn = self.db.read().await?;
        let row = deliveries::find(&mut conn, tenant, id).await?.ok_or(BotsError::DeliveryNotFound)?;
        Ok(views(&mut conn, vec![row]).await?.pop().ok_or(BotsError::DeliveryNotFound)?)
    }

    /// Those that are there now, a page at a time: what is made meanwhile comes behind them.
    pub(super) async fn replay_deliveries(&self, cmd: ReplayDeliveries) -> Outcome<Replayed> {
        checks::write(&cmd.by)?;
        let mut filter = cmd.filter;
        filter.state = filter.state.or(Some(DeliveryState::Parked));
        let (end, mut after, mut replayed) = (ids::first_at(self.clock.now()), None, 0);
        loop {
            let mut conn = self.db.read().await?;
            let rows = deliveries::page(&mut conn, cmd.by.tenant, &filter, after, AT_ONCE).await?;
            let Some(last) = rows.last() else { return Ok(Replayed { replayed }) };
            after = Some(last.id);
            let old: Vec<Row> = rows.into_iter().filter(|row| row.id < end).collect();
            if old.is_empty() {
                return Ok(Replayed { replayed });
            }
            let rows = replayable(&mut conn, old).await?;
            drop(conn);
            replayed += self.make_again(rows).await?.len() as u64;
        }
    }

    /// Makes these once more, in their order, each behind what waits on its lane; one that blocks its lane is made in its
    /// own place.
    async fn make_again(&self, rows: Vec<Row>) -> Outcome<Vec<domain::DeliveryId>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.clock.now();
        let bodies = deliveries::bodies(&mut self.db.read().await?, rows.iter().map(|row| row.id).collect()).await?;
        let mut tx = self.db.begin().await?;
        let (mut made, mut new) = (Vec::with_capacity(rows.len()), Vec::new());
        for (n, row) in rows.into_iter().enumerate() {
            let Some(body) = bodies.get(&row.id) else { continue };
            let id = ids::delivery(now, n);
            made.push(id);
            if !deliveries::replace_blocking(&mut tx, &row, id, body, now).await? {
                new.push(again(row, id, body.clone()));
            }
        }
        let written = self.delivery.add(&mut tx, new, now).await?;
        tx.commit().await?;
        self.delivery.send(written);
        self.delivery.wake();
        Ok(made)
    }
}

fn again(row: Row, id: domain::DeliveryId, body: String) -> NewDelivery {
    NewDelivery {
        id,
        lane: row.lane,
        tenant: row.tenant,
        endpoint: row.endpoint,
        webhook_id: row.webhook_id,
        event: row.event,
        interaction: row.interaction,
        chat: row.chat,
        message: row.message,
        body,
        trace: domain::trace::current(),
        replay_of: Some(row.id),
    }
}

/// Those that are over and whose endpoint would be told.
async fn replayable(conn: &mut Conn, rows: Vec<Row>) -> StoreResult<Vec<Row>> {
    let known = at(conn, &rows).await?;
    let lives =
        |row: &Row| known.get(&row.endpoint).is_some_and(|at| at.disabled_at.is_none() && at.deleted_at.is_none());
    Ok(rows.into_iter().filter(|row| row.state != DeliveryState::Pending && lives(row)).collect())
}

async fn at(conn: &mut Conn, rows: &[Row]) -> StoreResult<HashMap<WebhookId, EndpointRow>> {
    let mut ids: Vec<WebhookId> = rows.iter().map(|row| row.endpoint).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = endpoints::by_ids(conn, ids).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

async fn views(conn: &mut Conn, rows: Vec<Row>) -> StoreResult<Vec<Delivery>> {
    let at = at(conn, &rows).await?;
    let mut attempts = deliveries::attempts(conn, rows.iter().map(|row| row.id).collect()).await?;
    let pending = rows.iter().filter(|row| row.state == DeliveryState::Pending);
    let mut lanes: Vec<LaneId> = pending.map(|row| row.lane).collect();
    lanes.sort_unstable();
    lanes.dedup();
    let dues = deliveries::dues(conn, lanes).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let attempts: Vec<Attempt> =
                attempts.remove(&row.id).unwrap_or_default().into_iter().map(attempt).collect();
            let due = dues.get(&row.lane).copied().flatten().filter(|_| row.state == DeliveryState::Pending);
            let last = attempts.last().map(|attempt| attempt.at);
            view(row, &at, due.or(last), attempts)
        })
        .collect())
}

fn view(row: Row, at: &HashMap<WebhookId, EndpointRow>, due: Option<Timestamp>, attempts: Vec<Attempt>) -> Delivery {
    let known = at.get(&row.endpoint);
    let kind = known.map_or(EndpointKind::Webhook, |at| at.kind);
    let url = known.filter(|at| at.deleted_at.is_none()).map_or_else(String::new, |at| at.url.clone());
    let tenant: TenantId = row.tenant;
    Delivery {
        id: row.id,
        tenant,
        webhook_id: row.webhook_id,
        event: row.event,
        endpoint: Endpoint { kind, id: row.endpoint.uuid(), url },
        interaction: row.interaction,
        chat: row.chat,
        message: row.message,
        state: row.state,
        due_at: due.or(row.settled_at).unwrap_or(row.created_at),
        attempts,
        created_at: row.created_at,
    }
}

fn attempt(row: AttemptRow) -> Attempt {
    let AttemptRow { delivery: _, at, status, duration_ms, error, response } = row;
    Attempt { at, status: status.and_then(|status| u16::try_from(status).ok()), duration_ms, error, response }
}
