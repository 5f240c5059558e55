//! Rejected events: parked, listed, driven again.

use bus::Key;
use domain::ChatId;

use crate::on_each_bus;
use crate::world::{Answer, Rules, World, until};

on_each_bus! {
    async fn a_rejected_event_parks_with_those_behind_it_and_is_driven_again_in_order(world: World) {
        let rules = Rules::default();
        let [group, other_group] = &world.groups;
        let (bad, good) = (ChatId::new(), ChatId::new());
        rules.set(group, bad, 2, Some(Answer::Reject));
        let node = world.start(&rules);
        let admin = &node.admins[0];
        for seq in 1..=4 {
            world.post(&node.outbox, &[(bad, seq), (good, seq)]).await;
        }
        world.until_applied(group, 5).await;
        world.until_applied(other_group, 8).await;
        until("three events are parked", || async { admin.list(0, 10).await.unwrap().len() == 3 }).await;
        assert_eq!(world.seqs(group, bad).await, [1]);
        assert_eq!(world.seqs(group, good).await, [1, 2, 3, 4]);
        world.until_published().await;

        let parked = admin.list(0, 10).await.unwrap();
        assert!(parked.iter().all(|p| p.envelope.key == Key(bad.uuid())));
        assert!(parked[0].reason.contains("unfit") && parked[1].reason.contains("earlier"), "{parked:?}");
        assert_eq!(admin.list(parked[0].place, 1).await.unwrap(), parked[1..2]);

        // The cause is still there: nothing moves.
        let again = admin.redrive(None).await.unwrap();
        assert_eq!((again.applied, again.stopped.len()), (0, 1));
        assert_eq!(world.seqs(group, bad).await, [1]);

        rules.set(group, bad, 2, None);
        let again = admin.redrive(Some(Key(bad.uuid()))).await.unwrap();
        assert_eq!((again.applied, again.stopped.len()), (3, 0));
        assert_eq!(world.seqs(group, bad).await, [1, 2, 3, 4]);
        assert_eq!(admin.list(0, 10).await.unwrap(), []);

        // The chat is no longer parked.
        world.post(&node.outbox, &[(bad, 5)]).await;
        world.until_applied(group, 9).await;
        assert_eq!(world.seqs(group, bad).await, [1, 2, 3, 4, 5]);
        node.running.stop().await;
    }

    async fn driving_again_while_events_arrive_keeps_the_order(world: World) {
        let rules = Rules::default();
        let [group, _] = &world.groups;
        let chat = ChatId::new();
        rules.set(group, chat, 1, Some(Answer::Reject));
        let node = world.start(&rules);
        world.post(&node.outbox, &[(chat, 1)]).await;
        until("it is parked", || async { node.admins[0].list(0, 1).await.unwrap().len() == 1 }).await;
        rules.set(group, chat, 1, None);

        let (posting, outbox) = (world.clone(), node.outbox.clone());
        let posting = tokio::spawn(async move {
            for seq in 2..=60 {
                posting.post(&outbox, &[(chat, seq)]).await;
            }
        });
        while !posting.is_finished() {
            node.admins[0].redrive(None).await.unwrap();
        }
        posting.await.unwrap();
        until("everything is applied", || async {
            node.admins[0].redrive(None).await.unwrap();
            world.effects(group).await.len() == 60
        })
        .await;
        assert_eq!(world.seqs(group, chat).await, (1..=60).collect::<Vec<_>>());
        assert_eq!(node.admins[0].list(0, 10).await.unwrap(), []);
        node.running.stop().await;
    }
}
