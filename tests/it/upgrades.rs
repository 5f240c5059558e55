//! Data that a release left behind, on both engines: today's binary migrates it, shows all of it and goes on.
//!
//! `tests/data/releases/VERSION/ENGINE` holds a small instance as packed SQL and what its surfaces showed of it. A release is kept by
//! `PARLANCE_RELEASE=VERSION cargo xtask test -- -- upgrades::` and never changed afterwards: what it recorded has to be shown for ever, new
//! keys beside it.

mod data;
mod story;

use std::path::{Path, PathBuf};

use crate::harness::*;
use data::Engine;
use story::Story;

/// The releases that are kept.
fn releases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/releases")
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Starts today's binary on what `kept` holds, and reads all of it.
fn upgrade(engine: Engine, kept: &Path) {
    let dir = home().join(unique("upgrade"));
    let options = engine.load(kept, &dir);
    let mut process = Parlance::start(&dir, &options).unwrap();
    let deployment: &'static Deployment = Box::leak(Box::new(Deployment::of(&process)));
    let story = Story::read(&kept.join("story.json"));
    block_on(async {
        let t = story.tenant(deployment).await;
        let shown = story.shown(&t).await;
        story::assert_shown(&story.shown, &shown, "");
        story.goes_on(&t).await;
    });
    assert!(process.stop().success(), "{}", process.errors());
}

fn every_release(engine: Engine) {
    let mut releases: Vec<PathBuf> = releases().read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    releases.sort();
    assert!(!releases.is_empty(), "there is one release at least");
    for release in releases {
        println!("{} on {}", release.display(), engine.name());
        upgrade(engine, &release.join(engine.name()));
    }
}

#[test]
fn every_release_is_upgraded_on_sqlite() {
    every_release(Engine::Sqlite);
}

#[test]
fn every_release_is_upgraded_on_postgresql() {
    every_release(Engine::Postgres);
}

/// Lives through the story on a new instance, keeps it in `kept`, and reads it from there.
fn keep(engine: Engine, kept: &Path) {
    let dir = home().join(unique("story"));
    let (options, database) = engine.fresh();
    let mut process = Parlance::start(&dir, &options).unwrap();
    let deployment: &'static Deployment = Box::leak(Box::new(Deployment::of(&process)));
    let story = block_on(async { Story::live(&Tenant::new(deployment).await).await });
    assert!(process.stop().success(), "{}", process.errors());
    engine.keep(&dir, database.as_deref(), kept);
    story.write(&kept.join("story.json"));
    upgrade(engine, kept);
}

/// What is written today can be kept, and is then upgraded like an old release. With `PARLANCE_RELEASE` it is kept for good.
#[test]
fn what_is_written_today_can_be_kept() {
    let release = env("PARLANCE_RELEASE");
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let kept = match &release {
            Some(version) => releases().join(version).join(engine.name()),
            None => home().join(unique("release")).join(engine.name()),
        };
        assert!(!kept.exists(), "{} is there, and a release is never changed", kept.display());
        keep(engine, &kept);
    }
}
