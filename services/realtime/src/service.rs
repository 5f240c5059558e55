//! The service: what it holds, and its calls. The rules are in the modules below.

mod reading;
mod seeing;
pub mod standing;
mod typing;

use futures_util::future::BoxFuture;
use std::sync::Arc;

use async_trait::async_trait;
use bus::{Consumers, Outbox};
use contracts::realtime::{
    AwaitFeeds, Feed, FeedHead, PresenceOf, ReadFeed, RealtimeError, TellTyping, Touch, UserPresence,
};
use contracts::{ChatsApi, RealtimeApi};
use domain::Clock;
use host::erase::Eraser;
use store::{Db, Fault};
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::consumer::Filler;
use crate::heads::Heads;
use crate::known::Known;
use crate::store::erasures;
use crate::sweeper::Sweeper;
use standing::Standing;

/// How a call ends inside the service.
type Outcome<T> = Result<T, Fault<RealtimeError>>;

/// Feeds and presence.
pub struct Realtime {
    db: Db,
    outbox: Outbox,
    clock: Clock,
    chats: Arc<dyn ChatsApi>,
    known: Arc<Known>,
    heads: Arc<Heads>,
    standing: Standing,
    settings: Settings,
}

impl Realtime {
    /// The service over `db`, which has this crate's tables. It asks `chats` who takes part where it does not know.
    pub fn new(db: Db, outbox: Outbox, clock: Clock, chats: Arc<dyn ChatsApi>, settings: &Settings) -> Arc<Self> {
        let known = Arc::new(Known::new(db.clone(), chats.clone()));
        let (standing, settings) = (Standing::new(settings), settings.clone());
        Arc::new(Self { db, outbox, clock, chats, known, heads: Arc::default(), standing, settings })
    }

    /// What this service does with events.
    pub fn consumers(&self) -> Consumers {
        let (known, heads, clock) = (self.known.clone(), self.heads.clone(), self.clock.clone());
        let (outbox, standing) = (self.outbox.clone(), self.standing);
        Consumers::in_batches("realtime", Arc::new(Filler { known, heads, outbox, clock, standing }))
    }

    /// What goes on in the background until `stop`: people leave, feeds are cut, deleted tenants go.
    pub fn work(self: Arc<Self>, stop: CancellationToken) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            self.sweeper().run(stop).await;
        })
    }

    /// Cuts feeds and erases deleted tenants now.
    ///
    /// # Errors
    /// The store's.
    pub fn sweep(&self) -> BoxFuture<'_, store::StoreResult<()>> {
        Box::pin(async move {
            let sweeper = self.sweeper();
            sweeper.lapse().await?;
            sweeper.cut().await?;
            sweeper.eraser.round(&CancellationToken::new()).await
        })
    }

    fn sweeper(&self) -> Sweeper {
        let (db, clock, heads) = (self.db.clone(), self.clock.clone(), self.heads.clone());
        let rows = erasures::Rows(heads.clone());
        let eraser = Eraser::new(db.clone(), clock.clone(), rows, self.settings.pace());
        let (outbox, standing, settings) = (self.outbox.clone(), self.standing, self.settings.clone());
        Sweeper { db, outbox, clock, heads, standing, settings, eraser }
    }
}

#[async_trait]
impl RealtimeApi for Realtime {
    async fn read(&self, command: ReadFeed) -> Result<Feed, RealtimeError> {
        self.read_feed(command).await.map_err(Fault::answer)
    }
    async fn changed(&self, command: AwaitFeeds) -> Result<Vec<FeedHead>, RealtimeError> {
        self.await_feeds(command).await.map_err(Fault::answer)
    }
    async fn touch(&self, command: Touch) -> Result<(), RealtimeError> {
        self.note_seen(command).await.map_err(Fault::answer)
    }
    async fn presence(&self, command: PresenceOf) -> Result<Vec<UserPresence>, RealtimeError> {
        self.presence_of(command).await.map_err(Fault::answer)
    }
    async fn typing(&self, command: TellTyping) -> Result<(), RealtimeError> {
        self.tell_typing(command).await.map_err(Fault::answer)
    }
}
