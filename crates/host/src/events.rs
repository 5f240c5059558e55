//! The consumer's side of this service's events, as every service offers it.

use async_trait::async_trait;
use bus::{EventsAdmin, Key, Parked, Sent, Wanted};
use contracts::EventsApi;
use contracts::events::{
    EventsError, FindEvents, ListParked, ParkedEvent, Redrive, Redriven, SeenEvent, SeenEvents, SentEvent,
};
use domain::{Limit, Page};
use store::Fault;

/// Parked events of a service's consumer group.
pub struct Events {
    group: &'static str,
    admin: EventsAdmin,
}

impl Events {
    /// Over what the bus gave when the service `group` joined it.
    pub const fn new(group: &'static str, admin: EventsAdmin) -> Self {
        Self { group, admin }
    }

    async fn left(&self, key: Option<Key>) -> Result<u64, Fault<EventsError>> {
        let (mut left, mut after) = (0, 0);
        loop {
            let page = self.admin.list(after, Limit::MAX.into()).await?;
            let Some(last) = page.last() else { return Ok(left) };
            after = last.place;
            let counted = page.iter().filter(|p| key.is_none_or(|key| p.envelope.key == key));
            left = counted.fold(left, |n, _| n + 1);
        }
    }
}

#[async_trait]
impl EventsApi for Events {
    async fn parked(&self, command: ListParked) -> Result<Page<ParkedEvent>, EventsError> {
        let listed = self.admin.list(command.after.unwrap_or(0), command.limit.plus_one()).await;
        let rows = listed.map_err(|e| Fault::<EventsError>::from(e).answer())?;
        Ok(Page::cut(rows, command.limit).map(|parked| view(self.group, parked)))
    }

    async fn redrive(&self, command: Redrive) -> Result<Redriven, EventsError> {
        let key = command.key.map(Key);
        let driven = async {
            let done = self.admin.redrive(key).await?.applied;
            Ok(Redriven { done, left: self.left(key).await? })
        };
        driven.await.map_err(Fault::answer)
    }

    async fn sent(&self, command: FindEvents) -> Result<Vec<SentEvent>, EventsError> {
        let FindEvents { tenant, key, about, at } = command;
        let found = self.admin.sent(Wanted { tenant, key: Key(key), about, at }).await;
        let found = found.map_err(|e| Fault::<EventsError>::from(e).answer())?;
        let sent = |Sent { event, event_type, occurred_at, published_at }| SentEvent {
            event,
            kind: event_type,
            occurred_at,
            published_at,
        };
        Ok(found.into_iter().map(sent).collect())
    }

    async fn seen(&self, command: SeenEvents) -> Result<Vec<SeenEvent>, EventsError> {
        let seen = self.admin.seen(command.events).await.map_err(|e| Fault::<EventsError>::from(e).answer())?;
        let group = || self.group.to_owned();
        Ok(seen.into_iter().map(|(event, at)| SeenEvent { event, group: group(), at }).collect())
    }
}

fn view(group: &str, Parked { place, envelope, reason, parked_at }: Parked) -> ParkedEvent {
    ParkedEvent {
        position: place,
        event: envelope.event,
        kind: envelope.event_type,
        group: group.to_owned(),
        key: envelope.key.0,
        reason,
        at: parked_at,
    }
}
