//! Reading one message, and pages of them.

use contracts::messages::{GetMessage, Message, MessagesError, PageMessages, RoomMessage, RoomView};
use domain::Page;

use super::{Answer, Messages};
use crate::store::{hidden, messages};

impl Messages {
    /// One message; through a room, only what the room ever showed.
    pub(super) async fn one(&self, command: GetMessage) -> Answer<RoomMessage> {
        let GetMessage { by, key, room } = command;
        let (message, _) = self.readable(&by, key).await?;
        let Some(room) = room else { return Ok(RoomMessage { message, hidden_at: None }) };
        shown(&message, room)?;
        let hidden_at = hidden::find(&self.db.read().await?, room.stay, message.number).await?;
        Ok(RoomMessage { message, hidden_at })
    }

    /// A page: one question to `chats`, one query.
    pub(super) async fn some(&self, command: PageMessages) -> Answer<Page<Message>> {
        self.may_read(&command.by, command.chat).await?;
        let rows = messages::page(&self.db.read().await?, &command).await?;
        Ok(Page::cut(rows, command.limit))
    }
}

/// Refuses what is outside of the room's time.
pub(super) fn shown(message: &Message, room: RoomView) -> Result<(), MessagesError> {
    let RoomView { stay: _, after_seq, upto_seq } = room;
    if message.seq > after_seq && upto_seq.is_none_or(|upto| message.seq <= upto) {
        Ok(())
    } else {
        Err(MessagesError::MessageNotFound)
    }
}
