//! What this service does about others' events, and its own: a batch is one transaction. First the interactions hear of an
//! event, then delivery decides who outside is told.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use anyhow::anyhow;
use async_trait::async_trait;
use bus::{BatchHandler, Committed, Delivery as Delivered, Failure};
use domain::{ChatId, Clock, ParticipationId, TenantId, UserId};
use proto_events::{
    ChatCreated, ChatDeleted, ChatUpdated, Event as _, InteractionAccepted, InteractionChange, InteractionFinished,
    InteractionStarted, InteractionTransferred, MessageDeleted, MessageEdited, MessagePosted, MessagesRead,
    ParticipantAdded, ParticipantChanged, ParticipantRemoved, PresenceChanged, TenantDeleted, UserDeleted,
    WebhookDisabled,
};
use store::{Conn, Db, StoreResult, Tx};
use tokio::sync::Notify;
use tokio::try_join;

use crate::delivery::{Delivery, Outgoing};
use crate::desk::Desk;
use crate::known::{Answer, Known};
use crate::moves::Moves;
use crate::store::rows::InteractionRow;
use crate::store::{departments, interactions, seats};

/// An event, read.
#[derive(Debug, Clone)]
pub enum Fact {
    /// Something about a chat and who takes part.
    Chat {
        /// The chat.
        chat: ChatId,
        /// Its version since.
        version: i64,
        /// What happened to it.
        change: ChatNews,
    },
    /// A message was posted.
    Posted(Box<MessagePosted>),
    /// A message has new words.
    Edited(MessageEdited),
    /// A message was deleted.
    Deleted(MessageDeleted),
    /// Somebody has read.
    Read(MessagesRead),
    /// An interaction changed hands: the event's name, and how it stands.
    Moved(&'static str, Box<InteractionChange>),
    /// Somebody dropped their room of a chat.
    RoomDropped(ChatId, ParticipationId),
    /// A webhook was switched off.
    WebhookDisabled(Box<WebhookDisabled>),
    /// Somebody came, paused or went.
    Presence(Box<PresenceChanged>),
    /// Nothing this service has a use for.
    Nothing,
    /// Somebody was deleted.
    UserDeleted(UserId),
    /// A tenant was deleted.
    TenantDeleted,
}

/// What happened to a chat.
#[derive(Debug, Clone)]
pub enum ChatNews {
    /// It was made, with these people.
    Created(Vec<UserId>),
    /// It changed.
    Updated,
    /// It was deleted.
    Deleted,
    /// Somebody joined.
    Added(UserId, ParticipationId),
    /// Somebody left.
    Removed(UserId, ParticipationId),
}

/// Every type of event this service hears.
pub const TYPES: [&str; 18] = [
    TenantDeleted::TYPE,
    UserDeleted::TYPE,
    ChatCreated::TYPE,
    ChatUpdated::TYPE,
    ChatDeleted::TYPE,
    ParticipantAdded::TYPE,
    ParticipantRemoved::TYPE,
    MessagePosted::TYPE,
    MessageEdited::TYPE,
    MessageDeleted::TYPE,
    MessagesRead::TYPE,
    InteractionStarted::TYPE,
    InteractionAccepted::TYPE,
    InteractionTransferred::TYPE,
    InteractionFinished::TYPE,
    ParticipantChanged::TYPE,
    WebhookDisabled::TYPE,
    PresenceChanged::TYPE,
];

impl Fact {
    /// Reads an event.
    pub fn of(delivered: &Delivered) -> Result<Self, Failure> {
        let moved = |name, change| Self::Moved(name, Box::new(change));
        Ok(match delivered.envelope.event_type.as_str() {
            TenantDeleted::TYPE => delivered.read::<TenantDeleted>().map(|_| Self::TenantDeleted)?,
            UserDeleted::TYPE => Self::UserDeleted(delivered.read::<UserDeleted>()?.user),
            ChatCreated::TYPE => {
                let ChatCreated { chat, version, participants, .. } = delivered.read()?;
                Self::Chat { chat, version, change: ChatNews::Created(participants) }
            }
            ChatUpdated::TYPE => {
                let ChatUpdated { chat, version, .. } = delivered.read()?;
                Self::Chat { chat, version, change: ChatNews::Updated }
            }
            ChatDeleted::TYPE => {
                let ChatDeleted { chat, version, .. } = delivered.read()?;
                Self::Chat { chat, version, change: ChatNews::Deleted }
            }
            ParticipantAdded::TYPE => {
                let ParticipantAdded { chat, version, user, participation, .. } = delivered.read()?;
                Self::Chat { chat, version, change: ChatNews::Added(user, participation) }
            }
            ParticipantRemoved::TYPE => {
                let ParticipantRemoved { chat, version, user, participation, .. } = delivered.read()?;
                Self::Chat { chat, version, change: ChatNews::Removed(user, participation) }
            }
            MessagePosted::TYPE => Self::Posted(Box::new(delivered.read()?)),
            MessageEdited::TYPE => Self::Edited(delivered.read()?),
            MessageDeleted::TYPE => Self::Deleted(delivered.read()?),
            MessagesRead::TYPE => Self::Read(delivered.read()?),
            InteractionStarted::TYPE => moved(InteractionStarted::TYPE, delivered.read::<InteractionStarted>()?.change),
            InteractionAccepted::TYPE => {
                moved(InteractionAccepted::TYPE, delivered.read::<InteractionAccepted>()?.change)
            }
            InteractionTransferred::TYPE => {
                moved(InteractionTransferred::TYPE, delivered.read::<InteractionTransferred>()?.change)
            }
            InteractionFinished::TYPE => {
                moved(InteractionFinished::TYPE, delivered.read::<InteractionFinished>()?.change)
            }
            ParticipantChanged::TYPE => match delivered.read()? {
                ParticipantChanged { chat, participation, dropped: true, .. } => Self::RoomDropped(chat, participation),
                ParticipantChanged { dropped: false, .. } => Self::Nothing,
            },
            WebhookDisabled::TYPE => Self::WebhookDisabled(Box::new(delivered.read()?)),
            PresenceChanged::TYPE => Self::Presence(Box::new(delivered.read()?)),
            other => return Err(Failure::reject(anyhow!("bots has no use for {other}"))),
        })
    }

    /// The chat in which interactions may have to hear of it.
    pub fn chat(&self) -> Option<ChatId> {
        match self {
            Self::Chat { chat, .. } => Some(*chat),
            Self::Posted(e) => Some(e.chat),
            Self::Edited(_)
            | Self::Deleted(_)
            | Self::Read(_)
            | Self::Moved(..)
            | Self::RoomDropped(..)
            | Self::WebhookDisabled(_)
            | Self::Presence(_)
            | Self::Nothing
            | Self::UserDeleted(_)
            | Self::TenantDeleted => None,
        }
    }

    /// Who may be a bot that comes into a chat by it.
    pub fn newcomers(&self) -> &[UserId] {
        match self {
            Self::Chat { change: ChatNews::Created(users), .. } => users,
            Self::Chat { change: ChatNews::Added(user, _), .. } => std::slice::from_ref(user),
            _ => &[],
        }
    }
}

/// Up to which version chats were heard of while a batch is applied.
pub struct Heard<'k> {
    known: &'k Known,
    versions: HashMap<ChatId, i64>,
}

impl<'k> Heard<'k> {
    pub fn new(known: &'k Known) -> Self {
        Self { known, versions: HashMap::new() }
    }

    /// Whether `version` of a chat was heard of.
    pub fn of(&self, chat: ChatId, version: i64) -> bool {
        self.versions.get(&chat).copied().unwrap_or_else(|| self.known.version(chat)) >= version
    }

    /// Notes that everything up to `version` was heard.
    pub fn note(&mut self, chat: ChatId, version: i64) {
        if !self.of(chat, version) {
            self.versions.insert(chat, version);
        }
    }

    /// Notes an event that is of no interest, if nothing before it is missing.
    pub fn pass(&mut self, chat: ChatId, version: i64) {
        if version == 1 || self.of(chat, version - 1) {
            self.note(chat, version);
        }
    }

    pub fn into_versions(self) -> HashMap<ChatId, i64> {
        self.versions
    }
}

/// Hears events.
pub struct Listener {
    pub db: Db,
    pub clock: Clock,
    pub known: Arc<Known>,
    pub moves: Moves,
    pub delivery: Delivery,
    /// Woken when `chats` is to be told of a handover.
    pub untold: Arc<Notify>,
}

#[async_trait]
impl BatchHandler for Listener {
    fn types(&self) -> Vec<&'static str> {
        TYPES.to_vec()
    }

    async fn prepare(&self, batch: &[&Delivered]) {
        let facts: Vec<(TenantId, Fact)> =
            batch.iter().filter_map(|d| Fact::of(d).ok().map(|fact| (d.envelope.tenant, fact))).collect();
        let questions = async { if self.raises_none(&facts) { Ok(()) } else { self.ask(&facts).await } };
        let (asked, ()) = tokio::join!(questions, self.delivery.prepare(batch));
        if let Err(error) = asked {
            tracing::warn!(error = %error, "could not look up which chats have bots");
        }
    }

    fn hurries(&self) -> bool {
        self.delivery.is_busy()
    }

    /// A delivery that is sent twice is no harm; an interaction that begins or changes hands twice is: see [`Committed::to_last`].
    fn can_be_redone(&self) -> bool {
        true
    }

    async fn consume(&self, tx: &mut Tx, batch: &[&Delivered]) -> Result<Committed, (usize, Failure)> {
        let mut facts = Vec::with_capacity(batch.len());
        for (place, delivered) in batch.iter().enumerate() {
            facts.push((delivered.envelope.tenant, Fact::of(delivered).map_err(|failure| (place, failure))?));
        }
        let done = self.apply(tx, batch, &facts).await;
        if done.is_err() {
            // What is missed is asked before the next try.
            self.known.note_calm(chats_of(&facts).into_iter().map(|chat| (chat, None)).collect());
        }
        done
    }
}

impl Listener {
    async fn apply(
        &self,
        tx: &mut Tx,
        batch: &[&Delivered],
        facts: &[(TenantId, Fact)],
    ) -> Result<Committed, (usize, Failure)> {
        let store = |error| (0, Failure::retry(error));
        let now = self.clock.now();
        let desk = Desk::load(tx, &self.known, self.moves.clone(), facts, now);
        let (mut desk, ()) = try_join!(desk, self.delivery.learn(tx)).map_err(store)?;
        let mut out = Outgoing::default();
        for (place, (tenant, fact)) in facts.iter().enumerate() {
            desk.hear(tx, &mut out, *tenant, fact).await.map_err(|failure| (place, failure))?;
            self.delivery.hear(batch[place], fact, &desk, &mut out).map_err(|failure| (place, failure))?;
        }
        let written = self.delivery.write(tx, out, now).await.map_err(store)?;
        let calm = desk.calm(chats_of(facts));
        let (versions, moved) = desk.done();
        let (known, delivery, untold) = (self.known.clone(), self.delivery.clone(), self.untold.clone());
        let then = Committed::then(move || {
            known.note(versions);
            known.note_calm(calm);
            delivery.send(written);
            if moved {
                untold.notify_one();
            }
        });
        Ok(then.to_last(moved))
    }
}

impl Listener {
    /// Whether nothing has to be known of these facts that is not: most are what a customer and a bot say to each other.
    fn raises_none(&self, facts: &[(TenantId, Fact)]) -> bool {
        let heard = Heard::new(&self.known);
        facts.iter().all(|(_, fact)| match fact {
            Fact::Posted(e) => {
                let calm = |author| self.known.calm(e.chat).is_some_and(|calm| calm.is_with(author));
                heard.of(e.chat, e.membership_version) && e.author.is_none_or(calm)
            }
            Fact::UserDeleted(_) => false,
            other => other.chat().is_none(),
        })
    }

    /// Asks other services for what the interactions will have to know of these facts.
    async fn ask(&self, facts: &[(TenantId, Fact)]) -> StoreResult<()> {
        let conn = self.db.read().await?;
        let chats = chats_of(facts);
        let newcomers = facts.iter().flat_map(|(_, fact)| fact.newcomers().iter().copied()).collect();
        let (open, seated, bots) = try_join!(
            interactions::open(&conn, chats.clone()),
            seats::of(&conn, chats),
            departments::of_bots(&conn, newcomers),
        )?;
        let bots: HashSet<UserId> = bots.into_iter().filter_map(|row| row.bot_user).collect();

        let mut heard = Heard::new(&self.known);
        let mut needed = BTreeMap::<ChatId, (TenantId, i64)>::new();
        for (tenant, fact) in facts {
            let (chat, version, concerns) = match fact {
                Fact::Chat { chat, version, .. } => {
                    let here = open.contains_key(chat) || seated.contains_key(chat) || needed.contains_key(chat);
                    (*chat, *version, here || fact.newcomers().iter().any(|user| bots.contains(user)))
                }
                Fact::Posted(e) => (e.chat, e.membership_version, true),
                _ => continue,
            };
            if concerns && !heard.of(chat, version) {
                needed.insert(chat, (*tenant, version));
                heard.note(chat, version);
            } else {
                heard.pass(chat, version);
            }
        }
        let unknown = needed
            .iter()
            .filter(|(chat, (_, version))| !self.known.answer(**chat).is_some_and(|answer| answer.is_of(*version)));
        let asked: Vec<(TenantId, ChatId)> = unknown.map(|(chat, (tenant, _))| (*tenant, *chat)).collect();
        self.known.ask(&asked).await;
        let present = |chat: &ChatId| match self.known.answer(*chat) {
            Some(Answer::Snapshot(snapshot)) => snapshot.chat.participants.iter().map(|p| p.user).collect(),
            Some(Answer::Gone) | None => Vec::new(),
        };
        let people: Vec<(TenantId, Vec<UserId>)> =
            needed.iter().map(|(chat, (tenant, _))| (*tenant, present(chat))).collect();
        let everybody = people.iter().flat_map(|(_, people)| people.iter().copied()).collect();
        let bots = departments::of_bots(&conn, everybody).await?;
        let left = self.left(&conn, &open, facts).await?;
        drop(conn);
        self.known.ask_last_words(left).await;
        let bots: HashSet<UserId> = bots.into_iter().filter_map(|row| row.bot_user).collect();

        let mut roles = BTreeSet::new();
        for (tenant, people) in people {
            if people.iter().any(|user| bots.contains(user)) {
                roles.extend(people.into_iter().map(|user| (tenant, user)));
            }
        }
        for (tenant, fact) in facts {
            if let Fact::Posted(e) = fact
                && let Some(author) = e.author
                && asks_who(open.get(&e.chat), seated.contains_key(&e.chat), author)
            {
                roles.insert((*tenant, author));
                roles.extend(open.get(&e.chat).and_then(|row| row.customer).map(|customer| (*tenant, customer)));
            }
        }
        self.known.ask_roles(roles).await;
        Ok(())
    }
}

impl Listener {
    /// The chats with bots whose customers went: what they said last may not have been heard of.
    async fn left(
        &self,
        conn: &Conn,
        open: &HashMap<ChatId, InteractionRow>,
        facts: &[(TenantId, Fact)],
    ) -> StoreResult<BTreeSet<(TenantId, ChatId)>> {
        let went = |row: &&InteractionRow| match (row.customer, self.known.answer(row.chat)) {
            (Some(customer), Some(Answer::Snapshot(snapshot))) => snapshot.chat.participant(customer).is_none(),
            _ => false,
        };
        let served = open.values().filter(|row| row.with_bot());
        let mut left: BTreeSet<(TenantId, ChatId)> = served.filter(went).map(|row| (row.tenant, row.chat)).collect();
        for (tenant, fact) in facts {
            if let Fact::UserDeleted(user) = fact {
                let theirs = interactions::of_customer(conn, *tenant, *user).await?;
                left.extend(theirs.into_iter().map(|(_, chat)| (*tenant, chat)));
            }
        }
        Ok(left)
    }
}

/// Whether it matters what the author of a message does: an agent takes over, a customer may start anew.
pub fn asks_who(open: Option<&InteractionRow>, seated: bool, author: UserId) -> bool {
    match open {
        Some(row) => row.user_id != Some(author) && row.customer != Some(author),
        None => seated,
    }
}

/// The chats in which interactions may have to hear of these facts, each once.
pub fn chats_of(facts: &[(TenantId, Fact)]) -> Vec<ChatId> {
    let chats: BTreeSet<ChatId> = facts.iter().filter_map(|(_, fact)| fact.chat()).collect();
    chats.into_iter().collect()
}
