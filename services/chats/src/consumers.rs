//! What this service does about others' events: a batch is one transaction.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bus::{BatchHandler, Committed, Delivery, Failure};
use domain::{ChatId, Clock};
use host::erase;
use proto_events::{Event as _, MessagePosted, TenantDeleted, UserDeleted};
use store::Tx;

use crate::store::chats;
use crate::store::said::{self, Said};

/// Hears others' events.
pub struct Listener {
    clock: Clock,
}

impl Listener {
    /// `clock` says from when on a deleted tenant's rows may go.
    pub fn new(clock: Clock) -> Self {
        Self { clock }
    }

    async fn hear(&self, tx: &mut Tx, said: &mut BTreeMap<ChatId, Said>, delivery: &Delivery) -> Result<(), Failure> {
        match delivery.envelope.event_type.as_str() {
            MessagePosted::TYPE => {
                let MessagePosted { tenant, chat, message, seq, created_at: at, .. } = delivery.read()?;
                // Of a chat's messages the last one counts, in whatever order they come.
                let new = Said { tenant, message, seq, at };
                let last = said.entry(chat).or_insert(new);
                if last.at < at {
                    *last = new;
                }
            }
            // A deleted user stays in the lists of their chats. But nobody can ask for a chat with them again, so their
            // chats need no keys to be found by.
            UserDeleted::TYPE => {
                let UserDeleted { tenant, user, .. } = delivery.read()?;
                chats::unmatch(tx, tenant, user).await?;
            }
            // The rows go a few at a time, in the background.
            TenantDeleted::TYPE => {
                let TenantDeleted { tenant, .. } = delivery.read()?;
                erase::ask(tx, tenant, self.clock.now()).await?;
            }
            other => return Err(Failure::reject(anyhow::anyhow!("chats has no use for {other}"))),
        }
        Ok(())
    }
}

#[async_trait]
impl BatchHandler for Listener {
    fn types(&self) -> Vec<&'static str> {
        vec![MessagePosted::TYPE, UserDeleted::TYPE, TenantDeleted::TYPE]
    }

    async fn prepare(&self, _batch: &[&Delivery]) {}

    /// Nothing follows from it but rows that come out the same.
    fn can_be_redone(&self) -> bool {
        true
    }

    async fn consume(&self, tx: &mut Tx, batch: &[&Delivery]) -> Result<Committed, (usize, Failure)> {
        let mut last = BTreeMap::new();
        for (place, delivery) in batch.iter().enumerate() {
            self.hear(tx, &mut last, delivery).await.map_err(|failure| (place, failure))?;
        }
        said::note(tx, last).await.map_err(|error| (0, Failure::retry(error)))?;
        Ok(Committed::nothing())
    }
}
