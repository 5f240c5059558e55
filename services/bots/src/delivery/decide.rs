//! Who outside is told of an event: the bot that serves the chat, and the webhooks that hear it.
//!
//! For a tenant without webhooks an event costs a look-up in memory here; see [`known`](super::known) for why that is enough.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::anyhow;
use bus::{Delivery as Delivered, Failure};
use contracts::chats::{Chat, Participant};
use contracts::messages::Message;
use domain::{ChatId, HandoverReason, InteractionState, MessageId, ParticipationId, Timestamp, UserId, WebhookFormat};
use host::told::{message, moved};
use proto_events::{Event as _, InteractionChange, MessagePosted, PresenceChanged, WebhookDisabled};
use serde_json::{Value, json};
use store::{StoreResult, Tx};
use surfaces::native;
use surfaces::operator::interaction::MovedView;
use surfaces::operator::wire::{ChatView, MessageView, ParticipantView};
use surfaces::voipbin::Keys;
use surfaces::voipbin::events::{self as voipbin, Told, Verb};
use surfaces::zenvia::events as zenvia;

use super::known::Endpoint;
use super::views::Seen;
use super::{Delivery, LaneOf, Outgoing, Post};
use crate::consumer::{ChatNews, Fact};
use crate::desk::Desk;
use crate::ids;
use crate::store::endpoints;

/// One event, as far as telling it goes.
struct News<'a> {
    name: &'static str,
    at: Timestamp,
    fact: &'a Fact,
    seen: &'a Seen,
}

impl Delivery {
    /// Asks others for what is needed to tell of these events; before the transaction.
    pub async fn prepare(&self, batch: &[&Delivered]) {
        if let Err(error) = self.try_prepare(batch).await {
            tracing::warn!(error.cause_chain = ?error, "could not learn what webhooks are to be told; it is tried again");
        }
    }

    async fn try_prepare(&self, batch: &[&Delivered]) -> anyhow::Result<()> {
        let told = batch.iter().filter_map(|delivered| {
            let webhooks = self.0.known.webhooks(delivered.envelope.tenant)?;
            let fact = Fact::of(delivered).ok()?;
            Some((*delivered, fact, webhooks))
        });
        let told: Vec<_> = told.collect();
        let asked = told.iter().filter_map(|(delivered, fact, webhooks)| {
            let name = name(fact)?;
            let hearing: Vec<&Arc<Endpoint>> = webhooks.iter().filter(|endpoint| endpoint.hears(name)).collect();
            (!hearing.is_empty()).then(|| (*delivered, fact.clone(), hearing))
        });
        let asked: Vec<_> = asked.collect();
        if asked.is_empty() { Ok(()) } else { self.0.views.ask(&asked).await }
    }

    /// Learns which webhooks there are by now.
    ///
    /// # Errors
    /// The store's.
    pub async fn learn(&self, tx: &Tx) -> StoreResult<()> {
        self.0.known.catch_up(endpoints::last_change(tx).await?).await
    }

    /// Says what follows from an event, after the interactions heard of it: `desk` has them as they stand now.
    ///
    /// # Errors
    /// What is needed to tell of it could not be asked yet.
    pub fn hear(&self, delivered: &Delivered, fact: &Fact, desk: &Desk<'_>, out: &mut Outgoing) -> Result<(), Failure> {
        if let Fact::Posted(event) = fact {
            to_bot(delivered, event, desk, out)?;
        }
        let meta = &delivered.envelope;
        let (Some(webhooks), Some(name)) = (self.0.known.webhooks(meta.tenant), name(fact)) else { return Ok(()) };
        for endpoint in webhooks.iter().filter(|endpoint| endpoint.hears(name)) {
            let unknown = || Failure::retry(anyhow!("what is to be told of {} is not known yet", meta.event));
            let seen = self.0.views.of(meta.event).ok_or_else(unknown)?;
            let news = News { name, at: meta.occurred_at, fact, seen: &seen };
            for (n, body) in news.bodies(endpoint).map_err(Failure::reject)?.into_iter().enumerate() {
                let Some(lane) = lane(fact) else { continue };
                out.post(Post {
                    tenant: meta.tenant,
                    endpoint: endpoint.id,
                    lane,
                    webhook_id: Some(ids::webhook_id_of(endpoint.id, meta.event, n)),
                    event: name.to_owned(),
                    message: message_of(fact),
                    body,
                    trace: meta.traceparent.clone(),
                });
            }
        }
        Ok(())
    }
}

/// What is said in a chat that a bot serves, by somebody else, is told to it: never what it said itself.
fn to_bot(delivered: &Delivered, event: &MessagePosted, desk: &Desk<'_>, out: &mut Outgoing) -> Result<(), Failure> {
    let Some(row) = desk.serving(event.chat) else { return Ok(()) };
    let Some(bot) = row.bot_at(event.seq) else { return Ok(()) };
    if event.author.is_none_or(|author| author == bot) {
        return Ok(());
    }
    let message = message(event.clone()).map_err(Failure::reject)?;
    let meta = &delivered.envelope;
    out.message(row, &message, Some(meta.event), meta.traceparent.clone());
    Ok(())
}

/// What clients know an event by; `None` when nobody outside is told of it.
fn name(fact: &Fact) -> Option<&'static str> {
    Some(match fact {
        Fact::Chat { change, .. } => match change {
            ChatNews::Created(_) => "chat.created",
            ChatNews::Updated => "chat.updated",
            ChatNews::Deleted => "chat.deleted",
            ChatNews::Added(..) => "participant.added",
            ChatNews::Removed(..) => "participant.removed",
        },
        Fact::Posted(_) => "message.posted",
        Fact::Edited(_) => "message.edited",
        Fact::Deleted(_) => "message.deleted",
        Fact::Read(_) => "message.read",
        Fact::Moved(name, _) => name,
        // Only one vendor knows of rooms; the nearest name there is decides who hears of it.
        Fact::RoomDropped(..) => "participant.removed",
        Fact::WebhookDisabled(_) => WebhookDisabled::TYPE,
        Fact::Presence(_) => PresenceChanged::TYPE,
        Fact::Nothing | Fact::UserDeleted(_) | Fact::TenantDeleted => return None,
    })
}

fn lane(fact: &Fact) -> Option<LaneOf> {
    let chat: ChatId = match fact {
        Fact::Chat { chat, .. } | Fact::RoomDropped(chat, _) => *chat,
        Fact::Posted(e) => e.chat,
        Fact::Edited(e) => e.chat,
        Fact::Deleted(e) => e.chat,
        Fact::Read(e) => e.chat,
        Fact::Moved(_, change) => change.chat,
        Fact::WebhookDisabled(_) => return Some(LaneOf::Tenant),
        Fact::Presence(e) => return Some(LaneOf::User(e.user)),
        Fact::Nothing | Fact::UserDeleted(_) | Fact::TenantDeleted => return None,
    };
    Some(LaneOf::Chat(chat))
}

fn message_of(fact: &Fact) -> Option<MessageId> {
    match fact {
        Fact::Posted(e) => Some(e.message),
        Fact::Edited(e) => Some(e.message),
        Fact::Deleted(e) => Some(e.message),
        _ => None,
    }
}

impl News<'_> {
    /// What `endpoint` is told, in its words: nothing, one body or, where the vendor tells of each thing alone, several.
    fn bodies(&self, endpoint: &Endpoint) -> anyhow::Result<Vec<String>> {
        Ok(match endpoint.format {
            WebhookFormat::Native => {
                self.native()?.map(|data| native::body(self.name, self.at, &data)).into_iter().collect()
            }
            WebhookFormat::Voipbin => self.voipbin()?.into_iter().map(|told| told.body).collect(),
            WebhookFormat::Zenvia => self.zenvia()?.into_iter().collect(),
        })
    }

    /// The views of the operator API, as the native stream has them.
    fn native(&self) -> anyhow::Result<Option<Value>> {
        let names = self.names();
        let seen = self.seen;
        let view = |chat: &Chat| {
            let hash = seen.interaction.as_ref().map(|row| row.id.to_string());
            json!(ChatView::new(chat.clone(), hash, &names, &seen.marks))
        };
        let stay = |chat: &Chat, stay: &Participant| json!(ParticipantView::new(chat.id, stay, &names, &seen.marks));
        Ok(match self.fact {
            Fact::Chat { change, .. } => {
                let Some(snapshot) = &seen.chat else { return Ok(None) };
                match change {
                    ChatNews::Created(_) | ChatNews::Updated | ChatNews::Deleted => Some(view(&snapshot.chat)),
                    ChatNews::Added(_, id) | ChatNews::Removed(_, id) => self
                        .stay(*id)
                        .map(|p| json!({ "chat": view(&snapshot.chat), "participant": stay(&snapshot.chat, p) })),
                }
            }
            Fact::Posted(event) => Some(json!(MessageView::new(message((**event).clone())?, &names))),
            Fact::Edited(event) => seen.message.as_ref().map(|now| {
                let mut then = (**now).clone();
                // As it was changed then, whatever came later.
                if then.deleted_at.is_none() {
                    (then.text, then.edited_at) = (event.text.clone(), Some(event.at));
                }
                json!(MessageView::new(then, &names))
            }),
            Fact::Deleted(_) => seen.message.as_ref().map(|gone| json!(MessageView::new((**gone).clone(), &names))),
            Fact::Read(e) => Some(json!({ "chat_id": e.chat, "user_id": e.user, "read_seq": e.seq })),
            Fact::Moved(_, change) => Some(json!(MovedView::new(&moved(change)))),
            Fact::WebhookDisabled(e) => Some(native::disabled(e.webhook, &e.url, &e.because, e.since, e.at)),
            Fact::Presence(e) => Some(json!({ "user_id": e.user, "presence": e.presence.as_str() })),
            Fact::RoomDropped(..) | Fact::Nothing | Fact::UserDeleted(_) | Fact::TenantDeleted => None,
        })
    }

    /// As this vendor's socket tells it: each chat, room and message alone. Messages are made and deleted, never updated.
    fn voipbin(&self) -> anyhow::Result<Vec<Told>> {
        let (seen, keys, names) = (self.seen, Keys::All, self.names());
        let of_chat = |chat: &Chat, verb| -> Vec<Told> {
            std::iter::once(voipbin::chat(chat, verb, keys)).chain(voipbin::rooms(chat, verb, keys)).collect()
        };
        let said = |message: &Message, verb| {
            let stays = self.showing(message.seq);
            voipbin::message(message, &stays, verb, &names, keys)
        };
        Ok(match self.fact {
            Fact::Chat { change, .. } => {
                let Some(snapshot) = &seen.chat else { return Ok(Vec::new()) };
                let chat = &snapshot.chat;
                match change {
                    ChatNews::Created(_) => of_chat(chat, Verb::Created),
                    ChatNews::Updated => of_chat(chat, Verb::Updated),
                    ChatNews::Deleted => of_chat(chat, Verb::Deleted),
                    ChatNews::Added(_, id) => self.room(chat, *id, Verb::Created),
                    ChatNews::Removed(_, id) => self.room(chat, *id, Verb::Deleted),
                }
            }
            Fact::Posted(event) => said(&message((**event).clone())?, Verb::Created),
            Fact::Deleted(_) => seen.message.as_ref().map_or_else(Vec::new, |gone| said(gone, Verb::Deleted)),
            Fact::RoomDropped(_, id) => {
                self.stay(*id).zip(seen.chat.as_ref()).map_or_else(Vec::new, |(stay, snapshot)| {
                    vec![voipbin::room(&snapshot.chat, stay, Verb::Deleted, keys)]
                })
            }
            Fact::Edited(_)
            | Fact::Read(_)
            | Fact::Moved(..)
            | Fact::WebhookDisabled(_)
            | Fact::Presence(_)
            | Fact::Nothing
            | Fact::UserDeleted(_)
            | Fact::TenantDeleted => Vec::new(),
        })
    }

    /// The customer's side: how the interaction stands, and what agents and bots say.
    fn zenvia(&self) -> anyhow::Result<Option<String>> {
        let Some(row) = &self.seen.interaction else { return Ok(None) };
        let extra: Value = row.extra.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_else(|| json!({}));
        let hash = row.id.to_string();
        match self.fact {
            Fact::Moved(_, change) if change.interaction == row.id => {
                Ok(state(change).map(|state| zenvia::state(&hash, state, &extra)))
            }
            Fact::Posted(event) => {
                // What the customer says comes from that side: it is not sent back to it.
                let author = event.author.filter(|author| row.customer != Some(*author));
                let Some(agent) = author.and_then(|author| self.seen.people.get(&author)) else { return Ok(None) };
                Ok(Some(zenvia::agent_message(&hash, &message((**event).clone())?, agent, &extra)))
            }
            _ => Ok(None),
        }
    }

    fn room(&self, chat: &Chat, id: ParticipationId, verb: Verb) -> Vec<Told> {
        let Some(stay) = self.stay(id) else { return Vec::new() };
        vec![voipbin::chat(chat, Verb::Updated, Keys::All), voipbin::room(chat, stay, verb, Keys::All)]
    }

    fn stay(&self, id: ParticipationId) -> Option<&Participant> {
        self.seen.chat.as_ref()?.stays().find(|stay| stay.id == id)
    }

    /// The stays whose rooms show a place of the chat.
    fn showing(&self, seq: i64) -> Vec<Participant> {
        let shows = |stay: &&Participant| stay.joined_seq < seq && stay.left_seq.is_none_or(|last| seq <= last);
        self.seen.chat.iter().flat_map(|snapshot| snapshot.stays().filter(shows).cloned()).collect()
    }

    fn names(&self) -> HashMap<UserId, String> {
        self.seen.people.iter().map(|(id, user)| (*id, user.full_name())).collect()
    }
}

/// How an interaction stands, in the vendor's words; `None` where the customer's side sees no difference.
fn state(change: &InteractionChange) -> Option<zenvia::State> {
    match (change.why.known()?, change.state.known()?) {
        (_, InteractionState::Finished) => Some(zenvia::State::Finished),
        (_, InteractionState::Queued) => Some(zenvia::State::Queued { position: change.position.unwrap_or(1) }),
        (HandoverReason::Accepted, _) | (_, InteractionState::Agent) => Some(zenvia::State::Accepted),
        (_, InteractionState::Bot) => None,
    }
}
