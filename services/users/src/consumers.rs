//! What this service does about others' events.

use async_trait::async_trait;
use bus::{Envelope, Failure, Handler};
use domain::Clock;
use host::erase;
use proto_events::TenantDeleted;
use store::Tx;

/// A deleted tenant's rows go, a few at a time, in the background.
pub struct OnTenantDeleted {
    clock: Clock,
}

impl OnTenantDeleted {
    /// `clock` says from when on the rows may go.
    pub fn new(clock: Clock) -> Self {
        Self { clock }
    }
}

#[async_trait]
impl Handler<TenantDeleted> for OnTenantDeleted {
    async fn consume(&self, tx: &mut Tx, event: &TenantDeleted, _meta: &Envelope) -> Result<(), Failure> {
        Ok(erase::ask(tx, event.tenant, self.clock.now()).await?)
    }
}
