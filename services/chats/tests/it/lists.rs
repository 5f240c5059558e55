//! Lists of chats: whose, in which order, page by page.

use contracts::ChatsApi as _;
use contracts::chats::{Chat, ChatOrder, ChatScope, ChatsError, CreateChat, Existing, ListChats};
use domain::{ChatId, Limit};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES};

fn listing(fx: &Fixture, scope: ChatScope, order: ChatOrder) -> ListChats {
    ListChats { by: fx.manager(), scope, order, limit: Limit::clamped(100) }
}

/// All pages of three, one after the other.
async fn paged(fx: &Fixture, scope: ChatScope, first: ChatOrder, next: fn(&Chat) -> ChatOrder) -> Vec<ChatId> {
    let mut seen = Vec::new();
    let mut order = first;
    loop {
        let page = ListChats { limit: Limit::clamped(3), ..listing(fx, scope, order) };
        let page = fx.chats.list(page).await.unwrap();
        seen.extend(page.items.iter().map(|chat| chat.id));
        match page.items.last() {
            Some(last) if page.more => order = next(last),
            _ => return seen,
        }
    }
}

on_each_engine! {
    migrations = TREES;

    async fn pages_lose_nothing_although_the_clock_stands(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob, cleo] = fx.people();
        let mut made = Vec::new();
        for n in 0..9 {
            // Ann takes part in some, owns some, both in some.
            let people = if n % 3 == 0 { vec![bob, cleo] } else { vec![ann, bob] };
            let owner = (n % 3 != 1).then_some(ann);
            let draft = CreateChat { owner, ..fx.draft(&people, Existing::Ignore) };
            made.push(fx.chats.create(draft).await.unwrap().chat.id);
        }
        let gone = fx.chat(&[ann], Existing::Ignore).await;
        fx.delete(gone.id).await;

        let by_id = |chat: &Chat| ChatOrder::After(Some(chat.id));
        let by_time = |chat: &Chat| ChatOrder::Before(Some(chat.created_at));
        let newest_first: Vec<ChatId> = made.iter().rev().copied().collect();
        let takes_part: Vec<ChatId> = made.iter().enumerate().filter(|(n, _)| n % 3 != 0).map(|(_, id)| *id).collect();
        for scope in [ChatScope::Tenant, ChatScope::Of(ann)] {
            assert_eq!(paged(&fx, scope, ChatOrder::After(None), by_id).await, made);
            assert_eq!(paged(&fx, scope, ChatOrder::Before(None), by_time).await, newest_first);
        }
        assert_eq!(paged(&fx, ChatScope::With(ann), ChatOrder::After(None), by_id).await, takes_part);
        let all = fx.chats.list(listing(&fx, ChatScope::With(ann), ChatOrder::Active)).await.unwrap().items;
        assert!(all.iter().all(|chat| chat.participants.len() == 2 && chat.participant(ann).is_some()));
        fx.remove(takes_part[0], ann).await.unwrap();
        assert_eq!(paged(&fx, ChatScope::With(ann), ChatOrder::After(None), by_id).await, takes_part[1..]);
    }

    async fn lists_are_for_those_they_are_about(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob] = fx.people();
        fx.chat(&[ann, bob], Existing::Return).await;
        let by_ann = |scope| ListChats { by: fx.by(ann), ..listing(&fx, scope, ChatOrder::Active) };
        for scope in [ChatScope::Of(ann), ChatScope::With(ann)] {
            assert_eq!(fx.chats.list(by_ann(scope)).await.unwrap().items.len(), 1);
        }
        for scope in [ChatScope::Tenant, ChatScope::Of(bob), ChatScope::With(bob)] {
            assert_eq!(fx.chats.list(by_ann(scope)).await.unwrap_err(), ChatsError::Forbidden);
        }
        let other = Fixture::new(&db);
        assert!(other.chats.list(listing(&other, ChatScope::Tenant, ChatOrder::Active)).await.unwrap().items.is_empty());
    }
}
