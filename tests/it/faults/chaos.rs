//! What dies, when, and its return.

use std::time::{Duration, Instant};

use rand::prelude::*;

use super::OwnStack;
use super::senders::Stop;

/// Every kind there is; of two instances either.
pub const KINDS: [&str; 9] =
    ["auth", "users", "chats", "messages", "realtime", "bots", "gateway", "postgres", "rabbitmq"];

/// Kills in a random order, at random moments; whatever the machine's speed, the same seed gives the same order.
pub struct Chaos {
    victims: Vec<String>,
    random: StdRng,
}

impl Chaos {
    /// Each of `kinds` so often.
    pub fn new(kinds: &[&str], rounds: usize, seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let mut victims: Vec<String> = Vec::new();
        for &kind in kinds {
            for _ in 0..rounds {
                let second = !matches!(kind, "postgres" | "rabbitmq") && random.random_bool(0.5);
                victims.push(if second { format!("{kind}.1") } else { kind.to_owned() });
            }
        }
        victims.shuffle(&mut random);
        Self { victims, random }
    }

    /// All of it, while the senders send; how many died. Nobody dies before `least` more were acknowledged than when the one
    /// before came back: with 0 they die whether the others have recovered or not.
    pub fn run(mut self, stack: &OwnStack, stop: &Stop, least: usize) -> usize {
        let began = Instant::now();
        for victim in &self.victims {
            let before = stop.acknowledged();
            // The moment to die at is the random thing here; nothing is waited for.
            std::thread::sleep(Duration::from_millis(self.random.random_range(100..1200)));
            stack.command(&["kill", victim]);
            std::thread::sleep(Duration::from_millis(self.random.random_range(0..800)));
            stack.command(&["start", victim]);
            wait(stop, stop.acknowledged() + least, victim);
            let (at, all) = (began.elapsed().as_secs_f64(), stop.acknowledged());
            println!(
                "{at:6.1} s: {victim} died and came back; {all} acknowledged, {} of them since the last",
                all - before
            );
        }
        self.victims.len()
    }
}

/// Waits until so many are acknowledged.
fn wait(stop: &Stop, wanted: usize, victim: &str) {
    let deadline = Instant::now() + Duration::from_mins(2);
    while stop.acknowledged() < wanted {
        assert!(Instant::now() < deadline, "after {victim} came back too little is acknowledged");
        std::thread::sleep(Duration::from_millis(20));
    }
}
