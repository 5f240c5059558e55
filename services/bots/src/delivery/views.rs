//! What webhooks are told beside what events carry: chats, names, read marks, messages as they are. Asked for before a
//! batch's transaction, for the tenants that have webhooks only, and told as it was then.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use bus::Delivery as Delivered;
use contracts::chats::{ReadSnapshots, Snapshot};
use contracts::messages::{GetMessage, Message, MessageKey, MessagesError, ReadMarks};
use contracts::users::{User, UsersByIds};
use domain::{ChatId, EventId, MessageId, Principal, Surface, TenantId, UserId, WebhookFormat};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use store::Db;

use super::Sources;
use super::known::Endpoint;
use crate::consumer::Fact;
use crate::store::lists;
use crate::store::rows::InteractionRow;

/// How long what was asked is kept: it is used in the transaction that follows.
const KEPT: Duration = Duration::from_mins(1);
/// Events whose answers are kept at most.
const EVENTS: u64 = 20_000;
/// Chats, or people, in one question.
const AT_ONCE: usize = 1000;

/// What is known around one event.
#[derive(Debug, Default, Clone)]
pub struct Seen {
    /// The chat with everybody who ever took part; `None` when it is gone or was not needed.
    pub chat: Option<Arc<Snapshot>>,
    /// Its latest interaction.
    pub interaction: Option<Arc<InteractionRow>>,
    /// The message as it is now.
    pub message: Option<Arc<Message>>,
    /// The people.
    pub people: HashMap<UserId, Arc<User>>,
    /// Last places read.
    pub marks: HashMap<(ChatId, UserId), i64>,
}

/// What an event needs.
#[derive(Debug, Default)]
struct Need {
    chat: Option<ChatId>,
    /// Whether everybody in the chat has to be known, with what they read.
    everybody: bool,
    interaction: Option<ChatId>,
    message: Option<MessageId>,
    person: Option<UserId>,
}

/// Asks, and remembers for a moment.
pub struct Views {
    db: Db,
    sources: Sources,
    seen: Cache<EventId, Arc<Seen>>,
}

impl Need {
    fn of(fact: &Fact, hearing: &[&Arc<Endpoint>]) -> Self {
        let any = |format| hearing.iter().any(|endpoint| endpoint.format == format);
        let (native, voipbin, zenvia) =
            (any(WebhookFormat::Native), any(WebhookFormat::Voipbin), any(WebhookFormat::Zenvia));
        match fact {
            Fact::Chat { chat, .. } => {
                Self { chat: Some(*chat), everybody: native, interaction: native.then_some(*chat), ..Self::default() }
            }
            Fact::Posted(e) => Self {
                chat: voipbin.then_some(e.chat),
                interaction: zenvia.then_some(e.chat),
                person: e.author,
                ..Self::default()
            },
            Fact::Edited(e) => Self { message: Some(e.message), ..Self::default() },
            Fact::Deleted(e) => Self { chat: voipbin.then_some(e.chat), message: Some(e.message), ..Self::default() },
            Fact::Moved(_, change) => Self { interaction: zenvia.then_some(change.chat), ..Self::default() },
            Fact::RoomDropped(chat, _) => Self { chat: voipbin.then_some(*chat), ..Self::default() },
            Fact::Read(_)
            | Fact::WebhookDisabled(_)
            | Fact::Presence(_)
            | Fact::Nothing
            | Fact::UserDeleted(_)
            | Fact::TenantDeleted => Self::default(),
        }
    }
}

/// Answers of all services for one batch.
#[derive(Default)]
struct Answers {
    chats: HashMap<ChatId, Arc<Snapshot>>,
    interactions: HashMap<ChatId, Arc<InteractionRow>>,
    messages: HashMap<MessageId, Arc<Message>>,
    people: HashMap<UserId, Arc<User>>,
    marks: HashMap<(ChatId, UserId), i64>,
}

impl Views {
    pub fn new(db: Db, sources: Sources) -> Self {
        // The newest always fits: it is used in the transaction that follows. By its usual policy the cache, once full, turns away what is
        // asked for once, and all of this is.
        Self {
            db,
            sources,
            seen: Cache::builder()
                .max_capacity(EVENTS)
                .time_to_live(KEPT)
                .eviction_policy(EvictionPolicy::lru())
                .build(),
        }
    }

    /// What was asked for an event; `None` when it could not be asked yet.
    pub fn of(&self, event: EventId) -> Option<Arc<Seen>> {
        self.seen.get(&event)
    }

    /// Asks for what is needed to tell of `batch`: events, and the webhooks that hear each.
    ///
    /// # Errors
    /// Somebody does not answer; nothing is remembered then.
    pub async fn ask(&self, batch: &[(&Delivered, Fact, Vec<&Arc<Endpoint>>)]) -> anyhow::Result<()> {
        let needs: Vec<(EventId, TenantId, Need)> = batch
            .iter()
            .filter(|(delivered, ..)| !self.seen.contains_key(&delivered.envelope.event))
            .map(|(delivered, fact, hearing)| {
                (delivered.envelope.event, delivered.envelope.tenant, Need::of(fact, hearing))
            })
            .collect();
        let answers = self.answers(&needs).await?;
        for (event, _, need) in needs {
            self.seen.insert(event, Arc::new(answers.seen(&need)));
        }
        Ok(())
    }

    async fn answers(&self, needs: &[(EventId, TenantId, Need)]) -> anyhow::Result<Answers> {
        let mut answers = Answers::default();
        let chats: BTreeSet<(TenantId, ChatId)> =
            needs.iter().filter_map(|(_, tenant, need)| Some((*tenant, need.chat?))).collect();
        for asked in chats.into_iter().collect::<Vec<_>>().chunks(AT_ONCE) {
            let found = self.sources.chats.snapshots(ReadSnapshots { asked: asked.to_vec() }).await?;
            answers.chats.extend(found.into_iter().map(|snapshot| (snapshot.chat.id, Arc::new(snapshot))));
        }
        let of: BTreeSet<ChatId> = needs.iter().filter_map(|(.., need)| need.interaction).collect();
        if !of.is_empty() {
            let rows = lists::latest(&self.db.read().await?, of.into_iter().collect()).await?;
            answers.interactions = rows.into_iter().map(|row| (row.chat, Arc::new(row))).collect();
        }
        for (_, tenant, need) in needs {
            let Some(id) = need.message else { continue };
            if let Some(message) = self.message(*tenant, id).await? {
                answers.messages.insert(id, Arc::new(message));
            }
        }
        self.people(needs, &mut answers).await?;
        Ok(answers)
    }

    async fn message(&self, tenant: TenantId, id: MessageId) -> anyhow::Result<Option<Message>> {
        let asked = GetMessage { by: Principal::reader(tenant, Surface::Native), key: MessageKey::Id(id), room: None };
        match self.sources.messages.get(asked).await {
            Ok(found) => Ok(Some(found.message)),
            Err(MessagesError::MessageNotFound | MessagesError::ChatNotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn people(&self, needs: &[(EventId, TenantId, Need)], answers: &mut Answers) -> anyhow::Result<()> {
        let (mut people, mut marked) = (BTreeMap::<_, BTreeSet<UserId>>::new(), BTreeMap::<_, BTreeSet<ChatId>>::new());
        for (_, tenant, need) in needs {
            let theirs = people.entry(*tenant).or_default();
            theirs.extend(need.person);
            theirs.extend(need.message.and_then(|id| answers.messages.get(&id)?.author));
            if let Some(snapshot) = need.chat.and_then(|chat| answers.chats.get(&chat)).filter(|_| need.everybody) {
                theirs.extend(snapshot.stays().map(|stay| stay.user));
                marked.entry(*tenant).or_default().insert(snapshot.chat.id);
            }
        }
        for (tenant, ids) in people {
            for ids in ids.into_iter().collect::<Vec<_>>().chunks(AT_ONCE) {
                let found = self.sources.users.by_ids(UsersByIds { tenant, ids: ids.to_vec() }).await?;
                answers.people.extend(found.into_iter().map(|user| (user.id, Arc::new(user))));
            }
        }
        for (tenant, chats) in marked {
            for chats in chats.into_iter().collect::<Vec<_>>().chunks(AT_ONCE) {
                let found = self.sources.messages.read_marks(ReadMarks { tenant, chats: chats.to_vec() }).await?;
                answers.marks.extend(found.into_iter().map(|mark| ((mark.chat, mark.user), mark.seq)));
            }
        }
        Ok(())
    }
}

impl Answers {
    /// What concerns one event.
    fn seen(&self, need: &Need) -> Seen {
        let chat = need.chat.and_then(|chat| self.chats.get(&chat).cloned());
        let message = need.message.and_then(|id| self.messages.get(&id).cloned());
        let mut who: BTreeSet<UserId> = need.person.into_iter().collect();
        who.extend(message.as_ref().and_then(|message| message.author));
        let everybody = chat.as_ref().filter(|_| need.everybody);
        who.extend(everybody.iter().flat_map(|snapshot| snapshot.stays().map(|stay| stay.user)));
        let marks = everybody.iter().flat_map(|snapshot| {
            let id = snapshot.chat.id;
            let of = move |user: UserId| Some(((id, user), *self.marks.get(&(id, user))?));
            snapshot.chat.participants.iter().filter_map(move |stay| of(stay.user))
        });
        Seen {
            marks: marks.collect(),
            people: who.into_iter().filter_map(|id| Some((id, self.people.get(&id)?.clone()))).collect(),
            interaction: need.interaction.and_then(|chat| self.interactions.get(&chat).cloned()),
            chat,
            message,
        }
    }
}
