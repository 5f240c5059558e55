//! An update as docs/upgrades.md has it: every process of every service, and both gateways, end by SIGTERM and come back one by
//! one while clients send without pause.

use std::sync::Arc;
use std::time::Instant;

use super::senders::{Sender, Sent, Stop};
use super::{OwnStack, scene, verdict};
use crate::harness::*;

const SENDERS: usize = 16;
const CHATS: usize = 8;
/// The order of an update: who is asked before who asks, gateways last.
const ORDER: [&str; 7] = ["auth", "users", "chats", "messages", "realtime", "bots", "gateway"];
/// What docs/upgrades.md promises: 503s a client may be answered for each process that is restarted.
const REFUSED_PER_RESTART: usize = 1;

#[test]
fn every_process_is_replaced_under_traffic() {
    let stack = OwnStack::up("rolling", "2");
    let gateways = stack.gateways();
    let deployment: &'static Deployment = Box::leak(Box::new(at(stack.dir().to_owned()).unwrap()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let t = runtime.block_on(Tenant::new(deployment));
    let (person, chats) = runtime.block_on(scene(&t, CHATS));

    let stop = Arc::new(Stop::default());
    let senders: Vec<_> = (0..SENDERS)
        .map(|n| {
            let gateways = gateways.iter().map(|url| t.moved_to(url)).collect();
            let sender = Sender { n, gateways, person: person.clone(), chats: chats.clone(), stop: stop.clone() };
            runtime.spawn(sender.run())
        })
        .collect();

    let (began, mut restarts) = (Instant::now(), 0);
    for kind in ORDER {
        for name in [kind.to_owned(), format!("{kind}.1")] {
            let before = stop.acknowledged();
            stack.command(&["restart", &name]);
            restarts += 1;
            // Traffic never paused, and goes on with the new one before the next ends.
            runtime.block_on(eventually("messages are acknowledged", || async {
                (stop.acknowledged() > before + SENDERS).then_some(())
            }));
            println!(
                "{:5.1} s: {name} was replaced; {} acknowledged",
                began.elapsed().as_secs_f64(),
                stop.acknowledged()
            );
        }
    }
    stop.end();
    let sent: Vec<Sent> =
        senders.into_iter().map(|sender| runtime.block_on(sender).expect("no sender gave up")).collect();

    let verdict = runtime.block_on(verdict::judge(&t, &chats, &sent));
    let count = |of: fn(&Sent) -> usize| sent.iter().map(of).sum::<usize>();
    let (refused, failed, broken) = (count(|s| s.refused), count(|s| s.failed), count(|s| s.broken));
    println!(
        "{} acknowledged of {} attempts: {refused} answered 503, {failed} failed otherwise, {broken} met nobody",
        verdict.acknowledged, verdict.attempts
    );
    assert_eq!((verdict.lost, verdict.duplicated, verdict.reordered, verdict.gaps), (0, 0, 0, 0));
    assert_eq!(failed, 0, "503 is the only refusal");
    let most = sent.iter().map(|s| s.refused).max().unwrap_or(0);
    assert!(most <= REFUSED_PER_RESTART * restarts, "a client was refused {most} times over {restarts} restarts");
    runtime.block_on(verdict::last_activity_agrees(&t, &person, &chats));
    runtime.block_on(verdict::nothing_is_parked(&t));
}
