//! A group that takes batches as wholes keeps the promises of one that takes events one by one.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use bus::{BatchHandler, Bus, Committed, Consumers, Delivery, Envelope, Failure, Handler as _};
use domain::{ChatId, Clock, EventId};
use proto_events::{ChatDeleted, Event as _, MessagePosted};
use store::Tx;
use tokio_util::sync::CancellationToken;

use crate::world::{Answer, Recorder, Rules, World, assert_in_order, until};

/// Applies a batch event by event, and knows which were prepared and which were committed.
struct Wholes {
    recorder: Recorder,
    prepared: Mutex<HashSet<EventId>>,
    committed: Arc<Mutex<Vec<EventId>>>,
}

#[async_trait]
impl BatchHandler for Wholes {
    fn types(&self) -> Vec<&'static str> {
        vec![MessagePosted::TYPE]
    }

    async fn prepare(&self, batch: &[&Delivery]) {
        self.prepared.lock().unwrap().extend(batch.iter().map(|delivery| delivery.envelope.event));
    }

    async fn consume(&self, tx: &mut Tx, batch: &[&Delivery]) -> Result<Committed, (usize, Failure)> {
        for (place, delivery) in batch.iter().enumerate() {
            let meta: &Envelope = &delivery.envelope;
            assert!(self.prepared.lock().unwrap().contains(&meta.event), "what is applied was prepared");
            let event: MessagePosted = delivery.read().map_err(|failure| (place, failure))?;
            self.recorder.consume(tx, &event, meta).await.map_err(|failure| (place, failure))?;
        }
        let (committed, events) = (self.committed.clone(), batch.iter().map(|d| d.envelope.event).collect::<Vec<_>>());
        Ok(Committed::then(move || committed.lock().unwrap().extend(events)))
    }
}

async fn whole_batches(world: World) {
    let rules = Rules::default();
    let group = world.groups[0].clone();
    let (calm, stuck, unfit) = (ChatId::new(), ChatId::new(), ChatId::new());
    rules.set(&group, stuck, 3, Some(Answer::Retry));
    rules.set(&group, unfit, 3, Some(Answer::Reject));
    let events: Vec<_> = (1..=10).flat_map(|seq| [(calm, seq), (stuck, seq), (unfit, seq)]).collect();
    world.post(&world.outbox(), &events).await;

    let committed = Arc::<Mutex<Vec<EventId>>>::default();
    let mut bus = Bus::new(world.settings.clone(), world.topology.clone(), Clock::system());
    let outbox = bus.outbox();
    bus.join(world.db.clone(), outbox, Consumers::new(&world.source)).unwrap();
    let recorder = Recorder { consumer: group.clone(), group: group.clone(), rules: rules.clone() };
    let wholes = Wholes { recorder, prepared: Mutex::default(), committed: committed.clone() };
    let unused = bus.outbox();
    let admin = bus.join(world.db.clone(), unused, Consumers::in_batches(&group, Arc::new(wholes))).unwrap();
    let running = bus.start(CancellationToken::new());

    let partition = |chat: ChatId| proto_events::partition(proto_events::EventKey::Chat(chat));
    if partition(calm) != partition(stuck) {
        until("one stuck chat does not hold up another partition", || async {
            world.seqs(&group, calm).await.len() == 10
        })
        .await;
    }
    rules.set(&group, stuck, 3, None);
    until("the stuck chat goes on", || async { world.seqs(&group, stuck).await.len() == 10 }).await;
    until("the unfit event and what follows it are parked", || async { admin.list(0, 100).await.unwrap().len() == 8 })
        .await;
    assert_eq!(world.seqs(&group, unfit).await, [1, 2]);
    rules.set(&group, unfit, 3, None);
    assert_eq!(admin.redrive(None).await.unwrap().applied, 8);
    assert_in_order(world.effects(&group).await);
    until("each commit is told once", || async { committed.lock().unwrap().len() == 30 }).await;
    let told: HashSet<EventId> = committed.lock().unwrap().iter().copied().collect();
    assert_eq!(told.len(), 30);
    running.stop().await;
}

/// Sees whether two batches of its group are worked on at once.
#[derive(Default)]
struct Alone {
    busy: AtomicBool,
    met: AtomicBool,
    applied: AtomicUsize,
}

#[async_trait]
impl BatchHandler for Alone {
    fn types(&self) -> Vec<&'static str> {
        vec![MessagePosted::TYPE, ChatDeleted::TYPE]
    }

    async fn prepare(&self, _: &[&Delivery]) {
        if self.busy.swap(true, Ordering::SeqCst) {
            self.met.store(true, Ordering::SeqCst);
        }
        // Long enough for another batch to come, if it could.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }

    async fn consume(&self, _: &mut Tx, batch: &[&Delivery]) -> Result<Committed, (usize, Failure)> {
        self.applied.fetch_add(batch.len(), Ordering::SeqCst);
        self.busy.store(false, Ordering::SeqCst);
        Ok(Committed::nothing())
    }
}

async fn one_at_a_time(world: World) {
    let (group, other) = (world.groups[0].clone(), format!("o-{}", world.source));
    let topology = world.topology.clone().with(ChatDeleted::TYPE, &other, &[&group]);
    let mut bus = Bus::new(world.settings.clone(), topology, Clock::system());
    let (outbox, others) = (bus.outbox(), bus.outbox());
    bus.join(world.db.clone(), outbox.clone(), Consumers::new(&world.source)).unwrap();
    bus.join(world.db.clone(), others.clone(), Consumers::new(&other)).unwrap();
    let (alone, unused) = (Arc::new(Alone::default()), bus.outbox());
    bus.join(world.db.clone(), unused, Consumers::in_batches(&group, alone.clone())).unwrap();
    let running = bus.start(CancellationToken::new());
    for seq in 1..=20 {
        let (chat, now) = (ChatId::new(), Clock::system().now());
        let deleted = ChatDeleted { tenant: world.tenant, chat, version: 1 };
        let rows = vec![outbox.row(&world.posted(chat, seq), now, None), others.row(&deleted, now, None)];
        let tx = world.db.begin().await.unwrap();
        outbox.append_many(&tx, rows).await.unwrap();
        tx.commit().await.unwrap();
        outbox.wake();
        others.wake();
    }
    until("both outboxes are applied", || async { alone.applied.load(Ordering::SeqCst) == 40 }).await;
    assert!(!alone.met.load(Ordering::SeqCst), "two batches of one group at once");
    running.stop().await;
}

// What a batch holds is decided where both buses meet.
store::testing::on_each_engine! {
    migrations = [bus::migrations()];
    async fn a_batch_is_applied_as_a_whole_or_by_partition(test: store::testing::TestDb) {
        crate::world::on_memory(test, whole_batches).await;
    }
    async fn two_outboxes_are_not_applied_at_once(test: store::testing::TestDb) {
        crate::world::on_memory(test, one_at_a_time).await;
    }
}
