//! Several instances of one service.

use std::collections::BTreeMap;
use std::time::Duration;

use diesel::prelude::*;
use domain::ChatId;
use store::{RunQueryDsl, on_conn};

use crate::on_rabbit;
use crate::world::{Rules, World, assert_in_order, until};

/// How many partitions of `scope` each instance holds, sorted.
async fn shares(world: &World, scope: &str) -> Vec<usize> {
    use bus::schema::leases;
    let conn = world.db.read().await.unwrap();
    let holders: Vec<Option<Vec<u8>>> =
        on_conn!(conn, |c| leases::table.filter(leases::scope.eq(scope)).select(leases::holder).load(c).await).unwrap();
    let mut counts = BTreeMap::<Vec<u8>, usize>::new();
    for holder in holders.into_iter().flatten() {
        *counts.entry(holder).or_default() += 1;
    }
    let mut counts: Vec<usize> = counts.into_values().collect();
    counts.sort_unstable();
    counts
}

on_rabbit! {
    async fn an_instance_added_under_load_works_too_and_the_order_holds(world: World) {
        let [group, _] = &world.groups;
        let chats: Vec<ChatId> = (0..48).map(|_| ChatId::new()).collect();
        let first = world.start_labelled(&Rules::default(), " first");
        let (relay, consumer) = (format!("relay:{}", world.source), format!("group:{group}"));
        until("one instance has everything", || async {
            shares(&world, &relay).await == [16] && shares(&world, &consumer).await == [16]
        })
        .await;

        let (posting, outbox, all, hearers) = (world.clone(), first.outbox.clone(), chats.clone(), group.clone());
        let stop = tokio_util::sync::CancellationToken::new();
        let stopped = stop.clone();
        let posting = tokio::spawn(async move {
            let mut seq = 0;
            while !stopped.is_cancelled() {
                seq += 1;
                let events: Vec<_> = all.iter().map(|chat| (*chat, seq)).collect();
                posting.post(&outbox, &events).await;
                tokio::time::sleep(Duration::from_millis(20)).await;
                // As much load as the machine bears: some is always on its way, and never more than it works off.
                until("some of it is applied", || async { posting.applied_by_all(&hearers).await > seq * 48 - 2000 }).await;
            }
            seq
        });
        world.until_applied(&format!("{group} first"), 100).await;

        let second = world.start_labelled(&Rules::default(), " second");
        until("both have half", || async {
            shares(&world, &relay).await == [8, 8] && shares(&world, &consumer).await == [8, 8]
        })
        .await;
        world.until_applied(&format!("{group} second"), 500).await;
        first.running.stop().await;
        until("the one that is left takes over", || async { shares(&world, &consumer).await == [16] }).await;

        stop.cancel();
        let all = posting.await.unwrap() * 48;
        until("everything is applied", || async { world.applied_by_all(group).await >= all }).await;
        let effects = world.effects_of_all(group).await;
        assert_eq!(i64::try_from(effects.len()).unwrap(), all);
        assert_in_order(effects.into_iter().map(|(_, chat, seq)| (chat, seq)));
        second.running.stop().await;
        assert_eq!(shares(&world, &consumer).await, [0usize; 0]);
    }
}
