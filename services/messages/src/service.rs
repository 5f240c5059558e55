//! The service: its parts, and its trait. Rules are in [`rules`](crate::rules), the calls in the files below.

mod changing;
mod marks;
mod overview;
mod reading;

use futures_util::future::BoxFuture;
use std::sync::Arc;

use async_trait::async_trait;
use bus::Outbox;
use contracts::messages::{
    ChatOverview, DeleteMessage, EditMessage, GetMessage, Head, Heads, HideMessage, MarkRead, Message, MessageKey,
    MessagesError, Overview, PageMessages, PostMessage, ReadMark, ReadMarks, RoomMessage, TakeNumber,
};
use contracts::{ChatsApi, MessagesApi};
use domain::{ChatId, Clock, Page, Principal, TenantId};
use store::Db;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::append::Appender;
use crate::config::Settings;
use crate::erase::Eraser;
use crate::rules::{self, Limits, Reader};
use crate::store::messages;

/// The error inside this service.
type Fault = store::Fault<MessagesError>;
/// What the rules answer.
type Answer<T> = Result<T, Fault>;

/// The service `messages`.
pub struct Messages {
    db: Db,
    outbox: Outbox,
    clock: Clock,
    chats: Arc<dyn ChatsApi>,
    appender: Appender,
    limits: Limits,
    settings: Settings,
    /// A tenant may have to be erased.
    erasing: Arc<Notify>,
}

impl Messages {
    /// The service over its database. Starts its writer on the current runtime; that ends with the service.
    pub fn new(db: Db, outbox: Outbox, clock: Clock, chats: Arc<dyn ChatsApi>, settings: &Settings) -> Arc<Self> {
        let appender = Appender::start(db.clone(), outbox.clone(), chats.clone(), clock.clone(), settings);
        let (limits, settings) = (settings.limits(), settings.clone());
        Arc::new(Self { db, outbox, clock, chats, appender, limits, settings, erasing: Arc::default() })
    }

    /// What this service does with events.
    pub fn consumers(self: &Arc<Self>) -> bus::Consumers {
        crate::consumers::all(self.clock.clone(), self.erasing.clone())
    }

    /// What goes on in the background until `stop`: erasing deleted tenants.
    pub fn work(self: Arc<Self>, stop: CancellationToken) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            Eraser::new(self.db.clone(), self.clock.clone(), self.erasing.clone(), &self.settings).run(stop).await;
        })
    }

    /// The message that `key` names, for somebody who may read its chat.
    async fn readable(&self, by: &Principal, key: MessageKey) -> Answer<(Message, Reader)> {
        let message = self.find(by.tenant, key).await?;
        match rules::may_read(&*self.chats, by, message.chat).await {
            Ok(reader) => Ok((message, reader)),
            // A message whose chat is gone is gone too.
            Err(MessagesError::ChatNotFound) => Err(MessagesError::MessageNotFound.into()),
            Err(e) => Err(e.into()),
        }
    }

    async fn find(&self, tenant: TenantId, key: MessageKey) -> Answer<Message> {
        let found = messages::find(&self.db.read().await?, tenant, key).await?;
        Ok(found.ok_or(MessagesError::MessageNotFound)?)
    }

    /// Whether `by` may read `chat`, and whether it lives.
    async fn may_read(&self, by: &Principal, chat: ChatId) -> Answer<Reader> {
        Ok(rules::may_read(&*self.chats, by, chat).await?)
    }
}

#[async_trait]
impl MessagesApi for Messages {
    async fn post(&self, command: PostMessage) -> Result<Message, MessagesError> {
        self.appender.post(command).await
    }
    async fn get(&self, command: GetMessage) -> Result<RoomMessage, MessagesError> {
        self.one(command).await.map_err(Fault::answer)
    }
    async fn page(&self, command: PageMessages) -> Result<Page<Message>, MessagesError> {
        self.some(command).await.map_err(Fault::answer)
    }
    async fn edit(&self, command: EditMessage) -> Result<Message, MessagesError> {
        self.change(command).await.map_err(Fault::answer)
    }
    async fn delete(&self, command: DeleteMessage) -> Result<Message, MessagesError> {
        self.remove(command).await.map_err(Fault::answer)
    }
    async fn hide(&self, command: HideMessage) -> Result<RoomMessage, MessagesError> {
        self.take_out(command).await.map_err(Fault::answer)
    }
    async fn mark_read(&self, command: MarkRead) -> Result<ReadMark, MessagesError> {
        self.mark(command).await.map_err(Fault::answer)
    }
    async fn read_marks(&self, command: ReadMarks) -> Result<Vec<ReadMark>, MessagesError> {
        self.marks(command).await.map_err(Fault::answer)
    }
    async fn heads(&self, command: Heads) -> Result<Vec<Head>, MessagesError> {
        self.last_places(command).await.map_err(Fault::answer)
    }
    async fn overview(&self, command: Overview) -> Result<Vec<ChatOverview>, MessagesError> {
        self.look_over(command).await.map_err(Fault::answer)
    }
    async fn take_number(&self, command: TakeNumber) -> Result<i64, MessagesError> {
        self.draw_number(command).await.map_err(Fault::answer)
    }
}
