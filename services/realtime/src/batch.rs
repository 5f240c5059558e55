//! What events mean for feeds: read once, and applied in order to the copies of chats in memory.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use anyhow::anyhow;
use bus::{Delivery, Failure};
use contracts::Extras;
use contracts::bots::Moved;
use contracts::chats::{Chat, Participant, Snapshot};
use contracts::realtime::FeedEvent;
use domain::{ChatId, ParticipationId, TenantId, TokenId, UserId};
use proto_events::{
    ChatCreated, ChatDeleted, ChatUpdated, Event as _, InteractionAccepted, InteractionChange, InteractionFinished,
    InteractionStarted, InteractionTransferred, MessageDeleted, MessageEdited, MessagePosted, MessagesRead,
    ParticipantAdded, ParticipantChanged, ParticipantRemoved, TenantDeleted, TokenRevoked, UserDeleted, UserUpdated,
    WebhookDisabled,
};

use crate::known::{Answer, Known};
use crate::store::feed::News;
use crate::store::members::{Copy, Member, sorted};

/// An event, read.
#[derive(Debug, Clone)]
pub enum Fact {
    /// Something about a chat and who takes part.
    Chat {
        chat: ChatId,
        version: i64,
        change: Change,
    },
    Posted(Box<MessagePosted>),
    Edited(MessageEdited),
    Deleted(MessageDeleted),
    Read(MessagesRead),
    Moved {
        chat: ChatId,
        what: FeedEvent,
    },
    /// Somebody's own view of a chat changed.
    View(ParticipantChanged),
    WebhookDisabled(WebhookDisabled),
    UserUpdated(UserId),
    UserDeleted(UserId),
    TokenRevoked(TokenId),
    TenantDeleted,
}

/// What happened to a chat.
#[derive(Debug, Clone, Copy)]
pub enum Change {
    Created,
    Updated,
    Deleted,
    Added(ParticipationId),
    Removed(ParticipationId),
}

/// What has to be known of a chat before an event can be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// A copy of this version at least.
    Copy(i64),
    /// The chat itself, of this version at least.
    Snapshot(i64),
}

/// Every type of event this service hears.
pub const TYPES: [&str; 19] = [
    TenantDeleted::TYPE,
    TokenRevoked::TYPE,
    UserUpdated::TYPE,
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
];

impl Fact {
    /// Reads an event.
    pub fn of(delivery: &Delivery) -> Result<Self, Failure> {
        Ok(match delivery.envelope.event_type.as_str() {
            TenantDeleted::TYPE => delivery.read::<TenantDeleted>().map(|_| Self::TenantDeleted)?,
            TokenRevoked::TYPE => Self::TokenRevoked(delivery.read::<TokenRevoked>()?.token),
            UserUpdated::TYPE => Self::UserUpdated(delivery.read::<UserUpdated>()?.user),
            UserDeleted::TYPE => Self::UserDeleted(delivery.read::<UserDeleted>()?.user),
            ChatCreated::TYPE => {
                let ChatCreated { chat, version, .. } = delivery.read()?;
                Self::Chat { chat, version, change: Change::Created }
            }
            ChatUpdated::TYPE => {
                let ChatUpdated { chat, version, .. } = delivery.read()?;
                Self::Chat { chat, version, change: Change::Updated }
            }
            ChatDeleted::TYPE => {
                let ChatDeleted { chat, version, .. } = delivery.read()?;
                Self::Chat { chat, version, change: Change::Deleted }
            }
            ParticipantAdded::TYPE => {
                let ParticipantAdded { chat, version, participation, .. } = delivery.read()?;
                Self::Chat { chat, version, change: Change::Added(participation) }
            }
            ParticipantRemoved::TYPE => {
                let ParticipantRemoved { chat, version, participation, .. } = delivery.read()?;
                Self::Chat { chat, version, change: Change::Removed(participation) }
            }
            MessagePosted::TYPE => Self::Posted(Box::new(delivery.read()?)),
            MessageEdited::TYPE => Self::Edited(delivery.read()?),
            MessageDeleted::TYPE => Self::Deleted(delivery.read()?),
            MessagesRead::TYPE => Self::Read(delivery.read()?),
            InteractionStarted::TYPE => {
                moved(&delivery.read::<InteractionStarted>()?.change, FeedEvent::InteractionStarted)
            }
            InteractionAccepted::TYPE => {
                moved(&delivery.read::<InteractionAccepted>()?.change, FeedEvent::InteractionAccepted)
            }
            InteractionTransferred::TYPE => {
                moved(&delivery.read::<InteractionTransferred>()?.change, FeedEvent::InteractionTransferred)
            }
            InteractionFinished::TYPE => {
                moved(&delivery.read::<InteractionFinished>()?.change, FeedEvent::InteractionFinished)
            }
            ParticipantChanged::TYPE => Self::View(delivery.read()?),
            WebhookDisabled::TYPE => Self::WebhookDisabled(delivery.read()?),
            other => return Err(Failure::reject(anyhow!("realtime has no use for {other}"))),
        })
    }

    /// What has to be known of which chat.
    pub fn need(&self) -> Option<(ChatId, Need)> {
        match self {
            Self::Chat { chat, version, .. } => Some((*chat, Need::Snapshot(*version))),
            Self::Posted(e) => Some((e.chat, Need::Copy(e.membership_version))),
            Self::Edited(MessageEdited { chat, .. })
            | Self::Deleted(MessageDeleted { chat, .. })
            | Self::Read(MessagesRead { chat, .. })
            | Self::Moved { chat, .. } => Some((*chat, Need::Copy(0))),
            Self::View(_)
            | Self::WebhookDisabled(_)
            | Self::UserUpdated(_)
            | Self::UserDeleted(_)
            | Self::TokenRevoked(_)
            | Self::TenantDeleted => None,
        }
    }
}

/// Copies of chats while a batch is applied, and what there is to tell.
pub struct Batch<'k> {
    known: &'k Known,
    copies: HashMap<ChatId, Copy>,
    /// Copies that have become newer.
    changed: BTreeSet<ChatId>,
    news: Vec<News>,
}

/// What a batch comes to.
pub struct Applied {
    /// Copies that have become newer.
    pub changed: Vec<(ChatId, Copy)>,
    /// What there is to tell, in order.
    pub news: Vec<News>,
}

impl<'k> Batch<'k> {
    /// `copies`: as they are stored.
    pub fn new(known: &'k Known, copies: HashMap<ChatId, Copy>) -> Self {
        Self { known, copies, changed: BTreeSet::new(), news: Vec::new() }
    }

    /// Applies one event.
    ///
    /// # Errors
    /// `chats` could not be asked yet.
    pub fn apply(&mut self, tenant: TenantId, fact: Fact) -> Result<(), Failure> {
        match fact {
            Fact::Chat { chat, version, change } => self.chat(tenant, chat, version, change)?,
            Fact::Posted(event) => {
                let Some(copy) = self.copy(event.chat, event.membership_version)? else { return Ok(()) };
                let (chat, audience) = (event.chat, copy.at(event.seq));
                let message = host::told::message(*event).map_err(Failure::reject)?;
                self.tell(tenant, Some(chat), audience, FeedEvent::MessagePosted(Box::new(message)));
            }
            Fact::Edited(MessageEdited { chat, message: id, seq, number, text, at, .. }) => {
                let Some(copy) = self.copy(chat, 0)? else { return Ok(()) };
                let audience = copy.present_at(seq);
                self.tell(tenant, Some(chat), audience, FeedEvent::MessageEdited { id, seq, number, text, at });
            }
            Fact::Deleted(MessageDeleted { chat, message: id, seq, number, at, .. }) => {
                let Some(copy) = self.copy(chat, 0)? else { return Ok(()) };
                let audience = copy.present_at(seq);
                self.tell(tenant, Some(chat), audience, FeedEvent::MessageDeleted { id, seq, number, at });
            }
            Fact::Read(MessagesRead { chat, user, seq, .. }) => {
                let Some(copy) = self.copy(chat, 0)? else { return Ok(()) };
                let audience = copy.present();
                self.tell(tenant, Some(chat), audience, FeedEvent::MessagesRead { user, seq });
            }
            Fact::Moved { chat, what } => {
                let Some(copy) = self.copy(chat, 0)? else { return Ok(()) };
                let audience = copy.present();
                self.tell(tenant, Some(chat), audience, what);
            }
            Fact::View(ParticipantChanged { chat, user, participation: stay, dropped, .. }) => {
                self.tell(tenant, Some(chat), vec![user], FeedEvent::ParticipantChanged { user, stay, dropped });
            }
            // Nobody's in particular: whoever sees the whole tenant does.
            Fact::WebhookDisabled(WebhookDisabled { webhook, url, because, since, at, .. }) => {
                let what = FeedEvent::WebhookDisabled { webhook, url, because, since, at };
                self.tell(tenant, None, Vec::new(), what);
            }
            Fact::UserUpdated(user) => self.tell(tenant, None, vec![user], FeedEvent::UserUpdated { user }),
            Fact::UserDeleted(user) => self.tell(tenant, None, Vec::new(), FeedEvent::UserDeleted { user }),
            Fact::TokenRevoked(token) => self.tell(tenant, None, Vec::new(), FeedEvent::TokenRevoked { token }),
            // Whoever still listens is sent away by their credential.
            Fact::TenantDeleted => {}
        }
        Ok(())
    }

    /// What it all comes to.
    pub fn applied(mut self) -> Applied {
        let taken = |chat| self.copies.remove(&chat).map(|copy| (chat, copy));
        Applied { changed: self.changed.into_iter().filter_map(taken).collect(), news: self.news }
    }

    fn tell(&mut self, tenant: TenantId, chat: Option<ChatId>, audience: Vec<UserId>, what: FeedEvent) {
        self.news.push(News { tenant, chat, audience, passing_until: None, what });
    }

    fn chat(&mut self, tenant: TenantId, chat: ChatId, version: i64, change: Change) -> Result<(), Failure> {
        let Some(snapshot) = self.snapshot(chat, version)? else { return Ok(()) };
        self.renew(&snapshot);
        let view = || Box::new(snapshot.chat.clone());
        let stay = |id| snapshot.stays().find(|stay| stay.id == id).cloned();
        let present = sorted(snapshot.chat.participants.iter().map(|p| p.user));
        let with = |stay: &Participant| sorted(present.iter().copied().chain([stay.user]));
        let seen_by = |stay: &Participant| match stay.left_at {
            // What changed after they left is not theirs to see; the others are told of it by the events that follow.
            Some(_) if snapshot.chat.version > version => Box::new(bare(&snapshot.chat)),
            _ => view(),
        };
        let (audience, what) = match change {
            Change::Created => (present, FeedEvent::ChatCreated(view())),
            Change::Updated => (present, FeedEvent::ChatUpdated(view())),
            Change::Deleted => (present, FeedEvent::ChatDeleted(view())),
            Change::Added(id) => {
                let Some(stay) = stay(id) else { return Ok(()) };
                (with(&stay), FeedEvent::ParticipantAdded { chat: seen_by(&stay), stay })
            }
            Change::Removed(id) => {
                let Some(stay) = stay(id) else { return Ok(()) };
                (with(&stay), FeedEvent::ParticipantRemoved { chat: seen_by(&stay), stay })
            }
        };
        self.tell(tenant, Some(chat), audience, what);
        Ok(())
    }

    /// What is known of a chat, of `version` at least; `None` when the chat is gone.
    fn copy(&mut self, chat: ChatId, version: i64) -> Result<Option<&Copy>, Failure> {
        let new_enough = self.copies.get(&chat).is_some_and(|copy| copy.version >= version);
        if !new_enough {
            let Some(snapshot) = self.snapshot(chat, version)? else { return Ok(None) };
            self.renew(&snapshot);
        }
        Ok(self.copies.get(&chat))
    }

    /// What `chats` answered, of `version` at least; `None` when the chat is gone.
    fn snapshot(&self, chat: ChatId, version: i64) -> Result<Option<Arc<Snapshot>>, Failure> {
        match self.known.answer(chat) {
            Some(Answer::Gone) => Ok(None),
            Some(Answer::Snapshot(snapshot)) if snapshot.chat.version >= version => Ok(Some(snapshot)),
            Some(Answer::Snapshot(_)) | None => {
                self.known.doubt(chat);
                Err(Failure::retry(anyhow!("chat {chat} is not known as of version {version} yet")))
            }
        }
    }

    fn renew(&mut self, snapshot: &Snapshot) {
        let chat = &snapshot.chat;
        if self.copies.get(&chat.id).is_some_and(|copy| copy.version >= chat.version) {
            return;
        }
        let member = |stay: &Participant| Member {
            stay: stay.id,
            chat: chat.id,
            user_id: stay.user,
            joined_seq: stay.joined_seq,
            // Who dropped their room takes part all the same.
            left_seq: stay.left_at.and(stay.left_seq),
        };
        let members = snapshot.stays().map(member).collect();
        self.copies.insert(chat.id, Copy { tenant: chat.tenant, version: chat.version, members });
        self.changed.insert(chat.id);
    }
}

/// The chat without what its people say about it.
fn bare(chat: &Chat) -> Chat {
    Chat { title: None, detail: String::new(), extras: Extras::new(), last: None, ..chat.clone() }
}

/// What is told of an interaction that changed hands. A word this build does not know is the nearest it does.
fn moved(change: &InteractionChange, what: fn(Box<Moved>) -> FeedEvent) -> Fact {
    Fact::Moved { chat: change.chat, what: what(Box::new(host::told::moved(change))) }
}
