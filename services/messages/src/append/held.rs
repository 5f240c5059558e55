//! Messages whose chats another instance is writing into: they wait in line, chat by chat, and nobody waits behind them
//! but what comes for the same chat.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

use domain::ChatId;

use super::Job;

/// First pause before a held chat is tried again; doubles up to [`LONGEST`]. The other instance is busy with it for about
/// one commit.
const FIRST: Duration = Duration::from_millis(1);
/// Short enough to find the gap between two commits of a busy instance, long enough not to keep trying.
const LONGEST: Duration = Duration::from_millis(8);

/// The lines.
#[derive(Default)]
pub(super) struct Held {
    lines: HashMap<ChatId, Line>,
}

struct Line {
    jobs: VecDeque<Job>,
    due: Instant,
}

impl Held {
    /// Puts back what could not be written, and what came behind it for the same chats, each in its order. What is in
    /// line already came later.
    pub(super) fn put_back(&mut self, held: Vec<Job>, behind: Vec<Job>, now: Instant) {
        for job in behind.into_iter().rev() {
            self.line(job.post.chat, now).jobs.push_front(job);
        }
        for mut job in held.into_iter().rev() {
            let pause = FIRST.saturating_mul(1 << job.held.min(10)).min(LONGEST);
            job.held += 1;
            let line = self.line(job.post.chat, now);
            line.due = now + pause;
            line.jobs.push_front(job);
        }
    }

    fn line(&mut self, chat: ChatId, now: Instant) -> &mut Line {
        self.lines.entry(chat).or_insert_with(|| Line { jobs: VecDeque::new(), due: now })
    }

    /// Those of `jobs` whose chats have no line; the others join theirs at the end.
    pub(super) fn behind(&mut self, jobs: Vec<Job>) -> Vec<Job> {
        if self.lines.is_empty() {
            return jobs;
        }
        let mut free = Vec::with_capacity(jobs.len());
        for job in jobs {
            match self.lines.get_mut(&job.post.chat) {
                Some(line) => line.jobs.push_back(job),
                None => free.push(job),
            }
        }
        free
    }

    /// When the first line may be tried again.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.lines.values().map(|line| line.due).min()
    }

    /// Takes up to `limit` jobs of lines that may be tried again, each line's in order.
    pub(super) fn take_due(&mut self, now: Instant, limit: usize) -> Vec<Job> {
        let due: Vec<ChatId> = self.lines.iter().filter(|(_, line)| line.due <= now).map(|(chat, _)| *chat).collect();
        let mut taken = Vec::new();
        for chat in due {
            let Some(line) = self.lines.get_mut(&chat) else { continue };
            let count = line.jobs.len().min(limit - taken.len());
            taken.extend(line.jobs.drain(..count));
            if line.jobs.is_empty() {
                self.lines.remove(&chat);
            }
            if taken.len() == limit {
                break;
            }
        }
        taken
    }

    pub(super) fn len(&self) -> usize {
        self.lines.values().map(|line| line.jobs.len()).sum()
    }
}

/// Takes the jobs of `chats` out of `jobs`, keeping the order of both.
pub(super) fn split(jobs: Vec<Job>, chats: &HashSet<ChatId>) -> (Vec<Job>, Vec<Job>) {
    if chats.is_empty() {
        return (Vec::new(), jobs);
    }
    jobs.into_iter().partition(|job| chats.contains(&job.post.chat))
}
