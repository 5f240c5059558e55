//! The loop between the two stages.

use std::time::{Duration, Instant};

use contracts::messages::MessagesError;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep_until;

use super::Job;
use super::access::Access;
use super::commit::Committer;
use super::held::{Held, split};
use crate::config::Settings;

pub(super) struct Writer {
    queue: mpsc::UnboundedReceiver<Job>,
    access: Access,
    committer: Committer,
    held: Held,
    batch: usize,
    patience: Duration,
}

impl Writer {
    pub(super) fn new(
        queue: mpsc::UnboundedReceiver<Job>,
        access: Access,
        committer: Committer,
        settings: &Settings,
    ) -> Self {
        // There from the start, so that the first time is an increase.
        metrics::counter!("messages_append_held_total").increment(0);
        metrics::counter!("messages_append_halved_total").increment(0);
        let (batch, patience) = (settings.batch(), settings.held_timeout());
        Self { queue, access, committer, held: Held::default(), batch, patience }
    }

    pub(super) async fn run(mut self) {
        while let Some(jobs) = self.wait().await {
            let mut batch = self.admit(jobs).await;
            while !batch.is_empty() {
                batch = self.write(batch).await;
            }
        }
    }

    /// Writes `batch`. Meanwhile, from when its COMMIT is sent, the next one is asked for: later than at the start, so that
    /// it holds all that came in until then.
    async fn write(&mut self, batch: Vec<Job>) -> Vec<Job> {
        let (sending, sent) = oneshot::channel();
        let committer = self.committer.clone();
        // Tasks of their own: a panic in one of them fails its batch and not the writer.
        let commit = tokio::spawn(async move { committer.write(batch, sending).await });
        // Also when the batch ends without a COMMIT.
        let _ = sent.await;
        let waiting = self.collect();
        let next = self.admit(waiting).await;
        let held = commit.await.unwrap_or_default();
        let chats = held.iter().map(|job| job.post.chat).collect();
        let (behind, next) = split(next, &chats);
        self.held.put_back(held, behind, Instant::now());
        next
    }

    async fn admit(&self, jobs: Vec<Job>) -> Vec<Job> {
        if jobs.is_empty() {
            return jobs;
        }
        let access = self.access.clone();
        tokio::spawn(async move { access.admit(jobs).await }).await.unwrap_or_default()
    }

    /// Waits until there is something to write; `None` when there never will be again.
    async fn wait(&mut self) -> Option<Vec<Job>> {
        loop {
            let jobs = self.collect();
            if !jobs.is_empty() {
                return Some(jobs);
            }
            let mut arrived = Vec::with_capacity(1);
            match self.held.next_due() {
                None => {
                    if self.queue.recv_many(&mut arrived, self.batch).await == 0 {
                        return None;
                    }
                }
                Some(due) => {
                    tokio::select! {
                        // A closed queue is always ready: then only time helps.
                        _ = self.queue.recv_many(&mut arrived, self.batch), if !self.queue.is_closed() => {}
                        () = sleep_until(due.into()) => {}
                    }
                }
            }
            // Not a delay: senders that were just answered, and are about to send again, get their turn before a
            // transaction begins for the first of them alone.
            tokio::task::yield_now().await;
            self.drain(&mut arrived, self.batch);
            let free = self.held.behind(arrived);
            if !free.is_empty() {
                return Some(free);
            }
        }
    }

    /// What can be tried now, without waiting: held chats whose time has come, and what has queued up.
    fn collect(&mut self) -> Vec<Job> {
        let now = Instant::now();
        // At most half of a batch, so that held chats never crowd the others out.
        let mut jobs = self.held.take_due(now, (self.batch / 2).max(1));
        let mut arrived = Vec::new();
        self.drain(&mut arrived, self.batch - jobs.len());
        jobs.extend(self.held.behind(arrived));
        self.report();
        jobs.into_iter().filter_map(|job| self.in_time(job, now)).collect()
    }

    /// Moves what has queued up into `jobs`, until they are `limit`.
    fn drain(&mut self, jobs: &mut Vec<Job>, limit: usize) {
        while jobs.len() < limit
            && let Ok(job) = self.queue.try_recv()
        {
            jobs.push(job);
        }
    }

    /// Drops what nobody waits for any more, and what has waited too long.
    fn in_time(&self, job: Job, now: Instant) -> Option<Job> {
        if job.reply.is_closed() {
            return None;
        }
        if job.held > 0 && now.duration_since(job.since) > self.patience {
            job.refuse(MessagesError::Unavailable("another instance holds the chat".to_owned()));
            return None;
        }
        Some(job)
    }

    fn report(&self) {
        let waiting = u32::try_from(self.queue.len() + self.held.len()).unwrap_or(u32::MAX);
        metrics::gauge!("messages_append_queue").set(f64::from(waiting));
    }
}
