//! Stays as whoever may read the chat sees them; and where a chat is.

use contracts::chats::{
    ChatsError, GetStay, ListStays, LocateChat, Located, Participant, ReadRoll, Roll, Room, RoomKey, Stay,
};
use domain::{ChatId, Page, Principal, UserId};

use super::rolls::Rolls;
use super::{Chats, Outcome, checks, rights};
use crate::store::rolls::{Asked, Rolled};
use crate::store::{chats, rooms, stays};

impl Chats {
    pub(super) async fn list_stays(&self, cmd: ListStays) -> Outcome<Page<Stay>> {
        checks::stays(cmd.chats.len(), cmd.users.as_ref().map_or(0, Vec::len))?;
        let conn = self.db.read().await?;
        let found = chats::by_ids(&conn, cmd.by.tenant, cmd.chats.clone()).await?;
        found.iter().try_for_each(|chat| rights::read(&cmd.by, chat))?;
        let ids: Vec<ChatId> = found.iter().map(|chat| chat.id).collect();
        let rows = stays::page(&conn, ids, &cmd).await?;
        Ok(Page::cut(rows, cmd.limit))
    }

    pub(super) async fn get_stay(&self, cmd: GetStay) -> Outcome<Room> {
        let found = rooms::find(&self.db.read().await?, cmd.by.tenant, RoomKey::Number(cmd.number)).await?;
        let room = found.ok_or(ChatsError::RoomNotFound)?;
        rights::read(&cmd.by, &room.chat)?;
        Ok(room)
    }

    pub(super) async fn read_roll(&self, cmd: ReadRoll) -> Outcome<Roll> {
        let ReadRoll { by, number, users } = cmd;
        checks::stays(1, users.as_ref().map_or(0, Vec::len))?;
        // The caller's own stays say whether they may read at all.
        let users = users.map(|users| users.into_iter().chain(by.user).collect());
        let found = self.rolls.find(Asked { tenant: by.tenant, number, users }).await?;
        let Rolled { chat, owner, stays } = found.ok_or(ChatsError::ChatNotFound)?;
        let page = Page::cut(stays, Rolls::limit());
        let here = |user| page.items.iter().any(|stay: &Participant| stay.user == user && stay.left_at.is_none());
        let takes_part = match by.user {
            Some(user) if page.more && !here(user) => self.takes_part(&by, chat, user).await?,
            user => user.is_some_and(here),
        };
        rights::read_as(&by, chat, takes_part, owner.is_some_and(|owner| by.is(owner)))?;
        let stays = page.items.into_iter().rev().collect();
        Ok(Roll { chat, number, stays, more: page.more })
    }

    /// For chats so large that a page does not say.
    async fn takes_part(&self, by: &Principal, chat: ChatId, user: UserId) -> Outcome<bool> {
        let chats = chats::by_ids(&self.db.read().await?, by.tenant, vec![chat]).await?;
        Ok(chats.first().is_some_and(|chat| chat.participant(user).is_some()))
    }

    pub(super) async fn locate_chat(&self, LocateChat { number }: LocateChat) -> Outcome<Option<Located>> {
        Ok(chats::locate(&self.db.read().await?, number).await?)
    }
}
