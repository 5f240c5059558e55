//! Appending by group commit: what queues up during one commit is the next transaction.
//!
//! [`Appender::post`] validates and queues. One [`writer`] takes what is waiting, asks `chats` once for all of it, and
//! writes it in one transaction; while that one commits, the next is asked for. Nothing ever waits for a batch to fill: a
//! single sender's message goes at once. A batch that fails is halved until the bad message stands alone.

mod access;
mod commit;
mod held;
mod quota;
mod writer;

use std::sync::Arc;
use std::time::Instant;

use bus::Outbox;
use contracts::ChatsApi;
use contracts::messages::{Message, MessagesError, PostMessage};
use domain::{Clock, MessageId, UserId};
use store::Db;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::config::Settings;
use crate::rules::{self, Limits};
use crate::store::append::Post;
use crate::store::rows::{extras_json, media_json};

/// The queue's near end. Cheap to clone; the writer ends when the last clone is gone and the queue is empty.
#[derive(Clone)]
pub struct Appender {
    queue: mpsc::UnboundedSender<Job>,
    room: Arc<Semaphore>,
    /// All the room there is.
    capacity: u32,
    limits: Limits,
}

/// A message that waits to be written.
struct Job {
    post: Arc<Post>,
    by: Asker,
    /// Set once `chats` has answered.
    membership_version: i64,
    reply: oneshot::Sender<Result<Message, MessagesError>>,
    since: Instant,
    /// How often another instance held its chat.
    held: u32,
    /// Its room in the queue, given back with the answer.
    _room: OwnedSemaphorePermit,
}

/// Who asks for a message to be posted, as far as authority goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asker {
    pub user: Option<UserId>,
    pub manages: bool,
}

impl Job {
    fn refuse(self, why: MessagesError) {
        // Nobody waits any more: then nobody is told.
        let _ = self.reply.send(Err(why));
    }
}

impl Appender {
    /// Starts the writer on the current runtime.
    ///
    /// `chats`: who answers whether an author may write. Several appenders, in one process or many, may share a
    /// PostgreSQL database.
    pub fn start(db: Db, outbox: Outbox, chats: Arc<dyn ChatsApi>, clock: Clock, settings: &Settings) -> Self {
        let (queue, waiting) = mpsc::unbounded_channel();
        let quota = quota::Quota::new(settings.per_tenant_day);
        let committer = commit::Committer::new(db.clone(), outbox, clock.clone(), quota);
        let access = access::Access::new(chats, db, clock, quota);
        tokio::spawn(writer::Writer::new(waiting, access, committer, settings).run());
        let capacity = settings.queue_count.max(1);
        Self { queue, room: Arc::new(Semaphore::new(capacity as usize)), capacity, limits: settings.limits() }
    }

    /// Posts a message; see [`contracts::MessagesApi::post`]. Answers [`MessagesError::Busy`] at once when the queue is
    /// full.
    pub async fn post(&self, command: PostMessage) -> Result<Message, MessagesError> {
        let by = rules::may_ask_to_post(&command)?;
        let PostMessage { by: principal, chat, author, kind, text, media, extras, idempotency } = command;
        let (text, media) = rules::content(&self.limits, kind, text, media)?;
        let (media_json, extras_json) = (media_json(&media), extras_json(&extras));
        rules::extras(extras_json.as_deref())?;
        let post = Post {
            id: MessageId::new(),
            tenant: principal.tenant,
            chat,
            author,
            origin: principal.surface,
            kind,
            text,
            media,
            media_json,
            extras,
            extras_json,
            idempotency,
            trace: domain::trace::current(),
        };
        let room = self
            .room
            .clone()
            .try_acquire_many_owned(weight(&post).min(self.capacity))
            .map_err(|_| MessagesError::Busy)?;
        let (reply, answer) = oneshot::channel();
        let (post, since) = (Arc::new(post), Instant::now());
        let job = Job { post, by, membership_version: 0, reply, since, held: 0, _room: room };
        let stopped = || MessagesError::Unavailable("the writer has stopped".to_owned());
        self.queue.send(job).map_err(|_| stopped())?;
        // A writer that drops a message without an answer has panicked.
        answer.await.map_err(|_| MessagesError::Internal)?
    }
}

/// What a post takes of the queue: one, and one more for each KiB, so that memory is bounded whatever is sent.
fn weight(post: &Post) -> u32 {
    let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let bytes = length(&post.text) + length(&post.media_json) + length(&post.extras_json);
    u32::try_from(1 + bytes / 1024).unwrap_or(u32::MAX)
}
