//! Rolls asked at the same time are read together: what comes while one read is under way is the next one. Nobody waits for a
//! read to fill.

use std::sync::Arc;

use domain::Limit;
use store::{Db, StoreError, StoreResult};
use tokio::sync::{Semaphore, mpsc, oneshot};

use crate::store::rolls::{self, Asked, Rolled};

/// Rolls in one read, and reads at the same time.
const AT_ONCE: usize = 32;
const READS: usize = 2;

/// Reads rolls. It ends when it is dropped.
pub struct Rolls {
    queue: mpsc::UnboundedSender<Waiting>,
}

struct Waiting {
    asked: Asked,
    reply: oneshot::Sender<StoreResult<Option<Rolled>>>,
}

impl Rolls {
    /// Starts on the current runtime.
    pub fn start(db: Db) -> Self {
        let (queue, waiting) = mpsc::unbounded_channel();
        tokio::spawn(run(db, waiting));
        Self { queue }
    }

    /// The chat, with the latest stays that were asked for and one more than [`Rolls::limit`] if there is one; `None` where the
    /// tenant has no such living chat.
    ///
    /// # Errors
    /// The store's.
    pub async fn find(&self, asked: Asked) -> StoreResult<Option<Rolled>> {
        let (reply, answer) = oneshot::channel();
        let stopped = || StoreError::Unavailable("rolls are not read any more".into());
        self.queue.send(Waiting { asked, reply }).map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    /// Stays of an answer.
    pub fn limit() -> Limit {
        Limit::clamped(i64::from(Limit::MAX))
    }
}

async fn run(db: Db, mut queue: mpsc::UnboundedReceiver<Waiting>) {
    let reads = Arc::new(Semaphore::new(READS));
    // Nobody closes the semaphore.
    while let Ok(turn) = reads.clone().acquire_owned().await {
        let mut some = Vec::new();
        if queue.recv_many(&mut some, AT_ONCE).await == 0 {
            return;
        }
        let db = db.clone();
        tokio::spawn(async move {
            read(&db, some).await;
            drop(turn);
        });
    }
}

async fn read(db: &Db, some: Vec<Waiting>) {
    let (asked, replies): (Vec<Asked>, Vec<_>) = some.into_iter().map(|one| (one.asked, one.reply)).unzip();
    let answers = async { rolls::of(&db.read().await?, asked, Rolls::limit()).await };
    match answers.await {
        Ok(answers) => {
            for (reply, answer) in replies.into_iter().zip(answers) {
                // Whoever asked may be gone.
                let _ = reply.send(Ok(answer));
            }
        }
        Err(why) => {
            let why: &str = &why.to_string();
            for reply in replies {
                let _ = reply.send(Err(StoreError::Unavailable(why.into())));
            }
        }
    }
}
