//! Endpoints that misbehave, each in every way there is, and change their ways all the time.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::prelude::*;
use serde_json::{Value, json};

use crate::harness::*;

/// How an endpoint answers for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Well.
    Fine,
    /// Now and then in one of the ways below, without a rule.
    Mixed,
    /// By 500.
    Failing,
    /// Not at all.
    Hanging,
    /// Nobody is there: connections end, new ones are refused.
    Refusing,
    /// The connection is reset.
    Resetting,
    /// A byte now and then.
    Dripping,
    /// By a redirect to where nobody may go.
    Leading,
    /// Well, and with 100 MB.
    Flooding,
}

/// What a single request can meet; `Refusing` is not for a single one.
const WAYS: [Weather; 6] =
    [Weather::Failing, Weather::Hanging, Weather::Resetting, Weather::Dripping, Weather::Leading, Weather::Flooding];
/// Of a hundred requests in mixed weather so many meet one of the ways.
const MIXED: u32 = 25;

/// An endpoint with its weather.
pub struct Endpoint {
    pub hook: Arc<Hook>,
    weather: Arc<Mutex<Weather>>,
    /// By way: how many requests met it.
    met: Arc<[AtomicUsize; WAYS.len()]>,
    /// What came so far, whatever it was answered, by interaction or chat.
    heard: Arc<Mutex<HashMap<String, HashSet<String>>>>,
}

impl Endpoint {
    /// In fine weather. Whoever is led away by a redirect is led to `elsewhere`.
    pub async fn start(elsewhere: &str, seed: u64) -> Self {
        let (hook, weather) = (Arc::new(Hook::start().await), Arc::new(Mutex::new(Weather::Fine)));
        let met: Arc<[AtomicUsize; WAYS.len()]> = Arc::default();
        let heard = Arc::<Mutex<HashMap<String, HashSet<String>>>>::default();
        let (now, counts, known) = (weather.clone(), met.clone(), heard.clone());
        let (elsewhere, mut random) = (elsewhere.to_owned(), StdRng::seed_from_u64(seed));
        hook.by(move |told| {
            if let Some((lane, text)) = said(told) {
                known.lock().unwrap().entry(lane).or_default().insert(text);
            }
            let mut way = *now.lock().unwrap();
            if way == Weather::Mixed && random.random_range(0..100) < MIXED {
                way = *WAYS.choose(&mut random).unwrap();
            }
            let place = WAYS.iter().position(|known| *known == way)?;
            counts[place].fetch_add(1, Ordering::SeqCst);
            Some(reaction(way, &elsewhere))
        });
        Self { hook, weather, met, heard }
    }

    pub fn turn(&self, weather: Weather) {
        *self.weather.lock().unwrap() = weather;
        if weather == Weather::Refusing {
            self.hook.shut();
        } else {
            self.hook.open();
        }
    }

    /// How many different messages of an interaction or chat came.
    pub fn heard(&self, lane: &str) -> usize {
        self.heard.lock().unwrap().get(lane).map_or(0, HashSet::len)
    }

    /// Changes the weather without end.
    pub async fn change(self: Arc<Self>, seed: u64) {
        let mut random = StdRng::seed_from_u64(seed);
        loop {
            let weather = match random.random_range(0..10) {
                0..3 => Weather::Fine,
                3..6 => Weather::Mixed,
                6 => Weather::Refusing,
                _ => *WAYS.choose(&mut random).unwrap(),
            };
            self.turn(weather);
            // How long it lasts is what is random here; nothing is waited for.
            tokio::time::sleep(Duration::from_millis(random.random_range(200..1500))).await;
        }
    }

    /// Turns to each way until a request has met it, and then to fine weather for good.
    pub async fn every_way(&self) {
        for (way, met) in WAYS.iter().zip(self.met.iter()) {
            let before = met.load(Ordering::SeqCst);
            self.turn(*way);
            eventually_within(Duration::from_mins(1), &format!("a request meets {way:?}"), || async {
                (met.load(Ordering::SeqCst) > before).then_some(())
            })
            .await;
        }
        self.turn(Weather::Fine);
    }

    /// How many requests met each way.
    pub fn met(&self) -> Value {
        WAYS.iter()
            .zip(self.met.iter())
            .map(|(way, met)| (format!("{way:?}"), json!(met.load(Ordering::SeqCst))))
            .collect()
    }
}

/// A message in any of the formats: of which interaction or chat, and its text. `None` for what is none, and for VoIPBin's
/// copies in each room.
pub fn said(told: &Value) -> Option<(String, String)> {
    let (lane, text) = match told["type"].as_str()? {
        "new_message" => (&told["interaction_hash"], &told["content"]),
        "message.posted" | "messagechat_created" => (&told["data"]["chat_id"], &told["data"]["text"]),
        _ => return None,
    };
    Some((lane.as_str()?.to_owned(), text.as_str()?.to_owned()))
}

fn reaction(way: Weather, elsewhere: &str) -> Reaction {
    match way {
        Weather::Failing => Reaction::status(500),
        Weather::Resetting => Reaction::Reset,
        Weather::Dripping => Reaction::Drip,
        Weather::Leading => Reaction::Answer(307, vec![("location", elsewhere.to_owned())], String::new()),
        Weather::Flooding => Reaction::Flood(100),
        Weather::Hanging => Reaction::Hang,
        Weather::Fine | Weather::Mixed | Weather::Refusing => Reaction::status(200),
    }
}
