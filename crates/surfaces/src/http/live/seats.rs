//! Connections as the hubs see them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use contracts::realtime::Seen;
use domain::{ChatId, TenantId, TokenId, UserId};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Happened;

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
pub struct Crowd {
    seats: AtomicUsize,
    users: Mutex<HashMap<(TenantId, UserId), usize>>,
}

impl Crowd {
    pub fn come(&self, user: Option<(TenantId, UserId)>) {
        self.seats.fetch_add(1, Ordering::Relaxed);
        metrics::gauge!("parlance_streams_open").increment(1.0);
        if let Some(user) = user {
            *self.users.lock().unwrap_or_else(PoisonError::into_inner).entry(user).or_default() += 1;
        }
    }

    pub fn go(&self, user: Option<(TenantId, UserId)>) {
        self.seats.fetch_sub(1, Ordering::Relaxed);
        metrics::gauge!("parlance_streams_open").decrement(1.0);
        let Some(user) = user else { return };
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = users.get_mut(&user) {
            *count -= 1;
            if *count == 0 {
                users.remove(&user);
            }
        }
    }

    /// How many connections there are.
    pub fn seats(&self) -> usize {
        self.seats.load(Ordering::Relaxed)
    }

    /// Everybody who is there.
    pub fn seen(&self) -> Vec<Seen> {
        let users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        users.keys().map(|(tenant, user)| Seen { tenant: *tenant, user: *user, active: false }).collect()
    }
}
