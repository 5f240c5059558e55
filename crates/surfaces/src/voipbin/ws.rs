//! `GET /v1.0/ws`: events over a WebSocket. The client subscribes to topics by `{"type":"subscribe"|"unsubscribe",
//! "topics":[…]}`; a topic that is not the caller's to hear ends the connection.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use contracts::chats::{GetRoom, Room, RoomKey};
use contracts::messages::{GetMessage, Message, MessageKey};
use contracts::realtime::FeedEvent;
use domain::{Code, MessageId, ParticipationId, Principal, ServiceError as _, Surface};
use serde::Deserialize;

use super::events::{self, Told, Verb};
use super::wire::{Keys, names_author};
use super::{auth, chats, permission, topics};
use crate::http::live::{End, Happened, Wanted, Watch, Whom};
use crate::http::socket::{self, Dialect, Farewell};
use crate::http::{Answer, Apis, Call, Problem};

/// Close codes of RFC 6455: a rule was broken, this end restarts, come back later.
const POLICY: u16 = 1008;
/// See [`POLICY`].
const RESTART: u16 = 1012;
/// See [`POLICY`].
const AGAIN: u16 = 1013;
/// Topics one client may have.
const TOPICS: usize = 1000;

pub async fn open(call: Call) -> Answer {
    let who = permission::anyone(&call)?.clone();
    let whom = match who.user {
        _ if who.manages() => Whom::Tenant,
        user => Whom::User(user.ok_or(Problem::NoCredential)?),
    };
    let credential = Some(auth::caller(&call.head, b"")?);
    let watch = call.apis.live.open(Wanted { credential, ..Wanted::of(&who, whom, None) }).await?;
    let dialect = Ws { who, keys: chats::keys(&call), apis: call.apis.clone(), topics: BTreeSet::new() };
    socket::open(call, watch, dialect)
}

struct Ws {
    who: Principal,
    keys: Keys,
    apis: Apis,
    topics: BTreeSet<String>,
}

/// What a client says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Said {
    r#type: String,
    topics: Vec<String>,
}

#[async_trait(?Send)]
impl Dialect for Ws {
    fn opened(&self, _watch: &Watch) -> Vec<String> {
        Vec::new()
    }

    async fn show(&self, happened: &Happened) -> Result<Vec<String>, Problem> {
        if self.topics.is_empty() {
            return Ok(Vec::new());
        }
        let all: Arc<Vec<Told>> =
            happened.drawn(Surface::Voipbin, async || draw(happened, &self.apis, self.keys).await).await?;
        let audience = &happened.item.audience;
        let wanted = |told: &&Told| {
            let theirs = topics::of(&self.who, told, audience);
            theirs.iter().any(|topic| self.topics.iter().any(|wanted| topic.starts_with(wanted.as_str())))
        };
        Ok(all.iter().filter(wanted).map(|told| told.body.clone()).collect())
    }

    async fn heard(&mut self, said: &str) -> Result<Vec<String>, Farewell> {
        // What is no such message is passed over, as the vendor does.
        let Ok(Said { r#type, topics }) = serde_json::from_str(said) else { return Ok(Vec::new()) };
        if let Some(topic) = topics.iter().find(|topic| !topics::allowed(&self.who, topic)) {
            tracing::debug!(topic, "a topic that is not the caller's");
            return Err(Farewell { code: POLICY, reason: "invalid topic".to_owned() });
        }
        match r#type.as_str() {
            "subscribe" => self.topics.extend(topics),
            "unsubscribe" => self.topics.retain(|topic| !topics.contains(topic)),
            _ => {}
        }
        if self.topics.len() > TOPICS {
            return Err(Farewell { code: POLICY, reason: "too many topics".to_owned() });
        }
        Ok(Vec::new())
    }

    fn quiet(&self, _offset: i64) -> Option<String> {
        None
    }

    fn ending(&self, end: End, back_ms: u32) -> Farewell {
        let (code, reason) = match end {
            End::Draining => (RESTART, format!("come back in {back_ms} ms")),
            End::Revoked => (POLICY, "the token no longer counts".to_owned()),
            End::Slow => (POLICY, "too slow".to_owned()),
            End::Lost => (AGAIN, "come back".to_owned()),
        };
        Farewell { code, reason }
    }
}

/// Everything this surface tells of what happened.
async fn draw(happened: &Happened, apis: &Apis, keys: Keys) -> Result<Vec<Told>, Problem> {
    let of_chat = |chat, verb| std::iter::once(events::chat(chat, verb, keys)).chain(events::rooms(chat, verb, keys));
    Ok(match &happened.item.what {
        FeedEvent::ChatCreated(chat) => of_chat(chat, Verb::Created).collect(),
        FeedEvent::ChatUpdated(chat) => of_chat(chat, Verb::Updated).collect(),
        FeedEvent::ChatDeleted(chat) => of_chat(chat, Verb::Deleted).collect(),
        FeedEvent::ParticipantAdded { chat, stay } => {
            vec![events::chat(chat, Verb::Updated, keys), events::room(chat, stay, Verb::Created, keys)]
        }
        FeedEvent::ParticipantRemoved { chat, stay } => {
            vec![events::chat(chat, Verb::Updated, keys), events::room(chat, stay, Verb::Deleted, keys)]
        }
        FeedEvent::ParticipantChanged { stay, dropped: true, .. } => match room(happened, *stay, apis).await? {
            Some(room) => vec![events::room(&room.chat, &room.stay, Verb::Deleted, keys)],
            None => Vec::new(),
        },
        FeedEvent::MessagePosted(message) => said(happened, message, Verb::Created, apis, keys).await?,
        FeedEvent::MessageDeleted { id, .. } => match deleted(happened, *id, apis).await? {
            Some(message) => said(happened, &message, Verb::Deleted, apis, keys).await?,
            None => Vec::new(),
        },
        FeedEvent::ParticipantChanged { dropped: false, .. }
        | FeedEvent::MessageEdited { .. }
        | FeedEvent::MessagesRead { .. }
        | FeedEvent::PresenceChanged { .. }
        | FeedEvent::Typing { .. }
        | FeedEvent::UserUpdated { .. }
        | FeedEvent::UserDeleted { .. }
        | FeedEvent::InteractionStarted(_)
        | FeedEvent::InteractionAccepted(_)
        | FeedEvent::InteractionTransferred(_)
        | FeedEvent::InteractionFinished(_)
        | FeedEvent::WebhookDisabled { .. }
        | FeedEvent::TokenRevoked { .. } => Vec::new(),
    })
}

async fn said(
    happened: &Happened,
    message: &Message,
    verb: Verb,
    apis: &Apis,
    keys: Keys,
) -> Result<Vec<Told>, Problem> {
    let audience = &happened.item.audience;
    let stays = apis.live.rooms().showing(happened.tenant, message.chat, message.seq, audience).await?;
    let names = apis.live.names().of(happened.tenant, names_author(message)).await?;
    Ok(events::message(message, &stays, verb, &names, keys))
}

/// The room as it was left; `None` when it is gone with its chat or tenant.
async fn room(happened: &Happened, id: ParticipationId, apis: &Apis) -> Result<Option<Room>, Problem> {
    let by = Principal::reader(happened.tenant, Surface::Voipbin);
    match apis.chats.room(GetRoom { by, key: RoomKey::Id(id) }).await {
        Ok(found) => Ok(Some(found)),
        Err(e) if e.code() == Code::NotFound => Ok(None),
        Err(e) => Err(e.into()),
    }
}

/// The message as it was left; `None` when it is gone with its chat or tenant.
async fn deleted(happened: &Happened, id: MessageId, apis: &Apis) -> Result<Option<Message>, Problem> {
    let by = Principal::reader(happened.tenant, Surface::Voipbin);
    match apis.messages.get(GetMessage { by, key: MessageKey::Id(id), room: None }).await {
        Ok(found) => Ok(Some(found.message)),
        Err(e) if e.code() == Code::NotFound => Ok(None),
        Err(e) => Err(e.into()),
    }
}
