//! Where feeds stand, as this instance has heard: what those who wait look at first.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use contracts::realtime::FeedHead;
use domain::TenantId;
use store::{StoreResult, Tx, tell};
use tokio::sync::watch;

/// The word's channel between instances.
pub const CHANNEL: &str = "parlance_realtime";
/// Heads in one word: it may have 7,999 bytes.
const IN_A_WORD: usize = 100;

/// The newest places heard of. The database knows better; this only saves asking it.
#[derive(Debug, Default)]
pub struct Heads {
    known: Mutex<HashMap<TenantId, i64>>,
    news: watch::Sender<()>,
}

impl Heads {
    /// Notes that feeds grew, and wakes whoever waits.
    pub fn note(&self, heads: &[FeedHead]) {
        if heads.is_empty() {
            return;
        }
        {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            for FeedHead { tenant, head } in heads {
                let place = known.entry(*tenant).or_default();
                *place = (*place).max(*head);
            }
        }
        self.news.send_replace(());
    }

    /// Told at every growth of any feed.
    pub fn news(&self) -> watch::Receiver<()> {
        self.news.subscribe()
    }

    /// Those of `asked` that stand further by now, as far as is known here.
    pub fn ahead(&self, asked: &[FeedHead]) -> Vec<FeedHead> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let newer = |old: &FeedHead| known.get(&old.tenant).filter(|head| **head > old.head);
        asked.iter().filter_map(|old| newer(old).map(|head| FeedHead { tenant: old.tenant, head: *head })).collect()
    }

    /// Forgets a tenant.
    pub fn forget(&self, tenant: TenantId) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).remove(&tenant);
    }
}

/// Tells the other instances, once `tx` commits.
pub async fn tell_others(tx: &Tx, heads: &[FeedHead]) -> StoreResult<()> {
    for some in heads.chunks(IN_A_WORD) {
        let word: Vec<String> = some.iter().map(|h| format!("{}:{}", h.tenant, h.head)).collect();
        tell(tx, CHANNEL, &word.join(",")).await?;
    }
    Ok(())
}

/// What another instance told; what is malformed is left out.
pub fn heard(word: &str) -> Vec<FeedHead> {
    let one = |part: &str| {
        let (tenant, head) = part.split_once(':')?;
        Some(FeedHead { tenant: tenant.parse().ok()?, head: head.parse().ok()? })
    };
    word.split(',').filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_only_grow_and_wake_those_who_wait() {
        let (heads, tenant) = (Heads::default(), TenantId::new());
        let mut news = heads.news();
        heads.note(&[FeedHead { tenant, head: 4 }, FeedHead { tenant, head: 3 }]);
        assert!(news.has_changed().unwrap());
        news.mark_unchanged();
        assert_eq!(heads.ahead(&[FeedHead { tenant, head: 3 }]), [FeedHead { tenant, head: 4 }]);
        assert!(heads.ahead(&[FeedHead { tenant, head: 4 }]).is_empty());
    }

    #[test]
    fn a_word_is_heard_as_it_was_told() {
        let tenant = TenantId::new();
        assert_eq!(heard(&format!("{tenant}:7,x:1,{tenant}:y")), [FeedHead { tenant, head: 7 }]);
    }
}
