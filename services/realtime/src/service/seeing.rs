//! Who is there.

use std::collections::BTreeMap;

use contracts::Invalid;
use contracts::realtime::{PresenceOf, RealtimeError, Seen, Touch, UserPresence};
use domain::{Presence, UserId};

use super::standing::told;
use super::{Outcome, Realtime};
use crate::store::{feed, presence};

/// Users in one call at most.
const USERS: usize = 1000;

impl Realtime {
    pub(super) async fn note_seen(&self, cmd: Touch) -> Outcome<()> {
        at_most(cmd.seen.len())?;
        // By id and each once: two instances never wait for each other.
        let mut seen = BTreeMap::<UserId, Seen>::new();
        for one in cmd.seen {
            seen.entry(one.user).and_modify(|held| held.active |= one.active).or_insert(one);
        }
        if seen.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let changed = self.standing.touch(&mut tx, seen.into_values().collect(), now).await?;
        let moved = !changed.is_empty();
        let news = told(&mut tx, &self.outbox, changed, now).await?;
        let heads = feed::append(&mut tx, news, now).await?;
        tx.commit().await?;
        if moved {
            self.outbox.wake();
        }
        self.heads.note(&heads);
        Ok(())
    }

    pub(super) async fn presence_of(&self, cmd: PresenceOf) -> Outcome<Vec<UserPresence>> {
        at_most(cmd.users.len())?;
        let now = self.clock.now();
        let rows = presence::of(&self.db.read().await?, cmd.users.clone()).await?;
        let of = |user: &UserId| {
            let row = rows.iter().find(|row| row.user_id == *user && row.tenant == cmd.tenant);
            let presence = row.map_or(Presence::Offline, |row| self.standing.of(row, now));
            UserPresence { user: *user, presence }
        };
        Ok(cmd.users.iter().map(of).collect())
    }
}

fn at_most(users: usize) -> Result<(), RealtimeError> {
    if users <= USERS { Ok(()) } else { Err(Invalid::new("users", format!("must be at most {USERS}")).into()) }
}
