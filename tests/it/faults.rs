//! Two instances of everything, 64 senders, 20 chats; every kind of process, PostgreSQL and RabbitMQ die by SIGKILL at random
//! moments and come back. Nothing acknowledged is lost, nothing is there twice, nobody's order changes.
//!
//! The stack is this test's own. `PARLANCE_FAULT_ROUNDS` (5) says how often each dies, `PARLANCE_FAULT_SEED` repeats the
//! order and the moments, `PARLANCE_FAULT_MESSAGES` (10,000) is the least to be acknowledged, and `PARLANCE_FAULT_BIN_DIR`
//! names other binaries. The last line it prints is the result as JSON.

mod chaos;
mod deliveries;
mod outage;
mod reconnect;
mod restore;
mod rolling;
mod scaled;
mod senders;
mod talkers;
mod told;
pub mod verdict;
mod weather;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::*;
use chaos::Chaos;
use senders::{Sender, Stop};

const SENDERS: usize = 64;
const CHATS: usize = 20;

fn number(name: &str, default: usize) -> usize {
    env(name).map_or(default, |value| value.parse().unwrap_or_else(|_| panic!("{name} is no number: {value}")))
}

/// A person, and so many chats of theirs and the admin's.
pub async fn scene(t: &Tenant, chats: usize) -> (Guest, Vec<String>) {
    let person = t.imbee().register("person").await;
    let both = [t.admin.id.clone(), person.id(t).await];
    let both: Vec<&str> = both.iter().map(String::as_str).collect();
    let mut made = Vec::new();
    for _ in 0..chats {
        made.push(t.voipbin().chat("group", &both).await["id"].as_str().unwrap().to_owned());
    }
    (person, made)
}

/// A split stack of this test's own, gone with it. There is one at a time: each is a dozen processes with servers of their
/// own, and two that die and come back at once starve each other on a small machine.
pub struct OwnStack {
    dir: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

impl OwnStack {
    /// So many instances of everything, in a directory of this name.
    fn up(name: &str, instances: &str) -> Self {
        Self::up_with(name, instances, &[])
    }

    /// The same, told something more by its environment.
    pub fn up_with(name: &str, instances: &str, told: &[(&str, &str)]) -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        let dir = home().join(name);
        // Whoever had it before may have failed; its stack is gone all the same.
        let stack = Self { dir: dir.clone(), _turn: TURN.lock().unwrap_or_else(PoisonError::into_inner) };
        let bin_dir = env("PARLANCE_FAULT_BIN_DIR").map_or_else(bin_dir, PathBuf::from);
        let (dir, bin_dir) = (dir.to_str().unwrap().to_owned(), bin_dir.to_str().unwrap().to_owned());
        let up = [
            "stack",
            "up",
            "--data-dir",
            &dir,
            "--instances",
            instances,
            "--listen",
            "127.0.0.1:0",
            "--no-build",
            "--bin-dir",
            &bin_dir,
        ];
        xtask_with(&up, told).unwrap_or_else(|e| panic!("{e:#}"));
        stack.until_connected();
        stack
    }

    /// Waits until every service is connected to the broker, and all queues are there: a RabbitMQ that is killed while it makes a
    /// quorum queue may bring it back without a leader, for good (3.10 does).
    fn until_connected(&self) {
        let parts = self.parts();
        let services = parts.iter().filter(|part| part["service"] != "gateway");
        let admins: Vec<String> = services.map(|part| format!("http://{}", part["admin"].as_str().unwrap())).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        for base in admins {
            runtime.block_on(eventually_within(
                Duration::from_mins(2),
                "a service is connected to the broker",
                || async {
                    let page = Http::of_admin(&base).get("/metrics").try_send().await.ok()?.body;
                    let connected =
                        page.lines().filter(|line| line.starts_with("bus_connected{") && line.ends_with(" 1"));
                    (connected.count() == 2).then_some(())
                },
            ));
        }
    }

    fn parts(&self) -> Vec<serde_json::Value> {
        let plan = std::fs::read_to_string(self.dir.join("stack.json")).unwrap();
        let plan: serde_json::Value = serde_json::from_str(&plan).unwrap();
        plan["parts"].as_array().unwrap().clone()
    }

    /// Where its files lie.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// `cargo xtask stack …` on it.
    fn command(&self, args: &[&str]) {
        let all: Vec<&str> =
            ["stack"].iter().chain(args).chain(&["--data-dir", self.dir.to_str().unwrap()]).copied().collect();
        xtask(&all).unwrap_or_else(|e| panic!("{e:#}"));
    }

    /// What the process called `name` was told, and nothing else.
    fn environment(&self, name: &str) -> Vec<(String, String)> {
        let pid = std::fs::read_to_string(self.dir.join("pids").join(name)).unwrap();
        let pid = pid.split_whitespace().next().expect("a process' number");
        let all = std::fs::read(format!("/proc/{pid}/environ")).unwrap();
        let lines = all.split(|byte| *byte == 0).filter_map(|line| std::str::from_utf8(line).ok()?.split_once('='));
        lines.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// Both gateways.
    fn gateways(&self) -> Vec<String> {
        let parts = self.parts();
        let gateways = parts.iter().filter(|part| part["service"] == "gateway");
        gateways.map(|part| format!("http://{}", part["listen"].as_str().unwrap())).collect()
    }
}

impl Drop for OwnStack {
    fn drop(&mut self) {
        let dir = self.dir.to_str().unwrap();
        if let Err(error) = xtask(&["stack", "down", "--data-dir", dir]) {
            eprintln!("the stack was not stopped: {error:#}");
        }
    }
}

#[test]
fn any_process_may_die_at_any_moment() {
    let rounds = number("PARLANCE_FAULT_ROUNDS", 5);
    let seed = env("PARLANCE_FAULT_SEED").map_or_else(rand::random, |seed| seed.parse::<u64>().expect("a number"));
    let least = number("PARLANCE_FAULT_MESSAGES", 10_000);
    println!("PARLANCE_FAULT_SEED={seed} PARLANCE_FAULT_ROUNDS={rounds}");

    let stack = OwnStack::up("faults", "2");
    let gateways = stack.gateways();
    assert_eq!(gateways.len(), 2);
    let deployment: &'static Deployment = Box::leak(Box::new(at(stack.dir().to_owned()).unwrap()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();

    let (t, people, chats) = runtime.block_on(async {
        let t = Tenant::new(deployment).await;
        let mut people = Vec::new();
        for n in 0..4 {
            people.push(t.imbee().register(&format!("person {n}")).await);
        }
        let mut ids = vec![t.admin.id.clone()];
        for person in &people {
            ids.push(person.id(&t).await);
        }
        let everybody: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut chats = Vec::new();
        for _ in 0..CHATS {
            chats.push(t.voipbin().chat("group", &everybody).await["id"].as_str().unwrap().to_owned());
        }
        (t, people, chats)
    });

    runtime.block_on(outage::a_peer_that_is_down_is_a_quick_503(&stack, &t, &people[0], &chats[0]));

    let began = Instant::now();
    let stop = Arc::new(Stop::default());
    let senders: Vec<_> = (0..SENDERS)
        .map(|n| {
            let sender = Sender {
                n,
                gateways: gateways.iter().map(|url| t.moved_to(url)).collect(),
                person: people[n % people.len()].clone(),
                chats: chats.clone(),
                stop: stop.clone(),
            };
            runtime.spawn(sender.run())
        })
        .collect();

    let kills = Chaos::new(&chaos::KINDS, rounds, seed).run(&stack, &stop, 0);
    let chaos_s = began.elapsed().as_secs_f64();
    // The senders go on until there are enough.
    runtime.block_on(eventually_within(Duration::from_mins(3), "enough messages are acknowledged", || async {
        (stop.acknowledged() >= least).then_some(())
    }));
    stop.end();
    let sent = runtime.block_on(async {
        let mut all = Vec::new();
        for sender in senders {
            all.push(sender.await.unwrap());
        }
        all
    });

    let verdict = runtime.block_on(verdict::judge(&t, &chats, &sent));
    println!("{kills} kills in {chaos_s:.0} s, everything in {:.0} s", began.elapsed().as_secs_f64());
    println!(
        "{}",
        json!({
            "seed": seed, "rounds": rounds, "kills": kills, "attempts": verdict.attempts, "acknowledged": verdict.acknowledged,
            "lost": verdict.lost, "duplicated": verdict.duplicated, "reordered": verdict.reordered, "gaps": verdict.gaps,
        })
    );
    assert!(verdict.acknowledged >= least);
    assert_eq!((verdict.lost, verdict.duplicated, verdict.reordered, verdict.gaps), (0, 0, 0, 0));
    runtime.block_on(verdict::last_activity_agrees(&t, &people[0], &chats));
    runtime.block_on(verdict::nothing_is_parked(&t));
}
