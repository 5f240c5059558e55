//! What this service does when it hears of deleted tenants and users.
//!
//! What must hold at once is done in the event's transaction; the rest is written down and erased in batches.

use std::sync::Arc;

use async_trait::async_trait;
use bus::{Consumers, Envelope, Failure, Handler};
use domain::{Clock, TenantId, UserId};
use proto_events::{TenantDeleted, UserDeleted};
use store::{StoreResult, Tx};
use tokio::sync::Notify;

use crate::store::rows::ErasureRow;
use crate::store::{erasures, logins, standing};

/// The handlers of this service. `erasing` is woken when there may be something to erase.
pub(crate) fn all(clock: Clock, erasing: Arc<Notify>) -> Consumers {
    let erase = Erase { clock, erasing };
    Consumers::new("auth").on::<TenantDeleted>(OnTenantDeleted(erase.clone())).on::<UserDeleted>(OnUserDeleted(erase))
}

#[derive(Clone)]
struct Erase {
    clock: Clock,
    erasing: Arc<Notify>,
}

impl Erase {
    async fn note(&self, tx: &mut Tx, meta: &Envelope, tenant: TenantId, user: Option<UserId>) -> StoreResult<()> {
        let row = ErasureRow { id: meta.event, tenant_id: tenant, user_id: user, created_at: self.clock.now() };
        erasures::insert(tx, &row).await?;
        // Before the commit: whoever comes too early looks again soon.
        self.erasing.notify_one();
        Ok(())
    }
}

struct OnTenantDeleted(Erase);

#[async_trait]
impl Handler<TenantDeleted> for OnTenantDeleted {
    async fn consume(&self, tx: &mut Tx, event: &TenantDeleted, meta: &Envelope) -> Result<(), Failure> {
        Ok(self.0.note(tx, meta, event.tenant, None).await?)
    }
}

struct OnUserDeleted(Erase);

#[async_trait]
impl Handler<UserDeleted> for OnUserDeleted {
    async fn consume(&self, tx: &mut Tx, event: &UserDeleted, meta: &Envelope) -> Result<(), Failure> {
        logins::delete(tx, event.tenant, event.user).await?;
        standing::delete(tx, event.tenant, event.user).await?;
        Ok(self.0.note(tx, meta, event.tenant, Some(event.user)).await?)
    }
}
