//! Promises of repeated requests that need no kept answer.

use contracts::auth::{AuthError, HoldPromise};
use host::once::{Request, claim, keep};

use super::{Answer, Auth};

impl Auth {
    /// Refuses a key that came before with another body.
    pub(super) async fn hold_promise(&self, command: HoldPromise) -> Answer<()> {
        let HoldPromise { tenant, idempotency } = command;
        let mut tx = self.db.begin().await?;
        match claim::<()>(&mut tx, Some(&idempotency), self.clock.now()).await? {
            Request::New => keep(&mut tx, Some(&idempotency), tenant, &()).await?,
            Request::Repeated(()) => {}
            Request::KeyReused => return Err(AuthError::KeyReused.into()),
        }
        tx.commit().await?;
        Ok(())
    }
}
