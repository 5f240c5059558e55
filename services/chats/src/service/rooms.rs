//! Rooms: each participant's own view of a chat.

use bus::Outbox;
use contracts::chats::{Chat, ChatsError, DropRoom, GetRoom, ListRooms, Participant, Room, RoomKey};
use domain::{Page, TenantId, Timestamp};
use proto_events::ParticipantChanged;
use store::{Conn, Tx};

use super::update::locked;
use super::{Chats, Outcome, rights};
use crate::store::{rooms, stays};

impl Chats {
    pub(super) async fn list_rooms(&self, cmd: ListRooms) -> Outcome<Page<Room>> {
        rights::own(&cmd.by, cmd.user)?;
        if !cmd.by.is(cmd.user) {
            self.check_living(cmd.by.tenant, &[cmd.user]).await?;
        }
        let conn = self.db.read().await?;
        let rows = rooms::page(&conn, cmd.by.tenant, cmd.user, cmd.before, cmd.limit).await?;
        Ok(Page::cut(rows, cmd.limit))
    }

    pub(super) async fn get_room(&self, cmd: GetRoom) -> Outcome<Room> {
        let room = room(&self.db.read().await?, cmd.by.tenant, cmd.key).await?;
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
        let found = room(&tx, tenant, key).await?;
        if ended(&found) {
            return Ok(found);
        }
        let stay = &found.stay;
        let at = self.clock.now().max(stay.joined_at);
        stays::drop_room(&mut tx, stay.id, at, last.max(stay.joined_seq)).await?;
        let found = room(&tx, tenant, key).await?;
        tell_view(&self.outbox, &mut tx, &found.chat, &found.stay, at).await?;
        tx.commit().await?;
        self.outbox.wake();
        Ok(found)
    }
}

/// Tells that somebody's own view of a chat changed.
pub(super) async fn tell_view(
    outbox: &Outbox,
    tx: &mut Tx,
    chat: &Chat,
    stay: &Participant,
    at: Timestamp,
) -> Outcome<()> {
    let (tenant, chat, user, participation) = (chat.tenant, chat.id, stay.user, stay.id);
    let event = ParticipantChanged { tenant, chat, user, participation, dropped: stay.dropped_at.is_some() };
    outbox.append(tx, &event, at).await?;
    Ok(())
}

/// Whether nothing can be added to the room any more.
fn ended(room: &Room) -> bool {
    room.stay.dropped_at.is_some() || room.stay.left_at.is_some() || room.chat.deleted_at.is_some()
}

async fn room(conn: &Conn, tenant: TenantId, key: RoomKey) -> Outcome<Room> {
    Ok(rooms::find(conn, tenant, key).await?.ok_or(ChatsError::RoomNotFound)?)
}
