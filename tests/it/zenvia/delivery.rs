//! Bots that fail: told again in order, and nobody else waits for them.

use serde_json::json;

use crate::harness::*;

on_each_stack! {
    /// An error and a broken connection: the same again, under the same id, before what came behind it.
    async fn what_failed_comes_again_in_order(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        hook.at(0).await;
        hook.then([Reaction::status(500), Reaction::Close]);
        t.zenvia().say(&hash, "first").await;
        t.zenvia().say(&hash, "second").await;
        hook.until(|told| told["content"] == "second").await;
        let told = hook.bodies();
        assert_eq!(texts(&told[1..], "content"), ["first", "first", "first", "second"]);
        let got = [hook.at(1).await, hook.at(2).await, hook.at(3).await];
        assert!(got.iter().all(|again| again.header("webhook-id") == got[0].header("webhook-id")), "one delivery");
        let made = t.walk(&format!("/deliveries?interaction={hash}"), 50).await;
        assert_eq!(made.len(), 3);
        let path = format!("/deliveries/{}", made[1]["id"].as_str().unwrap());
        let story = eventually("it is delivered", || async {
            let story = t.operator("GET", &path).send().await.ok();
            (story["state"] == "delivered").then_some(story)
        })
        .await;
        let attempts = story["attempts"].as_array().unwrap();
        let tried: Vec<bool> = attempts.iter().map(|attempt| attempt["status"] == 200).collect();
        assert_eq!(tried, [false, false, true]);
        assert!(attempts[1]["status"].is_null() && attempts[1]["error"].is_string(), "{}", attempts[1]);
    }

    /// A redirect is a failure, and is not followed.
    async fn redirects_are_not_followed(t: Tenant) {
        let (hook, elsewhere) = (Hook::start().await, Hook::start().await);
        let sales = t.department("Sales", Some(&hook), &[]).await;
        hook.always(Reaction::Answer(302, vec![("location", elsewhere.url.clone())], String::new()));
        let hash = t.zenvia().start(sales.number, json!({})).await;
        hook.at(0).await;
        let first = eventually("an attempt is noted", || async {
            let made = t.walk(&format!("/deliveries?interaction={hash}"), 50).await.pop()?;
            made["attempts"].as_array()?.first().cloned()
        })
        .await;
        assert_eq!(first["status"], 302);
        assert!(elsewhere.bodies().is_empty());
    }

    async fn a_bot_that_hangs_holds_nobody_else_up(t: Tenant) {
        let (stuck, quick) = (Hook::start().await, Hook::start().await);
        stuck.always(Reaction::Hang);
        let (one, two) =
            (t.department("Stuck", Some(&stuck), &[]).await, t.department("Quick", Some(&quick), &[]).await);
        t.zenvia().start(one.number, json!({})).await;
        stuck.at(0).await;
        let hash = t.zenvia().start(two.number, json!({})).await;
        t.zenvia().say(&hash, "hello").await;
        quick.until(|told| told["content"] == "hello").await;
        assert_eq!(stuck.bodies().len(), 1, "one at a time");
    }
}
