//! Random interleavings of calls through all surfaces against a small model of what must hold.
//!
//! The model knows each chat's members and texts. After every sequence each chat shows the same texts in the same order on
//! every surface, places have no gaps, a pair has one chat, and who left or never came sees and says nothing. Some chats are
//! started through Zenvia and served by a bot: it is told what others say there, once and in order, as long as it serves.

mod served;
mod shown;
mod world;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use crate::harness::*;
use world::{PEOPLE, Step, Through, World};

fn through() -> impl Strategy<Value = Through> {
    proptest::sample::select(&Through::ALL[..])
}

fn step() -> impl Strategy<Value = Step> {
    let person = || 0..PEOPLE;
    let chat = || 0..8_usize;
    prop_oneof![
        4 => (through(), person(), person()).prop_map(|(by, a, b)| Step::Direct(by, a, b)),
        1 => proptest::sample::subsequence((0..PEOPLE).collect::<Vec<_>>(), 1..=PEOPLE).prop_map(Step::Group),
        12 => (through(), chat(), person()).prop_map(|(by, c, p)| Step::Say(by, c, p)),
        3 => (through(), chat(), person()).prop_map(|(by, c, p)| Step::Join(by, c, p)),
        2 => (through(), chat(), person()).prop_map(|(by, c, p)| Step::Leave(by, c, p)),
        1 => (chat(), 0..6_usize).prop_map(|(c, m)| Step::Edit(c, m)),
        1 => (through(), chat(), 0..6_usize).prop_map(|(by, c, m)| Step::Unsay(by, c, m)),
        1 => (through(), chat()).prop_map(|(by, c)| Step::Close(by, c)),
        3 => person().prop_map(Step::Start),
        3 => chat().prop_map(Step::Answer),
        2 => (any::<bool>(), chat()).prop_map(|(bot, c)| Step::Finish(bot, c)),
    ]
}

fn interleavings(stack: &'static str, cases: u32) {
    let seed = env("PARLANCE_MODEL_SEED").map_or_else(rand::random, |seed| seed.parse().unwrap());
    println!("PARLANCE_MODEL_SEED={seed}");
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 60,
        rng_seed: RngSeed::Fixed(seed),
        ..Config::default()
    };
    let tried = TestRunner::new(config).run(&proptest::collection::vec(step(), 5..50), |steps| {
        let body = |t: Tenant| async {
            let mut world = World::new(t).await;
            for (n, step) in steps.iter().enumerate() {
                world.take(step, n).await;
            }
            world.check().await;
        };
        let ran = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(stack, body)));
        ran.map_err(|why| {
            let text =
                why.downcast_ref::<String>().cloned().or_else(|| why.downcast_ref::<&str>().map(ToString::to_string));
            TestCaseError::fail(text.unwrap_or_default())
        })
    });
    tried.unwrap_or_else(|e| panic!("PARLANCE_MODEL_SEED={seed}: {e}"));
}

#[test]
fn sqlite() {
    interleavings("sqlite", 24);
}

#[test]
fn postgres() {
    interleavings("postgres", 12);
}

#[test]
fn split() {
    interleavings("split", 12);
}
