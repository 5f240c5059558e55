//! The first stage: may these authors write, and may their tenants? Asked for all of them at once, and never remembered.

use std::collections::HashMap;
use std::sync::Arc;

use contracts::ChatsApi;
use contracts::chats::{AccessAsked, CheckAccess};
use contracts::messages::{Message, MessagesError};
use domain::Clock;
use store::{Db, Fault};

use super::Job;
use super::quota::Quota;
use crate::rules;
use crate::store::append::Post;
use crate::store::keys::made_by;

/// Asks `chats`. Cheap to clone.
#[derive(Clone)]
pub(super) struct Access {
    chats: Arc<dyn ChatsApi>,
    db: Db,
    clock: Clock,
    quota: Quota,
}

impl Access {
    pub(super) fn new(chats: Arc<dyn ChatsApi>, db: Db, clock: Clock, quota: Quota) -> Self {
        Self { chats, db, clock, quota }
    }

    /// Those of `jobs` that may be written, each with the membership version that says so. The others are answered.
    pub(super) async fn admit(&self, jobs: Vec<Job>) -> Vec<Job> {
        if jobs.is_empty() {
            return jobs;
        }
        let (asked, places) = questions(&jobs);
        let answers = match self.chats.access(CheckAccess { asked }).await {
            Ok(answers) => answers,
            Err(e) => {
                let why = rules::unanswered(e);
                for job in jobs {
                    job.refuse(why.clone());
                }
                return Vec::new();
            }
        };
        let mut admitted = Vec::with_capacity(jobs.len());
        for (mut job, place) in jobs.into_iter().zip(places) {
            match rules::may_post(job.by, job.post.author, answers.get(place)) {
                Ok(version) => {
                    job.membership_version = version;
                    admitted.push(job);
                }
                Err(why) => self.refuse(job, why).await,
            }
        }
        self.within_quota(admitted).await
    }

    /// Those of `jobs` that their tenants may still post today. The others are answered.
    async fn within_quota(&self, jobs: Vec<Job>) -> Vec<Job> {
        let parted = self.quota.part(&self.db, jobs, self.clock.now()).await;
        let (within, beyond) = parted.unwrap_or_else(|(jobs, error)| {
            let why = Fault::<MessagesError>::from(error).answer();
            (Vec::new(), jobs.into_iter().map(|job| (job, why.clone())).collect())
        });
        for (job, why) in beyond {
            self.refuse(job, why).await;
        }
        within
    }

    /// A repeated request gets its first answer, whatever has become of its chat since.
    async fn refuse(&self, job: Job, why: MessagesError) {
        match self.first_answer(&job.post).await {
            Some(message) => drop(job.reply.send(Ok(message))),
            None => job.refuse(why),
        }
    }

    async fn first_answer(&self, post: &Post) -> Option<Message> {
        let request = post.idempotency?;
        let look = async { made_by(&self.db.read().await?, &request).await };
        look.await.unwrap_or_else(|e| {
            tracing::warn!(error = %e, "could not look up the first answer to a repeated request");
            None
        })
    }
}

/// Each distinct question once, and for each job the place of its answer.
fn questions(jobs: &[Job]) -> (Vec<AccessAsked>, Vec<usize>) {
    let mut asked = Vec::new();
    let mut known: HashMap<AccessAsked, usize> = HashMap::with_capacity(jobs.len());
    let place = |job: &Job| {
        let Post { tenant, chat, author, .. } = *job.post;
        let question = AccessAsked { tenant, chat, user: author };
        *known.entry(question).or_insert_with(|| {
            asked.push(question);
            asked.len() - 1
        })
    };
    let places = jobs.iter().map(place).collect();
    (asked, places)
}
