//! Telling again what was told, or was to be told, outside.

use contracts::bots::{BotsError, Delivery, ReplayDeliveries, ReplayDelivery, Replayed};
use domain::{DeliveryId, DeliveryState, Idempotency, TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Conn, StoreResult, Tx};

use super::deliveries::{at, views};
use super::{Bots, Outcome, checks};
use crate::delivery::Written;
use crate::store::deliveries::{self, Row};
use crate::store::lanes::NewDelivery;
use crate::{ids, once};

/// Deliveries made anew in one transaction.
const AT_ONCE: i64 = 200;

/// How far a replay of many has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Progress {
    /// Only what was there when it was asked for: what is made meanwhile comes behind it.
    end: DeliveryId,
    after: Option<DeliveryId>,
    replayed: u64,
    done: bool,
}

impl Bots {
    pub(super) async fn replay_delivery(&self, cmd: ReplayDelivery) -> Outcome<Delivery> {
        checks::write(&cmd.by)?;
        let (tenant, request, now) = (cmd.by.tenant, cmd.idempotency.as_ref(), self.clock.now());
        let mut tx = self.db.begin().await?;
        let id = if let Some(made) = once::first_answer(&mut tx, request, now).await? {
            made
        } else {
            let row = deliveries::find(&tx, tenant, cmd.id).await?.ok_or(BotsError::DeliveryNotFound)?;
            let rows = replayable(&tx, vec![row]).await?;
            let (made, written) = self.make_again(&mut tx, rows, now).await?;
            let made = made.first().copied().ok_or(BotsError::NotReplayable)?;
            once::keep(&mut tx, request, tenant, &made).await?;
            tx.commit().await?;
            self.send(written);
            made
        };
        let conn = self.db.read().await?;
        let row = deliveries::find(&conn, tenant, id).await?.ok_or(BotsError::DeliveryNotFound)?;
        Ok(views(&conn, vec![row]).await?.pop().ok_or(BotsError::DeliveryNotFound)?)
    }

    /// A page per transaction, which also notes how far it came: a repeat under the same key goes on from there.
    pub(super) async fn replay_deliveries(&self, cmd: ReplayDeliveries) -> Outcome<Replayed> {
        checks::write(&cmd.by)?;
        let ReplayDeliveries { by, mut filter, idempotency } = cmd;
        filter.state = filter.state.or(Some(DeliveryState::Parked));
        let (tenant, request) = (by.tenant, idempotency.as_ref());
        let mut so_far = self.begun(request, tenant).await?;
        while !so_far.done {
            let now = self.clock.now();
            let mut tx = self.db.begin().await?;
            let mut rows = deliveries::page(&tx, tenant, &filter, so_far.after, AT_ONCE).await?;
            rows.retain(|row| row.id < so_far.end);
            let after = rows.last().map_or(so_far.after, |last| Some(last.id));
            // A page that is not full, or reaches beyond the end, is the last one.
            let done = i64::try_from(rows.len()).is_ok_and(|rows| rows < AT_ONCE);
            let rows = replayable(&tx, rows).await?;
            let next = Progress { after, done, replayed: so_far.replayed + rows.len() as u64, ..so_far };
            if !once::advance(&mut tx, request, tenant, &so_far, &next).await? {
                // The same request, sent twice, was faster elsewhere.
                drop(tx);
                so_far = self.begun(request, tenant).await?;
                continue;
            }
            let (_, written) = self.make_again(&mut tx, rows, now).await?;
            tx.commit().await?;
            self.send(written);
            so_far = next;
        }
        Ok(Replayed { replayed: so_far.replayed })
    }

    /// How far the request came before; a new one begins here.
    async fn begun(&self, request: Option<&Idempotency>, tenant: TenantId) -> Outcome<Progress> {
        let now = self.clock.now();
        let fresh = Progress { end: ids::first_at(now), after: None, replayed: 0, done: false };
        if request.is_none() {
            return Ok(fresh);
        }
        let mut tx = self.db.begin().await?;
        if let Some(so_far) = once::first_answer(&mut tx, request, now).await? {
            return Ok(so_far);
        }
        once::keep(&mut tx, request, tenant, &fresh).await?;
        tx.commit().await?;
        Ok(fresh)
    }

    /// Makes these once more, in their order, each behind what waits on its lane; one that blocks its lane is made in its
    /// own place.
    async fn make_again(&self, tx: &mut Tx, rows: Vec<Row>, now: Timestamp) -> StoreResult<(Vec<DeliveryId>, Written)> {
        let bodies = deliveries::bodies(tx, rows.iter().map(|row| row.id).collect()).await?;
        let (mut made, mut new) = (Vec::with_capacity(rows.len()), Vec::new());
        for (n, row) in rows.into_iter().enumerate() {
            let Some(body) = bodies.get(&row.id) else { continue };
            let id = ids::delivery(now, n);
            made.push(id);
            if !deliveries::replace_blocking(tx, &row, id, body, now).await? {
                new.push(again(row, id, body.clone()));
            }
        }
        Ok((made, self.delivery.add(tx, new, now).await?))
    }

    fn send(&self, written: Written) {
        self.delivery.send(written);
        self.delivery.wake();
    }
}

fn again(row: Row, id: DeliveryId, body: String) -> NewDelivery {
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
async fn replayable(conn: &Conn, rows: Vec<Row>) -> StoreResult<Vec<Row>> {
    let known = at(conn, &rows).await?;
    let lives =
        |row: &Row| known.get(&row.endpoint).is_some_and(|at| at.disabled_at.is_none() && at.deleted_at.is_none());
    Ok(rows.into_iter().filter(|row| row.state != DeliveryState::Pending && lives(row)).collect())
}
