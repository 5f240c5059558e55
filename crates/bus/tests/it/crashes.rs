//! Processes that vanish at any moment: nothing is lost, nothing is applied twice.

use std::time::Duration;

use domain::ChatId;
use tokio::runtime::Builder;

use crate::on_each_bus;
use crate::world::{Rules, World, assert_in_order};

on_each_bus! {
    async fn a_process_that_vanishes_loses_nothing_and_repeats_nothing(world: World) {
        let chats: Vec<ChatId> = (0..8).map(|_| ChatId::new()).collect();
        let (posting, outbox, all) = (world.clone(), world.outbox(), chats.clone());
        let posting = tokio::spawn(async move {
            for seq in 1..=100 {
                let events: Vec<_> = all.iter().map(|chat| (*chat, seq)).collect();
                posting.post(&outbox, &events).await;
                tokio::time::sleep(Duration::from_millis(15)).await;
            }
        });
        for life_ms in [30, 120, 400, 75, 900, 210] {
            // The threads, with the connections to the broker and all tasks, are gone at once.
            let rt = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            let node = rt.block_on_from_here(|| world.start(&Rules::default()));
            tokio::time::sleep(Duration::from_millis(life_ms)).await;
            rt.shutdown_background();
            drop(node);
        }
        posting.await.unwrap();

        let node = world.start(&Rules::default());
        for group in &world.groups {
            world.until_applied(group, 800).await;
            let effects = world.effects(group).await;
            assert_eq!(effects.len(), 800);
            assert_in_order(effects);
        }
        world.until_published().await;
        node.running.stop().await;
    }
}

trait Enter {
    /// Runs `start` within this runtime, without waiting for anything.
    fn block_on_from_here<T>(&self, start: impl FnOnce() -> T) -> T;
}

impl Enter for tokio::runtime::Runtime {
    fn block_on_from_here<T>(&self, start: impl FnOnce() -> T) -> T {
        let _inside = self.enter();
        start()
    }
}
