//! The service: what it holds, and its calls. The rules are in the modules below.

mod checks;
mod create;
mod members;
mod peers;
mod read;
mod rights;
mod rolls;
mod rooms;
mod sessions;
mod stays;
mod update;

use futures_util::future::BoxFuture;
use std::sync::Arc;

use async_trait::async_trait;
use bus::{Consumers, Outbox};
use contracts::chats::{
    Access, AddParticipant, ArrangeChat, Chat, ChatsError, ChatsWith, CheckAccess, CreateChat, CreateSupport, Created,
    DeleteChat, DropRoom, FollowGroup, GetChat, GetRoom, GetStay, ListChats, ListRooms, ListStays, LocateChat, Located,
    OpenChat, PairsWith, ReadRoll, ReadSnapshots, RemoveParticipant, Roll, Room, Snapshot, Stay, UpdateChat,
};
use contracts::{ChatsApi, MessagesApi, UsersApi};
use domain::{Clock, Page};
use host::erase::Eraser;
use store::{Db, Fault};
use tokio_util::sync::CancellationToken;

use crate::config::Settings;
use crate::consumers::Listener;
use crate::store::erasures;

/// How a call ends inside the service.
pub type Outcome<T> = Result<T, Fault<ChatsError>>;

/// Chats, participants and rooms.
pub struct Chats {
    db: Db,
    outbox: Outbox,
    clock: Clock,
    users: Arc<dyn UsersApi>,
    messages: Arc<dyn MessagesApi>,
    eraser: Eraser,
    rolls: rolls::Rolls,
}

impl Chats {
    /// The service over `db`, which has this crate's tables. It asks `users` who lives and `messages` for the last place
    /// of a chat that somebody joins or leaves.
    pub fn new(
        db: Db,
        outbox: Outbox,
        clock: Clock,
        users: Arc<dyn UsersApi>,
        messages: Arc<dyn MessagesApi>,
        settings: &Settings,
    ) -> Arc<Self> {
        let eraser = Eraser::new(db.clone(), clock.clone(), erasures::Rows, settings.pace());
        let rolls = rolls::Rolls::start(db.clone());
        Arc::new(Self { db, outbox, clock, users, messages, eraser, rolls })
    }

    /// What this service hears.
    pub fn consumers(&self) -> Consumers {
        Consumers::in_batches("chats", Arc::new(Listener::new(self.clock.clone()))).lazily()
    }

    /// What goes on in the background, until `stop`.
    pub fn work(self: Arc<Self>, stop: CancellationToken) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            self.eraser.run(stop).await;
        })
    }
}

#[async_trait]
impl ChatsApi for Chats {
    async fn create(&self, command: CreateChat) -> Result<Created, ChatsError> {
        self.create_chat(command).await.map_err(Fault::answer)
    }
    async fn support(&self, command: CreateSupport) -> Result<Chat, ChatsError> {
        self.create_support(command).await.map_err(Fault::answer)
    }
    async fn get(&self, command: GetChat) -> Result<Chat, ChatsError> {
        self.get_chat(command).await.map_err(Fault::answer)
    }
    async fn list(&self, command: ListChats) -> Result<Page<Chat>, ChatsError> {
        self.list_chats(command).await.map_err(Fault::answer)
    }
    async fn open(&self, command: OpenChat) -> Result<Created, ChatsError> {
        self.open_chat(command).await.map_err(Fault::answer)
    }
    async fn with(&self, command: ChatsWith) -> Result<Page<Chat>, ChatsError> {
        self.chats_with(command).await.map_err(Fault::answer)
    }
    async fn pairs(&self, command: PairsWith) -> Result<Vec<Chat>, ChatsError> {
        self.pairs_with(command).await.map_err(Fault::answer)
    }
    async fn arrange(&self, command: ArrangeChat) -> Result<Chat, ChatsError> {
        self.arrange_chat(command).await.map_err(Fault::answer)
    }
    async fn follow_group(&self, command: FollowGroup) -> Result<(), ChatsError> {
        self.follow_a_group(command).await.map_err(Fault::answer)
    }
    async fn update(&self, command: UpdateChat) -> Result<Chat, ChatsError> {
        self.update_chat(command).await.map_err(Fault::answer)
    }
    async fn delete(&self, command: DeleteChat) -> Result<Chat, ChatsError> {
        self.delete_chat(command).await.map_err(Fault::answer)
    }
    async fn add(&self, command: AddParticipant) -> Result<Chat, ChatsError> {
        self.add_participant(command).await.map_err(Fault::answer)
    }
    async fn remove(&self, command: RemoveParticipant) -> Result<Chat, ChatsError> {
        self.remove_participant(command).await.map_err(Fault::answer)
    }
    async fn rooms(&self, command: ListRooms) -> Result<Page<Room>, ChatsError> {
        self.list_rooms(command).await.map_err(Fault::answer)
    }
    async fn room(&self, command: GetRoom) -> Result<Room, ChatsError> {
        self.get_room(command).await.map_err(Fault::answer)
    }
    async fn drop_room(&self, command: DropRoom) -> Result<Room, ChatsError> {
        self.drop_a_room(command).await.map_err(Fault::answer)
    }
    async fn stays(&self, command: ListStays) -> Result<Page<Stay>, ChatsError> {
        self.list_stays(command).await.map_err(Fault::answer)
    }
    async fn stay(&self, command: GetStay) -> Result<Room, ChatsError> {
        self.get_stay(command).await.map_err(Fault::answer)
    }
    async fn roll(&self, command: ReadRoll) -> Result<Roll, ChatsError> {
        self.read_roll(command).await.map_err(Fault::answer)
    }
    async fn locate(&self, command: LocateChat) -> Result<Option<Located>, ChatsError> {
        self.locate_chat(command).await.map_err(Fault::answer)
    }
    async fn access(&self, command: CheckAccess) -> Result<Vec<Access>, ChatsError> {
        self.check_access(command).await.map_err(Fault::answer)
    }
    async fn snapshots(&self, command: ReadSnapshots) -> Result<Vec<Snapshot>, ChatsError> {
        self.read_snapshots(command).await.map_err(Fault::answer)
    }
}
