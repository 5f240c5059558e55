//! How many log-ins may fail.
//!
//! Failures are counted in windows of a minute, in the database, so that all instances count together. The count is
//! looked up while holding a turn to hash, and a failure is counted before that turn is given back: guesses made at the
//! same instant exceed the limit by no more than the turns there are. Nobody is refused for log-ins that succeed.

use std::net::IpAddr;

use contracts::auth::AuthError;
use domain::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{Answer, Auth};
use crate::store::failures::{self, Subject};

/// How long failures count, in seconds.
const WINDOW_S: i64 = 60;

/// What an attempt is counted by, each with how many failures it may have.
pub(super) struct Counted(Vec<(Subject, i64)>);

impl Auth {
    /// `login_key`: whether or not anybody has that login.
    pub(super) fn counted(&self, login_key: &str, address: Option<IpAddr>) -> Counted {
        let account = (account(login_key), i64::from(self.settings.failures_per_account));
        let Counted(address) = self.counted_address(address);
        Counted(std::iter::once(account).chain(address).collect())
    }

    /// By the address alone.
    pub(super) fn counted_address(&self, address: Option<IpAddr>) -> Counted {
        let most = i64::from(self.settings.failures_per_address);
        Counted(address.map(|ip| (subject("address", &ip.to_canonical().to_string()), most)).into_iter().collect())
    }

    /// # Errors
    /// [`AuthError::Limited`] if one of them failed too often.
    pub(super) async fn check_failures(&self, counted: &Counted, now: Timestamp) -> Answer<()> {
        let subjects: Vec<Subject> = counted.0.iter().map(|(subject, _)| *subject).collect();
        let conn = self.db.read().await?;
        let failed = failures::since(&conn, &subjects, horizon(now)).await?;
        let wait = |(subject, since, failed): &(Vec<u8>, Timestamp, i64)| {
            let (_, allowed) = counted.0.iter().find(|(counted, _)| counted[..] == subject[..])?;
            (failed >= allowed).then(|| seconds_until(now, since.plus_seconds(WINDOW_S)))
        };
        match failed.iter().filter_map(wait).max() {
            Some(retry_after_s) => Err(AuthError::Limited { retry_after_s }.into()),
            None => Ok(()),
        }
    }

    /// Counts a failure of each.
    pub(super) async fn count_failure(&self, counted: &Counted, now: Timestamp) -> Answer<()> {
        metrics::counter!("auth_logins_failed_total").increment(1);
        let mut subjects: Vec<Subject> = counted.0.iter().map(|(subject, _)| *subject).collect();
        // In one order, so that two attempts cannot wait for each other.
        subjects.sort_unstable();
        let mut tx = self.db.begin().await?;
        for subject in subjects {
            failures::count(&mut tx, subject, now, horizon(now)).await?;
        }
        failures::forget(&mut tx, now.plus_seconds(-10 * WINDOW_S)).await?;
        Ok(tx.commit().await?)
    }
}

/// What failures of a login are counted by.
pub(crate) fn account(login_key: &str) -> Subject {
    subject("account", login_key)
}

fn subject(kind: &str, name: &str) -> Subject {
    Sha256::new().chain_update(kind).chain_update([0]).chain_update(name).finalize().into()
}

fn horizon(now: Timestamp) -> Timestamp {
    now.plus_seconds(-WINDOW_S)
}

/// Whole seconds, at least one.
fn seconds_until(now: Timestamp, then: Timestamp) -> u32 {
    let micros = (then.micros() - now.micros()).max(1);
    u32::try_from((micros + 999_999) / 1_000_000).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_in_whole_seconds_rounded_up() {
        let at = Timestamp::from_micros;
        assert_eq!(seconds_until(at(0), at(1)), 1);
        assert_eq!(seconds_until(at(0), at(1_000_001)), 2);
        assert_eq!(seconds_until(at(5), at(0)), 1);
    }
}
