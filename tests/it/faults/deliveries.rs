//! A bot that misbehaves, while everything dies: what was acknowledged is stored, what is stored is delivered, in order in
//! each interaction.
//!
//! The bot answers errors, hangs, ends or resets connections, answers byte by byte or far too much, leads elsewhere, and is
//! away for a while. Services, PostgreSQL and RabbitMQ die by SIGKILL meanwhile.
//! `PARLANCE_FAULT_ROUNDS` (5, of which two are enough here) says how often each process dies, `PARLANCE_FAULT_SEED` repeats
//! the order. The last line it prints is the result as JSON.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rand::prelude::*;
use serde_json::{Value, json};

use super::{OwnStack, number};
use crate::harness::*;

/// Interactions; each customer says one thing after the other.
const INTERACTIONS: usize = 8;
/// Of a hundred first and second tries of a message the bot takes so many amiss. Never the third, which comes after seconds;
/// the fourth would after half a minute.
const AMISS: u32 = 6;
/// Who dies, each so often.
const VICTIMS: [&str; 6] = ["bots", "bots.1", "messages", "gateway.1", "postgres", "rabbitmq"];

/// Takes some calls amiss, each kind in turn, and counts them.
struct Temper {
    random: StdRng,
    elsewhere: String,
    tries: HashMap<String, usize>,
    amiss: Arc<AtomicUsize>,
}

impl Temper {
    fn reaction(&mut self, told: &Value) -> Option<Reaction> {
        let text = told["content"].as_str()?.to_owned();
        let tries = self.tries.entry(text).or_default();
        *tries += 1;
        if *tries > 2 || self.random.random_range(0..100) >= AMISS {
            return None;
        }
        let elsewhere = vec![("location", self.elsewhere.clone())];
        Some(match self.amiss.fetch_add(1, Ordering::SeqCst) % 8 {
            0 => Reaction::status(500),
            1 => Reaction::Hang,
            2 => Reaction::Close,
            3 => Reaction::Reset,
            4 => Reaction::Drip,
            5 => Reaction::Answer(302, elsewhere, String::new()),
            // An answer like others, as far as it is read.
            6 => Reaction::Flood(100),
            _ => Reaction::status(503),
        })
    }
}

/// A customer, who speaks until told to stop; what they said and had acknowledged, in order.
struct Customer {
    gateways: Vec<Tenant>,
    hash: String,
    n: usize,
    stop: Arc<AtomicBool>,
    acknowledged: Arc<AtomicUsize>,
}

impl Customer {
    async fn speak(self) -> Vec<String> {
        let mut said = Vec::new();
        while !self.stop.load(Ordering::SeqCst) {
            let text = format!("{:02} {:05}", self.n, said.len());
            self.say(&text).await;
            said.push(text);
            self.acknowledged.fetch_add(1, Ordering::SeqCst);
            // A person thinks before the next word; there is no load to be measured here.
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
        said
    }

    /// The same under one key, until it is acknowledged by one of the gateways.
    async fn say(&self, text: &str) {
        let key = unique("said");
        for repeat in 0..3_000 {
            let t = &self.gateways[(self.n + repeat) % self.gateways.len()];
            let ask = t.zenvia().customer(&self.hash, "messages", &json!({ "content": text })).key(&key);
            match ask.try_send().await {
                Ok(reply) if reply.status == 200 => return,
                Ok(reply) => assert!(reply.status >= 500, "{}: {}", reply.status, reply.body),
                Err(error) => assert!(!error.is_builder(), "{error:?}"),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{text} is never acknowledged");
    }
}

/// What there is after all of it, by interaction.
struct Outcome {
    acknowledged: Vec<Vec<String>>,
    stored: Vec<Vec<String>>,
    delivered: Vec<Vec<String>>,
}

impl Outcome {
    /// Acknowledged and not stored, stored and not delivered, delivered for the first time after something later.
    fn wrong(&self) -> (usize, usize, usize) {
        let missing = |of: &[Vec<String>], among: &[Vec<String>]| {
            let each = of.iter().zip(among).map(|(of, among)| {
                let there: HashSet<&String> = among.iter().collect();
                of.iter().filter(|text| !there.contains(text)).count()
            });
            each.sum()
        };
        let firsts = self.delivered.iter().map(|texts| {
            let mut known = HashSet::new();
            let first: Vec<&String> = texts.iter().filter(|text| known.insert(*text)).collect();
            first.windows(2).filter(|pair| pair[0] > pair[1]).count()
        });
        let lost = missing(&self.acknowledged, &self.stored);
        (lost, missing(&self.stored, &self.delivered), firsts.sum())
    }
}

fn count(all: &[Vec<String>]) -> usize {
    all.iter().map(Vec::len).sum()
}

#[test]
fn a_bot_is_told_everything_in_order_whatever_dies() {
    let rounds = number("PARLANCE_FAULT_ROUNDS", 5).min(2);
    let seed = env("PARLANCE_FAULT_SEED").map_or_else(rand::random, |seed| seed.parse::<u64>().expect("a number"));
    println!("PARLANCE_FAULT_SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let settings = [
        ("PARLANCE__EGRESS__TIMEOUT_MS", "1500"),
        ("PARLANCE__BOTS__HANDOVER_S", "86400"),
        ("PARLANCE__BOTS__DELIVERY__LEASE_S", "8"),
        ("PARLANCE__EGRESS__ALLOW", "127.0.0.1/32"),
    ];
    let stack = OwnStack::up_with("deliveries", "2", &settings);
    let deployment: &'static Deployment = Box::leak(Box::new(at(stack.dir().to_owned()).unwrap()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let gateways = stack.gateways();

    let (t, hook, elsewhere, hashes) = runtime.block_on(async {
        let t = Tenant::new(deployment).await;
        let (hook, elsewhere) = (Hook::start().await, Hook::start().await);
        let department = t.department("Faults", Some(&hook), &[]).await;
        let mut hashes = Vec::new();
        for n in 0..INTERACTIONS {
            hashes.push(t.zenvia().start(department.number, json!({ "name": format!("Visitor {n}") })).await);
        }
        (t, hook, elsewhere, hashes)
    });
    let amiss = Arc::new(AtomicUsize::new(0));
    let (temper, place) = (StdRng::seed_from_u64(random.random()), elsewhere.url.clone());
    let mut temper = Temper { random: temper, elsewhere: place, tries: HashMap::new(), amiss: amiss.clone() };
    hook.by(move |told| temper.reaction(told));

    let (stop, acknowledged) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let customers = hashes.iter().enumerate().map(|(n, hash)| {
        let gateways = gateways.iter().map(|url| t.moved_to(url)).collect();
        let (stop, acknowledged) = (stop.clone(), acknowledged.clone());
        runtime.spawn(Customer { gateways, hash: hash.clone(), n, stop, acknowledged }.speak())
    });
    let customers: Vec<_> = customers.collect();
    let kills = kill(&stack, &hook, &mut random, rounds, &acknowledged);
    // The bot has taken amiss some of each kind.
    runtime.block_on(eventually_within(Duration::from_mins(3), "the bot was bad in every way", || async {
        (amiss.load(Ordering::SeqCst) >= 16).then_some(())
    }));
    stop.store(true, Ordering::SeqCst);

    runtime.block_on(async {
        let said = futures_util::future::join_all(customers).await.into_iter().map(Result::unwrap).collect();
        let mut outcome = Outcome { acknowledged: said, stored: Vec::new(), delivered: Vec::new() };
        for hash in &hashes {
            let chat = chat_of(&t, hash).await;
            outcome.stored.push(t.texts(&chat).await);
        }
        let pick = |taken: BTreeMap<String, Vec<String>>| {
            hashes.iter().map(|hash| taken.get(hash).cloned().unwrap_or_default()).collect::<Vec<_>>()
        };
        eventually_within(Duration::from_mins(5), "everything stored is delivered", || async {
            let delivered = pick(hook.taken());
            let now = Outcome { acknowledged: Vec::new(), stored: outcome.stored.clone(), delivered };
            (now.wrong().1 == 0).then_some(())
        })
        .await;
        outcome.delivered = pick(hook.taken());
        let (lost, undelivered, reordered) = outcome.wrong();
        let (stored, delivered) = (count(&outcome.stored), count(&outcome.delivered));
        println!(
            "{}",
            json!({
                "seed": seed, "kills": kills, "amiss": amiss.load(Ordering::SeqCst), "attempts": hook.got().len(),
                "acknowledged": count(&outcome.acknowledged), "stored": stored, "delivered": delivered,
                "again": delivered - stored.min(delivered), "lost": lost, "undelivered": undelivered, "reordered": reordered,
            })
        );
        assert_eq!((lost, undelivered, reordered), (0, 0, 0));
        assert!(elsewhere.got().is_empty(), "nobody follows a redirect");
    });
}

/// The chat of an interaction, as soon as all that was killed answers again.
async fn chat_of(t: &Tenant, hash: &str) -> String {
    eventually_within(Duration::from_mins(1), "the stack answers", || async {
        let found = t.operator("GET", "/interactions").query("hash", hash).try_send().await.ok()?;
        if found.status != 200 {
            return None;
        }
        let chat = found.json()["items"][0]["chat_id"].as_str()?.to_owned();
        let listed = t.operator("GET", &format!("/chats/{chat}/messages")).try_send().await.ok()?;
        (listed.status == 200).then_some(chat)
    })
    .await
}

/// Each victim dies and comes back, in a random order at random moments; meanwhile the bot goes away now and then. How many
/// died.
fn kill(stack: &OwnStack, hook: &Hook, random: &mut StdRng, rounds: usize, acknowledged: &AtomicUsize) -> usize {
    let mut victims: Vec<&str> = VICTIMS.into_iter().flat_map(|name| vec![name; rounds]).collect();
    victims.shuffle(random);
    let began = Instant::now();
    for (n, victim) in victims.iter().enumerate() {
        // The moment to die at is the random thing here; nothing is waited for.
        std::thread::sleep(Duration::from_millis(random.random_range(200..1500)));
        stack.command(&["kill", victim]);
        // Not for longer: what fails for the third time waits half a minute.
        if n % 4 == 1 {
            hook.shut();
        }
        std::thread::sleep(Duration::from_millis(random.random_range(0..800)));
        hook.open();
        stack.command(&["start", victim]);
        println!(
            "{:6.1} s: {victim} died and came back; {} acknowledged",
            began.elapsed().as_secs_f64(),
            acknowledged.load(Ordering::SeqCst)
        );
    }
    victims.len()
}
