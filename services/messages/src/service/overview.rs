//! How many chats stand for one user, and numbers of what is never stored.

use std::collections::HashMap;

use contracts::Invalid;
use contracts::messages::{ChatOverview, Message, MessagesError, Overview, TakeNumber};
use domain::ChatId;

use super::{Answer, Messages};
use crate::append::Asker;
use crate::rules;
use crate::store::{heads, overview};

/// Chats asked for at once.
const CHATS: usize = 1000;
/// Authors asked for at once.
const AUTHORS: usize = 10_000;

impl Messages {
    pub(super) async fn look_over(&self, command: Overview) -> Answer<Vec<ChatOverview>> {
        let Overview { tenant, reader, chats } = command;
        if chats.len() > CHATS || chats.iter().map(|asked| asked.authors.len()).sum::<usize>() > AUTHORS {
            let problem = format!("has more than {CHATS} entries, or {AUTHORS} authors");
            return Err(MessagesError::from(Invalid::new("chats", problem)).into());
        }
        let order: Vec<ChatId> = chats.iter().map(|asked| asked.chat).collect();
        let overview::Stood { chats, last } = overview::of(&self.db.read().await?, tenant, reader, chats).await?;
        let stood: HashMap<ChatId, (i64, bool)> =
            chats.into_iter().map(|(chat, seq, unread)| (chat, (seq, unread))).collect();
        let mut words = HashMap::<ChatId, Vec<Message>>::new();
        for message in last {
            words.entry(message.chat).or_default().push(message);
        }
        let one = |chat: ChatId| {
            let (last_seq, unread) = stood.get(&chat).copied().unwrap_or_default();
            ChatOverview { chat, last_seq, unread, last: words.remove(&chat).unwrap_or_default() }
        };
        Ok(order.into_iter().map(one).collect())
    }

    pub(super) async fn draw_number(&self, command: TakeNumber) -> Answer<i64> {
        let TakeNumber { by, chat } = command;
        let user = by.user.filter(|_| by.scopes.write && by.reaches(chat)).ok_or(MessagesError::Forbidden)?;
        let answer = rules::access(&*self.chats, by.tenant, chat, user).await?;
        // A manager who does not take part types nothing.
        rules::may_post(Asker { user: Some(user), manages: false }, Some(user), answer.as_ref())?;
        let mut tx = self.db.begin().await?;
        let number = heads::draw_number(&mut tx).await?;
        tx.commit().await?;
        Ok(number)
    }
}
