//! What is, was or was to be told outside.

use std::collections::HashMap;

use contracts::bots::{Attempt, BotsError, Delivery, Endpoint, GetDelivery, ListDeliveries};
use domain::{DeliveryState, EndpointKind, LaneId, Page, TenantId, Timestamp, WebhookId};
use store::{Conn, StoreResult};

use super::{Bots, Outcome, checks};
use crate::store::deliveries::{self, AttemptRow, Row};
use crate::store::endpoints::{self, EndpointRow};

impl Bots {
    pub(super) async fn list_deliveries(&self, cmd: ListDeliveries) -> Outcome<Page<Delivery>> {
        checks::read(&cmd.by)?;
        let conn = self.db.read().await?;
        let rows = deliveries::page(&conn, cmd.by.tenant, &cmd.filter, cmd.after, cmd.limit.plus_one()).await?;
        let page = Page::cut(rows, cmd.limit);
        let more = page.more;
        let mut items = views(&conn, page.items).await?;
        for item in &mut items {
            item.attempts = item.attempts.split_off(item.attempts.len().saturating_sub(1));
        }
        Ok(Page { items, more })
    }

    pub(super) async fn get_delivery(&self, cmd: GetDelivery) -> Outcome<Delivery> {
        checks::read(&cmd.by)?;
        let conn = self.db.read().await?;
        let row = deliveries::find(&conn, cmd.by.tenant, cmd.id).await?.ok_or(BotsError::DeliveryNotFound)?;
        Ok(views(&conn, vec![row]).await?.pop().ok_or(BotsError::DeliveryNotFound)?)
    }
}

/// The endpoints of these.
pub(super) async fn at(conn: &Conn, rows: &[Row]) -> StoreResult<HashMap<WebhookId, EndpointRow>> {
    let mut ids: Vec<WebhookId> = rows.iter().map(|row| row.endpoint).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = endpoints::by_ids(conn, ids).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Shows these.
pub(super) async fn views(conn: &Conn, rows: Vec<Row>) -> StoreResult<Vec<Delivery>> {
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
