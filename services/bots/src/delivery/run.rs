//! The deliverer's loops: lanes that fall due are claimed, outcomes are written down in batches.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use domain::Timestamp;
use store::StoreResult;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::Delivery;
use crate::store::lanes::{self, Head, Settled, Verdict};

/// Outcomes in one transaction at most.
const OUTCOMES: usize = 512;
/// Pause after the database did not answer.
const AGAIN: Duration = Duration::from_millis(200);
/// How soon it is looked again when every slot is taken.
const FULL: Duration = Duration::from_millis(20);
/// Fewer outcomes than these are worth a wait for more, if some were written down just before.
const FEW: usize = 16;
/// How long that wait is: what comes next on their lanes waits with them.
const GATHER: Duration = Duration::from_millis(10);

impl Delivery {
    /// Works until `stop`: then no call is begun, those under way end, and their lanes are given back.
    pub async fn work(self, stop: CancellationToken) {
        let settled = self.0.settled.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(settled) = settled else { return };
        let ended = CancellationToken::new();
        let settling = tokio::spawn(self.clone().settle_all(settled, stop.clone(), ended.clone()));
        tokio::join!(self.claim_all(&stop), self.sweep(&stop), self.gauges(&stop));
        self.0.tasks.close();
        self.0.tasks.wait().await;
        ended.cancel();
        if settling.await.is_err() {
            tracing::error!("writing down outcomes panicked");
        }
    }

    async fn claim_all(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            let pause = match self.claim_some().await {
                Ok(pause) => pause,
                Err(error) => {
                    tracing::warn!(error = %error, "could not claim lanes; trying again");
                    AGAIN
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.0.wake.notified(), if pause > FULL => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Claims what is due and begins to send it; answers when to look again.
    async fn claim_some(&self) -> StoreResult<Duration> {
        self.0.known.refresh().await?;
        loop {
            let now = self.0.clock.now();
            // Reading first: a claim is a transaction, and on SQLite the one writer's.
            let due = lanes::first_due(&self.0.db.read().await?).await?;
            let lag = due.map_or(0, |due| (now.micros() - due.micros()).max(0));
            #[expect(clippy::cast_precision_loss, reason = "a gauge; 2^53 µs are 285 years")]
            metrics::gauge!("bots_due_lag_seconds").set(lag as f64 / 1e6);
            match due {
                Some(due) if due <= now => {}
                Some(due) => return Ok(between(now, due).clamp(Duration::from_millis(1), self.0.settings.poll())),
                None => return Ok(self.0.settings.poll()),
            }
            let room = self.0.slots.available_permits().min(self.0.settings.batch_lanes.max(1) as usize);
            if room == 0 {
                return Ok(FULL);
            }
            let mut tx = self.0.db.begin_unsynced().await?;
            let heads = lanes::claim(&mut tx, self.claim(now), now, i64::try_from(room).unwrap_or(i64::MAX)).await?;
            tx.commit().await?;
            let claimed = heads.len();
            for head in heads {
                self.start(head);
            }
            if claimed == 0 {
                // Others take them, or there was nothing on them.
                return Ok(FULL);
            }
            tokio::task::yield_now().await;
        }
    }

    /// Writes down outcomes, and begins with what comes next on their lanes.
    async fn settle_all(
        self,
        mut settled: mpsc::UnboundedReceiver<Settled>,
        stop: CancellationToken,
        ended: CancellationToken,
    ) {
        let mut batch = Vec::with_capacity(OUTCOMES);
        let mut last: Option<Instant> = None;
        loop {
            let got = tokio::select! {
                biased;
                got = settled.recv_many(&mut batch, OUTCOMES) => got,
                () = ended.cancelled() => return,
            };
            if got == 0 {
                return;
            }
            if got < FEW && last.is_some_and(|last| last.elapsed() < GATHER) && !stop.is_cancelled() {
                tokio::time::sleep(GATHER).await;
                while batch.len() < OUTCOMES
                    && let Ok(one) = settled.try_recv()
                {
                    batch.push(one);
                }
            }
            let heads = self.settle_some(&batch, &stop).await;
            for head in heads {
                self.start(head);
            }
            count(&batch);
            self.note_health(&batch).await;
            batch.clear();
            last = Some(Instant::now());
        }
    }

    async fn settle_some(&self, batch: &[Settled], stop: &CancellationToken) -> Vec<Head> {
        loop {
            match self.try_settle(batch, !stop.is_cancelled()).await {
                Ok(heads) => return heads,
                Err(error) => {
                    tracing::warn!(error = %error, "could not write down what came of deliveries; trying again");
                    tokio::time::sleep(AGAIN).await;
                }
            }
            // Once the leases are over others send them again; nothing here counts any more then.
            let now = self.0.clock.now();
            if batch.iter().all(|one| one.head.claim.until < now) {
                return Vec::new();
            }
        }
    }

    async fn try_settle(&self, batch: &[Settled], keep: bool) -> StoreResult<Vec<Head>> {
        let now = self.0.clock.now();
        let until = self.claim(now).until;
        // What a crash of the machine undoes is sent again, under the same id.
        let mut tx = self.0.db.begin_unsynced().await?;
        let heads = lanes::settle(&mut tx, batch.to_vec(), until, keep, now).await?;
        tx.commit().await?;
        Ok(heads)
    }
}

fn count(batch: &[Settled]) {
    for one in batch {
        if let Verdict::Ends { state, .. } = one.verdict {
            metrics::counter!("bots_deliveries_total", "state" => state.as_str()).increment(1);
        }
    }
}

fn between(now: Timestamp, then: Timestamp) -> Duration {
    Duration::from_micros((then.micros() - now.micros()).max(0).unsigned_abs())
}
