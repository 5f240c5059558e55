//! Read marks and last places.

use bus::schema::outbox;
use contracts::MessagesApi as _;
use contracts::messages::{Head, Heads, MarkRead, MessagesError, ReadMark, ReadMarks};
use diesel::prelude::*;
use domain::{ChatId, Principal, Role, TenantId, UserId};
use proto_events::{Event as _, MessagesRead};
use store::{Db, on_conn};
use store::{RunQueryDsl, testing::on_each_engine};

use crate::fixture::{Fixture, TREES};

async fn told(db: &Db) -> i64 {
    let conn = db.read().await.unwrap();
    let reads = outbox::table.filter(outbox::event_type.eq(MessagesRead::TYPE)).count();
    on_conn!(conn, |c| reads.get_result(c).await).unwrap()
}

on_each_engine! {
    migrations = TREES;

    async fn a_mark_only_moves_forward(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        let mark = async |upto_seq| {
            fx.messages.mark_read(MarkRead { by: fx.bob(), chat, upto_seq }).await.map(|mark| mark.seq)
        };
        assert_eq!(mark(None).await, Ok(0), "nothing was said");
        fx.posts(chat, 5).await;
        for (upto, seq, events) in
            [(Some(2), 2, 1), (Some(1), 2, 1), (Some(-3), 2, 1), (Some(4), 4, 2), (Some(99), 5, 3), (None, 5, 3)]
        {
            assert_eq!(mark(upto).await, Ok(seq), "{upto:?}");
            assert_eq!(told(&db).await, events, "{upto:?}");
        }
        let marks = ReadMarks { tenant: fx.tenant, chats: vec![chat, ChatId::new()] };
        assert_eq!(fx.messages.read_marks(marks.clone()).await, Ok(vec![ReadMark { chat, user: fx.bob, seq: 5 }]));
        let elsewhere = ReadMarks { tenant: TenantId::new(), ..marks };
        assert_eq!(fx.messages.read_marks(elsewhere).await, Ok(vec![]));

        let stranger = fx.by(UserId::new(), Role::Agent);
        let nobody = Principal { user: None, ..fx.manager() };
        for by in [stranger, nobody] {
            let refused = fx.messages.mark_read(MarkRead { by, chat, upto_seq: None }).await;
            assert_eq!(refused, Err(MessagesError::Forbidden));
        }
    }

    async fn marks_set_at_once_end_at_the_highest(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        fx.posts(chat, 30).await;
        let all: Vec<_> = (1..=30)
            .map(|seq| {
                let (messages, by) = (fx.messages.clone(), fx.bob());
                tokio::spawn(async move { messages.mark_read(MarkRead { by, chat, upto_seq: Some(seq) }).await })
            })
            .collect();
        for (asked, mark) in (1..).zip(all) {
            assert!(mark.await.unwrap().unwrap().seq >= asked);
        }
        let marks = fx.messages.read_marks(ReadMarks { tenant: fx.tenant, chats: vec![chat] }).await.unwrap();
        assert_eq!(marks, [ReadMark { chat, user: fx.bob, seq: 30 }]);
    }

    async fn last_places_come_in_the_order_of_asking(db: Db) {
        let fx = Fixture::new(&db);
        let (busy, quiet) = (fx.chat(), fx.chat());
        fx.posts(busy, 3).await;
        let chats = vec![quiet, busy, ChatId::new()];
        let heads = fx.messages.heads(Heads { tenant: fx.tenant, chats: chats.clone() }).await.unwrap();
        let expected: Vec<_> = chats.iter().zip([0, 3, 0]).map(|(&chat, last_seq)| Head { chat, last_seq }).collect();
        assert_eq!(heads, expected);
        let elsewhere = fx.messages.heads(Heads { tenant: TenantId::new(), chats: vec![busy] }).await.unwrap();
        assert_eq!(elsewhere, [Head { chat: busy, last_seq: 0 }]);
        let many = Heads { tenant: fx.tenant, chats: vec![busy; 1001] };
        assert!(matches!(fx.messages.heads(many).await, Err(MessagesError::Invalid(_))));
    }
}
