//! Endpoints as they are made and changed: departments' bots, customers' webhooks, and their secrets.

use contracts::Invalid;
use contracts::bots::{BotAddress, BotsError};
use domain::{DepartmentId, EndpointKind, OnParked, TenantId, Timestamp, WebhookFormat, WebhookId};
use store::{StoreResult, Tx};

use super::{Delivery, SigningSecret};
use crate::service::Outcome;
use crate::store::endpoints::{self, EndpointRow, SecretRow};
use crate::store::lanes;

impl Delivery {
    /// Makes `address` the one a department's bot is told at; answers whether what it is told is signed.
    ///
    /// # Errors
    /// A secret that is none; the store's.
    pub async fn point_bot(
        &self,
        tx: &mut Tx,
        tenant: TenantId,
        department: DepartmentId,
        address: &BotAddress,
        now: Timestamp,
    ) -> Outcome<bool> {
        let id = WebhookId::from_uuid(department.uuid());
        let secret = match &address.secret {
            Some(Some(text)) => Some(Some(secret(text)?)),
            Some(None) => Some(None),
            None => None,
        };
        let change = self.changing(tx).await?;
        let url = address.url.clone();
        match endpoints::find(tx, id).await? {
            Some(old) => {
                let created_at = if old.deleted_at.is_some() { now } else { old.created_at };
                let failing_since = old.failing_since.filter(|_| old.url == url);
                let row =
                    EndpointRow { url, change, failing_since, deleted_at: None, created_at, updated_at: now, ..old };
                endpoints::update(tx, &row).await?;
            }
            None => {
                endpoints::insert(
                    tx,
                    EndpointRow {
                        id,
                        tenant,
                        kind: EndpointKind::Bot,
                        url,
                        format: WebhookFormat::Zenvia,
                        events: None,
                        on_parked: OnParked::Pass,
                        change,
                        failing_since: None,
                        disabled_at: None,
                        disabled_because: None,
                        deleted_at: None,
                        created_at: now,
                        updated_at: now,
                    },
                )
                .await?;
            }
        }
        if let Some(secret) = secret {
            self.set_secret(tx, id, secret.as_ref(), now).await?;
        }
        // What waits for the old address is tried at the new one.
        lanes::look_again(tx, id, true, now).await?;
        Ok(signs(&endpoints::secrets(tx, vec![id]).await?, now))
    }

    /// A department has no bot any more.
    ///
    /// # Errors
    /// The store's.
    pub async fn unpoint_bot(&self, tx: &mut Tx, department: DepartmentId, now: Timestamp) -> StoreResult<()> {
        self.remove(tx, WebhookId::from_uuid(department.uuid()), now).await.map(drop)
    }

    /// Removes an endpoint with its secrets; what waits for it is cancelled as its lanes come to be sent, which is now.
    /// `None` when there is none.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn remove(&self, tx: &mut Tx, id: WebhookId, now: Timestamp) -> StoreResult<Option<EndpointRow>> {
        let change = self.changing(tx).await?;
        let found = endpoints::find(tx, id).await?.filter(|row| row.deleted_at.is_none());
        let Some(mut row) = found else { return Ok(None) };
        (row.deleted_at, row.change, row.updated_at) = (Some(now), change, now);
        endpoints::update(tx, &row).await?;
        endpoints::drop_secrets(tx, id, None).await?;
        lanes::look_again(tx, id, true, now).await?;
        Ok(Some(row))
    }

    /// Signs with `secret` from now on, and for a while with those before, too; with none when there is none.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn set_secret(
        &self,
        tx: &mut Tx,
        endpoint: WebhookId,
        secret: Option<&SigningSecret>,
        now: Timestamp,
    ) -> StoreResult<()> {
        let Some(secret) = secret else { return endpoints::drop_secrets(tx, endpoint, None).await };
        endpoints::drop_secrets(tx, endpoint, Some(now)).await?;
        let (key_id, sealed) = self.0.known.seal(endpoint, secret)?;
        let overlap_s = 3600 * i64::from(self.0.settings.secret_overlap_h);
        let row = SecretRow { endpoint, place: 0, key_id, sealed, made_at: now, ends_at: None };
        endpoints::add_secret(tx, row, now.plus_seconds(overlap_s)).await
    }

    /// The secret that an endpoint signs with for good.
    ///
    /// # Errors
    /// The store's; a key that is not configured any more.
    pub(crate) async fn newest_secret(&self, tx: &mut Tx, endpoint: WebhookId) -> StoreResult<Option<SigningSecret>> {
        let secrets = endpoints::secrets(tx, vec![endpoint]).await?;
        let newest = secrets.iter().rev().find(|secret| secret.ends_at.is_none());
        newest.map(|row| self.0.known.open(row)).transpose()
    }

    /// Takes the number of a change, and doubts the copy for a while: it is to be committed.
    pub(crate) async fn changing(&self, tx: &mut Tx) -> StoreResult<i64> {
        self.0.known.doubt();
        endpoints::next_change(tx).await
    }

    /// A change was committed.
    pub(crate) async fn changed(&self) {
        if let Err(error) = self.0.known.refresh().await {
            tracing::warn!(error = %error, "could not take in a change of endpoints; it is tried again");
        }
        self.wake();
    }
}

/// Reads a secret to sign with.
pub(crate) fn secret(text: &str) -> Result<SigningSecret, BotsError> {
    SigningSecret::read(text)
        .ok_or_else(|| Invalid::new("secret", "must be whsec_ and base64 of 24 to 64 bytes").into())
}

/// Whether any of these secrets signs.
pub(crate) fn signs(secrets: &[SecretRow], now: Timestamp) -> bool {
    secrets.iter().any(|secret| secret.ends_at.is_none_or(|end| now < end))
}
