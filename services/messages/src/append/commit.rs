//! The second stage: one transaction for a batch, and what to do when it fails.

use std::collections::HashSet;
use std::time::Instant;

use bus::Outbox;
use contracts::messages::{Message, MessagesError};
use domain::{Clock, ServiceError as _};
use store::{Db, Fault, StoreError};
use tokio::sync::oneshot;

use super::Job;
use super::held::split;
use super::quota::Quota;
use crate::store::append::{Entry, Outcome, append, message};

/// How often a batch that lost against another transaction is run again before it is taken apart.
const TRIES: u32 = 5;

/// Writes batches. Cheap to clone.
#[derive(Clone)]
pub(super) struct Committer {
    db: Db,
    outbox: Outbox,
    clock: Clock,
    quota: Quota,
}

/// Why a batch was not stored.
enum Failed {
    /// Nothing was stored.
    Before(StoreError),
    /// The COMMIT went wrong: nobody knows.
    Commit(StoreError),
}

/// Some jobs that go into one transaction, and how often that failed.
struct Part {
    jobs: Vec<Job>,
    tries: u32,
}

impl Committer {
    pub(super) fn new(db: Db, outbox: Outbox, clock: Clock, quota: Quota) -> Self {
        Self { db, outbox, clock, quota }
    }

    /// Writes `jobs` and answers them, all but those whose chats are held: these come back in their order. `sending` is
    /// told when the first COMMIT is sent.
    pub(super) async fn write(&self, jobs: Vec<Job>, sending: oneshot::Sender<()>) -> Vec<Job> {
        #[expect(clippy::cast_precision_loss, reason = "a batch has a thousand rows at most")]
        metrics::histogram!("messages_append_batch_rows").record(jobs.len() as f64);
        let mut sending = Some(sending);
        let (mut held, mut held_chats) = (Vec::new(), HashSet::new());
        let mut parts = vec![Part { jobs, tries: 0 }];
        while let Some(part) = parts.pop() {
            // A chat that was held for an earlier part stays behind it, or its messages would change places.
            let (behind, jobs) = split(part.jobs, &held_chats);
            held.extend(behind);
            if jobs.is_empty() {
                continue;
            }
            match self.store(&jobs, &mut sending).await {
                Ok(outcomes) => {
                    let back = answer(jobs, outcomes);
                    held_chats.extend(back.iter().map(|job| job.post.chat));
                    held.extend(back);
                    self.outbox.wake();
                }
                Err(failed) => parts.extend(failed.parts(Part { jobs, ..part })),
            }
        }
        if !held.is_empty() {
            metrics::counter!("messages_append_held_total").increment(held.len() as u64);
        }
        held
    }

    async fn store(&self, jobs: &[Job], sending: &mut Option<oneshot::Sender<()>>) -> Result<Vec<Outcome>, Failed> {
        let entries = jobs
            .iter()
            .map(|job| Entry { post: job.post.clone(), membership_version: job.membership_version })
            .collect();
        let start = Instant::now();
        let mut tx = self.db.begin().await?;
        let now = self.clock.now();
        let outcomes = append(&mut tx, entries, &self.outbox, now).await?;
        if !outcomes.iter().any(|outcome| matches!(outcome, Outcome::Stored(_))) {
            tx.rollback().await?;
            return Ok(outcomes);
        }
        self.quota.count(&mut tx, jobs, &outcomes, now).await?;
        if let Some(sending) = sending.take() {
            let _ = sending.send(());
        }
        tx.commit().await.map_err(Failed::Commit)?;
        metrics::histogram!("messages_append_seconds").record(start.elapsed());
        Ok(outcomes)
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Before(error)
    }
}

impl Failed {
    /// What to try next, the last one first; jobs for which there is nothing left to try are answered.
    fn parts(self, part: Part) -> Vec<Part> {
        let tries = part.tries + 1;
        let again = match &self {
            Self::Before(StoreError::Retry(_)) | Self::Commit(StoreError::Retry(_)) => tries < TRIES,
            // A connection that had died unnoticed; or a key that was taken in between.
            Self::Before(StoreError::Unavailable(_) | StoreError::Unique) => tries < 2,
            _ => false,
        };
        if again {
            return vec![Part { tries, ..part }];
        }
        let (Self::Before(error) | Self::Commit(error)) = &self;
        // Halving asks which message is at fault. That a database is down is nobody's, and what a broken COMMIT left
        // behind must not be written twice.
        let whole = matches!(&self, Self::Commit(_)) || error.is_retryable() || part.jobs.len() == 1;
        if whole {
            self.refuse(part.jobs);
            return Vec::new();
        }
        metrics::counter!("messages_append_halved_total").increment(1);
        let mut first = part.jobs;
        let second = first.split_off(first.len() / 2);
        vec![Part { jobs: second, tries: 0 }, Part { jobs: first, tries: 0 }]
    }

    fn refuse(self, jobs: Vec<Job>) {
        let (Self::Before(error) | Self::Commit(error)) = self;
        // Logged once for all of them.
        let why = Fault::<MessagesError>::from(error).answer();
        for job in jobs {
            job.refuse(why.clone());
        }
    }
}

/// Answers jobs by their outcomes; the held ones come back.
fn answer(jobs: Vec<Job>, outcomes: Vec<Outcome>) -> Vec<Job> {
    let mut held = Vec::new();
    let mut stored: Vec<Option<Message>> = Vec::with_capacity(jobs.len());
    let twins: HashSet<usize> =
        outcomes.iter().filter_map(|o| if let Outcome::Twin(first) = o { Some(*first) } else { None }).collect();
    for (at, (job, outcome)) in jobs.into_iter().zip(outcomes).enumerate() {
        let answer = match outcome {
            Outcome::Stored(place) => Ok(message(job.post, place)),
            Outcome::Replay(row) => row.view().map_err(|e| Fault::<MessagesError>::from(e).answer()),
            Outcome::Twin(first) => stored.get(first).cloned().flatten().ok_or_else(MessagesError::internal),
            Outcome::KeyReused => Err(MessagesError::KeyReused),
            Outcome::Held => {
                stored.push(None);
                held.push(job);
                continue;
            }
        };
        stored.push(answer.as_ref().ok().filter(|_| twins.contains(&at)).cloned());
        let _ = job.reply.send(answer);
    }
    held
}
