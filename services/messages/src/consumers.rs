//! What this service does when it hears of a deleted tenant: it notes it in the event's transaction, and erases later.

use std::sync::Arc;

use async_trait::async_trait;
use bus::{Consumers, Envelope, Failure, Handler};
use domain::Clock;
use proto_events::TenantDeleted;
use store::Tx;
use tokio::sync::Notify;

use crate::store::erase;

/// The handlers of this service. `erasing` is woken when there may be something to erase.
pub(crate) fn all(clock: Clock, erasing: Arc<Notify>) -> Consumers {
    Consumers::new("messages").on::<TenantDeleted>(OnTenantDeleted { clock, erasing })
}

struct OnTenantDeleted {
    clock: Clock,
    erasing: Arc<Notify>,
}

#[async_trait]
impl Handler<TenantDeleted> for OnTenantDeleted {
    async fn consume(&self, tx: &mut Tx, event: &TenantDeleted, _meta: &Envelope) -> Result<(), Failure> {
        erase::ask(tx, event.tenant, self.clock.now()).await?;
        // Before the commit: whoever comes too early looks again soon.
        self.erasing.notify_one();
        Ok(())
    }
}
