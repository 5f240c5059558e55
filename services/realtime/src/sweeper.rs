//! What goes on in the background: people leave, feeds are cut, deleted tenants go, other instances are heard.

use std::sync::Arc;
use std::time::Duration;

use bus::Outbox;
use domain::{Clock, TenantId};
use host::erase::Eraser;
use store::{Db, StoreResult};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::config::Settings;
use crate::heads::{CHANNEL, Heads, heard};
use crate::service::standing::{Standing, told};
use crate::store::feed::{self, Extent};
use crate::store::presence;

/// How often it is looked who left.
const LAPSE: Duration = Duration::from_secs(1);
/// Pause before a lost connection is made anew.
const ANEW: Duration = Duration::from_secs(1);

/// Several instances may do the same at once: whoever comes second finds less.
pub struct Sweeper {
    pub db: Db,
    pub outbox: Outbox,
    pub clock: Clock,
    pub heads: Arc<Heads>,
    pub standing: Standing,
    pub settings: Settings,
    pub eraser: Eraser,
}

impl Sweeper {
    /// Works until `stop`.
    pub async fn run(&self, stop: CancellationToken) {
        let work = async {
            tokio::join!(self.sweep(&stop), self.listen());
        };
        // Every step is a transaction of its own: stopping between two of them leaves nothing half done.
        stop.run_until_cancelled(work).await;
    }

    async fn sweep(&self, stop: &CancellationToken) {
        let mut next = Instant::now();
        loop {
            tokio::time::sleep(LAPSE).await;
            warn("note who left", self.lapse().await);
            if Instant::now() >= next {
                warn("cut feeds", self.cut().await);
                warn("erase deleted tenants", self.eraser.round(stop).await);
                next = Instant::now() + self.settings.sweep();
            }
        }
    }

    /// Notes who left or paused, and tells it.
    pub async fn lapse(&self) -> StoreResult<()> {
        let now = self.clock.now();
        let (gone, idle) = (self.standing.gone(now), self.standing.idle(now));
        if !presence::lapses(&self.db.read().await?, gone, idle).await? {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        let changed = presence::lapse(&mut tx, gone, idle).await?;
        let news = told(&mut tx, &self.outbox, changed, now).await?;
        let heads = feed::append(&mut tx, news, now).await?;
        tx.commit().await?;
        self.outbox.wake();
        self.heads.note(&heads);
        Ok(())
    }

    /// Cuts every feed at its old end.
    pub async fn cut(&self) -> StoreResult<()> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        feed::drop_passed(&mut tx, now).await?;
        tx.commit().await?;
        let before = now.plus_seconds(-3600 * i64::from(self.settings.kept_h.max(1)));
        let mut after = TenantId::from_uuid(Uuid::nil());
        loop {
            let some = feed::tenants(&self.db.read().await?, after).await?;
            let Some((last, _)) = some.last() else { return Ok(()) };
            after = *last;
            for (tenant, Extent { head, kept_after }) in some {
                let old = feed::newest_before(&self.db.read().await?, tenant, before).await?;
                let many = head - i64::from(self.settings.kept_rows.max(1));
                let upto = old.unwrap_or(0).max(many);
                if upto > kept_after {
                    self.cut_upto(tenant, upto).await?;
                }
            }
        }
    }

    async fn cut_upto(&self, tenant: TenantId, upto: i64) -> StoreResult<()> {
        loop {
            let mut tx = self.db.begin().await?;
            let gone = feed::cut(&mut tx, tenant, upto, self.settings.rows()).await?;
            tx.commit().await?;
            if gone == 0 {
                return Ok(());
            }
        }
    }

    /// Hears what other instances write. Without it their feeds are found by looking, a little later.
    async fn listen(&self) {
        loop {
            match self.db.listen(CHANNEL).await {
                Ok(None) => return,
                Ok(Some(mut listener)) => {
                    while let Ok(word) = listener.word().await {
                        self.heads.note(&heard(&word));
                    }
                    tracing::warn!("the connection that hears other instances ended; it is made anew");
                }
                Err(error) => tracing::warn!(error = %error, "could not listen to other instances"),
            }
            tokio::time::sleep(ANEW).await;
        }
    }
}

fn warn(what: &str, outcome: StoreResult<()>) {
    if let Err(error) = outcome {
        tracing::warn!(error = %error, "could not {what}; trying again");
    }
}
