//! Endpoints that misbehave in every way there is, while everything dies by SIGKILL: what was acknowledged is stored once,
//! what is stored is told to its bot and to webhooks, in order, under one id, and to nobody else.
//!
//! Three departments with a bot each, webhooks in two formats, two instances of everything. Customers talk through Zenvia's
//! calls and through VoIPBin, bots answer. `PARLANCE_FAULT_ROUNDS` (1 here) says how often each process dies,
//! `PARLANCE_FAULT_SEED` repeats the order. The last line it prints is the result as JSON.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rand::prelude::*;
use serde_json::{Value, json};

use super::chaos::Chaos;
use super::senders::Stop;
use super::talkers::{Talk, Talked, Talker, Way};
use super::told::{Counts, Expected, Format, against_stored, attempts, nothing_waits, stored};
use super::verdict::nothing_is_parked;
use super::weather::{Endpoint, Weather};
use super::{OwnStack, number};
use crate::harness::*;

const BOTS: usize = 3;
/// Interactions of each bot.
const EACH: usize = 4;
/// Who dies. The deliverers die more often than others.
const KINDS: [&str; 8] = ["bots", "bots", "messages", "chats", "realtime", "gateway", "postgres", "rabbitmq"];
/// So many are said again before the next one dies, which everybody must have heard most of: deaths meet a stack at work.
const AGAIN: usize = 60;
/// A second, so often that nothing is given up.
const PAUSES: &str =
    "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1";
/// What makes failures short and leaves bots with their customers, however long they fail.
const SETTINGS: [(&str, &str); 8] = [
    ("PARLANCE__EGRESS__ALLOW", "127.0.0.1/32"),
    ("PARLANCE__EGRESS__TIMEOUT_MS", "1000"),
    ("PARLANCE__BOTS__HANDOVER_S", "86400"),
    ("PARLANCE__BOTS__DELIVERY__LEASE_S", "4"),
    ("PARLANCE__BOTS__DELIVERY__BREAKER_FIRST_MS", "200"),
    ("PARLANCE__BOTS__DELIVERY__BREAKER_LONGEST_MS", "1000"),
    ("PARLANCE__BOTS__DELIVERY__VENDOR_PAUSES_S", PAUSES),
    ("PARLANCE__BOTS__DELIVERY__NATIVE_PAUSES_S", PAUSES),
];

/// Who is told, and what of.
struct Scene {
    t: Tenant,
    endpoints: Vec<(Format, Arc<Endpoint>)>,
    /// Where redirects lead.
    elsewhere: Hook,
    talks: Vec<Talk>,
}

impl Scene {
    async fn set(t: Tenant, random: &mut StdRng, gateways: &[Tenant], stop: &Arc<Stop>) -> (Self, Vec<Talker>) {
        let elsewhere = Hook::start().await;
        let (mut endpoints, mut talks, mut talkers) = (Vec::new(), Vec::new(), Vec::new());
        for format in [Format::Native, Format::Voipbin] {
            let endpoint = Arc::new(Endpoint::start(&elsewhere.url, random.random()).await);
            let name = if format == Format::Native { "native" } else { "voipbin" };
            let body = json!({ "url": endpoint.hook.url, "format": name, "events": ["message.posted"] });
            t.operator("POST", "/webhooks").json(&body).send().await.expect(201);
            endpoints.push((format, endpoint));
        }
        let webhooks: Vec<Arc<Endpoint>> = endpoints.iter().map(|(_, endpoint)| endpoint.clone()).collect();
        for n in 0..BOTS {
            let bot = Arc::new(Endpoint::start(&elsewhere.url, random.random()).await);
            let department = t.department(&format!("Department {n}"), Some(&bot.hook), &[]).await;
            for _ in 0..EACH {
                let (talk, way) = begin(&t, gateways, talks.len(), &department, (&bot, &webhooks)).await;
                let bots = Way::Bot(gateways.iter().map(Tenant::zenvia).collect());
                talks.push(talk.clone());
                for way in [way, bots] {
                    talkers.push(Talker { talk: talk.clone(), way, stop: stop.clone() });
                }
            }
            endpoints.push((Format::Bot, bot));
        }
        (Self { t, endpoints, elsewhere, talks }, talkers)
    }

    /// What `endpoint` must have been told of what is stored: a bot what others say in its interactions, webhooks everything.
    fn expected(&self, format: Format, endpoint: &Arc<Endpoint>, stored: &[Vec<(String, String)>]) -> Expected {
        let all = self.talks.iter().zip(stored);
        if format != Format::Bot {
            return all
                .map(|(talk, said)| (talk.chat.clone(), said.iter().map(|(_, text)| text.clone()).collect()))
                .collect();
        }
        let theirs = all.filter(|(talk, _)| Arc::ptr_eq(&talk.bot, endpoint));
        theirs
            .map(|(talk, said)| {
                let heard = said.iter().map(|(_, text)| text).filter(|text| text.starts_with('c')).cloned();
                (talk.hash.clone(), heard.collect())
            })
            .collect()
    }

    fn count(&self, stored: &[Vec<(String, String)>]) -> Vec<Counts> {
        let each = self.endpoints.iter();
        each.map(|(format, endpoint)| format.count(endpoint, &self.expected(*format, endpoint, stored))).collect()
    }
}

/// Begins an interaction, through Zenvia or through VoIPBin in turn.
async fn begin(
    t: &Tenant,
    gateways: &[Tenant],
    n: usize,
    department: &Department,
    (bot, webhooks): (&Arc<Endpoint>, &[Arc<Endpoint>]),
) -> (Talk, Way) {
    let talk = |hash: String, chat: String| Talk { n, hash, chat, bot: bot.clone(), webhooks: webhooks.to_vec() };
    if n.is_multiple_of(2) {
        let hash = t.zenvia().start(department.number, json!({ "name": format!("Visitor {n}") })).await;
        let chat = t.chat_of(&hash).await;
        return (talk(hash, chat), Way::Customer(gateways.iter().map(Tenant::zenvia).collect()));
    }
    let person = t.user(&format!("Person {n}"), "agent").await;
    let mut logged_in = Vec::new();
    for gateway in gateways {
        logged_in.push(gateway.voipbin_as(&person).await);
    }
    let there = [person.id.as_str(), department.bot.as_deref().expect("a bot")];
    let chat = logged_in[0].chat("normal", &there).await["id"].as_str().unwrap().to_owned();
    let hash = t.served(&chat).await["hash"].as_str().unwrap().to_owned();
    (talk(hash, chat), Way::Agent(logged_in, person.id))
}

#[test]
fn bad_endpoints_are_told_everything_in_order_whatever_dies() {
    let rounds = number("PARLANCE_FAULT_ROUNDS", 1);
    let seed = env("PARLANCE_FAULT_SEED").map_or_else(rand::random, |seed| seed.parse::<u64>().expect("a number"));
    println!("PARLANCE_FAULT_SEED={seed} PARLANCE_FAULT_ROUNDS={rounds}");
    let mut random = StdRng::seed_from_u64(seed);
    let stack = OwnStack::up_with("deliveries", "2", &SETTINGS);
    let deployment: &'static Deployment = Box::leak(Box::new(at(stack.dir().to_owned()).unwrap()));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let stop = Arc::new(Stop::default());

    let (scene, talkers) = runtime.block_on(async {
        let t = Tenant::new(deployment).await;
        let gateways: Vec<Tenant> = stack.gateways().iter().map(|url| t.moved_to(url)).collect();
        Scene::set(t, &mut random, &gateways, &stop).await
    });
    let began = Instant::now();
    let talking: Vec<_> = talkers.into_iter().map(|talker| runtime.spawn(talker.run())).collect();
    let seeds: Vec<u64> = scene.endpoints.iter().map(|_| random.random()).collect();
    let weathers =
        scene.endpoints.iter().zip(seeds).map(|((_, endpoint), seed)| runtime.spawn(endpoint.clone().change(seed)));
    let weathers: Vec<_> = weathers.collect();

    let kills = Chaos::new(&KINDS, rounds, seed).run(&stack, &stop, AGAIN);
    for weather in weathers {
        weather.abort();
    }
    let verdict = runtime.block_on(async {
        all_ways(&scene).await;
        stop.end();
        let talked = futures_util::future::join_all(talking).await.into_iter().map(Result::unwrap);
        judge(&scene, &talked.collect::<Vec<Talked>>()).await
    });
    println!("{kills} kills, everything in {:.0} s", began.elapsed().as_secs_f64());
    let Verdict { line, wrong } = verdict;
    println!("{}", json!({ "seed": seed, "rounds": rounds, "kills": kills, "result": line }));
    assert_eq!(wrong, Vec::<String>::new());
}

/// Everybody has met every way to fail, while it was calm.
async fn all_ways(scene: &Scene) {
    // Nobody is there, and that was noticed.
    for (_, endpoint) in &scene.endpoints {
        endpoint.turn(Weather::Fine);
    }
    let Talk { hash, bot, .. } = scene.talks.last().expect("an interaction");
    bot.turn(Weather::Refusing);
    eventually_within(Duration::from_mins(1), "somebody finds nobody there", || async {
        let ask = scene.t.operator("GET", "/deliveries").query("state", "pending").query("interaction", hash);
        let reply = ask.try_send().await.ok().filter(|reply| reply.status == 200)?;
        let waiting = reply.json()["items"].as_array()?.clone();
        let last = |delivery: &Value| delivery["attempts"].as_array().and_then(|all| all.last().cloned());
        waiting.iter().filter_map(last).any(|attempt| attempt["error"] == "connect").then_some(())
    })
    .await;
    futures_util::future::join_all(scene.endpoints.iter().map(|(_, endpoint)| endpoint.every_way())).await;
}

struct Verdict {
    line: Value,
    /// What is not as it must be.
    wrong: Vec<String>,
}

async fn judge(scene: &Scene, talked: &[Talked]) -> Verdict {
    let t = &scene.t;
    let stored = stored(t, &scene.talks).await;
    let all: usize = stored.iter().map(Vec::len).sum();
    let told = eventually_within(Duration::from_mins(2), "everything is delivered", || async {
        let told = scene.count(&stored);
        told.iter().all(|counts| counts.lost == 0).then_some(())
    });
    told.await;
    nothing_waits(t).await;
    nothing_is_parked(t).await;
    let (mut bots, mut hooks) = (Counts::default(), Counts::default());
    for ((format, _), counts) in scene.endpoints.iter().zip(scene.count(&stored)) {
        *(if *format == Format::Bot { &mut bots } else { &mut hooks }) += counts;
    }
    let (lost, twice, reordered) = against_stored(talked, &stored);
    let acknowledged: usize = talked.iter().map(|talked| talked.acknowledged.len()).sum();
    let mut calls = BTreeMap::new();
    for talk in &scene.talks {
        attempts(t, &talk.hash, &mut calls).await;
    }
    let mut wrong = Vec::new();
    let mut must = |right: bool, what: String| {
        if !right {
            wrong.push(what);
        }
    };
    must((lost, twice, reordered) == (0, 0, 0), format!("stored: {lost} lost, {twice} twice, {reordered} reordered"));
    must(acknowledged == all, format!("{acknowledged} acknowledged, {all} stored"));
    for (who, counts) in [("bots", bots), ("webhooks", hooks)] {
        let Counts { lost, reordered, strangers, renamed, .. } = counts;
        must((lost, reordered, strangers, renamed) == (0, 0, 0, 0), format!("{who}: {counts:?}"));
    }
    must(scene.elsewhere.got().is_empty(), "a redirect was followed".to_owned());
    for word in ["200", "307", "500", "broken_off", "connect", "timeout"] {
        must(calls.contains_key(word), format!("no attempt came to {word}: {calls:?}"));
    }
    for state in ["parked", "rejected", "cancelled"] {
        let ask = t.operator("GET", "/deliveries").query("state", state).send().await.ok();
        must(ask["items"] == json!([]), format!("{state}: {ask}"));
    }
    let met: Vec<Value> = scene.endpoints.iter().map(|(_, endpoint)| endpoint.met()).collect();
    let show = |counts: Counts| {
        json!({
            "expected": counts.expected, "delivered": counts.delivered, "repeated": counts.repeated,
            "reordered": counts.reordered, "lost": counts.lost, "strangers": counts.strangers,
        })
    };
    let line = json!({
        "attempts": talked.iter().map(|talked| talked.attempts).sum::<usize>(), "acknowledged": acknowledged, "stored": all,
        "lost": lost, "twice": twice, "reordered": reordered, "bots": show(bots), "webhooks": show(hooks),
        "calls": calls, "met": met,
    });
    Verdict { line, wrong }
}
