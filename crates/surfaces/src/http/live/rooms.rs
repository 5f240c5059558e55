//! Chats with all their stays, for drawing what each participant sees of a message.

use std::sync::Arc;
use std::time::Duration;

use contracts::ChatsApi;
use contracts::chats::{ChatsError, Participant, ReadSnapshots, Snapshot};
use domain::{ChatId, TenantId, UserId};
use moka::sync::Cache;

/// How long a chat is remembered; a change is heard of sooner.
const KEPT: Duration = Duration::from_mins(1);
/// Chats remembered.
const CHATS: u64 = 10_000;

/// Remembers who takes part in chats.
#[derive(Clone)]
pub struct RoomBook {
    chats: Arc<dyn ChatsApi>,
    known: Cache<(TenantId, ChatId), Arc<Snapshot>>,
}

impl RoomBook {
    pub(super) fn new(chats: Arc<dyn ChatsApi>) -> Self {
        Self { chats, known: Cache::builder().max_capacity(CHATS).time_to_live(KEPT).build() }
    }

    /// The stays of `audience` that show place `seq` of `chat`.
    ///
    /// # Errors
    /// `chats` does not answer.
    pub async fn showing(
        &self,
        tenant: TenantId,
        chat: ChatId,
        seq: i64,
        audience: &[UserId],
    ) -> Result<Vec<Participant>, ChatsError> {
        let shows = |stay: &&Participant| stay.joined_seq < seq && stay.left_seq.is_none_or(|last| seq <= last);
        let theirs = |snapshot: &Snapshot| -> Vec<Participant> {
            let all = snapshot.stays().filter(shows);
            all.filter(|stay| audience.binary_search(&stay.user).is_ok()).cloned().collect()
        };
        let everybody = |snapshot: &Snapshot| {
            audience.iter().all(|user| snapshot.stays().any(|stay| stay.user == *user && stay.joined_seq < seq))
        };
        if let Some(known) = self.known.get(&(tenant, chat)).filter(|known| everybody(known)) {
            return Ok(theirs(&known));
        }
        let found = self.chats.snapshots(ReadSnapshots { asked: vec![(tenant, chat)] }).await?;
        let Some(snapshot) = found.into_iter().next() else { return Ok(Vec::new()) };
        let rooms = theirs(&snapshot);
        self.known.insert((tenant, chat), Arc::new(snapshot));
        Ok(rooms)
    }

    /// The chat may have changed.
    pub(super) fn forget(&self, tenant: TenantId, chat: ChatId) {
        self.known.invalidate(&(tenant, chat));
    }
}
