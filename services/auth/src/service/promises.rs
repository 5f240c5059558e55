//! Promises of repeated requests whose services keep no answer.

use contracts::auth::{AuthError, HoldPromise, KeepAnswer, KeptAnswer};
use host::once::{Request, claim, keep};

use super::{Answer, Auth};

/// What is kept of a promise: the answer, once there is one.
type Kept = Option<KeptAnswer>;

impl Auth {
    /// Refuses a key that came before with another body; answers what was answered then, if that was kept.
    pub(super) async fn hold_promise(&self, command: HoldPromise) -> Answer<Kept> {
        let HoldPromise { tenant, idempotency } = command;
        let mut tx = self.db.begin().await?;
        match claim::<Kept>(&mut tx, Some(&idempotency), self.clock.now()).await? {
            Request::New => keep(&mut tx, Some(&idempotency), tenant, &Kept::None).await?,
            Request::Repeated(answer) => return Ok(answer),
            Request::KeyReused => return Err(AuthError::KeyReused.into()),
        }
        tx.commit().await?;
        Ok(None)
    }

    /// Keeps the answer, if there is none yet.
    pub(super) async fn keep_promised(&self, command: KeepAnswer) -> Answer<()> {
        let KeepAnswer { tenant, idempotency, answer } = command;
        let mut tx = self.db.begin().await?;
        match claim::<Kept>(&mut tx, Some(&idempotency), self.clock.now()).await? {
            Request::New | Request::Repeated(None) => {
                keep(&mut tx, Some(&idempotency), tenant, &Some(answer)).await?;
                tx.commit().await?;
                Ok(())
            }
            Request::Repeated(Some(_)) => Ok(()),
            Request::KeyReused => Err(AuthError::KeyReused.into()),
        }
    }
}
