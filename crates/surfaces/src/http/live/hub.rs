//! A tenant's connections: what happened is handed to those whom it concerns, found by user.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use contracts::realtime::{FeedEvent, FeedItem};
use domain::{TenantId, UserId};

use super::Happened;
use super::seats::{End, Seat};

/// A seat that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joined {
    /// Its number.
    pub id: u64,
    /// Everything behind this offset will be handed over.
    pub from: i64,
}

/// One tenant.
pub struct Hub {
    pub tenant: TenantId,
    state: Mutex<State>,
}

struct State {
    /// Everything up to here was handed over.
    head: i64,
    next: u64,
    /// Those who see everything.
    all: Vec<Seat>,
    users: HashMap<UserId, Vec<Seat>>,
}

impl Hub {
    pub fn new(tenant: TenantId, head: i64) -> Self {
        Self { tenant, state: Mutex::new(State { head, next: 0, all: Vec::new(), users: HashMap::new() }) }
    }

    /// Takes a seat.
    pub fn join(&self, mut seat: Seat) -> Joined {
        let mut state = self.lock();
        state.next += 1;
        seat.id = state.next;
        let id = seat.id;
        match seat.user {
            None => state.all.push(seat),
            Some(user) => state.users.entry(user).or_default().push(seat),
        }
        Joined { id, from: state.head }
    }

    /// Leaves a seat.
    pub fn leave(&self, user: Option<UserId>, id: u64) {
        let mut state = self.lock();
        match user {
            None => state.all.retain(|seat| seat.id != id),
            Some(user) => {
                if let Some(seats) = state.users.get_mut(&user) {
                    seats.retain(|seat| seat.id != id);
                    if seats.is_empty() {
                        state.users.remove(&user);
                    }
                }
            }
        }
    }

    /// Everything up to this offset was handed over.
    pub fn head(&self) -> i64 {
        self.lock().head
    }

    /// Whether nobody sits here.
    pub fn is_left(&self) -> bool {
        let state = self.lock();
        state.all.is_empty() && state.users.is_empty()
    }

    /// Hands over what happened, up to offset `upto`.
    pub fn hand_over(&self, items: Vec<FeedItem>, upto: i64) {
        let mut state = self.lock();
        for item in items.into_iter().filter(|item| item.offset > state.head) {
            state.hand(self.tenant, item);
        }
        state.head = state.head.max(upto);
    }

    /// Something between is gone: everybody has to come back and be told.
    pub fn lose(&self, head: i64) {
        let mut state = self.lock();
        state.everybody().for_each(|seat| seat.ending.end(End::Lost));
        state.head = head;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn everybody(&self) -> impl Iterator<Item = &Seat> {
        self.all.iter().chain(self.users.values().flatten())
    }

    fn hand(&self, tenant: TenantId, item: FeedItem) {
        match &item.what {
            FeedEvent::TokenRevoked { token } => {
                return self.everybody().filter(|s| s.token == *token).for_each(|s| s.ending.end(End::Revoked));
            }
            FeedEvent::UserDeleted { user } => {
                return self.users.get(user).into_iter().flatten().for_each(|seat| seat.ending.end(End::Revoked));
            }
            _ => {}
        }
        let audience: Vec<UserId> = item.audience.iter().copied().filter(|u| self.users.contains_key(u)).collect();
        if self.all.is_empty() && audience.is_empty() {
            return;
        }
        let happened = Arc::new(Happened::new(tenant, item));
        let theirs = audience.iter().filter_map(|user| self.users.get(user)).flatten();
        self.all.iter().chain(theirs).for_each(|seat| seat.hand(&happened));
    }
}

#[cfg(test)]
mod tests {
    use contracts::realtime::FeedEvent;
    use domain::{Presence, Timestamp, TokenId};
    use tokio::sync::mpsc;

    use super::super::seats::Ending;
    use super::*;

    fn seat(user: Option<UserId>, room: usize) -> (Seat, mpsc::Receiver<Arc<Happened>>) {
        let (queue, end) = mpsc::channel(room);
        let ending = Arc::new(Ending::default());
        (Seat { id: 0, user, chat: None, token: TokenId::new(), queue, ending }, end)
    }

    fn item(offset: i64, audience: Vec<UserId>, what: FeedEvent) -> FeedItem {
        FeedItem { offset, at: Timestamp::from_micros(0), chat: None, audience, what }
    }

    fn read(user: UserId) -> FeedEvent {
        FeedEvent::MessagesRead { user, seq: 1 }
    }

    #[tokio::test]
    async fn what_happened_goes_to_those_whom_it_concerns() {
        let (hub, ann, bob) = (Hub::new(TenantId::new(), 4), UserId::new(), UserId::new());
        let ((a, mut to_ann), (b, mut to_bob), (o, mut to_all)) =
            (seat(Some(ann), 8), seat(Some(bob), 8), seat(None, 8));
        assert_eq!([hub.join(a), hub.join(b), hub.join(o)].map(|seat| seat.from), [4, 4, 4]);
        hub.hand_over(vec![item(4, vec![ann], read(ann)), item(5, vec![ann], read(ann))], 7);
        assert_eq!((to_ann.len(), to_bob.len(), to_all.len(), hub.head()), (1, 0, 1, 7));
        assert_eq!(to_ann.recv().await.unwrap().item.offset, 5);
        assert!(to_bob.try_recv().is_err() && to_all.try_recv().is_ok());
    }

    #[tokio::test]
    async fn whoever_has_no_room_left_is_ended_and_passing_things_go_first() {
        let (hub, ann) = (Hub::new(TenantId::new(), 0), UserId::new());
        let (seat, mut to_ann) = seat(Some(ann), 4);
        let ending = seat.ending.clone();
        hub.join(seat);
        let here = FeedEvent::PresenceChanged { user: ann, presence: Presence::Online };
        let items = (1..=3).map(|at| item(at, vec![ann], read(ann))).chain([item(4, vec![ann], here)]);
        hub.hand_over(items.collect(), 4);
        assert_eq!(to_ann.len(), 3);
        hub.hand_over(vec![item(5, vec![ann], read(ann)), item(6, vec![ann], read(ann))], 6);
        assert_eq!(ending.ended().await, End::Slow);
        assert_eq!(to_ann.recv().await.unwrap().item.offset, 1);
    }

    #[tokio::test]
    async fn a_revoked_token_and_a_deleted_user_end_their_connections() {
        let (hub, ann, bob) = (Hub::new(TenantId::new(), 0), UserId::new(), UserId::new());
        let ((a, _to_ann), (b, _to_bob)) = (seat(Some(ann), 4), seat(Some(bob), 4));
        let (token, ends) = (a.token, [a.ending.clone(), b.ending.clone()]);
        let (_, leaving) = (hub.join(a), hub.join(b).id);
        hub.hand_over(vec![item(1, Vec::new(), FeedEvent::TokenRevoked { token })], 1);
        assert_eq!(ends[0].ended().await, End::Revoked);
        hub.hand_over(vec![item(2, Vec::new(), FeedEvent::UserDeleted { user: bob })], 2);
        assert_eq!(ends[1].ended().await, End::Revoked);
        hub.leave(Some(bob), leaving);
        assert!(!hub.is_left());
    }
}
