//! Leases: which instance works on which partitions.
//!
//! Every third of the lease's lifetime an instance says that it lives, renews what it holds, and takes or gives back
//! partitions until it has its even share of the sixteen. What it holds it knows by its own monotonic clock, counted from
//! before the renewal, so that it stops before anybody else can start. Giving back takes two rounds: in the first the
//! partition is no longer worked on, in the second the lease is freed.

use std::time::{Duration, Instant, SystemTime};

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use domain::EventId;
use proto_events::PARTITIONS;
use store::{Db, Engine, RunQueryDsl, StoreResult, Tx, on_conn};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::envelope::Key;
use crate::schema::{instances, leases};

/// Until when each partition is held.
type Deadlines = [Option<Instant>; PARTITIONS as usize];

/// What an instance holds at this moment. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Held(watch::Receiver<Deadlines>);

impl Held {
    /// Whether `partition` may be worked on now.
    pub(crate) fn holds(&self, partition: u8) -> bool {
        let until = self.0.borrow().get(usize::from(partition)).copied().flatten();
        until.is_some_and(|until| Instant::now() < until)
    }

    /// Every partition that may be worked on now.
    pub(crate) fn partitions(&self) -> Vec<u8> {
        (0..PARTITIONS).filter(|p| self.holds(*p)).collect()
    }

    /// Returns at the next renewal or change.
    pub(crate) async fn changed(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// The task that keeps an instance's leases.
pub(crate) struct Leases {
    held: Held,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Leases {
    /// Begins to take partitions of `scope` in `db`.
    pub(crate) fn start(db: Db, scope: String, ttl: Duration) -> Self {
        let (tell, held) = watch::channel(Deadlines::default());
        let stop = CancellationToken::new();
        // An id of its own for each start: a process that comes back is another instance.
        let keeper = Keeper { db, scope, ttl, me: Key(EventId::new().uuid()), returning: Vec::new(), prepared: false };
        let task = tokio::spawn(keeper.run(tell, stop.clone()));
        Self { held: Held(held), stop, task }
    }

    pub(crate) fn held(&self) -> Held {
        self.held.clone()
    }

    /// Gives everything back.
    pub(crate) async fn release(self) {
        self.stop.cancel();
        if self.task.await.is_err() {
            tracing::error!("the lease task panicked");
        }
    }
}

struct Keeper {
    db: Db,
    scope: String,
    ttl: Duration,
    me: Key,
    /// No longer worked on; freed at the next round.
    returning: Vec<i64>,
    prepared: bool,
}

impl Keeper {
    async fn run(mut self, tell: watch::Sender<Deadlines>, stop: CancellationToken) {
        let interval = self.ttl / 3;
        loop {
            let started = Instant::now();
            match tokio::time::timeout(self.ttl, self.round()).await {
                Ok(Ok(mine)) => {
                    let mut deadlines = Deadlines::default();
                    for partition in mine {
                        if let Some(slot) = usize::try_from(partition).ok().and_then(|p| deadlines.get_mut(p)) {
                            *slot = Some(started + self.ttl);
                        }
                    }
                    tell.send_replace(deadlines);
                }
                Ok(Err(cause)) => {
                    tracing::warn!(scope = self.scope, error.cause_chain = ?cause, "could not renew leases");
                }
                Err(_) => tracing::warn!(scope = self.scope, "renewing leases took longer than they last"),
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(interval.saturating_sub(started.elapsed())) => {}
            }
        }
        tell.send_replace(Deadlines::default());
        if let Err(cause) = self.leave().await {
            tracing::warn!(scope = self.scope, error.cause_chain = ?cause, "could not give leases back; they will expire");
        }
    }

    /// One round: what is held after it.
    async fn round(&mut self) -> StoreResult<Vec<i64>> {
        let mut tx = self.db.begin().await?;
        if !self.prepared {
            self.prepare(&mut tx).await?;
        }
        let now = now_us(&mut tx).await?;
        let until = now.saturating_add(i64::try_from(self.ttl.as_micros()).unwrap_or(i64::MAX));
        let share = self.say_alive(&mut tx, now, until).await?;
        self.free(&mut tx, &self.returning).await?;
        let mut mine = self.renew(&mut tx, until).await?;
        if mine.len() < share {
            let missing = share - mine.len();
            mine.extend(self.take(&mut tx, missing, now, until).await?);
        }
        tx.commit().await?;
        self.prepared = true;
        self.returning = mine.split_off(share.min(mine.len()));
        Ok(mine)
    }

    /// Makes the rows of the scope.
    async fn prepare(&self, tx: &mut Tx) -> StoreResult<()> {
        for partition in 0..i64::from(PARTITIONS) {
            let row = (leases::scope.eq(&self.scope), leases::partition.eq(partition), leases::expires_us.eq(0));
            on_conn!(tx, |c| diesel::insert_into(leases::table).values(row).on_conflict_do_nothing().execute(c).await)?;
        }
        Ok(())
    }

    /// Tells the others, and counts them: answers this instance's share of the partitions.
    async fn say_alive(&self, tx: &mut Tx, now: i64, until: i64) -> StoreResult<usize> {
        let row = (instances::scope.eq(&self.scope), instances::instance.eq(self.me), instances::expires_us.eq(until));
        on_conn!(tx, |c| diesel::insert_into(instances::table)
            .values(row)
            .on_conflict((instances::scope, instances::instance))
            .do_update()
            .set(instances::expires_us.eq(until))
            .execute(c)
            .await)?;
        let of_scope = instances::table.filter(instances::scope.eq(&self.scope));
        on_conn!(tx, |c| diesel::delete(of_scope.filter(instances::expires_us.le(now))).execute(c).await)?;
        let alive: i64 = on_conn!(tx, |c| of_scope.count().get_result(c).await)?;
        Ok(usize::from(PARTITIONS).div_ceil(usize::try_from(alive).unwrap_or(1).max(1)))
    }

    async fn free(&self, tx: &mut Tx, partitions: &[i64]) -> StoreResult<()> {
        if partitions.is_empty() {
            return Ok(());
        }
        let rows = leases::table
            .filter(leases::scope.eq(&self.scope))
            .filter(leases::holder.eq(self.me))
            .filter(leases::partition.eq_any(partitions.to_vec()));
        on_conn!(tx, |c| diesel::update(rows)
            .set((leases::holder.eq(None::<Key>), leases::expires_us.eq(0)))
            .execute(c)
            .await)?;
        Ok(())
    }

    async fn renew(&self, tx: &mut Tx, until: i64) -> StoreResult<Vec<i64>> {
        let rows = leases::table.filter(leases::scope.eq(&self.scope)).filter(leases::holder.eq(self.me));
        let mut mine: Vec<i64> = on_conn!(tx, |c| diesel::update(rows)
            .set(leases::expires_us.eq(until))
            .returning(leases::partition)
            .get_results(c)
            .await)?;
        mine.sort_unstable();
        Ok(mine)
    }

    /// Takes up to `missing` partitions that nobody holds.
    async fn take(&self, tx: &mut Tx, missing: usize, now: i64, until: i64) -> StoreResult<Vec<i64>> {
        let free = || leases::holder.is_null().or(leases::expires_us.le(now));
        let of_scope = leases::table.filter(leases::scope.eq(&self.scope));
        let candidates: Vec<i64> =
            on_conn!(tx, |c| of_scope.filter(free()).order(leases::partition).select(leases::partition).load(c).await)?;
        let mut taken = Vec::new();
        for partition in candidates {
            if taken.len() == missing {
                break;
            }
            // Another instance may have been quicker: the condition is checked again under the row's lock.
            let row = of_scope.filter(leases::partition.eq(partition)).filter(free());
            let won = on_conn!(tx, |c| diesel::update(row)
                .set((leases::holder.eq(self.me), leases::expires_us.eq(until)))
                .execute(c)
                .await)?;
            if won == 1 {
                taken.push(partition);
            }
        }
        Ok(taken)
    }

    async fn leave(&self) -> StoreResult<()> {
        let mut tx = self.db.begin().await?;
        let all: Vec<i64> = (0..i64::from(PARTITIONS)).collect();
        self.free(&mut tx, &all).await?;
        let me = instances::table.find((&self.scope, self.me));
        on_conn!(tx, |c| diesel::delete(me).execute(c).await)?;
        tx.commit().await
    }
}

#[derive(QueryableByName)]
struct Now {
    #[diesel(sql_type = BigInt)]
    now: i64,
}

/// The database's time: instances on several machines agree on it. An SQLite file is one machine's.
async fn now_us(tx: &mut Tx) -> StoreResult<i64> {
    match tx.engine() {
        Engine::Pg(c) => {
            let sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now";
            let row: Now = diesel::sql_query(sql).get_result(c).await?;
            Ok(row.now)
        }
        Engine::Sqlite(_) => {
            let since = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
            Ok(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
        }
    }
}
