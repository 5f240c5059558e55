//! What this service does about others' events: a batch is one transaction.

use std::sync::Arc;

use async_trait::async_trait;
use bus::{BatchHandler, Committed, Delivery, Failure, Outbox};
use domain::{Clock, UserId};
use host::erase;
use store::{StoreResult, Tx};
use tokio::try_join;

use crate::batch::{Applied, Batch, Fact, TYPES};
use crate::heads::Heads;
use crate::known::Known;
use crate::service::standing::{Standing, told};
use crate::store::{feed, members, presence};

/// Fills the feeds.
pub struct Filler {
    pub known: Arc<Known>,
    pub heads: Arc<Heads>,
    pub outbox: Outbox,
    pub clock: Clock,
    pub standing: Standing,
}

#[async_trait]
impl BatchHandler for Filler {
    fn types(&self) -> Vec<&'static str> {
        TYPES.to_vec()
    }

    async fn prepare(&self, batch: &[&Delivery]) {
        self.known.prepare(batch).await;
    }

    async fn consume(&self, tx: &mut Tx, batch: &[&Delivery]) -> Result<Committed, (usize, Failure)> {
        let mut facts = Vec::with_capacity(batch.len());
        for (place, delivery) in batch.iter().enumerate() {
            facts.push((delivery.envelope.tenant, Fact::of(delivery).map_err(|failure| (place, failure))?));
        }
        let store = |error| (0, Failure::retry(error));
        let chats = facts.iter().filter_map(|(_, fact)| fact.need().map(|(chat, _)| chat));
        let authors = dedup(facts.iter().filter_map(|(_, fact)| author(fact)));
        let (copies, authors) = try_join!(members::of(tx, dedup(chats)), presence::hold(tx, authors)).map_err(store)?;
        self.forget(tx, &facts).await.map_err(store)?;

        let mut work = Batch::new(&self.known, copies);
        for (place, (tenant, fact)) in facts.into_iter().enumerate() {
            work.apply(tenant, fact).map_err(|failure| (place, failure))?;
        }
        self.keep(tx, work.applied(), authors).await.map_err(store)
    }
}

impl Filler {
    async fn keep(&self, tx: &mut Tx, applied: Applied, authors: Vec<presence::Row>) -> StoreResult<Committed> {
        let Applied { changed, mut news } = applied;
        for (chat, copy) in &changed {
            members::save(tx, *chat, copy).await?;
        }
        let now = self.clock.now();
        let changed_standing = self.standing.active(tx, authors, now).await?;
        let moved = !changed_standing.is_empty();
        news.extend(told(tx, &self.outbox, changed_standing, now).await?);
        let heads = feed::append(tx, news, now).await?;
        let (known, noted, outbox) = (self.known.clone(), self.heads.clone(), self.outbox.clone());
        let versions = changed.into_iter().map(|(chat, copy)| (chat, copy.version)).collect();
        Ok(Committed::then(move || {
            known.note(versions);
            noted.note(&heads);
            if moved {
                outbox.wake();
            }
        }))
    }

    /// What ends is asked to go.
    async fn forget(&self, tx: &mut Tx, facts: &[(domain::TenantId, Fact)]) -> StoreResult<()> {
        for (tenant, fact) in facts {
            match fact {
                Fact::TenantDeleted => erase::ask(tx, *tenant, self.clock.now()).await?,
                Fact::UserDeleted(user) => presence::forget(tx, *user).await?,
                _ => {}
            }
        }
        Ok(())
    }
}

fn author(fact: &Fact) -> Option<UserId> {
    match fact {
        Fact::Posted(event) => event.author,
        _ => None,
    }
}

/// Each once, in order.
fn dedup<T: Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}
