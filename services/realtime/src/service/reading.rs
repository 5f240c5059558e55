//! Reading feeds, and waiting for them to grow.

use std::time::Duration;

use contracts::realtime::{AwaitFeeds, Feed, FeedHead, ReadFeed};
use tokio::time::{Instant, timeout_at};

use super::{Outcome, Realtime};
use crate::store::feed::{self, Extent};

impl Realtime {
    pub(super) async fn read_feed(&self, cmd: ReadFeed) -> Outcome<Feed> {
        let conn = self.db.read().await?;
        // First: whatever the head counts is visible to what is asked after it.
        let Extent { head, kept_after } = feed::extent(&conn, cmd.tenant).await?;
        let Some(after) = cmd.after else {
            return Ok(Feed { items: Vec::new(), upto: head, head, kept_after });
        };
        if after >= head {
            return Ok(Feed { items: Vec::new(), upto: after, head, kept_after });
        }
        let (mut items, last) = feed::read(&conn, cmd.tenant, after, cmd.limit.get(), self.clock.now()).await?;
        let newest = items.last().map_or(after, |item| item.offset);
        let upto = last.unwrap_or(head.max(newest));
        if let Some(user) = cmd.user {
            items.retain(|item| item.concerns(user));
        }
        Ok(Feed { items, upto, head: head.max(upto), kept_after })
    }

    pub(super) async fn await_feeds(&self, cmd: AwaitFeeds) -> Outcome<Vec<FeedHead>> {
        let until = Instant::now() + Duration::from_millis(cmd.wait_ms.into());
        let mut news = self.heads.news();
        loop {
            news.mark_unchanged();
            let ahead = self.heads.ahead(&cmd.known);
            if !ahead.is_empty() {
                return Ok(ahead);
            }
            // What other instances wrote while nothing was heard of them.
            let ahead = self.ahead(&cmd.known).await?;
            if !ahead.is_empty() {
                self.heads.note(&ahead);
                return Ok(ahead);
            }
            let look_again = Instant::now() + self.settings.poll();
            if !self.woken(&mut news, &cmd.known, until.min(look_again)).await && Instant::now() >= until {
                return Ok(Vec::new());
            }
        }
    }

    /// Waits until one of `known` is heard to stand further, until `until` at most.
    async fn woken(&self, news: &mut tokio::sync::watch::Receiver<()>, known: &[FeedHead], until: Instant) -> bool {
        while let Ok(Ok(())) = timeout_at(until, news.changed()).await {
            if !self.heads.ahead(known).is_empty() {
                return true;
            }
        }
        false
    }

    async fn ahead(&self, known: &[FeedHead]) -> Outcome<Vec<FeedHead>> {
        let mut ahead = Vec::new();
        for some in known.chunks(1000) {
            let tenants = some.iter().map(|old| old.tenant).collect();
            let found = feed::heads(&self.db.read().await?, tenants).await?;
            let newer = |new: &FeedHead| some.iter().any(|old| old.tenant == new.tenant && old.head < new.head);
            ahead.extend(found.into_iter().filter(newer));
        }
        Ok(ahead)
    }
}
