//! Several instances over one database, and those who wait.

use std::time::{Duration, Instant};

use contracts::RealtimeApi as _;
use contracts::realtime::{AwaitFeeds, FeedHead};
use domain::UserId;
use store::Db;
use store::testing::on_each_engine;
use tokio_util::sync::CancellationToken;

use crate::fixture::{Fixture, TREES};

on_each_engine! {
    migrations = TREES;

    /// Whoever waits is told as soon as the feed grows, also by an instance that did not write it.
    async fn whoever_waits_is_told(db: Db) {
        let fx = Fixture::start(&db);
        let (twin, stop) = (fx.twin(), CancellationToken::new());
        tokio::spawn(twin.clone().work(stop.clone()));
        let chat = fx.chat(&[UserId::new()]);
        let tenant = fx.tenant;
        let wait = || AwaitFeeds { known: vec![FeedHead { tenant, head: 0 }], wait_ms: 20_000 };
        let (here, there) = (fx.realtime.clone(), twin.clone());
        let (asked_here, asked_there) = (wait(), wait());
        let waiting = tokio::spawn(async move {
            tokio::join!(here.changed(asked_here), there.changed(asked_there))
        });
        fx.says(chat, 1, "x").await;
        let (by_writer, by_twin) = waiting.await.unwrap();
        assert_eq!(by_writer.unwrap(), [FeedHead { tenant, head: 1 }]);
        assert_eq!(by_twin.unwrap(), [FeedHead { tenant, head: 1 }]);
        stop.cancel();
    }

    /// A wait ends when it is over, and does not begin where there is news.
    async fn a_wait_ends(db: Db) {
        let fx = Fixture::start(&db);
        let tenant = fx.tenant;
        let begun = Instant::now();
        let none = AwaitFeeds { known: vec![FeedHead { tenant, head: 0 }], wait_ms: 100 };
        assert!(fx.realtime.changed(none.clone()).await.unwrap().is_empty());
        assert!(begun.elapsed() >= Duration::from_millis(100));
        fx.says(fx.chat(&[UserId::new()]), 1, "x").await;
        fx.settle().await;
        let known = AwaitFeeds { wait_ms: 60_000, ..none };
        assert_eq!(fx.twin().changed(known).await.unwrap(), [FeedHead { tenant, head: 1 }]);
    }
}
