//! How what happened is shown: the operator API's views, drawn once for all who see them.

use std::sync::Arc;

use actix_web::web::Bytes;
use contracts::chats::{Chat, Participant};
use contracts::messages::{GetMessage, Message, MessageKey, ReadMarks};
use contracts::realtime::{FeedEvent, FeedItem};
use domain::{Code, MessageId, Principal, ServiceError as _, Surface, TenantId};
use serde_json::{Value, json};

use super::webhook;
use crate::http::live::{End, Happened};
use crate::http::{Apis, Problem};
use crate::operator::chats::hashes;
use crate::operator::interaction::MovedView;
use crate::operator::wire::{ChatView, Marks, MessageView, ParticipantView};

/// One event in both forms.
pub struct Shown {
    /// As a server-sent event.
    pub event: Bytes,
    /// As a WebSocket's text.
    pub frame: String,
}

/// Close codes, and what they are called.
pub const fn reason(end: End) -> (u16, &'static str) {
    match end {
        End::Draining => (1012, "restart"),
        End::Revoked => (4001, "the token no longer counts"),
        End::Slow => (4008, "too slow"),
        End::Lost => (4010, "events were lost; come back"),
    }
}

/// How it is shown; `None` when clients are not told of it.
///
/// # Errors
/// A service that is needed does not answer.
pub async fn drawn(happened: &Happened, apis: &Apis) -> Result<Option<Arc<Shown>>, Problem> {
    let shown: Arc<Option<Arc<Shown>>> = happened
        .drawn(Surface::Native, async || {
            let item = &happened.item;
            let Some(data) = data(happened.tenant, item, apis).await? else { return Ok::<_, Problem>(None) };
            let (name, offset) = (item.what.name(), item.offset);
            Ok(Some(Arc::new(Shown {
                event: format!("id: {offset}\nevent: {name}\ndata: {data}\n\n").into(),
                frame: json!({ "event": name, "offset": offset, "data": data }).to_string(),
            })))
        })
        .await?;
    Ok((*shown).clone())
}

async fn data(tenant: TenantId, item: &FeedItem, apis: &Apis) -> Result<Option<Value>, Problem> {
    Ok(match &item.what {
        FeedEvent::ChatCreated(chat) | FeedEvent::ChatUpdated(chat) | FeedEvent::ChatDeleted(chat) => {
            Some(json!(chat_view(chat, apis).await?))
        }
        FeedEvent::ParticipantAdded { chat, stay } | FeedEvent::ParticipantRemoved { chat, stay } => {
            Some(json!({ "chat": chat_view(chat, apis).await?, "participant": participant(chat, stay, apis).await? }))
        }
        FeedEvent::MessagePosted(message) => Some(message_view((**message).clone(), apis).await?),
        FeedEvent::MessageEdited { id, text, at, .. } => match message(apis, tenant, *id).await? {
            // As it was changed then, whatever came later.
            Some(now) if now.deleted_at.is_none() => {
                let then = Message { text: text.clone(), edited_at: Some(*at), updated_at: *at, ..now };
                Some(message_view(then, apis).await?)
            }
            Some(gone) => Some(message_view(gone, apis).await?),
            None => None,
        },
        FeedEvent::MessageDeleted { id, .. } => match message(apis, tenant, *id).await? {
            Some(gone) => Some(message_view(gone, apis).await?),
            None => None,
        },
        FeedEvent::MessagesRead { user, seq } => {
            Some(json!({ "chat_id": item.chat, "user_id": user, "read_seq": seq }))
        }
        FeedEvent::PresenceChanged { user, presence } => Some(json!({ "user_id": user, "presence": presence })),
        FeedEvent::Typing { user, .. } => Some(json!({ "chat_id": item.chat, "user_id": user })),
        FeedEvent::InteractionStarted(moved)
        | FeedEvent::InteractionAccepted(moved)
        | FeedEvent::InteractionTransferred(moved)
        | FeedEvent::InteractionFinished(moved) => Some(json!(MovedView::new(moved))),
        FeedEvent::WebhookDisabled { webhook, url, because, since, at } => {
            Some(webhook::disabled(*webhook, url, because, *since, *at))
        }
        // Whoever dropped a room or folded a window knows.
        FeedEvent::ParticipantChanged { .. }
        | FeedEvent::UserUpdated { .. }
        | FeedEvent::UserDeleted { .. }
        | FeedEvent::TokenRevoked { .. } => None,
    })
}

async fn chat_view(chat: &Chat, apis: &Apis) -> Result<ChatView, Problem> {
    let names = apis.live.names().of(chat.tenant, chat.participants.iter().map(|p| p.user)).await?;
    let marks = marks(chat, apis).await?;
    let hash = hashes(&*apis.bots, chat.tenant, vec![chat.id]).await?.remove(&chat.id);
    Ok(ChatView::new(chat.clone(), hash, &names, &marks))
}

async fn participant(chat: &Chat, stay: &Participant, apis: &Apis) -> Result<ParticipantView, Problem> {
    let names = apis.live.names().of(chat.tenant, [stay.user]).await?;
    Ok(ParticipantView::new(chat.id, stay, &names, &marks(chat, apis).await?))
}

async fn marks(chat: &Chat, apis: &Apis) -> Result<Marks, Problem> {
    let found = apis.messages.read_marks(ReadMarks { tenant: chat.tenant, chats: vec![chat.id] }).await?;
    Ok(found.into_iter().map(|mark| ((mark.chat, mark.user), mark.seq)).collect())
}

async fn message_view(message: Message, apis: &Apis) -> Result<Value, Problem> {
    let names = apis.live.names().of(message.tenant, message.author).await?;
    Ok(json!(MessageView::new(message, &names)))
}

/// The message as it is now; `None` when it is gone with its chat or tenant.
async fn message(apis: &Apis, tenant: TenantId, id: MessageId) -> Result<Option<Message>, Problem> {
    let asked = GetMessage { by: Principal::reader(tenant, Surface::Native), key: MessageKey::Id(id), room: None };
    match apis.messages.get(asked).await {
        Ok(found) => Ok(Some(found.message)),
        Err(e) if e.code() == Code::NotFound => Ok(None),
        Err(e) => Err(e.into()),
    }
}
