//! Rooms: each participant's own view of a chat.

use contracts::chats::{ChatsError, DropRoom, GetRoom, ListRooms, Room, RoomKey};
use domain::{Page, TenantId};
use store::Conn;

use super::update::locked;
use super::{Chats, Outcome, rights};
use crate::store::{rooms, stays};

impl Chats {
    pub(super) async fn list_rooms(&self, cmd: ListRooms) -> Outcome<Page<Room>> {
        rights::own(&cmd.by, cmd.user)?;
        if !cmd.by.is(cmd.user) {
            self.check_living(cmd.by.tenant, &[cmd.user]).await?;
        }
        let mut conn = self.db.read().await?;
        let rows = rooms::page(&mut conn, cmd.by.tenant, cmd.user, cmd.before, cmd.limit).await?;
        Ok(Page::cut(rows, cmd.limit))
    }

    pub(super) async fn get_room(&self, cmd: GetRoom) -> Outcome<Room> {
        let room = room(&mut self.db.read().await?, cmd.by.tenant, cmd.key).await?;
        rights::own(&cmd.by, room.stay.user)?;
        Ok(room)
    }

    pub(super) async fn drop_a_room(&self, cmd: DropRoom) -> Outcome<Room> {
        let (tenant, key) = (cmd.by.tenant, RoomKey::Id(cmd.id));
        let found = self.get_room(GetRoom { by: cmd.by, key }).await?;
        if ended(&found) {
            return Ok(found);
        }
        let last = self.last_seq(tenant, found.chat.id).await?;

        let mut tx = self.db.begin().await?;
        locked(&mut tx, tenant, found.chat.id).await?;
        let found = room(&mut tx, tenant, key).await?;
        if ended(&found) {
            return Ok(found);
        }
        let stay = &found.stay;
        let at = self.clock.now().max(stay.joined_at);
        stays::drop_room(&mut tx, stay.id, at, last.max(stay.joined_seq)).await?;
        let found = room(&mut tx, tenant, key).await?;
        tx.commit().await?;
        Ok(found)
    }
}

/// Whether nothing can be added to the room any more.
fn ended(room: &Room) -> bool {
    room.stay.dropped_at.is_some() || room.stay.left_at.is_some() || room.chat.deleted_at.is_some()
}

async fn room(conn: &mut Conn, tenant: TenantId, key: RoomKey) -> Outcome<Room> {
    Ok(rooms::find(conn, tenant, key).await?.ok_or(ChatsError::RoomNotFound)?)
}
