//! What other services were asked before a transaction began: chats that may have a department's bot in them, and what
//! people do.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use contracts::chats::{ReadSnapshots, Snapshot};
use contracts::messages::{Message, MessageCursor, MessagesError, PageMessages};
use contracts::users::UsersByIds;
use contracts::{ChatsApi, MessagesApi, UsersApi};
use domain::{ChatId, Limit, Principal, Role, Surface, TenantId, UserId};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;

/// How long an answer is kept: it is used in the transaction that follows, and somebody's role hardly ever changes.
const KEPT: Duration = Duration::from_mins(1);
/// Answers kept at most.
const ANSWERS: u64 = 20_000;
/// Chats whose last words are kept at most.
const WORDS: u64 = 1000;
/// Versions of chats remembered at most.
const VERSIONS: u64 = 200_000;
/// Chats, or people, in one question.
const AT_ONCE: usize = 1000;

/// How much of what was said last is looked at when an interaction ends: more than can be unheard of.
const LAST: i64 = 100;

/// What was said last in a chat, newest first, deleted messages with it.
///
/// # Errors
/// `messages` does not answer.
pub async fn last_said(
    messages: &dyn MessagesApi,
    tenant: TenantId,
    chat: ChatId,
) -> Result<Vec<Message>, MessagesError> {
    let (cursor, limit) = (MessageCursor::Newest, Limit::clamped(LAST));
    let by = Principal::service(tenant, Surface::Operator);
    match messages.page(PageMessages { by, chat, cursor, limit, room: None, tombstones: true }).await {
        Ok(page) => Ok(page.items),
        // Nothing was said, or the chat is gone.
        Err(MessagesError::ChatNotFound) => Ok(Vec::new()),
        Err(other) => Err(other),
    }
}

/// What `chats` answered.
#[derive(Debug, Clone)]
pub enum Answer {
    /// The chat.
    Snapshot(Arc<Snapshot>),
    /// There is no such chat, or no longer.
    Gone,
}

impl Answer {
    /// Whether it tells of `version` of the chat.
    pub fn is_of(&self, version: i64) -> bool {
        match self {
            Self::Snapshot(snapshot) => snapshot.chat.version >= version,
            Self::Gone => true,
        }
    }
}

/// Asks, and remembers for a moment.
pub struct Known {
    chats: Arc<dyn ChatsApi>,
    users: Arc<dyn UsersApi>,
    messages: Arc<dyn MessagesApi>,
    answers: Cache<ChatId, Answer>,
    /// What was said last in chats whose customers went.
    words: Cache<ChatId, Arc<[Message]>>,
    roles: Cache<UserId, Role>,
    /// Of a chat everything up to this version was heard. Noted once that is committed.
    versions: Cache<ChatId, i64>,
    /// How chats stood when last heard of.
    calm: Cache<ChatId, Calm>,
}

/// A chat as it stood when last heard of, where what some people say raises no question. It may stand otherwise by now: then
/// what has to be known is missed within the transaction, and asked before the next one.
#[derive(Debug, Clone, Copy)]
pub enum Calm {
    /// There is no bot in it.
    NoBot,
    /// It is served.
    Served {
        /// By whom.
        user: Option<UserId>,
        /// Whom.
        customer: Option<UserId>,
    },
}

impl Calm {
    /// Whether it does not matter who else `author` is.
    pub fn is_with(self, author: UserId) -> bool {
        match self {
            Self::NoBot => true,
            Self::Served { user, customer } => user == Some(author) || customer == Some(author),
        }
    }
}

impl Known {
    pub fn new(chats: Arc<dyn ChatsApi>, users: Arc<dyn UsersApi>, messages: Arc<dyn MessagesApi>) -> Self {
        // The newest always fits; see `delivery::views`.
        let answers =
            Cache::builder().max_capacity(ANSWERS).time_to_live(KEPT).eviction_policy(EvictionPolicy::lru()).build();
        let roles =
            Cache::builder().max_capacity(ANSWERS).time_to_live(KEPT).eviction_policy(EvictionPolicy::lru()).build();
        let words =
            Cache::builder().max_capacity(WORDS).time_to_live(KEPT).eviction_policy(EvictionPolicy::lru()).build();
        let (versions, calm) = (Cache::new(VERSIONS), Cache::new(VERSIONS));
        Self { chats, users, messages, answers, words, roles, versions, calm }
    }

    /// What was said last in a chat whose customer went, newest first; `None` when that was not asked.
    pub fn last_words(&self, chat: ChatId) -> Option<Arc<[Message]>> {
        self.words.get(&chat)
    }

    /// Asks what was said last in these chats, always anew: their customers went just now.
    pub async fn ask_last_words(&self, of: BTreeSet<(TenantId, ChatId)>) {
        for (tenant, chat) in of {
            match last_said(&*self.messages, tenant, chat).await {
                Ok(said) => self.words.insert(chat, said.into()),
                Err(error) => {
                    tracing::warn!(error = %error, chat.id = %chat, "messages does not say what was said last");
                }
            }
        }
    }

    /// What was answered about a chat.
    pub fn answer(&self, chat: ChatId) -> Option<Answer> {
        self.answers.get(&chat)
    }

    /// What somebody does; `None` when that was not asked, or they are nobody.
    pub fn role(&self, user: UserId) -> Option<Role> {
        self.roles.get(&user)
    }

    /// Up to which version a chat was heard of; 0 when nothing is known.
    pub fn version(&self, chat: ChatId) -> i64 {
        self.versions.get(&chat).unwrap_or(0)
    }

    /// Chats were heard of up to these versions; to be called once that is committed.
    pub fn note(&self, versions: HashMap<ChatId, i64>) {
        for (chat, version) in versions {
            self.versions.insert(chat, version);
        }
    }

    /// How a chat stood when last heard of; `None` if what is said there may raise questions.
    pub fn calm(&self, chat: ChatId) -> Option<Calm> {
        self.calm.get(&chat)
    }

    /// Chats stand so; to be called once that is committed.
    pub fn note_calm(&self, chats: HashMap<ChatId, Option<Calm>>) {
        for (chat, calm) in chats {
            match calm {
                Some(calm) => self.calm.insert(chat, calm),
                None => self.calm.invalidate(&chat),
            }
        }
    }

    /// Asks about these chats.
    pub async fn ask(&self, asked: &[(TenantId, ChatId)]) {
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

    /// Asks what these people do, as far as that is not known. Whoever is nobody counts as a customer.
    pub async fn ask_roles(&self, of: BTreeSet<(TenantId, UserId)>) {
        let mut of_tenant = HashMap::<TenantId, Vec<UserId>>::new();
        for (tenant, user) in of {
            if !self.roles.contains_key(&user) {
                of_tenant.entry(tenant).or_default().push(user);
            }
        }
        for (tenant, users) in of_tenant {
            for ids in users.chunks(AT_ONCE) {
                match self.users.by_ids(UsersByIds { tenant, ids: ids.to_vec() }).await {
                    Ok(found) => {
                        let found: HashMap<UserId, Role> = found.into_iter().map(|user| (user.id, user.role)).collect();
                        for id in ids {
                            self.roles.insert(*id, found.get(id).copied().unwrap_or(Role::Customer));
                        }
                    }
                    Err(error) => tracing::warn!(error = %error, "users does not say who people are"),
                }
            }
        }
    }
}
