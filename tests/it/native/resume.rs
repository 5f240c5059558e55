//! Who comes back with a cursor is shown all they missed, in order, once; or told that it cannot be.

use super::{posted, says};
use crate::harness::*;

on_each_stack! {
    async fn everything_since_the_cursor_comes_in_order_and_once(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let chat = t.voipbin().chat("normal", &[&ann.id, &ben.id]).await["id"].as_str().unwrap().to_owned();
        let token = t.voipbin_as(&ann).await.secret;
        let admin = t.voipbin();
        let (mut seen, mut cursor) = (Vec::new(), None);
        for round in 0..4 {
            // Each time a part is said while she listens, and a part while she does not.
            let ask = t.events(&token);
            let ask = match cursor {
                Some(id) => ask.header("last-event-id", id),
                None => ask,
            };
            let (mut events, opened) = Events::open(ask).await;
            assert_eq!(opened.data["recovered"], cursor.is_some(), "round {round}");
            for n in 0..10 {
                admin.say(&chat, &ben.id, &format!("{round} heard {n}")).await;
            }
            let last = format!("{round} heard 9");
            seen.extend(events.until(|event| says(event, &last)).await);
            cursor = events.last_id;
            drop(events);
            for n in 0..10 {
                admin.say(&chat, &ann.id, &format!("{round} missed {n}")).await;
            }
        }
        let (mut events, _) = Events::open(t.events(&token).header("last-event-id", cursor.unwrap())).await;
        seen.extend(events.until(|event| says(event, "3 missed 9")).await);
        assert_eq!(posted(&seen), texts(&t.messages(&chat).await, "text"));
        let ids: Vec<i64> = seen.iter().filter_map(|event| event.id).collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    }

    async fn a_cursor_that_is_none_of_ours_is_not_recovered(t: Tenant) {
        let token = t.sees_all();
        let (_events, opened) = Events::open(t.events(&token)).await;
        assert_eq!(opened.data["recovered"], false);
        let (_events, opened) = Events::open(t.events(&token).header("last-event-id", 1_000_000)).await;
        assert_eq!(opened.data["recovered"], false);
        let head = opened.data["offset"].as_i64().unwrap();
        let (_events, opened) = Events::open(t.events(&token).query("after", head)).await;
        assert_eq!((&opened.data["recovered"], opened.data["offset"].as_i64()), (&true.into(), Some(head)));
        for wrong in ["x", "-1"] {
            let refused = t.events(&token).query("after", wrong).send().await.expect(422).json();
            assert_eq!(refused["error"]["field"], "after");
        }
    }

    /// The feed's offset means the same to both forms.
    async fn a_cursor_of_one_form_serves_the_other(t: Tenant) {
        let token = t.sees_all();
        let (mut events, _) = Events::open(t.events(&token)).await;
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&t.admin.id]).await["id"].as_str().unwrap().to_owned();
        admin.say(&chat, &t.admin.id, "one").await;
        let cursor = events.until(|event| says(event, "one")).await.last().unwrap().id.unwrap();
        admin.say(&chat, &t.admin.id, "two").await;
        let mut socket = Socket::open(&t.stream(&token).query("after", cursor)).await;
        let opened = socket.next().await;
        assert_eq!((&opened["event"], &opened["data"]["recovered"]), (&"stream.opened".into(), &true.into()));
        let told = socket.until(|word| super::tells(word, "two")).await;
        assert!(!told.iter().any(|word| super::tells(word, "one")));
    }
}

/// A feed keeps so much; who comes back after that is told.
#[test]
fn beyond_what_is_kept_nothing_is_recovered() {
    let env = [("PARLANCE__REALTIME__KEPT_ROWS", "5"), ("PARLANCE__REALTIME__SWEEP_S", "1")];
    let env = env.map(|(name, value)| (name, value.to_owned())).to_vec();
    let process = Parlance::start(&home().join(unique("kept")), &Options { env, ..Options::default() }).unwrap();
    let deployment: &'static Deployment = Box::leak(Box::new(Deployment::of(&process)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let t = Tenant::new(deployment).await;
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&t.admin.id]).await["id"].as_str().unwrap().to_owned();
        for n in 0..20 {
            admin.say(&chat, &t.admin.id, &n.to_string()).await;
        }
        eventually("the feed is cut", || async {
            let (_events, opened) = Events::open(t.events(&t.sees_all()).query("after", 1)).await;
            (opened.data["recovered"] == false).then_some(())
        })
        .await;
        let (_events, opened) = Events::open(t.events(&t.sees_all())).await;
        let near = opened.data["offset"].as_i64().unwrap() - 2;
        let (mut events, opened) = Events::open(t.events(&t.sees_all()).query("after", near)).await;
        assert_eq!(opened.data["recovered"], true);
        assert!(says(events.until(|event| says(event, "19")).await.last().unwrap(), "19"));
    });
}
