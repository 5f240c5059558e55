//! How many messages a tenant may post on a day.
//!
//! The count is written with the messages, so that it is as true as they are, whatever dies and however many instances there are.
//! It is read before a batch is written: those that are under way at that moment may go beyond it by one batch an instance.

use std::collections::{BTreeMap, HashMap};

use contracts::messages::MessagesError;
use domain::{TenantId, Timestamp};
use store::{Db, StoreError, StoreResult, Tx};

use super::Job;
use crate::store::append::Outcome;
use crate::store::days;

const DAY_S: i64 = 86_400;

/// Those that are within the quota, and the others with what these are told.
type Parted = (Vec<Job>, Vec<(Job, MessagesError)>);

/// The quota, if there is one. Cheap to clone.
#[derive(Clone, Copy)]
pub(super) struct Quota {
    /// Messages a day; `None`: as many as they like, and nothing is counted.
    per_day: Option<u32>,
}

impl Quota {
    /// Zero means that there is none.
    pub(super) fn new(per_day: u32) -> Self {
        Self { per_day: Some(per_day).filter(|n| *n > 0) }
    }

    /// Parts `jobs` by their tenants' quotas.
    ///
    /// # Errors
    /// The database does not answer; the jobs come back.
    pub(super) async fn part(self, db: &Db, jobs: Vec<Job>, now: Timestamp) -> Result<Parted, (Vec<Job>, StoreError)> {
        let Some(per_day) = self.per_day else { return Ok((jobs, Vec::new())) };
        let (day, second) = day(now);
        let mut tenants: Vec<TenantId> = jobs.iter().map(|job| job.post.tenant).collect();
        tenants.sort_unstable();
        tenants.dedup();
        let read = async { days::posted(&db.read().await?, tenants, day).await };
        let mut posted: HashMap<TenantId, i64> = match read.await {
            Ok(posted) => posted.into_iter().collect(),
            Err(error) => return Err((jobs, error)),
        };
        let (mut within, mut beyond) = (Vec::with_capacity(jobs.len()), Vec::new());
        for job in jobs {
            let count = posted.entry(job.post.tenant).or_default();
            if *count < i64::from(per_day) {
                *count += 1;
                within.push(job);
            } else {
                let retry_after_s = u32::try_from(DAY_S - second).unwrap_or(1);
                beyond.push((job, MessagesError::Limited { retry_after_s }));
            }
        }
        Ok((within, beyond))
    }

    /// Counts what has been stored of `jobs`, in its transaction.
    pub(super) async fn count(
        self,
        tx: &mut Tx,
        jobs: &[Job],
        outcomes: &[Outcome],
        now: Timestamp,
    ) -> StoreResult<()> {
        if self.per_day.is_none() {
            return Ok(());
        }
        let mut counts = BTreeMap::<TenantId, i64>::new();
        for (job, _) in jobs.iter().zip(outcomes).filter(|(_, outcome)| matches!(outcome, Outcome::Stored(_))) {
            *counts.entry(job.post.tenant).or_default() += 1;
        }
        days::add(tx, day(now).0, counts).await
    }
}

/// The day, since 1970-01-01, and the second of it.
fn day(now: Timestamp) -> (i64, i64) {
    let second = now.micros().div_euclid(1_000_000);
    (second.div_euclid(DAY_S), second.rem_euclid(DAY_S))
}
