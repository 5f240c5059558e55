//! Pages of messages.

use contracts::MessagesApi as _;
use contracts::messages::{DeleteMessage, MessageCursor, MessageKey, MessagesError, PageMessages, PostMessage};
use domain::{Role, UserId, Window};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES, at};

/// The places of a page, and whether there is more.
async fn page(fx: &Fixture, wanted: PageMessages) -> (Vec<i64>, bool) {
    let page = fx.messages.page(wanted).await.unwrap();
    (page.items.iter().map(|m| m.seq).collect(), page.more)
}

on_each_engine! {
    migrations = TREES;

    async fn pages_go_both_ways(db: Db) {
        use MessageCursor::{AfterSeq, BeforeSeq, Newest};
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        fx.posts(chat, 7).await;
        for (cursor, seqs, more) in [
            (Newest, vec![7, 6, 5], true),
            (BeforeSeq(5), vec![4, 3, 2], true),
            (BeforeSeq(4), vec![3, 2, 1], false),
            (BeforeSeq(1), vec![], false),
            (BeforeSeq(99), vec![7, 6, 5], true),
            (AfterSeq(0), vec![1, 2, 3], true),
            (AfterSeq(4), vec![5, 6, 7], false),
            (AfterSeq(7), vec![], false),
        ] {
            assert_eq!(page(&fx, fx.page_of(chat, cursor, 3)).await, (seqs, more), "{cursor:?}");
        }
        assert_eq!(page(&fx, fx.page_of(fx.chat(), Newest, 3)).await, (vec![], false));
    }

    async fn pages_start_below_any_number(db: Db) {
        let fx = Fixture::new(&db);
        let (chat, other) = (fx.chat(), fx.chat());
        let mut own = Vec::new();
        let mut foreign = Vec::new();
        for _ in 0..9 {
            own.push(fx.post(chat, "own").await.number);
            foreign.push(fx.post(other, "foreign").await.number);
        }
        let mut wanted = own.clone();
        wanted.extend(&foreign);
        wanted.extend([i64::MIN, 0, own[0] - 1, i64::MAX]);
        for number in wanted {
            let below = own.iter().filter(|n| **n < number).count();
            let expected: Vec<i64> = (1..).take(below).collect::<Vec<_>>().into_iter().rev().take(4).collect();
            let read = page(&fx, fx.page_of(chat, MessageCursor::BeforeNumber(number), 4)).await;
            assert_eq!(read, (expected, below > 4), "before {number} of {own:?}");
        }
        assert_eq!(page(&fx, fx.page_of(fx.chat(), MessageCursor::BeforeNumber(5), 4)).await, (vec![], false));
    }

    async fn pages_start_before_a_moment(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        for micros in [10, 20, 30, 1_000_000, 2_000_000] {
            fx.clock.set(at(micros));
            fx.post(chat, "hi").await;
        }
        for (micros, seqs) in
            [(10, vec![]), (11, vec![1]), (30, vec![2, 1]), (1_000_000, vec![3, 2]), (9_000_000, vec![5, 4])]
        {
            let read = page(&fx, fx.page_of(chat, MessageCursor::BeforeTime(at(micros)), 2)).await;
            assert_eq!(read.0, seqs, "before {micros}");
        }
    }

    async fn deleted_messages_leave_pages_but_for_their_places(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        let all = fx.posts(chat, 5).await;
        for gone in [1, 3] {
            fx.messages.delete(DeleteMessage { by: fx.ann(), key: MessageKey::Id(all[gone].id) }).await.unwrap();
        }
        let wanted = fx.page_of(chat, MessageCursor::Newest, 3);
        assert_eq!(page(&fx, wanted.clone()).await, (vec![5, 3, 1], false));
        assert_eq!(page(&fx, PageMessages { tombstones: true, ..wanted }).await, (vec![5, 4, 3], true));
    }

    async fn who_may_read(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        let message = fx.post(chat, "hi").await;
        let owner = UserId::new();
        fx.chats.change(chat, |c| c.owner = Some(owner));
        let read = async |by: domain::Principal| {
            let wanted = PageMessages { by: by.clone(), ..fx.page_of(chat, MessageCursor::Newest, 5) };
            let page = fx.messages.page(wanted).await.map(|page| page.items.len());
            let get = contracts::messages::GetMessage { by, key: MessageKey::Number(message.number), room: None };
            let got = fx.messages.get(get).await.map(|got| got.message == message);
            (page, got)
        };
        let allowed = (Ok(1), Ok(true));
        let forbidden = (Err(MessagesError::Forbidden), Err(MessagesError::Forbidden));
        let nowhere = (Err(MessagesError::ChatNotFound), Err(MessagesError::MessageNotFound));
        let stranger = fx.by(UserId::new(), Role::Agent);
        let nobody = domain::Principal { user: None, ..stranger.clone() };
        let elsewhere = domain::Principal { tenant: domain::TenantId::new(), ..fx.manager() };
        for deleted in [false, true] {
            fx.chats.change(chat, |c| c.deleted = deleted);
            assert_eq!(read(fx.bob()).await, allowed);
            assert_eq!(read(fx.by(owner, Role::Agent)).await, allowed);
            assert_eq!(read(fx.manager()).await, allowed);
            assert_eq!(read(domain::Principal { user: None, ..fx.manager() }).await, allowed);
            assert_eq!(read(stranger.clone()).await, forbidden);
            assert_eq!(read(nobody.clone()).await, forbidden);
            assert_eq!(read(elsewhere.clone()).await, nowhere);
        }
        // Whoever left reads nothing any more.
        fx.chats.change(chat, |c| {
            c.deleted = false;
            c.participants.retain(|p| *p != fx.bob);
        });
        assert_eq!(read(fx.bob()).await, forbidden);
    }

    async fn numbered_pages_skip_what_was_deleted(db: Db) {
        let fx = Fixture::new(&db);
        let chat = fx.chat();
        for n in 0..6 {
            fx.clock.set(at(n * 10));
            fx.post(chat, "x").await;
        }
        let third = fx.messages.page(fx.page_of(chat, MessageCursor::AfterSeq(2), 1)).await.unwrap().items[0].id;
        fx.messages.delete(DeleteMessage { by: fx.ann(), key: MessageKey::Id(third) }).await.unwrap();
        let window = Window::default();
        let read = |window| page(&fx, fx.page_of(chat, MessageCursor::Numbered(window), 2));
        assert_eq!(read(window).await, (vec![1, 2], true));
        assert_eq!(read(Window { skip: 2, ..window }).await, (vec![4, 5], true));
        assert_eq!(read(Window { skip: 4, ..window }).await, (vec![6], false));
        assert_eq!(read(Window { skip: 9, ..window }).await, (vec![], false));
        assert_eq!(read(Window { latest: true, ..window }).await, (vec![6, 5], true));
        let between = Window { from: Some(at(10)), until: Some(at(40)), ..window };
        assert_eq!(read(between).await, (vec![2, 4], false));
    }

    /// A credential for one chat reads and writes there as a participant, and nowhere else.
    async fn a_credential_for_one_chat_stays_in_it(db: Db) {
        let fx = Fixture::new(&db);
        let (here, there) = (fx.chat(), fx.chat());
        let elsewhere = fx.post(there, "x").await;
        let visitor = domain::Principal { chat: Some(here), role: Role::Admin, ..fx.ann() };
        let says = |chat, author| PostMessage { by: visitor.clone(), author: Some(author), ..fx.says(chat, "hi") };
        fx.messages.post(says(here, fx.ann)).await.unwrap();
        let bobs = PostMessage { by: fx.bob(), author: Some(fx.bob), ..fx.says(here, "bob") };
        let bobs = fx.messages.post(bobs).await.unwrap();
        assert_eq!(fx.messages.post(says(here, fx.bob)).await.unwrap_err(), MessagesError::Forbidden, "no manager here");
        assert_eq!(fx.messages.post(says(there, fx.ann)).await.unwrap_err(), MessagesError::Forbidden);
        let delete = |key| fx.messages.delete(DeleteMessage { by: visitor.clone(), key: MessageKey::Id(key) });
        assert_eq!(delete(bobs.id).await.unwrap_err(), MessagesError::Forbidden);
        assert_eq!(delete(elsewhere.id).await.unwrap_err(), MessagesError::Forbidden);
        let read = |chat| PageMessages { by: visitor.clone(), ..fx.page_of(chat, MessageCursor::Newest, 5) };
        assert_eq!(page(&fx, read(here)).await.0, [2, 1]);
        assert_eq!(fx.messages.page(read(there)).await.unwrap_err(), MessagesError::Forbidden);
    }
}
