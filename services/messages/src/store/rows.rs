//! Rows of `messages`, and their views.

use contracts::Extras;
use contracts::messages::{Media, Message};
use diesel::prelude::*;
use domain::{ChatId, MessageId, MessageKind, Surface, TenantId, Timestamp, UserId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::{StoreError, StoreResult};

use super::schema::messages;

/// A message as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = messages)]
pub(crate) struct MessageRow {
    chat_id: ChatId,
    seq: i64,
    id: MessageId,
    number: i64,
    tenant: TenantId,
    author: Option<UserId>,
    origin: Surface,
    kind: MessageKind,
    text: Option<String>,
    media: Option<String>,
    extras: Option<String>,
    created_at: Timestamp,
    updated_at: Timestamp,
    edited_at: Option<Timestamp>,
    deleted_at: Option<Timestamp>,
}

impl MessageRow {
    /// The view.
    pub(crate) fn view(self) -> StoreResult<Message> {
        let Self {
            chat_id,
            seq,
            id,
            number,
            tenant,
            author,
            origin,
            kind,
            text,
            media,
            extras,
            created_at,
            updated_at,
            edited_at,
            deleted_at,
        } = self;
        Ok(Message {
            id,
            tenant,
            chat: chat_id,
            seq,
            number,
            author,
            origin,
            kind,
            text,
            media: from_json::<Vec<Media>>("media", media)?,
            extras: from_json::<Extras>("extras", extras)?,
            created_at,
            updated_at,
            edited_at,
            deleted_at,
        })
    }
}

/// The views of rows, in their order.
pub(crate) fn views(rows: Vec<MessageRow>) -> StoreResult<Vec<Message>> {
    rows.into_iter().map(MessageRow::view).collect()
}

fn from_json<T: DeserializeOwned + Default>(column: &'static str, json: Option<String>) -> StoreResult<T> {
    let Some(json) = json else { return Ok(T::default()) };
    serde_json::from_str(&json).map_err(|e| StoreError::Corrupt { table: "messages", column, detail: e.to_string() })
}

/// `media` as its column holds it.
pub(crate) fn media_json(media: &[Media]) -> Option<String> {
    (!media.is_empty()).then(|| to_json(media))
}

/// `extras` as their column holds them.
pub(crate) fn extras_json(extras: &Extras) -> Option<String> {
    (!extras.is_empty()).then(|| to_json(extras))
}

/// Neither holds what could fail: keys are strings, numbers come from JSON.
fn to_json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
