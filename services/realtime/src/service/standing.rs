//! The rules of presence.

use std::collections::HashMap;

use bus::Outbox;
use contracts::realtime::{FeedEvent, Seen};
use domain::{Presence, Timestamp, UserId};
use proto_events::PresenceChanged;
use store::{StoreResult, Tx};

use crate::config::Settings;
use crate::store::feed::News;
use crate::store::members;
use crate::store::presence::{self, Changed, Row};

/// Signs of life that come sooner after the last one are not written down.
const COARSE_S: i64 = 10;
/// How long a change is told to clients that read late. Seconds.
const PASSING_S: i64 = 60;
/// How many are told of one change at most.
const TOLD: i64 = 1000;

/// When somebody counts as what.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    away_s: i64,
    offline_s: i64,
}

impl Standing {
    pub fn new(settings: &Settings) -> Self {
        Self { away_s: settings.away_s.into(), offline_s: settings.offline_s.into() }
    }

    /// Whoever was not seen since is gone.
    pub fn gone(self, now: Timestamp) -> Timestamp {
        now.plus_seconds(-self.offline_s)
    }

    /// Whoever did nothing since is away.
    pub fn idle(self, now: Timestamp) -> Timestamp {
        now.plus_seconds(-self.away_s)
    }

    /// How somebody stands.
    pub fn of(self, row: &Row, now: Timestamp) -> Presence {
        if row.seen_at <= self.gone(now) {
            Presence::Offline
        } else if row.active_at <= self.idle(now) {
            Presence::Away
        } else {
            Presence::Online
        }
    }

    /// Notes who is there; answers who stands otherwise now.
    pub async fn touch(self, tx: &mut Tx, seen: Vec<Seen>, now: Timestamp) -> StoreResult<Vec<Changed>> {
        let held = presence::hold(tx, seen.iter().map(|one| one.user).collect()).await?;
        let held: HashMap<UserId, Row> = held.into_iter().map(|row| (row.user_id, row)).collect();
        let (mut rows, mut changed) = (Vec::new(), Vec::new());
        for Seen { tenant, user, active } in seen {
            let old = held.get(&user).filter(|old| old.tenant == tenant);
            let there = old.is_some_and(|old| self.of(old, now) != Presence::Offline);
            // Who comes does something.
            let active_at = match old {
                Some(old) if there && !active => old.active_at,
                _ => now,
            };
            let mut row = Row { user_id: user, tenant, stands: Presence::Online, seen_at: now, active_at };
            row.stands = self.of(&row, now);
            let known = old.map_or(Presence::Offline, |old| old.stands);
            if known != row.stands {
                changed.push((tenant, user, row.stands));
            }
            if known != row.stands || old.is_none_or(|old| worth_writing(old, &row)) {
                rows.push(row);
            }
        }
        presence::put(tx, rows).await?;
        Ok(changed)
    }

    /// Notes that those of `held` ([`presence::hold`]) who are there did something; answers who stands otherwise now.
    pub async fn active(self, tx: &mut Tx, held: Vec<Row>, now: Timestamp) -> StoreResult<Vec<Changed>> {
        let (mut rows, mut changed) = (Vec::new(), Vec::new());
        for old in held.into_iter().filter(|row| self.of(row, now) != Presence::Offline) {
            let row = Row { stands: Presence::Online, active_at: now, ..old };
            if old.stands != Presence::Online {
                changed.push((old.tenant, old.user_id, Presence::Online));
            }
            if old.stands != Presence::Online || worth_writing(&old, &row) {
                rows.push(row);
            }
        }
        presence::put(tx, rows).await?;
        Ok(changed)
    }
}

fn worth_writing(old: &Row, new: &Row) -> bool {
    let later = |old: Timestamp, new: Timestamp| new >= old.plus_seconds(COARSE_S);
    later(old.seen_at, new.seen_at) || later(old.active_at, new.active_at)
}

/// What there is to tell about these changes: to whoever shares a chat with them by the feed, to the tenant's webhooks by an
/// event.
pub async fn told(tx: &mut Tx, outbox: &Outbox, changed: Vec<Changed>, now: Timestamp) -> StoreResult<Vec<News>> {
    let passing_until = Some(now.plus_seconds(PASSING_S));
    let mut news = Vec::with_capacity(changed.len());
    for (tenant, user, presence) in changed {
        outbox.append(tx, &PresenceChanged { tenant, user, presence: presence.into() }, now).await?;
        let audience = members::around(tx, user, TOLD).await?;
        news.push(News {
            tenant,
            chat: None,
            audience,
            passing_until,
            what: FeedEvent::PresenceChanged { user, presence },
        });
    }
    Ok(news)
}
