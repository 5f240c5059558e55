//! Forgets published and consumed events after a while.

use futures_util::future::BoxFuture;
use std::time::Duration;

use diesel::prelude::*;
use domain::{Clock, Timestamp};
use store::{Db, RunQueryDsl, StoreResult, on_conn};
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::schema::{inbox, outbox};

const EVERY: Duration = Duration::from_mins(1);
/// Rows per transaction, so that nobody waits long behind one.
const WINDOW: i64 = 1000;

/// Forgets, every minute, what is older than `keep_h` hours.
pub(crate) async fn run(db: Db, keep_h: u32, clock: Clock, shutdown: CancellationToken) {
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        let before = clock.now().plus_seconds(-3600 * i64::from(keep_h));
        tokio::select! {
            () = shutdown.cancelled() => return,
            forgotten = forget(&db, before) => if let Err(cause) = forgotten {
                warn!(database = db.name(), error.cause_chain = ?cause, "could not forget old events");
            }
        }
    }
}

/// Forgets what was published, or consumed, before a moment; answers how many rows.
pub fn forget(db: &Db, before: Timestamp) -> BoxFuture<'_, StoreResult<usize>> {
    Box::pin(async move { Ok(forget_published(db, before).await? + forget_consumed(db, before).await?) })
}

/// Walks up from the oldest row, window by window, until rows are too young: no index over published rows is needed.
async fn forget_published(db: &Db, before: Timestamp) -> StoreResult<usize> {
    let (mut after, mut forgotten) = (0, 0);
    loop {
        let conn = db.read().await?;
        let window: Vec<(i64, Option<Timestamp>)> = on_conn!(conn, |c| outbox::table
            .filter(outbox::id.gt(after))
            .order(outbox::id)
            .limit(WINDOW)
            .select((outbox::id, outbox::published_at))
            .load(c)
            .await)?;
        drop(conn);
        let old: Vec<i64> =
            window.iter().filter(|(_, at)| at.is_some_and(|at| at < before)).map(|(id, _)| *id).collect();
        let young = window.iter().any(|(_, at)| at.is_some_and(|at| at >= before));
        if !old.is_empty() {
            let tx = db.begin().await?;
            forgotten += on_conn!(tx, |c| diesel::delete(outbox::table.filter(outbox::id.eq_any(old.clone())))
                .execute(c)
                .await)?;
            tx.commit().await?;
        }
        match window.last() {
            Some((last, _)) if !young => after = *last,
            _ => return Ok(forgotten),
        }
    }
}

async fn forget_consumed(db: &Db, before: Timestamp) -> StoreResult<usize> {
    let mut forgotten = 0;
    loop {
        let tx = db.begin().await?;
        let old = inbox::table.filter(inbox::seen_at.lt(before)).order(inbox::seen_at).limit(WINDOW);
        let ids: Vec<domain::EventId> = on_conn!(tx, |c| old.select(inbox::event_id).load(c).await)?;
        if ids.is_empty() {
            return Ok(forgotten);
        }
        let rows = inbox::table.filter(inbox::event_id.eq_any(ids)).filter(inbox::seen_at.lt(before));
        forgotten += on_conn!(tx, |c| diesel::delete(rows).execute(c).await)?;
        tx.commit().await?;
    }
}
