//! What this service does about others' events.

use async_trait::async_trait;
use bus::{Envelope, Failure, Handler};
use domain::Clock;
use proto_events::{MessagePosted, TenantDeleted, UserDeleted};
use store::Tx;

use crate::store::{chats, erasures};

/// A chat keeps what was said last, for lists. A chat that is gone keeps nothing.
pub struct OnMessagePosted;

#[async_trait]
impl Handler<MessagePosted> for OnMessagePosted {
    const LAST_COUNTS: bool = true;

    async fn consume(&self, tx: &mut Tx, event: &MessagePosted, _meta: &Envelope) -> Result<(), Failure> {
        let (chat, message) = ((event.tenant, event.chat), (event.message, event.seq));
        Ok(chats::said(tx, chat, message, event.created_at).await?)
    }
}

/// A deleted user stays in the lists of their chats. But nobody can ask for a chat with them again, so their chats need no
/// keys to be found by.
pub struct OnUserDeleted;

#[async_trait]
impl Handler<UserDeleted> for OnUserDeleted {
    async fn consume(&self, tx: &mut Tx, event: &UserDeleted, _meta: &Envelope) -> Result<(), Failure> {
        Ok(chats::unmatch(tx, event.tenant, event.user).await?)
    }
}

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
        Ok(erasures::ask(tx, event.tenant, self.clock.now()).await?)
    }
}
