//! Stays, numbered pages, companies of chats, and credentials for one chat.

use contracts::ChatsApi as _;
use contracts::chats::{
    AddParticipant, Chat, ChatKey, ChatOrder, ChatScope, ChatsError, CreateChat, Existing, GetChat, GetStay, ListChats,
    ListRooms, ListStays, LocateChat, Located, ReadRoll, RemoveParticipant, UpdateChat,
};
use domain::{ChatId, CompanyId, Limit, Principal, Role, Surface, TenantId, UserId, Window};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES, at};

fn wanted(by: Principal, chat: ChatId) -> ListStays {
    ListStays { by, chats: vec![chat], users: None, window: Window::default(), limit: Limit::clamped(10) }
}

/// Who stayed, and whether they left.
async fn stays(fx: &Fixture, wanted: ListStays) -> Result<Vec<(UserId, bool)>, ChatsError> {
    let page = fx.chats.stays(wanted).await?;
    Ok(page.items.iter().map(|stay| (stay.stay.user, stay.stay.left_at.is_some())).collect())
}

fn numbered(by: Principal, scope: ChatScope, window: Window) -> ListChats {
    ListChats { by, scope, order: ChatOrder::Numbered(window), limit: Limit::clamped(2) }
}

async fn ids(fx: &Fixture, wanted: ListChats) -> (Vec<ChatId>, bool) {
    let page = fx.chats.list(wanted).await.unwrap();
    (page.items.iter().map(|chat| chat.id).collect(), page.more)
}

fn update(by: Principal, chat: &Chat) -> UpdateChat {
    let (title, detail, owner, company, closed_at) = (None, None, None, None, None);
    UpdateChat { by, id: chat.id, title, detail, owner, company, closed_at, idempotency: None }
}

on_each_engine! {
    migrations = TREES;

    async fn past_stays_are_listed_too(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob, cleo] = fx.people();
        let chat = fx.chat(&[ann, bob], Existing::Ignore).await;
        fx.remove(chat.id, ann).await.unwrap();
        fx.add(chat.id, ann).await.unwrap();
        let all = vec![(ann, true), (bob, false), (ann, false)];
        assert_eq!(stays(&fx, wanted(fx.by(bob), chat.id)).await.unwrap(), all);
        assert_eq!(stays(&fx, wanted(fx.manager(), chat.id)).await.unwrap(), all);
        assert_eq!(stays(&fx, wanted(fx.by(cleo), chat.id)).await.unwrap_err(), ChatsError::Forbidden);
        let only = ListStays { users: Some(vec![ann]), ..wanted(fx.by(bob), chat.id) };
        assert_eq!(stays(&fx, only).await.unwrap(), [(ann, true), (ann, false)]);
        let window = Window { skip: 1, latest: true, ..Window::default() };
        let second = ListStays { window, limit: Limit::clamped(1), ..wanted(fx.by(bob), chat.id) };
        assert_eq!(stays(&fx, second).await.unwrap(), [(bob, false)]);
        let foreign = Principal { tenant: TenantId::new(), ..fx.manager() };
        assert_eq!(stays(&fx, wanted(foreign.clone(), chat.id)).await.unwrap(), []);

        let number = fx.get(chat.id).await.participant(ann).unwrap().number;
        let one = |by: Principal| fx.chats.stay(GetStay { by, number });
        assert_eq!(one(fx.by(bob)).await.unwrap().stay.user, ann);
        assert_eq!(one(fx.by(cleo)).await.unwrap_err(), ChatsError::Forbidden);
        assert_eq!(one(foreign).await.unwrap_err(), ChatsError::RoomNotFound);
    }

    async fn the_roll_is_for_those_who_may_read(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob, cleo, dan] = fx.people();
        let draft = CreateChat { owner: Some(dan), ..fx.draft(&[ann, bob], Existing::Ignore) };
        let chat = fx.chats.create(draft).await.unwrap().chat;
        fx.remove(chat.id, ann).await.unwrap();
        let roll = async |by: Principal, users: Option<Vec<UserId>>| {
            let roll = fx.chats.roll(ReadRoll { by, number: chat.number, users }).await?;
            Ok::<_, ChatsError>(roll.stays.iter().map(|stay| (stay.user, stay.left_at.is_some())).collect::<Vec<_>>())
        };
        let all = vec![(ann, true), (bob, false)];
        for by in [fx.by(bob), fx.by(dan), fx.manager()] {
            assert_eq!(roll(by, None).await.unwrap(), all);
        }
        assert_eq!(roll(fx.by(bob), Some(vec![ann])).await.unwrap(), all, "and the caller");
        assert_eq!(roll(fx.manager(), Some(vec![ann])).await.unwrap(), [(ann, true)]);
        for by in [fx.by(ann), fx.by(cleo)] {
            assert_eq!(roll(by, None).await.unwrap_err(), ChatsError::Forbidden);
        }
        let let_in = |user, chat| Principal::let_in(fx.tenant, user, chat, Surface::Connectnow);
        assert_eq!(roll(let_in(bob, chat.id), Some(vec![])).await.unwrap(), [(bob, false)]);
        for by in [let_in(bob, ChatId::new()), let_in(dan, chat.id), let_in(ann, chat.id)] {
            assert_eq!(roll(by, None).await.unwrap_err(), ChatsError::Forbidden);
        }
        let foreign = Principal { tenant: TenantId::new(), ..fx.manager() };
        assert_eq!(roll(foreign, None).await.unwrap_err(), ChatsError::ChatNotFound);
        fx.delete(chat.id).await;
        assert_eq!(roll(fx.manager(), None).await.unwrap_err(), ChatsError::ChatNotFound);
    }

    async fn numbered_pages_of_chats(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob] = fx.people();
        let mut made = Vec::new();
        for n in 0..4 {
            fx.clock.set(at(n * 10));
            // Ann takes part in the even ones and owns the last.
            let people = if n % 2 == 0 { vec![ann, bob] } else { vec![bob] };
            let owner = Some(if n == 3 { ann } else { bob });
            let draft = CreateChat { owner, ..fx.draft(&people, Existing::Ignore) };
            made.push(fx.chats.create(draft).await.unwrap().chat.id);
        }
        let window = Window::default();
        let all = |window| ids(&fx, numbered(fx.manager(), ChatScope::Tenant, window));
        assert_eq!(all(window).await, (vec![made[0], made[1]], true));
        assert_eq!(all(Window { skip: 2, ..window }).await, (vec![made[2], made[3]], false));
        assert_eq!(all(Window { latest: true, ..window }).await, (vec![made[3], made[2]], true));
        let between = Window { from: Some(at(10)), until: Some(at(30)), ..window };
        assert_eq!(all(between).await, (vec![made[1], made[2]], false));
        let hers = |window| ids(&fx, numbered(fx.by(ann), ChatScope::Of(ann), window));
        assert_eq!(hers(window).await, (vec![made[0], made[2]], true));
        assert_eq!(hers(Window { skip: 2, ..window }).await, (vec![made[3]], false));
    }

    async fn a_chat_may_begin_empty_and_be_about_a_company(db: Db) {
        let fx = Fixture::new(&db);
        let [ann] = fx.people();
        let company = fx.users.add_company(fx.tenant);
        let draft = CreateChat { by: fx.by(ann), owner: Some(ann), company: Some(company), ..fx.draft(&[], Existing::Ignore) };
        let chat = fx.chats.create(draft.clone()).await.unwrap().chat;
        assert_eq!((chat.company, chat.participants.len(), chat.closed_at), (Some(company), 0, None));
        let foreign = fx.users.add_company(TenantId::new());
        for missing in [foreign, CompanyId::new()] {
            let refused = CreateChat { company: Some(missing), ..draft.clone() };
            assert_eq!(fx.chats.create(refused).await.unwrap_err(), ChatsError::CompanyNotFound);
            let refused = UpdateChat { company: Some(Some(missing)), ..update(fx.by(ann), &chat) };
            assert_eq!(fx.chats.update(refused).await.unwrap_err(), ChatsError::CompanyNotFound);
        }
        let closed = UpdateChat { closed_at: Some(Some(at(7))), company: Some(None), ..update(fx.by(ann), &chat) };
        let closed = fx.chats.update(closed).await.unwrap();
        assert_eq!((closed.closed_at, closed.company), (Some(at(7)), None));
        let open = UpdateChat { closed_at: Some(None), ..update(fx.by(ann), &chat) };
        assert_eq!(fx.chats.update(open).await.unwrap().closed_at, None);
    }

    /// Whoever the chat has let in is themselves in it, and nothing anywhere else, whatever their role.
    async fn a_credential_for_one_chat_reaches_nothing_else(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob] = fx.people();
        let owned = |people: &[UserId]| CreateChat { owner: Some(ann), ..fx.draft(people, Existing::Ignore) };
        let here = fx.chats.create(owned(&[bob])).await.unwrap().chat;
        let there = fx.chats.create(owned(&[ann, bob])).await.unwrap().chat;
        let let_in = Principal::let_in(fx.tenant, ann, here.id, Surface::Connectnow);
        let visitor = Principal { role: Role::Admin, ..let_in };
        let get = |chat: &Chat| fx.chats.get(GetChat { by: visitor.clone(), key: ChatKey::Id(chat.id) });
        assert_eq!(get(&here).await.unwrap_err(), ChatsError::Forbidden, "the owner, but not in it yet");
        let add = |chat: ChatId, user| fx.chats.add(AddParticipant { by: visitor.clone(), chat, user, idempotency: None });
        assert_eq!(add(there.id, ann).await.unwrap_err(), ChatsError::Forbidden);
        assert_eq!(add(here.id, bob).await.unwrap_err(), ChatsError::Forbidden);
        add(here.id, ann).await.unwrap();
        get(&here).await.unwrap();
        assert_eq!(get(&there).await.unwrap_err(), ChatsError::Forbidden, "in it, but with another credential");

        assert_eq!(fx.chats.update(update(visitor.clone(), &here)).await.unwrap_err(), ChatsError::Forbidden);
        assert_eq!(fx.chats.create(CreateChat { by: visitor.clone(), ..owned(&[ann]) }).await.unwrap_err(), ChatsError::Forbidden);
        let list = numbered(visitor.clone(), ChatScope::Of(ann), Window::default());
        assert_eq!(fx.chats.list(list).await.unwrap_err(), ChatsError::Forbidden);
        let rooms = ListRooms { by: visitor.clone(), user: ann, before: None, limit: Limit::clamped(5) };
        assert_eq!(fx.chats.rooms(rooms).await.unwrap_err(), ChatsError::Forbidden);
        let remove = |chat: ChatId, user| fx.chats.remove(RemoveParticipant { by: visitor.clone(), chat, user });
        assert_eq!(remove(here.id, bob).await.unwrap_err(), ChatsError::Forbidden);
        assert_eq!(remove(there.id, ann).await.unwrap_err(), ChatsError::Forbidden);
        remove(here.id, ann).await.unwrap();
        assert_eq!(get(&here).await.unwrap_err(), ChatsError::Forbidden, "gone");
    }

    async fn a_number_leads_to_a_living_chat(db: Db) {
        let fx = Fixture::new(&db);
        let [ann] = fx.people();
        let chat = fx.chat(&[ann], Existing::Ignore).await;
        let locate = |number| fx.chats.locate(LocateChat { number });
        assert_eq!(locate(chat.number).await.unwrap(), Some(Located { tenant: fx.tenant, id: chat.id }));
        assert_eq!(locate(chat.number + 1).await.unwrap(), None);
        fx.delete(chat.id).await;
        assert_eq!(locate(chat.number).await.unwrap(), None);
    }
}
