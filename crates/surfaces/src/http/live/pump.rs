//! What goes on in the background: feeds are followed, and those who are there are said to be.

use std::sync::Arc;
use std::time::Duration;

use contracts::realtime::{AwaitFeeds, FeedEvent, FeedHead, ReadFeed, RealtimeError, Seen, Touch};
use domain::Limit;
use futures_util::future::join_all;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::Live;
use super::hub::Hub;

/// How long one question waits: shorter than calls between services may take.
const WAIT_MS: u32 = 5_000;
/// Rows read at once.
const PAGE: i64 = 500;
/// First pause after a failure; doubles up to [`LONGEST`].
const FIRST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(1);
/// How often those who are there are said to be.
const SEEN: Duration = Duration::from_secs(20);
/// How long whoever comes after the first one is waited for.
const GATHER: Duration = Duration::from_millis(50);
/// People in one call.
const PEOPLE: usize = 1000;

/// Follows the feeds of all tenants somebody watches.
pub async fn feeds(live: Live) {
    let mut pause = FIRST;
    let stop = live.0.drain.clone();
    loop {
        live.leave_empty();
        let hubs = live.hubs();
        let more = live.0.more.notified();
        let round = async {
            if hubs.is_empty() {
                std::future::pending::<()>().await;
            }
            follow(&live, &hubs).await
        };
        tokio::select! {
            () = stop.cancelled() => return,
            // The next question names the new tenant, too.
            () = more => {}
            outcome = round => match outcome {
                Ok(()) => pause = FIRST,
                Err(error) => {
                    tracing::warn!(error = %error, "feeds cannot be followed; trying again");
                    tokio::time::sleep(pause).await;
                    pause = (pause * 2).min(LONGEST);
                }
            }
        }
    }
}

/// Waits until some of them grow, and hands over what is new.
async fn follow(live: &Live, hubs: &[Arc<Hub>]) -> Result<(), RealtimeError> {
    let known = hubs.iter().map(|hub| FeedHead { tenant: hub.tenant, head: hub.head() }).collect();
    let moved = live.0.realtime.changed(AwaitFeeds { known, wait_ms: WAIT_MS }).await?;
    let moved = hubs.iter().filter(|hub| moved.iter().any(|head| head.tenant == hub.tenant));
    let caught_up = join_all(moved.map(|hub| catch_up(live, hub))).await;
    caught_up.into_iter().collect()
}

async fn catch_up(live: &Live, hub: &Hub) -> Result<(), RealtimeError> {
    loop {
        let after = hub.head();
        let asked = ReadFeed { tenant: hub.tenant, user: None, after: Some(after), limit: Limit::clamped(PAGE) };
        let feed = live.0.realtime.read(asked).await?;
        if !feed.reaches(after) {
            hub.lose(feed.head);
            return Ok(());
        }
        for item in &feed.items {
            match (&item.what, item.chat) {
                (FeedEvent::UserUpdated { user }, _) => live.0.names.forget(hub.tenant, *user),
                (FeedEvent::MessagePosted(_), _) => {}
                (_, Some(chat)) => live.0.rooms.forget(hub.tenant, chat),
                _ => {}
            }
        }
        hub.hand_over(feed.items, feed.upto);
        if feed.upto >= feed.head {
            return Ok(());
        }
    }
}

/// Says who came or did something, and again and again who is there.
pub async fn presence(live: Live, mut arriving: mpsc::UnboundedReceiver<Seen>) {
    let stop = live.0.drain.clone();
    let mut again = Instant::now() + SEEN;
    loop {
        let mut seen = Vec::new();
        tokio::select! {
            () = stop.cancelled() => return,
            Some(first) = arriving.recv() => {
                // Many come at once when they come back: they are said to be in one call.
                tokio::time::sleep(GATHER).await;
                seen.push(first);
                while let Ok(next) = arriving.try_recv() {
                    seen.push(next);
                }
            }
            () = sleep_until(again) => {
                seen = live.0.crowd.seen();
                again = Instant::now() + SEEN;
            }
        }
        for some in seen.chunks(PEOPLE) {
            if let Err(error) = live.0.realtime.touch(Touch { seen: some.to_vec() }).await {
                tracing::warn!(error = %error, "could not say who is there");
            }
        }
    }
}
