//! Endpoints that fail for days are switched off, and those that are gone at once. Bots of departments never are: their
//! visitors go to people.

use std::collections::{BTreeMap, BTreeSet};

use domain::{EndpointKind, Timestamp, WebhookId};
use proto_events::WebhookDisabled;
use store::StoreResult;

use super::outcome::{Follows, Met};
use super::{Delivery, Endpoint};
use crate::store::lanes::Settled;
use crate::store::{endpoints, lanes};

/// What a batch of outcomes says of an endpoint.
#[derive(Debug, Clone, Copy, Default)]
struct Said {
    reached: bool,
    missed: Option<Timestamp>,
    gone: bool,
}

impl Delivery {
    /// Notes which endpoints were reached and which were not, as far as that is news.
    pub(super) async fn note_health(&self, batch: &[Settled]) {
        if let Err(error) = self.try_note_health(batch).await {
            tracing::warn!(error = %error, "could not note which endpoints fail; the next outcome will tell again");
        }
    }

    async fn try_note_health(&self, batch: &[Settled]) -> StoreResult<()> {
        let mut said = BTreeMap::<WebhookId, Said>::new();
        for one in batch {
            let (Some(tried), Some(endpoint)) = (&one.tried, self.0.known.get(one.head.endpoint).await?) else {
                continue;
            };
            let met = match tried.status.and_then(|status| u16::try_from(status).ok()) {
                Some(status) => Met::Answer { status, retry_after_s: None },
                None => Met::Failed(""),
            };
            let said = said.entry(endpoint.id).or_default();
            match met.follows(endpoint.kind, endpoint.format) {
                Follows::Delivered | Follows::Rejected => said.reached = true,
                Follows::Gone => said.gone = true,
                Follows::Again(_) => said.missed = Some(said.missed.map_or(tried.at, |at| at.min(tried.at))),
            }
        }
        if said.is_empty() {
            return Ok(());
        }
        let failing = endpoints::failing(&self.0.db.read().await?, said.keys().copied().collect()).await?;
        let failing: BTreeMap<WebhookId, Timestamp> = failing.into_iter().collect();
        let long_ago = self.0.clock.now().plus_seconds(-3600 * i64::from(self.0.settings.disable_after_h.max(1)));
        let (mut reached, mut missed, mut over) = (Vec::new(), BTreeMap::new(), BTreeSet::new());
        for (id, said) in said {
            match (failing.get(&id), said) {
                (_, Said { gone: true, .. }) => {
                    over.insert((id, "gone"));
                }
                (Some(_), Said { reached: true, .. }) => reached.push(id),
                (None, Said { reached: false, missed: Some(at), .. }) => {
                    missed.insert(id, at);
                }
                (Some(since), Said { missed: Some(_), .. }) if *since <= long_ago => {
                    over.insert((id, "failing"));
                }
                _ => {}
            }
        }
        if !reached.is_empty() || !missed.is_empty() {
            let mut tx = self.0.db.begin().await?;
            endpoints::reached(&mut tx, reached).await?;
            for (id, at) in missed {
                endpoints::missed(&mut tx, vec![id], at).await?;
            }
            tx.commit().await?;
        }
        for (id, because) in over {
            if let Some(endpoint) = self.0.known.get(id).await? {
                self.disable(&endpoint, because).await?;
            }
        }
        Ok(())
    }

    /// Switches a webhook off, with an event that says so. What waits for it is cancelled as its lanes come to be sent,
    /// which is now.
    async fn disable(&self, endpoint: &Endpoint, because: &str) -> StoreResult<()> {
        if endpoint.kind != EndpointKind::Webhook || !endpoint.live {
            return Ok(());
        }
        let now = self.0.clock.now();
        let mut tx = self.0.db.begin().await?;
        let change = endpoints::next_change(&mut tx).await?;
        let Some(mut row) = endpoints::find(&tx, endpoint.id).await? else { return Ok(()) };
        if row.disabled_at.is_some() || row.deleted_at.is_some() {
            return Ok(());
        }
        let since = row.failing_since.unwrap_or(now);
        row.disabled_at = Some(now);
        row.disabled_because = Some(because.to_owned());
        (row.change, row.updated_at) = (change, now);
        endpoints::update(&mut tx, &row).await?;
        lanes::look_again(&mut tx, row.id, true, now).await?;
        let (tenant, webhook) = (row.tenant, row.id);
        let event = WebhookDisabled { tenant, webhook, url: row.url, because: because.to_owned(), since, at: now };
        self.0.outbox.append(&tx, &event, now).await?;
        tx.commit().await?;
        tracing::warn!(webhook.id = %webhook, because, "a webhook is switched off");
        metrics::counter!("bots_webhooks_disabled_total").increment(1);
        self.0.outbox.wake();
        self.0.known.refresh().await?;
        self.wake();
        Ok(())
    }
}
