//! Streams and polls end here: one reader per tenant, shared by all connections, over [`contracts::RealtimeApi`].
//!
//! [`Live::open`] gives a connection its [`Watch`]: first what it missed, read from the feed, then what happens, from a
//! bounded queue. The feed's offset is the cursor, so that any gateway can go on where another one ended. A connection
//! that does not keep up is ended before it costs others memory; presence and typing are left out for it before that.

mod happened;
mod hub;
mod names;
mod pump;
mod rooms;
mod seats;
mod watch;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use contracts::auth::{Authenticate, Credentials};
use contracts::realtime::{ReadFeed, Seen};
use contracts::users::People;
use contracts::{ChatsApi, RealtimeApi};
use domain::{ChatId, Limit, Principal, TenantId, TokenId, UserId};
use tokio::runtime::Handle;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use super::Problem;
use crate::StreamSettings;
pub use happened::Happened;
use hub::{Hub, Joined};
pub use names::NameBook;
pub use rooms::RoomBook;
pub use seats::End;
use seats::{Crowd, Seat, Visitor};
pub use watch::{Next, Watch};

/// When a client comes back that found no place. Seconds.
const FULL_S: u32 = 5;

/// What a connection is shown of its tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// Everything: for operators, and managers where a vendor shows them everything.
    Tenant,
    /// What this user may see.
    User(UserId),
    /// What this user may see of one chat.
    UserIn(UserId, ChatId),
}

impl Whom {
    /// The user, if it is one.
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::Tenant => None,
            Self::User(user) | Self::UserIn(user, _) => Some(user),
        }
    }
}

/// What a connection asks for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The tenant.
    pub tenant: TenantId,
    /// What of it.
    pub whom: Whom,
    /// Who counts as being there while it is open.
    pub present: Option<UserId>,
    /// The offset to go on behind; `None` starts now.
    pub after: Option<i64>,
    /// The credential: the connection ends with it.
    pub token: TokenId,
    /// How the credential was shown, to be asked again; `None` for connections that are over in a minute anyway.
    pub credential: Option<Authenticate>,
}

impl Wanted {
    /// What `who` sees as the user they are; nothing is checked.
    pub fn of(who: &Principal, whom: Whom, after: Option<i64>) -> Self {
        Self { tenant: who.tenant, whom, present: who.user, after, token: who.token, credential: None }
    }
}

/// All streams of this process. Cheap to clone.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    realtime: Arc<dyn RealtimeApi>,
    credentials: Credentials,
    names: NameBook,
    rooms: RoomBook,
    /// Connections are told to go.
    drain: CancellationToken,
    settings: StreamSettings,
    hubs: Mutex<HashMap<TenantId, Arc<Hub>>>,
    /// There is a tenant more to be watched.
    more: Notify,
    crowd: Arc<Crowd>,
    /// Whoever came or did something, on the way to be said.
    arrivals: mpsc::UnboundedSender<Seen>,
}

impl Live {
    /// Starts to watch feeds, on `runtime`, until `drain`; then every connection is told to come back elsewhere.
    pub fn start(
        realtime: Arc<dyn RealtimeApi>,
        people: People,
        chats: Arc<dyn ChatsApi>,
        credentials: Credentials,
        settings: StreamSettings,
        runtime: &Handle,
        drain: CancellationToken,
    ) -> Self {
        // There from the start, so that the first time is an increase.
        metrics::gauge!("parlance_streams_open").increment(0.0);
        metrics::counter!("parlance_stream_slow_total").increment(0);
        metrics::counter!("parlance_stream_left_out_total").increment(0);
        let (arrivals, arriving) = mpsc::unbounded_channel();
        let inner = Inner {
            realtime,
            credentials,
            names: NameBook::new(people),
            rooms: RoomBook::new(chats),
            drain,
            settings,
            hubs: Mutex::default(),
            more: Notify::new(),
            crowd: Arc::default(),
            arrivals,
        };
        let live = Self(Arc::new(inner));
        runtime.spawn(pump::feeds(live.clone()));
        runtime.spawn(pump::presence(live.clone(), arriving));
        live
    }

    /// Opens a connection's view of its tenant.
    ///
    /// # Errors
    /// The tenant or the token has as many connections as it may, or `realtime` does not answer.
    pub async fn open(&self, wanted: Wanted) -> Result<Watch, Problem> {
        let Wanted { tenant, token, present, after, .. } = wanted;
        let place = self.0.crowd.come(Visitor { tenant, token, present }, &self.0.settings);
        let place = place.ok_or_else(|| Problem::limited(FULL_S))?;
        let asked = ReadFeed { tenant, user: wanted.whom.user(), after: None, limit: Limit::clamped(1) };
        let feed = self.0.realtime.read(asked).await?;
        let recovered = after.filter(|after| feed.reaches(*after));
        let watch = Watch::new(self.clone(), wanted, place, recovered, feed.head);
        watch.arrive();
        Ok(watch)
    }

    /// Names of users, remembered for a while and forgotten when they change.
    pub fn names(&self) -> &NameBook {
        &self.0.names
    }

    /// Who sees what of a chat's messages, remembered for a while and forgotten when it changes.
    pub fn rooms(&self) -> &RoomBook {
        &self.0.rooms
    }

    /// The window over which connections are told to come back.
    pub fn settings(&self) -> &StreamSettings {
        &self.0.settings
    }

    /// How many connections are open.
    pub fn open_count(&self) -> usize {
        self.0.crowd.seats()
    }

    /// Takes a seat at the tenant's hub, which begins at `head` if it is new.
    fn join(&self, tenant: TenantId, head: i64, seat: Seat) -> (Arc<Hub>, Joined) {
        let mut hubs = self.0.hubs.lock().unwrap_or_else(PoisonError::into_inner);
        let hub = hubs.entry(tenant).or_insert_with(|| {
            self.0.more.notify_one();
            Arc::new(Hub::new(tenant, head))
        });
        // Under the lock: a hub is left only while nobody can join it.
        (hub.clone(), hub.join(seat))
    }

    fn hubs(&self) -> Vec<Arc<Hub>> {
        self.0.hubs.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Tenants nobody watches any more are left.
    fn leave_empty(&self) {
        self.0.hubs.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, hub| !hub.is_left());
    }
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live").field("open", &self.open_count()).finish_non_exhaustive()
    }
}
