//! What dies, when, and its return.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rand::prelude::*;

use super::senders::Stop;
use crate::harness::xtask;

/// One of each kind; of two instances either.
const KINDS: [&str; 7] = ["auth", "users", "chats", "messages", "gateway", "postgres", "rabbitmq"];

/// Kills in a random order, at random moments; whatever the machine's speed, the same seed gives the same order.
pub struct Chaos {
    dir: PathBuf,
    victims: Vec<String>,
    random: StdRng,
}

impl Chaos {
    pub fn new(dir: &Path, rounds: usize, seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let mut victims: Vec<String> = Vec::new();
        for kind in KINDS {
            for _ in 0..rounds {
                let second = !matches!(kind, "postgres" | "rabbitmq") && random.random_bool(0.5);
                victims.push(if second { format!("{kind}.1") } else { kind.to_owned() });
            }
        }
        victims.shuffle(&mut random);
        Self { dir: dir.to_owned(), victims, random }
    }

    /// All of it, while the senders send; how many died.
    pub fn run(mut self, stop: &Stop) -> usize {
        let dir = self.dir.to_str().unwrap().to_owned();
        let stack = |args: &[&str]| {
            let all: Vec<&str> = ["stack"].iter().chain(args).chain(&["--data-dir", &dir]).copied().collect();
            xtask(&all).unwrap_or_else(|e| panic!("{e:#}"));
        };
        for victim in &self.victims {
            let before = stop.acknowledged();
            // The moment to die at is the random thing here; nothing is waited for.
            std::thread::sleep(Duration::from_millis(self.random.random_range(100..1200)));
            stack(&["kill", victim]);
            std::thread::sleep(Duration::from_millis(self.random.random_range(0..800)));
            stack(&["start", victim]);
            println!(
                "killed {victim}; {} acknowledged, {} of them since the last",
                stop.acknowledged(),
                stop.acknowledged() - before
            );
        }
        self.victims.len()
    }
}
