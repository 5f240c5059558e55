//! Counting afterwards: what endpoints were told against what is stored, and that against what was acknowledged.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use serde_json::Value;

use super::talkers::{Talk, Talked};
use super::weather::{Endpoint, said};
use crate::harness::*;

/// What an endpoint must have been told: by interaction or chat the texts in their order.
pub type Expected = HashMap<String, Vec<String>>;

/// Who an endpoint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Bot,
    Native,
    Voipbin,
}

/// The counts.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Messages an endpoint was to be told.
    pub expected: usize,
    /// Of these, told and answered well.
    pub delivered: usize,
    /// Of these, not.
    pub lost: usize,
    /// Receipts beyond the first of each.
    pub repeated: usize,
    /// Told for the first time after something later.
    pub reordered: usize,
    /// Told to somebody it was not for: its author, or another interaction's bot.
    pub strangers: usize,
    /// Told under more than one id.
    pub renamed: usize,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.expected += other.expected;
        self.delivered += other.delivered;
        self.lost += other.lost;
        self.repeated += other.repeated;
        self.reordered += other.reordered;
        self.strangers += other.strangers;
        self.renamed += other.renamed;
    }
}

/// One message told once.
struct Receipt {
    lane: String,
    text: String,
    id: String,
    well: bool,
}

impl Format {
    /// `None` for what is no message.
    fn receipt(self, got: &Got) -> Option<Receipt> {
        let (lane, text) = said(&got.json())?;
        // VoIPBin counts any answer as delivered.
        let well = got.answered.is_some_and(|status| self == Self::Voipbin || status == 200);
        Some(Receipt { lane, text, id: got.header("webhook-id").to_owned(), well })
    }

    /// What came to `endpoint` against what was to come.
    pub fn count(self, endpoint: &Endpoint, expected: &Expected) -> Counts {
        let mut counts = Counts { expected: expected.values().map(Vec::len).sum(), ..Counts::default() };
        let mut lanes: HashMap<String, Vec<Receipt>> = HashMap::new();
        for receipt in endpoint.hook.got().iter().filter_map(|got| self.receipt(got)) {
            lanes.entry(receipt.lane.clone()).or_default().push(receipt);
        }
        let nothing = Vec::new();
        for (lane, receipts) in &lanes {
            counts += count(receipts, expected.get(lane).unwrap_or(&nothing));
        }
        counts.lost = counts.expected - counts.delivered;
        counts
    }
}

/// Counts one lane's receipts, in the order they came.
fn count(receipts: &[Receipt], expected: &[String]) -> Counts {
    let places: HashMap<&String, usize> = expected.iter().enumerate().map(|(at, text)| (text, at)).collect();
    let (mut first, mut well, mut ids) = (Vec::new(), Vec::new(), HashMap::<usize, HashSet<&String>>::new());
    let mut counts = Counts::default();
    for Receipt { text, id, well: good, .. } in receipts {
        let Some(&place) = places.get(text) else {
            counts.strangers += 1;
            continue;
        };
        let known = ids.entry(place).or_default();
        if known.is_empty() {
            first.push(place);
        } else {
            counts.repeated += 1;
        }
        known.insert(id);
        if *good && !well.contains(&place) {
            well.push(place);
        }
    }
    let later = |places: &[usize]| places.windows(2).filter(|pair| pair[0] > pair[1]).count();
    counts.delivered = well.len();
    counts.reordered = later(&first) + later(&well);
    counts.renamed = ids.values().filter(|ids| ids.len() > 1).count();
    counts
}

/// What is stored in each chat: author and text.
pub async fn stored(t: &Tenant, talks: &[Talk]) -> Vec<Vec<(String, String)>> {
    let mut all = Vec::new();
    for talk in talks {
        let messages = t.messages(&talk.chat).await;
        let said = |m: &Value| Some((m["author"]["id"].as_str()?.to_owned(), m["text"].as_str()?.to_owned()));
        all.push(messages.iter().filter_map(said).collect());
    }
    all
}

/// Acknowledged and not stored once in its author's order: lost, there twice, out of order.
pub fn against_stored(talked: &[Talked], stored: &[Vec<(String, String)>]) -> (usize, usize, usize) {
    let (mut lost, mut twice, mut reordered) = (0, 0, 0);
    for Talked { n, acknowledged, .. } in talked {
        let Some(prefix) = acknowledged.first().map(|text| &text[..3]) else { continue };
        let theirs: Vec<&String> = stored[*n].iter().map(|(_, text)| text).filter(|t| t.starts_with(prefix)).collect();
        let unique: HashSet<&String> = theirs.iter().copied().collect();
        lost += acknowledged.iter().filter(|text| !unique.contains(text)).count();
        twice += theirs.len() - unique.len();
        reordered += theirs.windows(2).filter(|pair| pair[0] > pair[1]).count();
    }
    (lost, twice, reordered)
}

/// What the attempts at an interaction's deliveries came to: how many by status or error.
pub async fn attempts(t: &Tenant, hash: &str, all: &mut BTreeMap<String, usize>) {
    for delivery in t.walk(&format!("/deliveries?interaction={hash}"), 200).await {
        // A list shows the last one only.
        let path = format!("/deliveries/{}", delivery["id"].as_str().unwrap());
        let whole = t.operator("GET", &path).send().await.ok();
        for attempt in whole["attempts"].as_array().expect("attempts") {
            let word = attempt["error"].as_str().map_or_else(|| attempt["status"].to_string(), ToOwned::to_owned);
            *all.entry(word).or_default() += 1;
        }
    }
}

/// Waits until no delivery is to be made any more.
pub async fn nothing_waits(t: &Tenant) {
    eventually_within(Duration::from_mins(2), "no delivery is pending", || async {
        let ask = t.operator("GET", "/deliveries").query("state", "pending").query("limit", 1);
        ask.send().await.ok()["items"].as_array()?.is_empty().then_some(())
    })
    .await;
}
