//! What `chats` was asked before a transaction began: chats whose copies are older than an event says.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use bus::Delivery;
use contracts::ChatsApi;
use contracts::chats::{ReadSnapshots, Snapshot};
use domain::{ChatId, TenantId};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use store::{Db, StoreResult};

use crate::batch::{Fact, Need};
use crate::store::members;

/// How long an answer is kept: it is used in the transaction that follows.
const KEPT: Duration = Duration::from_mins(1);
/// Answers kept at most.
const ANSWERS: u64 = 10_000;
/// Versions of copies remembered at most.
const VERSIONS: u64 = 200_000;
/// Chats in one question.
const AT_ONCE: usize = 1000;

/// What `chats` answered.
#[derive(Debug, Clone)]
pub enum Answer {
    /// The chat.
    Snapshot(Arc<Snapshot>),
    /// There is no such chat, or no longer.
    Gone,
}

/// Asks, and remembers for a moment.
pub struct Known {
    db: Db,
    chats: Arc<dyn ChatsApi>,
    answers: Cache<ChatId, Answer>,
    /// Copies are at least this new. A transaction that did not commit makes this no lie: it is noted afterwards.
    versions: Cache<ChatId, i64>,
}

impl Known {
    pub fn new(db: Db, chats: Arc<dyn ChatsApi>) -> Self {
        // The newest always fits: it is used in the transaction that follows.
        let answers =
            Cache::builder().max_capacity(ANSWERS).time_to_live(KEPT).eviction_policy(EvictionPolicy::lru()).build();
        Self { db, chats, answers, versions: Cache::new(VERSIONS) }
    }

    /// What was answered about a chat.
    pub fn answer(&self, chat: ChatId) -> Option<Answer> {
        self.answers.get(&chat)
    }

    /// The copies have these versions; to be called once that is committed.
    pub fn note(&self, versions: Vec<(ChatId, i64)>) {
        for (chat, version) in versions {
            self.versions.insert(chat, version);
        }
    }

    /// A copy is not there after all: it is looked up anew before the next attempt.
    pub fn doubt(&self, chat: ChatId) {
        self.versions.invalidate(&chat);
    }

    /// Asks about every chat for which an event of `batch` needs it. What could not be asked shows when the events are
    /// applied: they wait.
    pub async fn prepare(&self, batch: &[&Delivery]) {
        let mut needs = BTreeMap::<ChatId, (TenantId, Need)>::new();
        for delivery in batch {
            let Ok(Some((chat, need))) = Fact::of(delivery).map(|fact| fact.need()) else { continue };
            let held = needs.entry(chat).or_insert((delivery.envelope.tenant, need));
            held.1 = held.1.max(need);
        }
        match self.missing(needs).await {
            Ok(missing) => self.ask(missing).await,
            Err(error) => tracing::warn!(error = %error, "could not look up what is known of chats"),
        }
    }

    async fn missing(&self, needs: BTreeMap<ChatId, (TenantId, Need)>) -> StoreResult<Vec<(TenantId, ChatId)>> {
        let mut unknown = Vec::new();
        for (chat, (_, need)) in &needs {
            if let Need::Copy(_) = need
                && !self.versions.contains_key(chat)
            {
                unknown.push(*chat);
            }
        }
        if !unknown.is_empty() {
            let versions = members::versions(&self.db.read().await?, unknown).await?;
            self.note(versions);
        }
        let has = |chat: &ChatId, version: i64| match self.answers.get(chat) {
            Some(Answer::Snapshot(snapshot)) => snapshot.chat.version >= version,
            Some(Answer::Gone) => true,
            None => false,
        };
        let met = |chat: &ChatId, need: Need| match need {
            Need::Copy(version) => self.versions.get(chat).is_some_and(|known| known >= version) || has(chat, version),
            Need::Snapshot(version) => has(chat, version),
        };
        let missing = needs.into_iter().filter(|(chat, (_, need))| !met(chat, *need));
        Ok(missing.map(|(chat, (tenant, _))| (tenant, chat)).collect())
    }

    /// Asks about these chats.
    pub async fn ask(&self, asked: Vec<(TenantId, ChatId)>) {
        for asked in asked.chunks(AT_ONCE) {
            match self.chats.snapshots(ReadSnapshots { asked: asked.to_vec() }).await {
                Ok(found) => {
                    let mut found: HashMap<ChatId, Snapshot> = found.into_iter().map(|s| (s.chat.id, s)).collect();
                    for (_, chat) in asked {
                        let answer = found.remove(chat).map_or(Answer::Gone, |s| Answer::Snapshot(Arc::new(s)));
                        self.answers.insert(*chat, answer);
                    }
                }
                Err(error) => tracing::warn!(error = %error, "chats does not say who takes part"),
            }
        }
    }
}
