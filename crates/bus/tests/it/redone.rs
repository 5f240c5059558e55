//! Within one process work that can be done again is committed without a wait for the disk, and its events are kept until it
//! is there.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bus::{BatchHandler, Bus, Committed, Consumers, Delivery, Failure};
use diesel::prelude::*;
use domain::{ChatId, Clock};
use proto_events::{Event as _, MessagePosted};
use store::{Engine, RunQueryDsl, Tx};
use tokio_util::sync::CancellationToken;

use crate::world::{World, until};

/// What SQLite's COMMIT will wait for: the disk, or nothing. PostgreSQL's waits always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waits {
    Disk,
    Nothing,
}

/// Takes note of how each batch will be committed; those with `last` in them are to last.
struct Redoes {
    last: ChatId,
    seen: Mutex<Vec<Waits>>,
    committed: Arc<Mutex<usize>>,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = diesel::sql_types::Integer)]
    n: i32,
}

async fn pragma(tx: &mut Tx, name: &str) -> Option<i32> {
    let query = diesel::sql_query(format!("SELECT {name} AS n FROM pragma_{name}"));
    match tx.engine() {
        Engine::Pg(_) => None,
        Engine::Sqlite(c) => Some(query.get_result::<Number>(c).await.unwrap().n),
    }
}

#[async_trait]
impl BatchHandler for Redoes {
    fn types(&self) -> Vec<&'static str> {
        vec![MessagePosted::TYPE]
    }

    async fn prepare(&self, _: &[&Delivery]) {}

    fn can_be_redone(&self) -> bool {
        true
    }

    async fn consume(&self, tx: &mut Tx, batch: &[&Delivery]) -> Result<Committed, (usize, Failure)> {
        let mut to_last = false;
        for (place, delivery) in batch.iter().enumerate() {
            let event: MessagePosted = delivery.read().map_err(|failure| (place, failure))?;
            to_last |= event.chat == self.last;
        }
        let waits = if pragma(tx, "synchronous").await == Some(1) { Waits::Nothing } else { Waits::Disk };
        self.seen.lock().unwrap().push(waits);
        let committed = self.committed.clone();
        Ok(Committed::then(move || *committed.lock().unwrap() += 1).to_last(to_last))
    }
}

async fn kept_until_it_is_there(world: World) {
    let (group, any, last) = (world.groups[0].clone(), ChatId::new(), ChatId::new());
    let committed = Arc::<Mutex<usize>>::default();
    let handler = Arc::new(Redoes { last, seen: Mutex::default(), committed: committed.clone() });
    let mut bus = Bus::new(world.settings.clone(), world.topology.clone(), Clock::system());
    let (outbox, unused) = (bus.outbox(), bus.outbox());
    bus.join(world.db.clone(), outbox.clone(), Consumers::new(&world.source)).unwrap();
    bus.join(world.db.clone(), unused, Consumers::in_batches(&group, handler.clone())).unwrap();
    let running = bus.start(CancellationToken::new());
    let lasting = || {
        let db = world.db.clone();
        async move { pragma(&mut db.begin().await.unwrap(), "user_version").await }
    };
    let sqlite = lasting().await.is_some();
    let first = if sqlite { vec![Waits::Nothing] } else { vec![Waits::Disk] };

    world.post(&outbox, &[(any, 1)]).await;
    until("the first is applied", || async { *committed.lock().unwrap() == 1 }).await;
    assert_eq!(*handler.seen.lock().unwrap(), first);
    world.until_published().await;
    assert_eq!(lasting().await, sqlite.then_some(1), "it was written to the disk before its event was let go");

    world.post(&outbox, &[(last, 1)]).await;
    until("the second is applied", || async { *committed.lock().unwrap() == 2 }).await;
    let then = if sqlite { [Waits::Nothing, Waits::Disk].as_slice() } else { &[Waits::Disk] };
    assert_eq!(handler.seen.lock().unwrap()[1..], *then, "what is to last is done anew, and waits");
    world.until_published().await;
    running.stop().await;
}

store::testing::on_each_engine! {
    migrations = [bus::migrations()];
    async fn events_are_kept_until_what_they_led_to_is_on_the_disk(test: store::testing::TestDb) {
        crate::world::on_memory(test, kept_until_it_is_there).await;
    }
}
