//! What rooms show.

use contracts::MessagesApi as _;
use contracts::messages::{GetMessage, HideMessage, MessageCursor, MessageKey, MessagesError, PageMessages, RoomView};
use domain::{ParticipationId, Role, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES, at};

on_each_engine! {
    migrations = TREES;

    async fn a_room_shows_its_time_and_what_was_not_taken_out(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        let all = fx.posts(chat, 8).await;
        let room = RoomView { stay: ParticipationId::new(), after_seq: 2, upto_seq: Some(7) };
        let other = RoomView { stay: ParticipationId::new(), ..room };
        let page = async |room, cursor| {
            let wanted = PageMessages { room: Some(room), ..fx.page_of(chat, cursor, 3) };
            let page = fx.messages.page(wanted).await.unwrap();
            (page.items.iter().map(|m| m.seq).collect::<Vec<_>>(), page.more)
        };
        let get = async |seq: usize, room| {
            let key = MessageKey::Id(all[seq - 1].id);
            fx.messages.get(GetMessage { by: fx.ann(), key, room: Some(room) }).await
        };
        let hide = async |seq: usize, by| {
            fx.messages.hide(HideMessage { by, number: all[seq - 1].number, room }).await
        };

        assert_eq!(page(room, MessageCursor::Newest).await, (vec![7, 6, 5], true));
        fx.clock.set(at(500));
        let hidden = hide(6, fx.ann()).await.unwrap();
        assert_eq!((hidden.message.seq, hidden.hidden_at), (6, Some(at(500))));
        fx.clock.set(at(900));
        assert_eq!(hide(6, fx.ann()).await.unwrap(), hidden, "twice answers the same");
        assert_eq!(hide(8, fx.ann()).await, Err(MessagesError::MessageNotFound));
        assert_eq!(hide(7, fx.by(UserId::new(), Role::Agent)).await, Err(MessagesError::Forbidden));

        assert_eq!(page(room, MessageCursor::Newest).await, (vec![7, 5, 4], true));
        assert_eq!(page(room, MessageCursor::BeforeTime(all[4].created_at)).await, (vec![4, 3], false));
        assert_eq!(page(room, MessageCursor::AfterSeq(0)).await, (vec![3, 4, 5], true));
        assert_eq!(page(other, MessageCursor::Newest).await, (vec![7, 6, 5], true));

        assert_eq!(get(6, room).await.unwrap(), hidden);
        assert_eq!(get(6, other).await.unwrap().hidden_at, None);
        assert_eq!(get(2, room).await, Err(MessagesError::MessageNotFound));
        assert_eq!(get(8, room).await, Err(MessagesError::MessageNotFound));
        assert_eq!(get(8, RoomView { upto_seq: None, ..room }).await.unwrap().message, all[7]);
    }
}
