//! Changing, deleting and hiding messages.

use contracts::messages::{DeleteMessage, EditMessage, HideMessage, Message, MessageKey, MessagesError, RoomMessage};
use domain::{Principal, Timestamp};
use proto_events::{MessageDeleted, MessageEdited};
use store::{StoreError, Tx};

use super::reading::shown;
use super::{Answer, Fault, Messages};
use crate::rules::{self, Reader};
use crate::store::keys::Claim;
use crate::store::rows::media_json;
use crate::store::{heads, hidden, keys, messages};

impl Messages {
    /// Changes a message's words, and its files if others are given.
    pub(super) async fn change(&self, command: EditMessage) -> Answer<Message> {
        let EditMessage { by, key, text, media, idempotency } = command;
        let (found, reader) = self.changeable(&by, key).await?;
        if reader == Reader::Deleted {
            return Err(MessagesError::ChatDeleted.into());
        }
        let mut tx = self.db.begin().await?;
        if let Some(request) = &idempotency {
            match keys::claim(&mut tx, request, &found).await? {
                Claim::New => {}
                Claim::Replay(message) => return Ok(*message),
                Claim::Mismatch => return Err(MessagesError::KeyReused.into()),
            }
        }
        let mut message = locked(&mut tx, &found).await?;
        if message.deleted_at.is_some() {
            return Err(MessagesError::MessageDeleted.into());
        }
        let media = media.unwrap_or(message.media);
        (message.text, message.media) = rules::content(&self.limits, message.kind, text, media).map_err(refused)?;
        let at = self.change_time(message.updated_at);
        (message.updated_at, message.edited_at) = (at, Some(at));
        let files = media_json(&message.media);
        messages::edit(&mut tx, &message, message.text.as_deref(), files.as_deref(), at).await?;
        self.outbox.append(&tx, &edited(&message, at), at).await?;
        tx.commit().await?;
        self.outbox.wake();
        Ok(message)
    }

    /// Deletes a message; its place stays.
    pub(super) async fn remove(&self, command: DeleteMessage) -> Answer<Message> {
        let DeleteMessage { by, key } = command;
        let (found, _) = self.changeable(&by, key).await?;
        if found.deleted_at.is_some() {
            return Ok(found);
        }
        let mut tx = self.db.begin().await?;
        let mut message = locked(&mut tx, &found).await?;
        if message.deleted_at.is_some() {
            return Ok(message);
        }
        let at = self.change_time(message.updated_at);
        (message.text, message.media) = (None, Vec::new());
        (message.updated_at, message.deleted_at) = (at, Some(at));
        messages::delete(&mut tx, &message, at).await?;
        self.outbox.append(&tx, &deleted(&message, at), at).await?;
        tx.commit().await?;
        self.outbox.wake();
        Ok(message)
    }

    /// Takes a message out of one room; nobody else is told.
    pub(super) async fn take_out(&self, command: HideMessage) -> Answer<RoomMessage> {
        let HideMessage { by, number, room } = command;
        if !by.scopes.write {
            return Err(MessagesError::Forbidden.into());
        }
        let (message, _) = self.readable(&by, MessageKey::Number(number)).await?;
        shown(&message, room)?;
        let mut tx = self.db.begin().await?;
        hidden::insert(&mut tx, room.stay, number, self.clock.now()).await?;
        let hidden_at = hidden::find(&tx, room.stay, number).await?;
        tx.commit().await?;
        Ok(RoomMessage { message, hidden_at })
    }

    /// The message that `key` names, if `by` may change it: its author while in the chat, and managers.
    async fn changeable(&self, by: &Principal, key: MessageKey) -> Answer<(Message, Reader)> {
        let (message, reader) = self.readable(by, key).await?;
        let own = message.author.is_some_and(|author| by.is(author));
        if by.scopes.write && (own || by.manages()) {
            Ok((message, reader))
        } else {
            Err(MessagesError::Forbidden.into())
        }
    }

    /// Now, but later than the last change.
    fn change_time(&self, last: Timestamp) -> Timestamp {
        self.clock.now().after(Some(last))
    }
}

/// The message as it is once nobody else writes into its chat.
async fn locked(tx: &mut Tx, found: &Message) -> Answer<Message> {
    heads::lock(tx, found.chat).await?;
    match messages::at(tx, found.chat, found.seq).await {
        // It was erased with its tenant.
        Err(StoreError::NotFound) => Err(MessagesError::MessageNotFound.into()),
        other => Ok(other?),
    }
}

fn refused(e: contracts::Invalid) -> Fault {
    MessagesError::from(e).into()
}

fn edited(message: &Message, at: Timestamp) -> MessageEdited {
    let &Message { tenant, chat, id, seq, number, .. } = message;
    MessageEdited { tenant, chat, message: id, seq, number, text: message.text.clone(), at }
}

fn deleted(message: &Message, at: Timestamp) -> MessageDeleted {
    let &Message { tenant, chat, id, seq, number, .. } = message;
    MessageDeleted { tenant, chat, message: id, seq, number, at }
}
