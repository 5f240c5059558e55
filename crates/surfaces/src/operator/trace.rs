//! `/operator/v1/trace/messages/{id}`: one message's whole story, from the surface that wrote it to whoever was told and
//! whoever read it. The events are known as long as they are kept (`bus.retention_h`).

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use contracts::bots::{DeliveryFilter, ListDeliveries};
use contracts::events::{FindEvents, SeenEvents, SentEvent};
use contracts::messages::{GetMessage, Message, MessageKey, ReadMarks};
use domain::{EventId, Limit, MessageId, Surface, Timestamp, UserId};
use serde::Serialize;

use super::chats::names;
use super::deliveries::DeliveryView;
use super::lists;
use super::users::admin;
use super::wire::MessageView;
use crate::http::{Answer, Call, Problem};

/// The service that tells of messages.
const TELLER: &str = "messages";

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct TraceView {
    message: MessageView,
    surface: Surface,
    seq: i64,
    stored_at: Timestamp,
    events: Vec<EventView>,
    deliveries: Vec<DeliveryView>,
    read_by: Vec<ReaderView>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct EventView {
    id: EventId,
    event: String,
    occurred_at: Timestamp,
    published_at: Option<Timestamp>,
    consumers: Vec<ConsumerView>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct ConsumerView {
    service: String,
    /// When it was done with it; null while it is not.
    at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
struct ReaderView {
    user_id: UserId,
    name: String,
    read_seq: i64,
}

pub async fn message(call: Call) -> Answer {
    admin(&call)?;
    let id: MessageId = lists::id(&call, "id", "message")?;
    let asked = GetMessage { by: call.by()?, key: MessageKey::Id(id), room: None };
    let message = call.apis.messages.get(asked).await?.message;
    let events = events(&call, &message).await?;
    let deliveries = deliveries(&call, id).await?;
    let read_by = readers(&call, &message).await?;
    let author = names(&call, message.author.into_iter()).await?;
    let (surface, seq, stored_at) = (message.origin, message.seq, message.created_at);
    let message = MessageView::new(message, &author);
    Ok(HttpResponse::Ok().json(TraceView { message, surface, seq, stored_at, events, deliveries, read_by }))
}

/// What was told of it when it was posted, last edited and deleted, and who has heard it. Reading is told of a place, not of
/// a message: that is what `read_by` shows.
async fn events(call: &Call, message: &Message) -> Result<Vec<EventView>, Problem> {
    let Some(teller) = call.apis.events.get(TELLER) else { return Ok(Vec::new()) };
    let (tenant, key, about) = (message.tenant, message.chat.uuid(), message.id.uuid());
    let mut sent: Vec<SentEvent> = Vec::new();
    for at in [Some(message.created_at), message.edited_at, message.deleted_at].into_iter().flatten() {
        let found = teller.sent(FindEvents { tenant, key, about, at }).await?;
        // Moments that are close to each other find the same.
        let new = found.into_iter().filter(|found| sent.iter().all(|known| known.event != found.event));
        let new: Vec<SentEvent> = new.collect();
        sent.extend(new);
    }
    sent.sort_by_key(|event| event.occurred_at);
    let mut consumers = consumers(call, &sent).await?;
    let view = |SentEvent { event: id, kind: event, occurred_at, published_at }| {
        let consumers = consumers.remove(&id).unwrap_or_default();
        EventView { id, event, occurred_at, published_at, consumers }
    };
    Ok(sent.into_iter().map(view).collect())
}

async fn consumers(call: &Call, sent: &[SentEvent]) -> Result<BTreeMap<EventId, Vec<ConsumerView>>, Problem> {
    let mut consumers: BTreeMap<EventId, Vec<ConsumerView>> = BTreeMap::new();
    if sent.is_empty() {
        return Ok(consumers);
    }
    let events: Vec<(EventId, String)> = sent.iter().take(100).map(|sent| (sent.event, sent.kind.clone())).collect();
    for api in call.apis.events.values() {
        for seen in api.seen(SeenEvents { events: events.clone() }).await? {
            consumers.entry(seen.event).or_default().push(ConsumerView { service: seen.group, at: seen.at });
        }
    }
    Ok(consumers)
}

async fn deliveries(call: &Call, message: MessageId) -> Result<Vec<DeliveryView>, Problem> {
    let filter = DeliveryFilter { message: Some(message), ..DeliveryFilter::default() };
    let limit = Limit::clamped(i64::from(Limit::MAX));
    let page = call.apis.bots.deliveries(ListDeliveries { by: call.by()?, filter, after: None, limit }).await?;
    Ok(page.items.into_iter().map(DeliveryView::from).collect())
}

/// Whoever has read as far as this.
async fn readers(call: &Call, message: &Message) -> Result<Vec<ReaderView>, Problem> {
    let asked = ReadMarks { tenant: message.tenant, chats: vec![message.chat] };
    let mut marks = call.apis.messages.read_marks(asked).await?;
    marks.retain(|mark| mark.seq >= message.seq);
    let names = names(call, marks.iter().map(|mark| mark.user)).await?;
    let reader = |user_id, read_seq| {
        let name = names.get(&user_id).cloned().unwrap_or_default();
        ReaderView { user_id, name, read_seq }
    };
    Ok(marks.into_iter().map(|mark| reader(mark.user, mark.seq)).collect())
}
