//! All endpoints, in memory: who is told what, where they are, what their deliveries are signed with.
//!
//! **Why a copy is right.** Each change of an endpoint takes the next number of one counter row, and holds that row until
//! it is committed: so changes become visible in the order of their numbers, and asking for what is above the highest
//! number seen misses none. The consumer asks once for each batch of events, before it decides (one look at one row, and
//! nothing else while nothing changed). An event of the batch had happened by then; so whatever was changed, and
//! acknowledged, before the event happened is seen: a webhook misses nothing said after it was made, in whichever instance
//! it was made. What is changed at the same time may come before or after the event. The deliverer asks every second and
//! whenever it meets an endpoint it does not know; the instance that makes a change asks at once. What a webhook that was made in
//! another instance meanwhile is to be told has not been asked of other services yet: the batch is tried once more then.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use domain::{EndpointKind, OnParked, TenantId, Timestamp, WebhookFormat, WebhookId};
use host::keys::InstanceKeys;
use proto_events::{Event as _, PresenceChanged};
use store::{Db, StoreError, StoreResult};
use tokio::sync::Mutex;

use super::sealed;
use super::sign::SigningSecret;
use crate::store::endpoints::{self, EndpointRow, SecretRow};

/// Endpoints read at once.
const AT_ONCE: i64 = 500;
/// How long a transaction that changes an endpoint may take here before what it changed is seen as others see it, at the
/// next look.
const DOUBTED: Duration = Duration::from_secs(10);

/// An endpoint.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// The id; a bot's is its department's.
    pub id: WebhookId,
    /// The tenant.
    pub tenant: TenantId,
    /// Whose.
    pub kind: EndpointKind,
    /// Where.
    pub url: String,
    /// In whose words.
    pub format: WebhookFormat,
    /// The events it is told; `None`: all.
    pub events: Option<BTreeSet<String>>,
    /// What becomes of later deliveries behind one that was given up.
    pub on_parked: OnParked,
    /// Whether it is told anything: neither disabled nor removed.
    pub live: bool,
    secrets: Vec<(SigningSecret, Option<Timestamp>)>,
}

impl Endpoint {
    /// What its deliveries are signed with at `now`, newest first.
    pub fn secrets(&self, now: Timestamp) -> Vec<&SigningSecret> {
        let valid = self.secrets.iter().rev().filter(|(_, ends_at)| ends_at.is_none_or(|end| now < end));
        valid.map(|(secret, _)| secret).collect()
    }

    /// Whether it is told of `event`. Presence, of which there is much that nobody acts on, only by name.
    pub fn hears(&self, event: &str) -> bool {
        self.events.as_ref().map_or(event != PresenceChanged::TYPE, |events| events.contains(event))
    }
}

#[derive(Default)]
struct Copy {
    change: i64,
    all: HashMap<WebhookId, Arc<Endpoint>>,
    /// The living webhooks of each tenant that has some.
    webhooks: HashMap<TenantId, Arc<[Arc<Endpoint>]>>,
}

/// The copy; see the module.
pub struct Known {
    db: Db,
    keys: InstanceKeys,
    copy: RwLock<Copy>,
    /// One at a time reads.
    turn: Mutex<()>,
    /// Until when a change of this instance may have been committed without having been taken in.
    doubted: std::sync::Mutex<Option<Instant>>,
}

impl Known {
    /// Nothing yet.
    pub fn new(db: Db, keys: InstanceKeys) -> Self {
        Self { db, keys, copy: RwLock::default(), turn: Mutex::new(()), doubted: std::sync::Mutex::default() }
    }

    /// Takes in what was changed.
    ///
    /// # Errors
    /// The store's.
    pub async fn refresh(&self) -> StoreResult<()> {
        let last = endpoints::last_change(&self.db.read().await?).await?;
        self.catch_up(last).await
    }

    /// Takes in what was changed, up to change `last`.
    ///
    /// # Errors
    /// The store's.
    pub async fn catch_up(&self, last: i64) -> StoreResult<()> {
        if last == self.read(|copy| copy.change) {
            return Ok(());
        }
        let _turn = self.turn.lock().await;
        loop {
            let since = self.read(|copy| copy.change);
            let changed = endpoints::changed(&self.db.read().await?, since, AT_ONCE).await?;
            let Some((newest, _)) = changed.last() else { return Ok(()) };
            let newest = newest.change;
            let taken: Vec<Endpoint> = changed.into_iter().map(|(row, secrets)| self.endpoint(row, &secrets)).collect();
            self.take(taken, newest);
        }
    }

    /// An endpoint; looks for it if it is not known yet.
    ///
    /// # Errors
    /// The store's.
    pub async fn get(&self, id: WebhookId) -> StoreResult<Option<Arc<Endpoint>>> {
        if !self.is_doubted()
            && let Some(known) = self.read(|copy| copy.all.get(&id).cloned())
        {
            return Ok(Some(known));
        }
        self.refresh().await?;
        Ok(self.read(|copy| copy.all.get(&id).cloned()))
    }

    /// The living webhooks of a tenant; `None` when it has none, as most have.
    pub fn webhooks(&self, tenant: TenantId) -> Option<Arc<[Arc<Endpoint>]>> {
        self.read(|copy| copy.webhooks.get(&tenant).cloned())
    }

    fn read<T>(&self, from: impl FnOnce(&Copy) -> T) -> T {
        from(&self.copy.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn take(&self, changed: Vec<Endpoint>, newest: i64) {
        let mut copy = self.copy.write().unwrap_or_else(PoisonError::into_inner);
        for endpoint in changed {
            let (id, tenant, kind) = (endpoint.id, endpoint.tenant, endpoint.kind);
            let others = copy.webhooks.remove(&tenant).unwrap_or_default();
            let mut theirs: Vec<_> = others.iter().filter(|other| other.id != id).cloned().collect();
            let endpoint = Arc::new(endpoint);
            if kind == EndpointKind::Webhook && endpoint.live {
                theirs.push(endpoint.clone());
            }
            if !theirs.is_empty() {
                copy.webhooks.insert(tenant, theirs.into());
            }
            copy.all.insert(id, endpoint);
        }
        copy.change = newest;
    }

    fn endpoint(&self, row: EndpointRow, secrets: &[SecretRow]) -> Endpoint {
        let opened = secrets.iter().filter_map(|secret| {
            match self.open(secret) {
                Ok(opened) => Some((opened, secret.ends_at)),
                Err(error) => {
                    tracing::error!(endpoint.id = %secret.endpoint, error = %error, "a secret cannot be read: deliveries lack its signature");
                    None
                }
            }
        });
        let events = row.events.as_deref().map(serde_json::from_str).transpose().unwrap_or_else(|error| {
            tracing::error!(endpoint.id = %row.id, error = %error, "the list of events cannot be read: it is told none");
            Some(BTreeSet::new())
        });
        Endpoint {
            id: row.id,
            tenant: row.tenant,
            kind: row.kind,
            url: row.url,
            format: row.format,
            events,
            on_parked: row.on_parked,
            live: row.disabled_at.is_none() && row.deleted_at.is_none(),
            secrets: opened.collect(),
        }
    }

    /// Puts secrets that were encrypted under older keys under the newest; says how many were left behind.
    ///
    /// # Errors
    /// The store's.
    pub async fn reseal(&self) -> StoreResult<usize> {
        let newest = self.keys.newest().to_owned();
        let old = endpoints::under_other_keys(&self.db.read().await?, &newest, AT_ONCE).await?;
        let mut left = 0;
        for row in old {
            let Ok(secret) = self.open(&row) else {
                left += 1;
                continue;
            };
            let (key_id, sealed) = sealed::seal(&self.keys, row.endpoint, &secret)?;
            let mut tx = self.db.begin().await?;
            endpoints::reseal(&mut tx, &row, &key_id, sealed).await?;
            tx.commit().await?;
        }
        Ok(left)
    }

    /// Reads a secret.
    ///
    /// # Errors
    /// The key is not configured any more.
    pub fn open(&self, row: &SecretRow) -> StoreResult<SigningSecret> {
        sealed::open(&self.keys, row.endpoint, &row.key_id, &row.sealed)
    }

    /// A change is about to be committed here: for a while nothing is taken for granted.
    pub fn doubt(&self) {
        let mut doubted = self.doubted.lock().unwrap_or_else(PoisonError::into_inner);
        *doubted = Some(Instant::now() + DOUBTED);
    }

    fn is_doubted(&self) -> bool {
        let mut doubted = self.doubted.lock().unwrap_or_else(PoisonError::into_inner);
        *doubted = doubted.filter(|until| Instant::now() < *until);
        doubted.is_some()
    }

    /// Encrypts a secret for an endpoint; see [`sealed::seal`].
    ///
    /// # Errors
    /// There is no key.
    pub fn seal(&self, endpoint: WebhookId, secret: &SigningSecret) -> Result<(String, Vec<u8>), StoreError> {
        sealed::seal(&self.keys, endpoint, secret)
    }
}
