//! What one tenant's answers show, put by another tenant into every place of every call: nothing is read by it, and
//! nothing changed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::requests::{Request, Takes, all, places};
use super::world::World;
use crate::harness::*;

/// Ids seen in answers: texts that are shaped like one, and numbers under keys that name one. Of ids that stood in the same
/// place of the same call's answers, one stands for all.
#[derive(Debug, Default)]
struct Ids {
    texts: BTreeMap<String, String>,
    numbers: BTreeMap<String, i64>,
}

impl Ids {
    /// `place`: the call and the keys on the way.
    fn take(&mut self, value: &Value, place: &str, key: &str) {
        match value {
            Value::String(text) if shaped(text) => {
                self.texts.entry(place.to_owned()).or_insert_with(|| text.clone());
            }
            Value::Number(number) if names_one(key) => {
                if let Some(number) = number.as_i64().filter(|n| *n > 0) {
                    self.numbers.entry(place.to_owned()).or_insert(number);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.take(item, place, key)),
            Value::Object(object) => {
                object.iter().for_each(|(key, value)| self.take(value, &format!("{place}.{key}"), key));
            }
            _ => {}
        }
    }

    /// Each once, whatever places it stood in.
    fn once(&self) -> (BTreeSet<String>, BTreeSet<i64>) {
        (self.texts.values().cloned().collect(), self.numbers.values().copied().collect())
    }
}

/// UUIDs with and without dashes, and SHA-1s.
fn shaped(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_hexdigit).count();
    let dashes = text.bytes().filter(|b| *b == b'-').count();
    matches!((text.len(), digits, dashes), (36, 32, 4) | (32, 32, 0) | (40, 40, 0))
}

fn names_one(key: &str) -> bool {
    let known = ["id", "number", "uid", "zenvia", "connectnow", "odoo", "result"];
    known.contains(&key) || key.ends_with("_id") || key.ends_with("_ids")
}

/// Every kind of id in what `world`'s own calls answer.
async fn seen(world: &World) -> Ids {
    let mut ids = Ids::default();
    ids.take(&world.t.credentials, "credentials", "");
    ids.take(&world.seen().await, "lists", "");
    let asked = calls().into_iter().filter(|call| !call.lasts() && !call.schemes().is_empty()).filter(|call| {
        let asks = call.method == "GET" || (call.document != "operator" && call.method == "POST");
        asks && !call.path.contains("destroy") && call.roles() != ["root"]
    });
    let asked = asked.map(|call| {
        let ask = Request::new(&call, world).ask(&world.t, &world.keys);
        (format!("{} {}", call.method, call.path), ask)
    });
    for (line, reply) in all(asked).await {
        ids.take(&serde_json::from_str(&reply.body).unwrap_or_default(), &line, "");
    }
    ids
}

/// What `place` can be given of what was seen.
fn offered((texts, numbers): &(BTreeSet<String>, BTreeSet<i64>), takes: Takes) -> Vec<Value> {
    let texts = texts.iter().map(|text| json!(text)).filter(|_| takes.texts);
    let numbers = numbers.iter().map(|number| json!(number)).filter(|_| takes.numbers);
    texts.chain(numbers).collect()
}

/// Values that a place is given. With `PARLANCE_ISOLATION=full` it is given all.
const EACH: usize = 6;

/// The next few of what a place can be given, so that all take their turns, place after place.
fn some(offered: Vec<Value>, turn: &mut usize) -> Vec<Value> {
    if offered.len() <= EACH || env("PARLANCE_ISOLATION").as_deref() == Some("full") {
        return offered;
    }
    let from = *turn % offered.len();
    *turn += EACH;
    offered.into_iter().cycle().skip(from).take(EACH).collect()
}

/// What a tenant has, once what it did before has had its consequences: twice the same.
async fn settled(world: &World) -> Value {
    let (mut last, mut moving) = (world.seen().await, Vec::new());
    for _ in 0..100 {
        let now = world.seen().await;
        moving = now.as_object().unwrap().iter().filter(|(what, now)| last[*what] != **now).map(said).collect();
        if moving.is_empty() {
            return now;
        }
        last = now;
    }
    panic!("it never rests: {moving:#?}")
}

fn said((what, now): (&String, &Value)) -> String {
    format!("{what}: {now}")
}

/// Whether a call is another tenant's to try at all. What needs the root token is no tenant's; logins and doors take a
/// secret of their own, and count failures by address, which all tests share.
fn tried(call: &Call) -> bool {
    !call.lasts() && call.roles() != ["root"] && (!call.schemes().is_empty() || call.path.starts_with("/t/"))
}

on_each_stack! {
    async fn ids_of_another_tenant_read_and_change_nothing(t: Tenant) {
        let other = t.another().await;
        let (theirs, own) = (World::new(t).await, World::new(other).await);
        let ids = seen(&theirs).await.once();
        assert!(ids.0.len() > 20 && ids.1.len() > 5, "{ids:?}");
        let before = settled(&theirs).await;
        let (mut asked, mut turn) = (Vec::new(), 0);
        for call in calls().into_iter().filter(tried) {
            let request = Request::new(&call, &own);
            for (place, takes) in places(&call) {
                for id in some(offered(&ids, takes), &mut turn) {
                    let ask = request.clone().put(&place, &id).ask(&own.t, &own.keys);
                    asked.push((format!("{} {} with {id} in {place:?}", call.method, call.path), ask));
                }
            }
        }
        let (count, began) = (asked.len(), std::time::Instant::now());
        let leaks = all(asked).await.into_iter().filter(|(_, reply)| reply.body.contains(&theirs.mark));
        let leaks: Vec<String> = leaks.map(|(what, reply)| format!("{what}: {}", reply.body)).collect();
        assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
        let after = settled(&theirs).await;
        for (what, then) in before.as_object().unwrap() {
            assert_eq!(then, &after[what], "{what} changed");
        }
        println!("{count} replays of {} texts and {} numbers in {:?}", ids.0.len(), ids.1.len(), began.elapsed());
    }

    /// A whole call of another tenant, under one's own credential: its surface's "not found".
    async fn things_of_another_tenant_are_not_there(t: Tenant) {
        let other = t.another().await;
        let (theirs, own) = (World::new(t).await, World::new(other).await);
        let before = settled(&theirs).await;
        // Without anything in the path there is nothing that could be theirs; a visit's page is its visitor's.
        let has_parts = |call: &Call| !call.schemes().is_empty() && !call.parameters("path").is_empty();
        let asked = calls().into_iter().filter(|call| tried(call) && has_parts(call) && !call.path.starts_with("/t/"));
        let asked = asked.map(|call| {
            let ask = Request::new(&call, &theirs).ask(&own.t, &own.keys);
            (call, ask)
        });
        let wrong = all(asked.collect::<Vec<_>>()).await.into_iter().filter(|(call, reply)| {
            !match call.document.as_str() {
                "operator" => reply.status == 404,
                "voipbin" => reply.status == 400 && reply.body.is_empty(),
                "imbee" => reply.json()["code"] == 1,
                "connectnow" => matches!(reply.status, 403 | 404),
                "odoo" => reply.json().get("result").is_none(),
                _ => reply.status == 422 || reply.status == 404,
            }
        });
        let wrong = wrong.map(|(call, reply)| format!("{} {}: {} {}", call.method, call.path, reply.status, reply.body));
        let wrong: Vec<String> = wrong.collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(before, settled(&theirs).await);
    }
}
