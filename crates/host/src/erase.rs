//! Erases deleted tenants: a few rows per transaction, so that nobody else waits long; and once more a little later, for
//! requests and events that were under way.
//!
//! A service brings a table `erasures (tenant, due_at, swept)` and says by [`Sweep`] which rows of a tenant it has.

use std::time::Duration;

use diesel::prelude::*;
use domain::{Clock, TenantId, Timestamp};
use futures_util::future::BoxFuture;
use store::{Conn, Db, RunQueryDsl, StoreResult, Tx, on_conn};
use tokio_util::sync::CancellationToken;

diesel::table! {
    /// Deleted tenants whose rows are still to go.
    erasures (tenant) {
        /// Whose.
        tenant -> Binary,
        /// From when on.
        due_at -> Timestamp,
        /// Whether they went once before.
        swept -> Bool,
    }
}

/// Tenants seen to in one round.
const ROUND: i64 = 16;

/// What a service has of a tenant.
pub trait Sweep: Send + Sync + 'static {
    /// Removes up to `rows` rows of the tenant; says how many.
    fn some<'a>(&'a self, tx: &'a mut Tx, tenant: TenantId, rows: i64) -> BoxFuture<'a, StoreResult<usize>>;
    /// Removes what is left once there is nothing more to be removed a few rows at a time.
    fn rest<'a>(&'a self, tx: &'a mut Tx, tenant: TenantId) -> BoxFuture<'a, StoreResult<()>>;
    /// Forgets what is remembered of the tenant in memory.
    fn forget(&self, _tenant: TenantId) {}
}

/// How fast it goes.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Rows per transaction.
    pub rows: u32,
    /// How often it is looked for work, where [`Eraser::run`] does.
    pub poll: Duration,
    /// How long after the first time the second one is. Seconds.
    pub again_s: u32,
}

/// Asks for the erasure of a tenant.
pub fn ask(tx: &mut Tx, tenant: TenantId, now: Timestamp) -> BoxFuture<'_, StoreResult<()>> {
    Box::pin(async move {
        let row = (erasures::tenant.eq(tenant), erasures::due_at.eq(now), erasures::swept.eq(false));
        on_conn!(tx, |c| diesel::insert_into(erasures::table)
            .values(row)
            .on_conflict(erasures::tenant)
            .do_nothing()
            .execute(c)
            .await)?;
        Ok(())
    })
}

/// Two instances may sweep the same tenant: whoever comes second finds less.
pub struct Eraser {
    db: Db,
    clock: Clock,
    sweep: Box<dyn Sweep>,
    pace: Pace,
}

impl Eraser {
    /// Erases from `db` what `sweep` names.
    pub fn new(db: Db, clock: Clock, sweep: impl Sweep, pace: Pace) -> Self {
        Self { db, clock, sweep: Box::new(sweep), pace }
    }

    /// Looks for work until `stop`.
    pub fn run(&self, stop: CancellationToken) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            while stop.run_until_cancelled(tokio::time::sleep(self.pace.poll)).await.is_some() {
                if let Err(error) = self.round(&stop).await {
                    tracing::warn!(error = %error, "could not erase; trying again");
                }
            }
        })
    }

    /// Erases what is due.
    ///
    /// # Errors
    /// The store's.
    pub fn round<'a>(&'a self, stop: &'a CancellationToken) -> BoxFuture<'a, StoreResult<()>> {
        Box::pin(async move {
            for (tenant, swept) in due(&self.db.read().await?, self.clock.now()).await? {
                while self.some(tenant).await? > 0 {
                    if stop.is_cancelled() {
                        return Ok(());
                    }
                }
                let mut tx = self.db.begin().await?;
                self.sweep.rest(&mut tx, tenant).await?;
                if swept {
                    done(&mut tx, tenant).await?;
                } else {
                    again(&mut tx, tenant, self.clock.now().plus_seconds(self.pace.again_s.into())).await?;
                }
                tx.commit().await?;
                self.sweep.forget(tenant);
                tracing::info!(%tenant, last = swept, "erased a deleted tenant");
            }
            Ok(())
        })
    }

    async fn some(&self, tenant: TenantId) -> StoreResult<usize> {
        let mut tx = self.db.begin().await?;
        let gone = self.sweep.some(&mut tx, tenant, self.pace.rows.max(1).into()).await?;
        tx.commit().await?;
        Ok(gone)
    }
}

/// The tenants to erase now, and whether they were swept once before.
async fn due(conn: &Conn, now: Timestamp) -> StoreResult<Vec<(TenantId, bool)>> {
    Ok(on_conn!(conn, |c| erasures::table
        .filter(erasures::due_at.le(now))
        .order(erasures::due_at)
        .limit(ROUND)
        .select((erasures::tenant, erasures::swept))
        .load(c)
        .await)?)
}

/// Comes back to the tenant at `due_at`, for what was under way while it was swept.
async fn again(tx: &mut Tx, tenant: TenantId, due_at: Timestamp) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::update(erasures::table.find(tenant))
        .set((erasures::due_at.eq(due_at), erasures::swept.eq(true)))
        .execute(c)
        .await)?;
    Ok(())
}

/// The tenant is gone.
async fn done(tx: &mut Tx, tenant: TenantId) -> StoreResult<()> {
    on_conn!(tx, |c| diesel::delete(erasures::table.find(tenant)).execute(c).await)?;
    Ok(())
}
