//! The group commit's writing: many messages, their keys, heads and events in one transaction.
//!
//! The engines differ in the open here: PostgreSQL takes whole arrays in few statements and skips heads that another
//! instance holds, SQLite takes prepared statements row by row in one visit to the blocking threads.

mod postgres;
mod sqlite;

use std::sync::Arc;

use bus::{Outbox, OutboxRow};
use contracts::Extras;
use contracts::messages::{Media, Message};
use diesel::SqliteConnection;
use domain::{ChatId, Idempotency, MessageId, MessageKind, Surface, TenantId, Timestamp, UserId};
use proto_events::MessagePosted;
use store::{Engine, StoreResult, Tx};

use super::rows::MessageRow;

/// A message on its way into the store.
#[derive(Debug)]
pub(crate) struct Post {
    pub id: MessageId,
    pub tenant: TenantId,
    pub chat: ChatId,
    pub author: Option<UserId>,
    pub origin: Surface,
    pub kind: MessageKind,
    pub text: Option<String>,
    pub media: Vec<Media>,
    /// `media` as its column holds it.
    pub media_json: Option<String>,
    pub extras: Extras,
    /// `extras` as their column holds them.
    pub extras_json: Option<String>,
    pub idempotency: Option<Idempotency>,
    /// The trace of the request that brought it.
    pub trace: Option<String>,
}

/// A post whose author was checked against a version of the chat's membership.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub post: Arc<Post>,
    pub membership_version: i64,
}

/// The place a message got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub seq: i64,
    pub number: i64,
    pub created_at: Timestamp,
}

/// What became of an entry.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It has a place, once the transaction commits.
    Stored(Place),
    /// Its key made this message before.
    Replay(Box<MessageRow>),
    /// The same request as the entry at this index, which is an earlier one.
    Twin(usize),
    /// Its key made something else.
    KeyReused,
    /// Another instance writes into its chat: try again.
    Held,
}

/// Writes `entries`, in their order within each chat, and says what became of each. Nothing holds before the commit.
pub(crate) async fn append(
    tx: &mut Tx,
    entries: Vec<Entry>,
    outbox: &Outbox,
    now: Timestamp,
) -> StoreResult<Vec<Outcome>> {
    Ok(match tx.engine() {
        Engine::Pg(c) => postgres::append(c, &entries, outbox, now).await?,
        Engine::Sqlite(c) => {
            let outbox = outbox.clone();
            let write = move |c: &mut SqliteConnection| sqlite::append(c, &entries, &outbox, now);
            c.spawn_blocking(write).await?
        }
    })
}

/// The last place of a chat, while a batch is being placed.
#[derive(Debug, Clone, Copy)]
struct Head {
    last_seq: i64,
    last_at: Option<Timestamp>,
}

impl Head {
    /// The next place. Times rise strictly, also when the clock steps back.
    fn next(&mut self, number: i64, now: Timestamp) -> Place {
        let place = Place { seq: self.last_seq + 1, number, created_at: now.after(self.last_at) };
        *self = Self { last_seq: place.seq, last_at: Some(place.created_at) };
        place
    }
}

/// The event that tells of an entry.
fn event(entry: &Entry, place: Place, outbox: &Outbox, now: Timestamp) -> OutboxRow {
    let post = &*entry.post;
    let posted = MessagePosted {
        tenant: post.tenant,
        chat: post.chat,
        message: post.id,
        seq: place.seq,
        number: place.number,
        author: post.author,
        origin: post.origin.into(),
        kind: post.kind.into(),
        text: post.text.clone(),
        media: post.media.iter().map(told).collect(),
        created_at: place.created_at,
        membership_version: entry.membership_version,
        extras: post.extras_json.clone(),
    };
    outbox.row(&posted, now, post.trace.clone())
}

fn told(Media { url, name, mime, size }: &Media) -> proto_events::Media {
    // Sizes are kept as they were sent; only those that are numbers are one to others.
    let bytes: Option<i64> = size.as_deref().and_then(|size| size.parse().ok());
    let size_text = size.clone().filter(|size| bytes.map(|bytes| bytes.to_string()).as_ref() != Some(size));
    proto_events::Media { url: url.clone(), name: name.clone(), mime: mime.clone(), size: bytes, size_text }
}

/// The view of a post that got a place. Takes the words out of it when nobody else holds it.
pub(crate) fn message(post: Arc<Post>, place: Place) -> Message {
    let (id, tenant, chat, author) = (post.id, post.tenant, post.chat, post.author);
    let (origin, kind) = (post.origin, post.kind);
    let (text, media, extras) = match Arc::try_unwrap(post) {
        Ok(Post { text, media, extras, .. }) => (text, media, extras),
        Err(shared) => (shared.text.clone(), shared.media.clone(), shared.extras.clone()),
    };
    let Place { seq, number, created_at } = place;
    Message {
        id,
        tenant,
        chat,
        seq,
        number,
        author,
        origin,
        kind,
        text,
        media,
        extras,
        created_at,
        updated_at: created_at,
        edited_at: None,
        deleted_at: None,
    }
}
