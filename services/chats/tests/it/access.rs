//! Who may write: asked for many at once.

use contracts::ChatsApi as _;
use contracts::chats::{Access, AccessAsked, ChatsError, CheckAccess, CreateChat, Existing};
use domain::{ChatId, TenantId, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES};

on_each_engine! {
    migrations = TREES;

    async fn answers_are_in_the_order_of_the_questions(db: Db) {
        let fx = Fixture::new(&db);
        let [ann, bob, owner] = fx.people();
        let draft = CreateChat { owner: Some(owner), ..fx.draft(&[ann, bob], Existing::Ignore) };
        let one = fx.chats.create(draft.clone()).await.unwrap().chat.id;
        let two = fx.chats.create(draft).await.unwrap().chat.id;
        fx.remove(one, bob).await.unwrap();
        let gone = fx.chat(&[ann], Existing::Ignore).await.id;
        fx.delete(gone).await;

        let ask = |chat: ChatId, user: Option<UserId>| AccessAsked { tenant: fx.tenant, chat, user };
        let foreign = AccessAsked { tenant: TenantId::new(), ..ask(two, Some(ann)) };
        let expected = [
            (ask(one, Some(ann)), Access::Participant { version: 2 }),
            (ask(one, Some(bob)), Access::Outsider { version: 2 }),
            (ask(two, Some(bob)), Access::Participant { version: 1 }),
            (ask(two, Some(owner)), Access::Owner { version: 1 }),
            (ask(one, Some(ann)), Access::Participant { version: 2 }),
            (ask(two, None), Access::Participant { version: 1 }),
            (ask(two, Some(UserId::new())), Access::Outsider { version: 1 }),
            (ask(gone, Some(ann)), Access::Deleted { participant: true }),
            (ask(gone, Some(bob)), Access::Deleted { participant: false }),
            (ask(ChatId::new(), Some(ann)), Access::Missing),
            (foreign, Access::Missing),
        ];
        let asked = expected.iter().map(|(asked, _)| *asked).collect();
        let answers = fx.chats.access(CheckAccess { asked }).await.unwrap();
        assert_eq!(answers, expected.map(|(_, answer)| answer));

        assert_eq!(fx.chats.access(CheckAccess { asked: vec![] }).await.unwrap(), []);
        let asked = vec![ask(one, Some(ann)); 1000];
        assert_eq!(fx.chats.access(CheckAccess { asked }).await.unwrap().len(), 1000);
        let asked = vec![ask(one, Some(ann)); 1001];
        assert!(matches!(fx.chats.access(CheckAccess { asked }).await, Err(ChatsError::Invalid(_))));
    }
}
