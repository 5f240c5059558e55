//! Rooms: listed newest joining first, dropped, read after their end.

use contracts::ChatsApi as _;
use contracts::chats::{ChatsError, DropRoom, Existing, GetRoom, ListRooms, RoomKey};
use domain::{Limit, ParticipationId, Principal, TenantId, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES};

fn listing(fx: &Fixture, user: UserId) -> ListRooms {
    ListRooms { by: fx.by(user), user, before: None, limit: Limit::clamped(50) }
}

on_each_engine! {
    migrations = TREES;

    async fn pages_lose_nothing_although_the_clock_stands(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob] = fx.people();
        let mut made = Vec::new();
        for _ in 0..7 {
            made.insert(0, fx.chat(&[ann, bob], Existing::Ignore).await);
        }
        let mut seen = Vec::new();
        let mut before = None;
        loop {
            let page = ListRooms { before, limit: Limit::clamped(3), ..listing(&fx, ann) };
            let page = fx.chats.rooms(page).await.unwrap();
            before = page.items.last().map(|room| room.stay.joined_at);
            let more = page.more;
            seen.extend(page.items);
            if !more {
                break;
            }
        }
        assert_eq!(seen.iter().map(|room| &room.chat).collect::<Vec<_>>(), made.iter().collect::<Vec<_>>());
        assert!(seen.iter().all(|room| room.stay.user == ann));
    }

    async fn rooms_end(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob] = fx.people();
        let mut chats = Vec::new();
        for _ in 0..4 {
            chats.push(fx.chat(&[ann, bob], Existing::Ignore).await);
        }
        let stays: Vec<ParticipationId> = chats.iter().map(|c| c.participant(ann).unwrap().id).collect();
        fx.messages.said(chats[0].id, 4);
        let drop = |id| fx.chats.drop_room(DropRoom { by: fx.by(ann), id });
        let dropped = drop(stays[0]).await.unwrap();
        assert_eq!((dropped.stay.left_seq, dropped.stay.dropped_at.is_some()), (Some(4), true));
        assert_eq!(dropped.chat.participants.len(), 2, "they stay in the chat");
        fx.messages.said(chats[0].id, 6);
        assert_eq!(drop(stays[0]).await.unwrap(), dropped);
        fx.remove(chats[1].id, ann).await.unwrap();
        fx.delete(chats[2].id).await;

        let left = fx.chats.rooms(listing(&fx, ann)).await.unwrap();
        assert_eq!(left.items.iter().map(|r| r.stay.id).collect::<Vec<_>>(), [stays[3]]);
        assert_eq!(fx.chats.rooms(listing(&fx, bob)).await.unwrap().items.len(), 3);
        for id in stays {
            fx.chats.room(GetRoom { by: fx.by(ann), key: RoomKey::Id(id) }).await.unwrap();
        }
    }

    async fn rooms_are_their_users_and_managers(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob] = fx.people();
        let chat = fx.chat(&[ann, bob], Existing::Ignore).await;
        let stay = chat.participant(ann).unwrap();
        let get = |by: Principal| fx.chats.room(GetRoom { by, key: RoomKey::Id(stay.id) });
        assert_eq!(get(fx.by(bob)).await.unwrap_err(), ChatsError::Forbidden);
        assert_eq!(&get(fx.manager()).await.unwrap().stay, stay);
        let foreign = Principal { tenant: TenantId::new(), ..fx.manager() };
        assert_eq!(get(foreign).await.unwrap_err(), ChatsError::RoomNotFound);
        let theirs = DropRoom { by: fx.by(bob), id: stay.id };
        assert_eq!(fx.chats.drop_room(theirs).await.unwrap_err(), ChatsError::Forbidden);

        let anns = |by| ListRooms { by, ..listing(&fx, ann) };
        assert_eq!(fx.chats.rooms(anns(fx.by(bob))).await.unwrap_err(), ChatsError::Forbidden);
        assert_eq!(fx.chats.rooms(anns(fx.manager())).await.unwrap().items.len(), 1);
        let nobody = UserId::new();
        let nobodys = ListRooms { by: fx.manager(), ..listing(&fx, nobody) };
        assert_eq!(fx.chats.rooms(nobodys).await.unwrap_err(), ChatsError::UserNotFound(nobody));
    }
}
