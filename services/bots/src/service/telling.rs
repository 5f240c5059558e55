//! What follows a handover: it is committed and sent, and `chats` is told of it, at once or by the worker.

use contracts::bots::BotsError;
use contracts::chats::{Chat, ChatsError, UpdateChat};
use domain::{ChatKind, Idempotency, TenantId, UserId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::Tx;

use super::asking::{from_peer, service};
use super::{Bots, Outcome};
use crate::delivery::Outgoing;
use crate::once;
use crate::store::interactions;
use crate::store::rows::InteractionRow;

/// How many handovers are told of in one round.
const AT_ONCE: i64 = 100;

impl Bots {
    /// Writes down what there is to tell outside, commits, and sends it.
    pub(super) async fn commit(&self, mut tx: Tx, out: Outgoing) -> Outcome<()> {
        let written = self.delivery.write(&mut tx, out, self.clock.now()).await?;
        tx.commit().await?;
        self.outbox.wake();
        self.delivery.send(written);
        Ok(())
    }

    /// Tells `chats` whose an interaction is now; what fails is tried again by the worker.
    pub(super) async fn tell_soon(&self, row: InteractionRow) {
        if row.told_version < row.version
            && let Err(error) = self.tell(&row).await
        {
            tracing::warn!(error = %error, interaction = %row.id, "could not tell chats of a handover; trying again");
            self.untold.notify_one();
        }
    }

    /// Tells `chats` of every handover it was not told of.
    pub(crate) async fn tell_all(&self) -> Outcome<()> {
        loop {
            let rows = interactions::untold(&self.db.read().await?, AT_ONCE).await?;
            let last = rows.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX);
            let mut failed = None;
            // One that cannot be told of holds up no other.
            for row in rows {
                if let Err(error) = self.tell(&row).await {
                    failed = Some(error);
                }
            }
            match failed {
                Some(error) => return Err(error),
                None if last => return Ok(()),
                None => {}
            }
        }
    }

    /// Whoever serves an interaction takes part in its chat, and answers for it if that was made for being served.
    async fn tell(&self, row: &InteractionRow) -> Outcome<()> {
        if let Some(user) = row.user_id {
            match self.seat(row.tenant, row.chat, user).await {
                Ok(chat) => self.make_owner(chat, user).await?,
                // The chat or the user is gone: the event that says so ends this.
                Err(ChatsError::ChatNotFound | ChatsError::Deleted | ChatsError::UserNotFound(_)) => {}
                Err(other) => return Err(from_peer(&other).into()),
            }
        }
        let mut tx = self.db.begin().await?;
        interactions::told(&mut tx, row.id, row.version).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn make_owner(&self, chat: Chat, user: UserId) -> Outcome<()> {
        if chat.kind != ChatKind::Support || chat.owner == Some(user) {
            return Ok(());
        }
        let update = UpdateChat {
            by: service(chat.tenant),
            id: chat.id,
            title: None,
            detail: None,
            owner: Some(user),
            company: None,
            closed_at: None,
            idempotency: None,
        };
        match self.peers.chats.update(update).await {
            Ok(_) | Err(ChatsError::ChatNotFound | ChatsError::Deleted | ChatsError::UserNotFound(_)) => Ok(()),
            Err(other) => Err(from_peer(&other).into()),
        }
    }

    /// The first answer to a request that was carried out before: nothing is checked again for it.
    pub(super) async fn answered<A: DeserializeOwned>(&self, request: Option<&Idempotency>) -> Outcome<Option<A>> {
        if request.is_none() {
            return Ok(None);
        }
        // The claim made here is undone with the transaction.
        let mut tx = self.db.begin().await?;
        once::first_answer(&mut tx, request, self.clock.now()).await
    }

    /// Keeps the answer to a request that another service carried out.
    pub(super) async fn remember<A: Serialize + DeserializeOwned + Sync>(
        &self,
        request: Option<&Idempotency>,
        tenant: TenantId,
        answer: &A,
    ) -> Outcome<()> {
        if request.is_none() {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        match once::first_answer::<A>(&mut tx, request, self.clock.now()).await {
            Ok(None) => {
                once::keep(&mut tx, request, tenant, answer).await?;
                tx.commit().await?;
                Ok(())
            }
            Ok(Some(_)) => Ok(()),
            Err(store::Fault::Refused(BotsError::KeyReused)) => Err(BotsError::KeyReused.into()),
            Err(other) => Err(other),
        }
    }
}
