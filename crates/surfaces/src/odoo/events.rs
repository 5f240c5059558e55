//! What happens, as this vendor's notifications: `{id, channel, message}`.
//!
//! New messages and typing are messages of a session; a session somebody is new in, or has arranged, is the session itself; presence has a
//! channel of its own. What this vendor cannot express, edits and deletions among it, is left out.

use std::sync::Arc;

use contracts::messages::Message;
use contracts::realtime::{FeedEvent, FeedItem};
use domain::{ChatId, Timestamp, UserId};
use serde_json::{Value, json};

use super::wire::{self, ColonKeys, MessageOut, People};
use super::{history, presence, view};
use crate::http::{Call, Problem};

/// For whom notifications are drawn.
pub struct Reader {
    /// The user.
    pub me: UserId,
    /// Their number.
    pub uid: i64,
    /// The database.
    pub db: String,
}

impl Reader {
    /// What `item` is to the reader; `None` when it is nothing.
    pub async fn notification(&self, call: &Call, item: &FeedItem) -> Result<Option<Value>, Problem> {
        let (channel, message) = match (&item.what, item.chat) {
            (FeedEvent::MessagePosted(message), _) => (self.own(), self.said(call, message).await?),
            (FeedEvent::Typing { user, number }, Some(chat)) => {
                (self.own(), self.typing(call, chat, *user, number.unwrap_or(item.offset), item.at).await?)
            }
            (FeedEvent::ChatCreated(chat), _) => (self.own(), self.session(call, chat.id).await?),
            (FeedEvent::ParticipantAdded { chat, stay }, _) if stay.user == self.me => {
                (self.own(), self.session(call, chat.id).await?)
            }
            // Folded, closed or put away in one tab, and so in all of theirs: the stock server tells it so, too.
            (FeedEvent::ParticipantChanged { user, dropped: false, .. }, Some(chat)) if *user == self.me => {
                (self.own(), self.session(call, chat).await?)
            }
            (FeedEvent::PresenceChanged { user, presence }, _) => {
                let people = self.people(call, &[*user]).await?;
                let status = |user: &Arc<contracts::users::User>| json!({ "id": user.number, "im_status": presence::word(*presence) });
                (json!([self.db, "im_chat.presence"]), people.get(user).map(status))
            }
            _ => return Ok(None),
        };
        Ok(message.map(|message| json!({ "id": item.offset, "channel": channel, "message": message })))
    }

    fn own(&self) -> Value {
        json!([self.db, "im_chat.session", self.uid])
    }

    async fn said(&self, call: &Call, message: &Message) -> Result<Option<Value>, Problem> {
        let Some(chat) = history::own(call, message.chat).await? else { return Ok(None) };
        let authors: Vec<UserId> = message.author.into_iter().collect();
        let people = self.people(call, &authors).await?;
        Ok(serde_json::to_value(MessageOut::new(message, &chat, &people)).ok())
    }

    async fn typing(
        &self,
        call: &Call,
        chat: ChatId,
        user: UserId,
        number: i64,
        at: Timestamp,
    ) -> Result<Option<Value>, Problem> {
        let Some(chat) = history::own(call, chat).await? else { return Ok(None) };
        let people = self.people(call, &[user]).await?;
        let author = people.get(&user);
        Ok(Some(json!({
            "id": number,
            "create_date": wire::time(at),
            "type": wire::TYPING,
            "message": wire::TYPING,
            "from_id": author.map_or(Value::Bool(false), |user| json!([user.number, user.full_name()])),
            "from_partner_id": author.map_or(Value::Bool(false), |user| json!([user.partner, user.full_name()])),
            "to_id": [chat.number, chat.id],
        })))
    }

    /// The session as it is now.
    async fn session(&self, call: &Call, chat: ChatId) -> Result<Option<Value>, Problem> {
        let Some(chat) = history::own(call, chat).await? else { return Ok(None) };
        let sessions = view::look(call, vec![chat]).await?;
        Ok(view::draw(call, &sessions, ColonKeys { docs: true, with_documents: false }).await?.pop())
    }

    async fn people(&self, call: &Call, users: &[UserId]) -> Result<People, Problem> {
        wire::people(&call.apis, call.who()?.tenant, users.iter().copied()).await
    }
}
