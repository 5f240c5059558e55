//! Handlers to which only the last event of a chat matters.

use async_trait::async_trait;
use bus::{Bus, Consumers, Envelope, Failure, Handler};
use domain::{ChatId, Clock};
use proto_events::MessagePosted;
use store::Tx;
use tokio_util::sync::CancellationToken;

use crate::world::{Answer, Recorder, Rules, World};

struct Latest(Recorder);

#[async_trait]
impl Handler<MessagePosted> for Latest {
    const LAST_COUNTS: bool = true;

    async fn consume(&self, tx: &mut Tx, event: &MessagePosted, meta: &Envelope) -> Result<(), Failure> {
        self.0.consume(tx, event, meta).await
    }
}

async fn the_last_of_a_batch(world: World) {
    let rules = Rules::default();
    let (calm, bad) = (ChatId::new(), ChatId::new());
    rules.set(&world.groups[0], bad, 5, Some(Answer::Reject));
    // Everything is there before anybody consumes.
    let events: Vec<_> = (1..=5).flat_map(|seq| [(calm, seq), (bad, seq)]).collect();
    world.post(&world.outbox(), &events).await;

    let mut bus = Bus::new(world.settings.clone(), world.topology.clone(), Clock::system());
    let outbox = bus.outbox();
    bus.join(world.db.clone(), outbox, Consumers::new(&world.source)).unwrap();
    let [admin, _] = world.groups.clone().map(|group| {
        let recorder = Recorder { consumer: group.clone(), group: group.clone(), rules: rules.clone() };
        let unused = bus.outbox();
        bus.join(world.db.clone(), unused, Consumers::new(&group).on::<MessagePosted>(Latest(recorder))).unwrap()
    });
    let running = bus.start(CancellationToken::new());
    world.until_published().await;
    crate::world::until("the last one is parked", || async { admin.list(0, 10).await.unwrap().len() == 1 }).await;
    crate::world::until("all others are applied", || async {
        let [first, other] = [&world.groups[0], &world.groups[1]];
        world.seqs(first, calm).await.last() == Some(&5)
            && world.seqs(first, bad).await.last() == Some(&4)
            && world.seqs(other, bad).await.last() == Some(&5)
    })
    .await;
    assert_eq!(world.seqs(&world.groups[0], calm).await, [5]);
    assert_eq!(world.seqs(&world.groups[0], bad).await, [4]);
    running.stop().await;
}

// What a batch leaves out is decided where both buses meet; only here is it known what a batch holds.
store::testing::on_each_engine! {
    migrations = [bus::migrations()];
    async fn the_last_of_a_batch_is_applied_or_the_one_before_if_it_is_parked(test: store::testing::TestDb) {
        crate::world::on_memory(test, the_last_of_a_batch).await;
    }
}
