//! Addresses that are told what happens.

use std::collections::BTreeSet;

use contracts::Invalid;
use contracts::bots::{BotsError, CreateWebhook, DeleteWebhook, ListWebhooks, UpdateWebhook, Webhook, WebhookSecret};
use domain::{EndpointKind, Idempotency, Page, TenantId, Timestamp, WebhookFormat, WebhookId};
use store::{Conn, StoreError, StoreResult, Tx};

use super::{Bots, Outcome, checks};
use crate::delivery::{SigningSecret, secret, signs};
use crate::once;
use crate::store::endpoints::{self, EndpointRow};
use crate::store::lanes;

/// The events there are to be told of.
const EVENTS: [&str; 15] = [
    "chat.created",
    "chat.updated",
    "chat.deleted",
    "participant.added",
    "participant.removed",
    "message.posted",
    "message.edited",
    "message.deleted",
    "message.read",
    "interaction.started",
    "interaction.accepted",
    "interaction.transferred",
    "interaction.finished",
    "presence.changed",
    "webhook.disabled",
];
/// Webhooks of a tenant at most.
const WEBHOOKS: i64 = 100;
/// Why a webhook is off that its operator switched off.
const BY_OPERATOR: &str = "operator";

impl Bots {
    pub(super) async fn make_webhook(&self, cmd: CreateWebhook) -> Outcome<Webhook> {
        checks::write(&cmd.by)?;
        checks::url(self.egress.policy(), &cmd.url)?;
        let events = cmd.events.as_deref().map(heard).transpose()?;
        let given = cmd.secret.as_ref().map(|text| secret(&text.0)).transpose()?;
        let signing = given.or_else(|| (cmd.format == WebhookFormat::Native).then(SigningSecret::generate));
        let (tenant, request, now) = (cmd.by.tenant, cmd.idempotency.as_ref(), self.clock.now());
        let mut tx = self.db.begin().await?;
        if let Some(first) = once::first_answer(&mut tx, request, now).await? {
            return Ok(self.shown_again(&mut tx, first).await?);
        }
        let change = self.delivery.changing(&mut tx).await?;
        let others = endpoints::webhooks(&tx, tenant, None, WEBHOOKS).await?;
        if i64::try_from(others.len()).is_ok_and(|others| others >= WEBHOOKS) {
            return Err(refused("url", format!("is one too many: a tenant has at most {WEBHOOKS} webhooks")).into());
        }
        let row = EndpointRow {
            id: WebhookId::new(),
            tenant,
            kind: EndpointKind::Webhook,
            url: cmd.url,
            format: cmd.format,
            events,
            on_parked: cmd.on_parked,
            change,
            failing_since: None,
            disabled_at: None,
            disabled_because: None,
            deleted_at: None,
            created_at: now,
            updated_at: now,
        };
        endpoints::insert(&mut tx, row.clone()).await?;
        if let Some(secret) = &signing {
            self.delivery.set_secret(&mut tx, row.id, Some(secret), now).await?;
        }
        let webhook = view(row, signing.is_some())?;
        self.answer(tx, request, webhook, signing.as_ref()).await
    }

    pub(super) async fn list_webhooks(&self, cmd: ListWebhooks) -> Outcome<Page<Webhook>> {
        checks::read(&cmd.by)?;
        let conn = self.db.read().await?;
        let rows = endpoints::webhooks(&conn, cmd.by.tenant, cmd.after, cmd.limit.plus_one()).await?;
        let signed = signed(&conn, rows.iter().map(|row| row.id).collect(), self.clock.now()).await?;
        let views: StoreResult<Vec<Webhook>> = rows
            .into_iter()
            .map(|row| {
                let signs = signed.contains(&row.id);
                view(row, signs)
            })
            .collect();
        Ok(Page::cut(views?, cmd.limit))
    }

    pub(super) async fn change_webhook(&self, cmd: UpdateWebhook) -> Outcome<Webhook> {
        checks::write(&cmd.by)?;
        if let Some(url) = &cmd.url {
            checks::url(self.egress.policy(), url)?;
        }
        let events = cmd.events.map(|events| events.as_deref().map(heard).transpose()).transpose()?;
        let signing = match &cmd.secret {
            Some(Some(text)) => Some(Some(secret(&text.0)?)),
            Some(None) => Some(None),
            None => None,
        };
        let (tenant, request, now) = (cmd.by.tenant, cmd.idempotency.as_ref(), self.clock.now());
        let mut tx = self.db.begin().await?;
        if let Some(first) = once::first_answer(&mut tx, request, now).await? {
            return Ok(self.shown_again(&mut tx, first).await?);
        }
        let change = self.delivery.changing(&mut tx).await?;
        let old = living(&tx, tenant, cmd.id).await?;
        let mut row = EndpointRow {
            url: cmd.url.unwrap_or_else(|| old.url.clone()),
            events: events.unwrap_or_else(|| old.events.clone()),
            format: cmd.format.unwrap_or(old.format),
            on_parked: cmd.on_parked.unwrap_or(old.on_parked),
            change,
            updated_at: now.max(old.updated_at),
            ..old
        };
        match cmd.enabled {
            Some(true) => (row.disabled_at, row.disabled_because, row.failing_since) = (None, None, None),
            Some(false) if row.disabled_at.is_none() => {
                (row.disabled_at, row.disabled_because) = (Some(now), Some(BY_OPERATOR.to_owned()));
            }
            _ => {}
        }
        endpoints::update(&mut tx, &row).await?;
        if let Some(signing) = &signing {
            self.delivery.set_secret(&mut tx, row.id, signing.as_ref(), now).await?;
        }
        let passes = row.on_parked == domain::OnParked::Pass || row.disabled_at.is_some();
        lanes::look_again(&mut tx, row.id, passes, now).await?;
        let signs = signed(&tx, vec![row.id], now).await?.contains(&row.id);
        let webhook = view(row, signs)?;
        self.answer(tx, request, webhook, signing.flatten().as_ref()).await
    }

    pub(super) async fn drop_webhook(&self, cmd: DeleteWebhook) -> Outcome<Webhook> {
        checks::write(&cmd.by)?;
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let row = living(&tx, cmd.by.tenant, cmd.id).await?;
        let signs = signed(&tx, vec![row.id], now).await?.contains(&row.id);
        self.delivery.remove(&mut tx, row.id, now).await?;
        tx.commit().await?;
        self.delivery.changed().await;
        Ok(view(row, signs)?)
    }

    /// Ends a change, and answers it with the secret that was set by it. What is kept for a repeat has no secret, only that
    /// there was one: the one copy is encrypted.
    async fn answer(
        &self,
        mut tx: Tx,
        request: Option<&Idempotency>,
        webhook: Webhook,
        signing: Option<&SigningSecret>,
    ) -> Outcome<Webhook> {
        let kept = Webhook { secret: signing.map(|_| WebhookSecret(String::new())), ..webhook.clone() };
        once::keep(&mut tx, request, webhook.tenant, &kept).await?;
        tx.commit().await?;
        self.delivery.changed().await;
        Ok(Webhook { secret: signing.map(|secret| WebhookSecret(secret.text())), ..webhook })
    }

    /// The first answer again, with the secret it showed.
    async fn shown_again(&self, tx: &mut Tx, first: Webhook) -> StoreResult<Webhook> {
        if first.secret.is_none() {
            return Ok(first);
        }
        let secret = self.delivery.newest_secret(tx, first.id).await?;
        Ok(Webhook { secret: secret.map(|secret| WebhookSecret(secret.text())), ..first })
    }
}

async fn living(conn: &Conn, tenant: TenantId, id: WebhookId) -> Outcome<EndpointRow> {
    let found = endpoints::find(conn, id).await?;
    let theirs =
        |row: &EndpointRow| row.tenant == tenant && row.kind == EndpointKind::Webhook && row.deleted_at.is_none();
    Ok(found.filter(theirs).ok_or(BotsError::WebhookNotFound)?)
}

/// Which of these endpoints sign what they are told.
async fn signed(conn: &Conn, ids: Vec<WebhookId>, now: Timestamp) -> StoreResult<BTreeSet<WebhookId>> {
    let secrets = endpoints::secrets(conn, ids).await?;
    Ok(secrets.chunk_by(|a, b| a.endpoint == b.endpoint).filter(|of| signs(of, now)).map(|of| of[0].endpoint).collect())
}

/// A list of events, as it is stored.
fn heard(events: &[String]) -> Result<String, BotsError> {
    if let Some(unknown) = events.iter().find(|event| !EVENTS.contains(&event.as_str())) {
        return Err(refused("events", format!("has {unknown:?}, which is none of {}", EVENTS.join(", "))));
    }
    if events.is_empty() {
        return Err(refused("events", "must name at least one; leave it out for all"));
    }
    let events: BTreeSet<&String> = events.iter().collect();
    Ok(serde_json::json!(events).to_string())
}

fn refused(field: &str, problem: impl Into<String>) -> BotsError {
    Invalid::new(field, problem).into()
}

fn view(row: EndpointRow, signed: bool) -> StoreResult<Webhook> {
    let corrupt =
        |e: serde_json::Error| StoreError::Corrupt { table: "endpoints", column: "events", detail: e.to_string() };
    Ok(Webhook {
        id: row.id,
        tenant: row.tenant,
        events: row.events.as_deref().map(serde_json::from_str).transpose().map_err(corrupt)?,
        url: row.url,
        format: row.format,
        on_parked: row.on_parked,
        signed,
        secret: None,
        disabled_at: row.disabled_at,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_events_there_are_can_be_heard() {
        let list = |events: &[&str]| heard(&events.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(
            list(&["message.read", "chat.created", "message.read"]).unwrap(),
            r#"["chat.created","message.read"]"#
        );
        assert!(list(&["message.sent"]).is_err());
        assert!(list(&[]).is_err());
    }
}
