//! A connection's own view: first what it missed, then what happens.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use contracts::realtime::{ReadFeed, Seen};
use domain::{Code, Limit, ServiceError as _};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::hub::{Hub, Joined};
use super::seats::{End, Ending, Place, Seat};
use super::{Happened, Live, Wanted, Whom};

/// Rows of the past read at once.
const PAGE: i64 = 200;
/// How long the past may be out of reach before the connection is given up.
const PATIENCE: Duration = Duration::from_secs(10);
/// Pause between two tries to read it.
const ANEW: Duration = Duration::from_millis(250);
/// How often a credential is asked about again …
const ASK_AGAIN: Duration = Duration::from_secs(4);
/// … unless that were more questions a second than this.
const QUESTIONS: u32 = 500;
/// Signs of life that come sooner after the last one are not passed on.
const ACTIVE: Duration = Duration::from_secs(10);

/// What a connection has to do next.
#[derive(Debug)]
pub enum Next {
    /// Show this.
    Event(Arc<Happened>),
    /// Nothing happened for a while: show that the connection lives, and the offset it stands at.
    Quiet(i64),
    /// End.
    End(End),
}

/// One connection's view of its tenant. Leaves when it is dropped.
pub struct Watch {
    live: Live,
    wanted: Wanted,
    _place: Place,
    recovered: bool,
    /// Everything up to here was given out, or does not concern this connection.
    position: i64,
    past: VecDeque<Arc<Happened>>,
    seat: Option<Taken>,
    ending: Arc<Ending>,
    quiet_at: Instant,
    ask_at: Instant,
    active_at: Option<Instant>,
}

/// A seat that is taken.
struct Taken {
    hub: Arc<Hub>,
    id: u64,
    queue: mpsc::Receiver<Arc<Happened>>,
    /// The past is to be read up to here.
    from: i64,
}

impl Watch {
    /// `recovered`: the offset to go on behind, if that is possible; else it starts at `head`.
    pub(super) fn new(live: Live, wanted: Wanted, place: Place, recovered: Option<i64>, head: i64) -> Self {
        let now = Instant::now();
        let mut watch = Self {
            recovered: recovered.is_some(),
            position: recovered.unwrap_or(head),
            past: VecDeque::new(),
            seat: None,
            ending: Arc::default(),
            quiet_at: now,
            ask_at: now + ASK_AGAIN,
            active_at: None,
            live,
            wanted,
            _place: place,
        };
        watch.postpone_quiet();
        if watch.position >= head {
            watch.sit(head);
        }
        watch
    }

    /// Whether everything since the cursor is shown.
    pub fn recovered(&self) -> bool {
        self.recovered
    }

    /// The offset this connection stands at: its cursor if it ended now.
    pub fn position(&self) -> i64 {
        self.position
    }

    /// What comes next. Dropped before it returns, it loses nothing.
    pub async fn next(&mut self) -> Next {
        loop {
            if let Some(happened) = self.past.pop_front() {
                return self.give(happened);
            }
            if self.seat.as_ref().is_none_or(|seat| self.position < seat.from) {
                if let Some(end) = self.read_past().await {
                    return Next::End(end);
                }
                continue;
            }
            let Some(Taken { queue, hub, .. }) = &mut self.seat else { return Next::End(End::Lost) };
            tokio::select! {
                biased;
                end = self.ending.ended() => return Next::End(end),
                () = self.live.0.drain.cancelled() => return Next::End(End::Draining),
                Some(happened) = queue.recv() => {
                    if happened.item.offset > self.position {
                        return self.give(happened);
                    }
                }
                () = sleep_until(self.ask_at) => {
                    if !self.counts().await {
                        return Next::End(End::Revoked);
                    }
                }
                () = sleep_until(self.quiet_at) => {
                    // Whatever the hub counts was handed over: with nothing waiting, it was given out or is not for us.
                    let head = hub.head();
                    if queue.is_empty() {
                        self.position = self.position.max(head);
                    }
                    self.postpone_quiet();
                    return Next::Quiet(self.position);
                }
            }
        }
    }

    /// Returns when the connection is to end whatever it is doing.
    pub async fn ended(&self) -> End {
        tokio::select! {
            end = self.ending.ended() => end,
            () = self.live.0.drain.cancelled() => End::Draining,
        }
    }

    /// The client did something.
    pub fn active(&mut self) {
        let now = Instant::now();
        if self.active_at.is_none_or(|last| now >= last + ACTIVE) {
            self.active_at = Some(now);
            self.arrive();
        }
    }

    /// Says that the user is there and does something, without waiting for it to be heard.
    pub(super) fn arrive(&self) {
        if let Some((tenant, user)) = self.present() {
            // Fails only when everything stops.
            let _ = self.live.0.arrivals.send(Seen { tenant, user, active: true });
        }
    }

    fn present(&self) -> Option<(domain::TenantId, domain::UserId)> {
        self.wanted.present.map(|user| (self.wanted.tenant, user))
    }

    fn give(&mut self, happened: Arc<Happened>) -> Next {
        self.position = happened.item.offset;
        self.postpone_quiet();
        Next::Event(happened)
    }

    fn postpone_quiet(&mut self) {
        self.quiet_at = Instant::now() + Duration::from_secs(self.live.0.settings.heartbeat_s.max(1).into());
    }

    /// Takes a seat; what the hub handed over before is still to be read.
    fn sit(&mut self, head: i64) {
        let (queue, end) = mpsc::channel(self.live.0.settings.queue.max(2));
        let (user, chat) = match self.wanted.whom {
            Whom::Tenant => (None, None),
            Whom::User(user) => (Some(user), None),
            Whom::UserIn(user, chat) => (Some(user), Some(chat)),
        };
        let seat = Seat { id: 0, user, chat, token: self.wanted.token, queue, ending: self.ending.clone() };
        let (hub, Joined { id, from }) = self.live.join(self.wanted.tenant, head, seat);
        self.seat = Some(Taken { hub, id, queue: end, from });
    }

    /// Reads a page of the past, and takes the seat once the end is in sight.
    async fn read_past(&mut self) -> Option<End> {
        let until = Instant::now() + PATIENCE;
        let Wanted { tenant, whom, .. } = self.wanted;
        let after = Some(self.position);
        let feed = loop {
            let asked = ReadFeed { tenant, user: whom.user(), after, limit: Limit::clamped(PAGE) };
            match self.live.0.realtime.read(asked).await {
                Ok(feed) => break feed,
                Err(e) if e.code() == Code::Unavailable && Instant::now() < until => tokio::time::sleep(ANEW).await,
                Err(_) => return Some(End::Lost),
            }
        };
        if !feed.reaches(self.position) {
            return Some(End::Lost);
        }
        let in_chat = |chat| match whom {
            Whom::UserIn(_, only) => chat == Some(only),
            Whom::Tenant | Whom::User(_) => true,
        };
        let items = feed.items.into_iter().filter(|item| in_chat(item.chat));
        self.past.extend(items.map(|item| Arc::new(Happened::new(tenant, item))));
        if self.seat.is_none() && feed.upto >= feed.head {
            self.sit(feed.head);
        }
        if self.past.is_empty() {
            self.position = self.position.max(feed.upto);
        } else if let Some(last) = self.past.back() {
            // What follows the last one shown does not concern this connection.
            debug_assert!(last.item.offset <= feed.upto);
        }
        None
    }

    /// Whether the credential still counts. What cannot be asked counts.
    async fn counts(&mut self) -> bool {
        let seats = u32::try_from(self.live.open_count()).unwrap_or(u32::MAX);
        let spread = Duration::from_secs((seats / QUESTIONS).into());
        self.ask_at = Instant::now() + ASK_AGAIN.max(spread);
        let Some(credential) = self.wanted.credential.clone() else { return true };
        match self.live.0.credentials.authenticate(credential).await {
            Ok(_) => true,
            Err(error) => error.code() != Code::Unauthenticated,
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if let Some(Taken { hub, id, .. }) = &self.seat {
            hub.leave(self.wanted.whom.user(), *id);
        }
    }
}
