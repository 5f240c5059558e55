//! Read marks and last places.

use contracts::Invalid;
use contracts::messages::{Head, Heads, MarkRead, MessagesError, ReadMark, ReadMarks};
use domain::ChatId;
use proto_events::MessagesRead;

use super::{Answer, Messages};
use crate::store::{heads, reads};

/// Chats asked for at once.
const CHATS: usize = 1000;

impl Messages {
    /// Moves the caller's mark forward, never behind the last message.
    pub(super) async fn mark(&self, command: MarkRead) -> Answer<ReadMark> {
        let MarkRead { by, chat, upto_seq } = command;
        let user = by.user.ok_or(MessagesError::Forbidden)?;
        self.may_read(&by, chat).await?;
        let (last, read) = {
            let conn = self.db.read().await?;
            (heads::last_seq(&conn, by.tenant, chat).await?, reads::get(&conn, chat, user).await?)
        };
        let seq = upto_seq.map_or(last, |upto| upto.min(last));
        if seq <= read {
            return Ok(ReadMark { chat, user, seq: read });
        }
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        heads::lock(&mut tx, chat).await?;
        if !reads::advance(&mut tx, chat, user, seq, now).await? {
            // Another request was faster.
            let seq = reads::get(&tx, chat, user).await?;
            return Ok(ReadMark { chat, user, seq });
        }
        self.outbox.append(&tx, &MessagesRead { tenant: by.tenant, chat, user, seq }, now).await?;
        tx.commit().await?;
        self.outbox.wake();
        Ok(ReadMark { chat, user, seq })
    }

    pub(super) async fn marks(&self, command: ReadMarks) -> Answer<Vec<ReadMark>> {
        few(&command.chats)?;
        Ok(reads::of_chats(&self.db.read().await?, command.tenant, &command.chats).await?)
    }

    /// The last place of each chat, in the order of asking.
    pub(super) async fn last_places(&self, command: Heads) -> Answer<Vec<Head>> {
        few(&command.chats)?;
        let known = heads::last_seqs(&self.db.read().await?, command.tenant, &command.chats).await?;
        let last = |chat: ChatId| known.iter().find(|(known, _)| *known == chat).map_or(0, |(_, seq)| *seq);
        Ok(command.chats.into_iter().map(|chat| Head { chat, last_seq: last(chat) }).collect())
    }
}

fn few(chats: &[ChatId]) -> Result<(), MessagesError> {
    if chats.len() > CHATS {
        return Err(Invalid::new("chats", format!("has more than {CHATS} entries")).into());
    }
    Ok(())
}
