//! The service `chats`, as far as posting needs it.

use async_trait::async_trait;
use contracts::ChatsApi;
use contracts::chats::{
    Access, AddParticipant, ArrangeChat, Chat, ChatsError, ChatsWith, CheckAccess, CreateChat, CreateSupport, Created,
    DeleteChat, DropRoom, FollowGroup, GetChat, GetRoom, GetStay, ListChats, ListRooms, ListStays, LocateChat, Located,
    OpenChat, PairsWith, ReadRoll, ReadSnapshots, RemoveParticipant, Roll, Room, Snapshot, Stay, UpdateChat,
};
use domain::Page;

type Answer<T> = Result<T, ChatsError>;

/// Everybody takes part in every chat.
pub struct Everybody;

#[async_trait]
impl ChatsApi for Everybody {
    async fn access(&self, CheckAccess { asked }: CheckAccess) -> Answer<Vec<Access>> {
        Ok(vec![Access::Participant { version: 1 }; asked.len()])
    }
    async fn create(&self, _: CreateChat) -> Answer<Created> {
        Err(ChatsError::Internal)
    }
    async fn open(&self, _: OpenChat) -> Answer<Created> {
        Err(ChatsError::Internal)
    }
    async fn with(&self, _: ChatsWith) -> Answer<Page<Chat>> {
        Err(ChatsError::Internal)
    }
    async fn pairs(&self, _: PairsWith) -> Answer<Vec<Chat>> {
        Err(ChatsError::Internal)
    }
    async fn arrange(&self, _: ArrangeChat) -> Answer<Chat> {
        Err(ChatsError::Internal)
    }
    async fn support(&self, _: CreateSupport) -> Answer<Chat> {
        Err(ChatsError::Internal)
    }
    async fn follow_group(&self, _: FollowGroup) -> Answer<()> {
        Err(ChatsError::Internal)
    }
    async fn get(&self, _: GetChat) -> Answer<Chat> {
        Err(ChatsError::Internal)
    }
    async fn list(&self, _: ListChats) -> Answer<Page<Chat>> {
        Err(ChatsError::Internal)
    }
    async fn update(&self, _: UpdateChat) -> Answer<Chat> {
        Err(ChatsError::Internal)
    }
    async fn delete(&self, _: DeleteChat) -> Answer<Chat> {
        Err(ChatsError::Internal)
    }
    async fn add(&self, _: AddParticipant) -> Answer<Chat> {
        Err(ChatsError::Internal)
    }
    async fn remove(&self, _: RemoveParticipant) -> Answer<Chat> {
        Err(ChatsError::Internal)
    }
    async fn rooms(&self, _: ListRooms) -> Answer<Page<Room>> {
        Err(ChatsError::Internal)
    }
    async fn room(&self, _: GetRoom) -> Answer<Room> {
        Err(ChatsError::Internal)
    }
    async fn drop_room(&self, _: DropRoom) -> Answer<Room> {
        Err(ChatsError::Internal)
    }
    async fn stays(&self, _: ListStays) -> Answer<Page<Stay>> {
        Err(ChatsError::Internal)
    }
    async fn stay(&self, _: GetStay) -> Answer<Room> {
        Err(ChatsError::Internal)
    }
    async fn roll(&self, _: ReadRoll) -> Answer<Roll> {
        Err(ChatsError::Internal)
    }
    async fn locate(&self, _: LocateChat) -> Answer<Option<Located>> {
        Err(ChatsError::Internal)
    }
    async fn snapshots(&self, _: ReadSnapshots) -> Answer<Vec<Snapshot>> {
        Err(ChatsError::Internal)
    }
}
