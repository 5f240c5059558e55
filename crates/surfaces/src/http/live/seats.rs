//! Connections as the hubs see them.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use contracts::realtime::Seen;
use domain::{ChatId, TenantId, TokenId, UserId};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Happened;
use crate::StreamSettings;

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It did not read what happened in time.
    Slow,
    /// This process stops: come back elsewhere.
    Draining,
    /// Its credential no longer counts.
    Revoked,
    /// What happened could not be shown, or is no longer kept: come back, and see whether it was recovered.
    Lost,
}

/// A connection's place at a hub.
#[derive(Clone)]
pub struct Seat {
    pub id: u64,
    pub user: Option<UserId>,
    /// Only this chat.
    pub chat: Option<ChatId>,
    pub token: TokenId,
    pub queue: mpsc::Sender<Arc<Happened>>,
    pub ending: Arc<Ending>,
}

impl Seat {
    /// Hands over what happened. Whoever has no room left is ended; passing things are left out before that.
    pub fn hand(&self, happened: &Arc<Happened>) {
        if self.chat.is_some() && self.chat != happened.item.chat {
            return;
        }
        if happened.item.what.is_passing() && self.queue.capacity() < self.queue.max_capacity() / 2 {
            metrics::counter!("parlance_stream_left_out_total").increment(1);
            return;
        }
        if let Err(mpsc::error::TrySendError::Full(_)) = self.queue.try_send(happened.clone()) {
            metrics::counter!("parlance_stream_slow_total").increment(1);
            self.ending.end(End::Slow);
        }
    }
}

/// Whether, and why, a connection is to end.
#[derive(Debug, Default)]
pub struct Ending {
    why: OnceLock<End>,
    told: CancellationToken,
}

impl Ending {
    /// Ends the connection; the first reason counts.
    pub fn end(&self, why: End) {
        let _ = self.why.set(why);
        self.told.cancel();
    }

    /// Returns once it is to end.
    pub async fn ended(&self) -> End {
        self.told.cancelled().await;
        self.why.get().copied().unwrap_or(End::Lost)
    }
}

/// Who is there by an open connection.
#[derive(Debug, Default)]
pub struct Crowd(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    seats: usize,
    tenants: HashMap<TenantId, usize>,
    tokens: HashMap<TokenId, usize>,
    users: HashMap<(TenantId, UserId), usize>,
}

/// Who has a connection.
#[derive(Debug, Clone, Copy)]
pub struct Visitor {
    pub tenant: TenantId,
    pub token: TokenId,
    /// Who counts as being there.
    pub present: Option<UserId>,
}

/// A place in the crowd; left when it is dropped.
pub struct Place {
    crowd: Arc<Crowd>,
    visitor: Visitor,
}

impl Crowd {
    /// Lets `visitor` in, unless their tenant or their token has as many connections as it may.
    pub fn come(self: &Arc<Self>, visitor: Visitor, settings: &StreamSettings) -> Option<Place> {
        let Visitor { tenant, token, present } = visitor;
        let mut counts = self.lock();
        let of_tenant = counts.tenants.get(&tenant).copied().unwrap_or_default();
        let of_token = counts.tokens.get(&token).copied().unwrap_or_default();
        if of_tenant >= settings.per_tenant || of_token >= settings.per_token {
            return None;
        }
        counts.seats += 1;
        *counts.tenants.entry(tenant).or_default() += 1;
        *counts.tokens.entry(token).or_default() += 1;
        if let Some(user) = present {
            *counts.users.entry((tenant, user)).or_default() += 1;
        }
        metrics::gauge!("parlance_streams_open").increment(1.0);
        Some(Place { crowd: self.clone(), visitor })
    }

    /// How many connections there are.
    pub fn seats(&self) -> usize {
        self.lock().seats
    }

    /// Everybody who is there.
    pub fn seen(&self) -> Vec<Seen> {
        self.lock().users.keys().map(|(tenant, user)| Seen { tenant: *tenant, user: *user, active: false }).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Visitor { tenant, token, present } = self.visitor;
        let mut counts = self.crowd.lock();
        counts.seats -= 1;
        one_less(&mut counts.tenants, &tenant);
        one_less(&mut counts.tokens, &token);
        if let Some(user) = present {
            one_less(&mut counts.users, &(tenant, user));
        }
        metrics::gauge!("parlance_streams_open").decrement(1.0);
    }
}

/// Counts down; at nothing, forgets.
fn one_less<K: Hash + Eq>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_and_a_token_have_so_many_places_and_get_them_back() {
        let settings = StreamSettings { per_tenant: 3, per_token: 2, ..StreamSettings::default() };
        let (crowd, tenant) = (Arc::<Crowd>::default(), TenantId::new());
        let (ann, bob) = (TokenId::new(), TokenId::new());
        let come = |token| crowd.come(Visitor { tenant, token, present: None }, &settings);
        let first = come(ann);
        let (second, third) = (come(ann), come(bob));
        assert!(first.is_some() && second.is_some() && third.is_some());
        assert!(come(ann).is_none(), "a token has two");
        assert!(come(bob).is_none(), "a tenant has three");
        let other = Visitor { tenant: TenantId::new(), token: TokenId::new(), present: Some(UserId::new()) };
        assert!(crowd.come(other, &settings).is_some(), "another tenant has its own");
        drop(first);
        assert!(come(ann).is_some());
        assert_eq!((crowd.seats(), crowd.seen().len()), (2, 0));
    }
}
