//! Interactions, many at a time.

use contracts::BotsApi as _;
use contracts::bots::{Interaction, InteractionsOf, ListInteractions};
use domain::{ChatId, InteractionId, InteractionState, Limit, Principal, Surface, TenantId};
use store::Db;
use store::testing::on_each_engine;

use crate::fixture::{BOT, Fixture, TREES};

fn all(fx: &Fixture) -> ListInteractions {
    let limit = Limit::clamped(10);
    ListInteractions { by: fx.by(), hash: None, state: None, chat: None, after: None, limit }
}

async fn ids(fx: &Fixture, list: ListInteractions) -> Vec<InteractionId> {
    fx.bots.interactions(list).await.unwrap().items.iter().map(|one| one.id).collect()
}

on_each_engine! {
    migrations = TREES;

    async fn filters_and_cursors(db: Db) {
        let fx = Fixture::start(&db);
        let (sales, queue) = (fx.department("Sales", Some(BOT), &[]).await, fx.department("Queue", None, &[]).await);
        let with_bot: Vec<Interaction> = [fx.begin(&sales).await, fx.begin(&sales).await].into();
        let waiting = fx.begin(&queue).await;
        assert_eq!(ids(&fx, all(&fx)).await, [with_bot[0].id, with_bot[1].id, waiting.id]);

        let page = fx.bots.interactions(ListInteractions { limit: Limit::clamped(2), ..all(&fx) }).await.unwrap();
        assert_eq!((page.items.len(), page.more), (2, true));
        let rest = ListInteractions { after: Some(with_bot[1].id), ..all(&fx) };
        assert_eq!(ids(&fx, rest).await, [waiting.id]);
        let state = ListInteractions { state: Some(InteractionState::Queued), ..all(&fx) };
        assert_eq!(ids(&fx, state.clone()).await, [waiting.id]);
        assert_eq!(fx.bots.interactions(state).await.unwrap().items[0].position, Some(1));
        let chat = ListInteractions { chat: Some(with_bot[1].chat), ..all(&fx) };
        assert_eq!(ids(&fx, chat).await, [with_bot[1].id]);
        let hash = ListInteractions { hash: Some(waiting.hash()), ..all(&fx) };
        assert_eq!(ids(&fx, hash).await, [waiting.id]);
        for none in ["x".to_owned(), waiting.hash().to_uppercase(), InteractionId::new().to_string()] {
            assert!(ids(&fx, ListInteractions { hash: Some(none), ..all(&fx) }).await.is_empty());
        }
        let by = Principal::service(TenantId::new(), Surface::Operator);
        assert!(ids(&fx, ListInteractions { by, ..all(&fx) }).await.is_empty());
    }

    async fn the_latest_of_each_chat(db: Db) {
        let fx = Fixture::start(&db);
        let sales = fx.department("Sales", Some(BOT), &[]).await;
        let (one, other) = (fx.begin(&sales).await, fx.begin(&sales).await);
        fx.finish(&one, contracts::bots::End::Bot).await.unwrap();
        fx.talk.say(one.chat, one.customer.unwrap(), "again");
        fx.settle().await;
        let chats = vec![one.chat, other.chat, ChatId::new()];
        let mut found = fx.bots.of_chats(InteractionsOf { tenant: fx.tenant, chats: chats.clone() }).await.unwrap();
        found.sort_by_key(|hash| hash.chat != one.chat);
        assert_eq!(found.len(), 2);
        assert!(found[0].id != one.id && found[0].state == InteractionState::Bot);
        assert_eq!(found[1].id, other.id);
        let theirs = InteractionsOf { tenant: TenantId::new(), chats };
        assert!(fx.bots.of_chats(theirs).await.unwrap().is_empty());
    }
}
