//! Who may do what.

use contracts::ChatsApi as _;
use contracts::chats::{
    AddParticipant, Chat, ChatKey, ChatsError, CreateChat, DeleteChat, Existing, GetChat, RemoveParticipant, UpdateChat,
};
use domain::{ChatId, Principal, Role, TenantId, UserId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{Fixture, TREES};

/// A chat owned by one who does not take part, made by another, with two in it; and somebody else.
struct Scene {
    fx: Fixture,
    chat: Chat,
    owner: UserId,
    creator: UserId,
    member: UserId,
    other: UserId,
    outsider: UserId,
}

impl Scene {
    async fn new(db: &Db) -> Self {
        let fx = Fixture::new(db);
        let [owner, creator, member, other, outsider] = fx.people();
        let by = fx.by(creator);
        let draft = CreateChat { by, owner: Some(owner), ..fx.draft(&[member, other], Existing::Ignore) };
        let chat = fx.chats.create(draft).await.unwrap().chat;
        Self { fx, chat, owner, creator, member, other, outsider }
    }

    async fn get(&self, by: Principal) -> Result<Chat, ChatsError> {
        self.fx.chats.get(GetChat { by, key: ChatKey::Id(self.chat.id) }).await
    }
    async fn update(&self, by: Principal) -> Result<Chat, ChatsError> {
        let detail = Some("x".into());
        let id = self.chat.id;
        let (title, owner, company, closed_at, idempotency) = (None, None, None, None, None);
        self.fx.chats.update(UpdateChat { by, id, title, detail, owner, company, closed_at, idempotency }).await
    }
    async fn add(&self, by: Principal, user: UserId) -> Result<Chat, ChatsError> {
        self.fx.chats.add(AddParticipant { by, chat: self.chat.id, user, idempotency: None }).await
    }
    async fn remove(&self, by: Principal, user: UserId) -> Result<Chat, ChatsError> {
        self.fx.chats.remove(RemoveParticipant { by, chat: self.chat.id, user }).await
    }
    async fn delete(&self, by: Principal) -> Result<Chat, ChatsError> {
        self.fx.chats.delete(DeleteChat { by, id: self.chat.id }).await
    }
}

fn forbidden<T: std::fmt::Debug>(outcome: Result<T, ChatsError>) {
    assert_eq!(outcome.unwrap_err(), ChatsError::Forbidden);
}

on_each_engine! {
    migrations = TREES;

    async fn reading_is_for_participants_the_owner_and_managers(db: Db) {
        let scene = Scene::new(&db).await;
        let fx = &scene.fx;
        for by in [fx.by(scene.member), fx.by(scene.owner), fx.manager()] {
            assert_eq!(scene.get(by.clone()).await.unwrap(), scene.chat);
            let key = ChatKey::Number(scene.chat.number);
            assert_eq!(fx.chats.get(GetChat { by, key }).await.unwrap(), scene.chat);
        }
        forbidden(scene.get(fx.by(scene.outsider)).await);
        forbidden(scene.get(fx.by(scene.creator)).await);
        let manager = Principal { role: Role::Manager, ..fx.by(scene.outsider) };
        scene.get(manager).await.unwrap();
        let foreign = Principal { tenant: TenantId::new(), ..fx.manager() };
        assert_eq!(scene.get(foreign).await.unwrap_err(), ChatsError::ChatNotFound);
        let nowhere = GetChat { by: fx.manager(), key: ChatKey::Id(ChatId::new()) };
        assert_eq!(fx.chats.get(nowhere).await.unwrap_err(), ChatsError::ChatNotFound);
    }

    async fn changing_is_for_the_owner_the_creator_and_managers(db: Db) {
        let scene = Scene::new(&db).await;
        let fx = &scene.fx;
        for by in [fx.by(scene.owner), fx.by(scene.creator), fx.manager()] {
            assert_eq!(scene.update(by).await.unwrap().detail, "x");
        }
        for user in [scene.member, scene.outsider] {
            forbidden(scene.update(fx.by(user)).await);
            forbidden(scene.delete(fx.by(user)).await);
        }
        let gone = scene.delete(fx.by(scene.creator)).await.unwrap();
        assert_eq!(scene.delete(fx.by(scene.owner)).await.unwrap(), gone);
        assert_eq!(scene.get(fx.by(scene.member)).await.unwrap(), gone);
    }

    async fn joining_is_for_participants_leaving_for_oneself(db: Db) {
        let scene = Scene::new(&db).await;
        let fx = &scene.fx;
        forbidden(scene.add(fx.by(scene.outsider), scene.outsider).await);
        forbidden(scene.add(fx.by(scene.creator), scene.outsider).await);
        scene.add(fx.by(scene.member), scene.outsider).await.unwrap();

        forbidden(scene.remove(fx.by(scene.member), scene.other).await);
        forbidden(scene.remove(fx.by(scene.creator), scene.other).await);
        scene.remove(fx.by(scene.member), scene.member).await.unwrap();
        scene.remove(fx.by(scene.owner), scene.other).await.unwrap();
        scene.remove(fx.manager(), scene.outsider).await.unwrap();
        let nobody = scene.remove(fx.manager(), scene.outsider).await;
        assert_eq!(nobody.unwrap_err(), ChatsError::NotParticipant);
    }

    async fn a_deleted_chat_does_not_change(db: Db) {
        let scene = Scene::new(&db).await;
        let fx = &scene.fx;
        let gone = scene.delete(fx.manager()).await.unwrap();
        for outcome in [
            scene.update(fx.manager()).await,
            scene.add(fx.manager(), scene.outsider).await,
            scene.remove(fx.manager(), scene.member).await,
        ] {
            assert_eq!(outcome.unwrap_err(), ChatsError::Deleted);
        }
        assert_eq!(scene.get(fx.manager()).await.unwrap(), gone);
    }
}
