//! Who serves an interaction, and who is told: lenient before accept, strict after finish and transfer.

use serde_json::{Value, json};

use crate::harness::*;

/// What a bot may be asked to do, with a body that does.
fn calls() -> [(&'static str, Value); 4] {
    [("accept", json!({})), ("message", json!({ "content": "hi" })), ("transfer", json!({})), ("finish", json!({}))]
}

/// The bot's four calls are refused, and nothing changes.
async fn closed(t: &Tenant, hash: &str) {
    let (before, chat) = (t.interaction(hash).await, t.chat_of(hash).await);
    let said = t.texts(&chat).await;
    for (call, body) in calls() {
        refused(t.zenvia().bot(hash, call, &body).send().await, 422);
    }
    let after = t.interaction(hash).await;
    assert_eq!((&after["version"], &after["state"]), (&before["version"], &before["state"]));
    assert_eq!(t.texts(&chat).await, said);
}

on_each_stack! {
    /// A bot that never accepts works all the same: acting is accepting.
    async fn acting_before_accept_accepts(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        for (call, body) in calls() {
            let hash = t.zenvia().start(sales.number, json!({})).await;
            assert!(t.interaction(&hash).await["accepted_at"].is_null());
            t.zenvia().bots(&hash, call, body).await;
            assert!(t.interaction(&hash).await["accepted_at"].is_string(), "{call}");
        }
    }

    async fn accepting_again_is_fine(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        for _ in 0..3 {
            t.zenvia().bots(&hash, "accept", json!({})).await;
        }
        let first = t.interaction(&hash).await["accepted_at"].clone();
        t.zenvia().bots(&hash, "message", json!({ "content": "hi" })).await;
        t.zenvia().bots(&hash, "accept", json!({})).await;
        assert_eq!(t.interaction(&hash).await["accepted_at"], first);
    }

    async fn after_finish_everything_is_refused(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        t.zenvia().bots(&hash, "finish", json!({})).await;
        closed(&t, &hash).await;
        refused(t.zenvia().customer(&hash, "messages", &json!({ "content": "hello?" })).send().await, 422);
        refused(t.zenvia().customer(&hash, "finish", &json!({})).send().await, 422);
        // A bot is not told that it has finished.
        let other = t.zenvia().start(sales.number, json!({})).await;
        hook.until(|told| told["interaction_hash"] == other.as_str()).await;
        let told: Vec<Value> = hook.bodies().into_iter().filter(|told| told["interaction_hash"] == hash.as_str()).collect();
        assert_eq!(texts(&told, "type"), ["new_interaction"]);
        // What the customer ends is over for the bot, too.
        t.zenvia().customer(&other, "finish", &json!({})).send().await.expect(200);
        closed(&t, &other).await;
    }

    /// From the moment of the transfer on the bot hears nothing, and is not heard.
    async fn after_transfer_the_bot_is_out(t: Tenant) {
        let hook = Hook::start().await;
        let ann = t.user("Ann", "agent").await;
        let (sales, support) =
            (t.department("Sales", Some(&hook), &[]).await, t.department("Support", None, &[&ann]).await);
        let hash = t.zenvia().start(sales.number, json!({})).await;
        t.zenvia().say(&hash, "before").await;
        hook.until(|told| told["content"] == "before").await;
        t.zenvia().bots(&hash, "transfer", json!({ "department_id": support.number.to_string() })).await;
        closed(&t, &hash).await;

        let moved = t.interaction(&hash).await;
        assert_eq!((&moved["state"], &moved["owner"]), (&json!("agent"), &json!({ "type": "agent", "id": ann.id })));
        let chat = t.chat_of(&hash).await;
        t.zenvia().say(&hash, "after").await;
        assert_eq!(t.decided(&chat).await, Vec::<Value>::new(), "nothing for the bot");
        let agent = t.voipbin_as(&ann).await;
        agent.say(&chat, &ann.id, "Ann here").await;
        assert_eq!(t.decided(&chat).await, Vec::<Value>::new());
        assert_eq!(texts(&hook.bodies(), "type"), ["new_interaction", "new_message"]);
        assert_eq!(t.texts(&chat).await, ["before", "after", "Ann here"]);
    }

    /// Null from the starting department's own bot: to its agents, never back to the bot.
    async fn a_department_never_gets_its_own_bot_again(t: Tenant) {
        let hook = Hook::start().await;
        let ann = t.user("Ann", "agent").await;
        let sales = t.department("Sales", Some(&hook), &[&ann]).await;
        for department in [Value::Null, json!(sales.number)] {
            let hash = t.zenvia().start(sales.number, json!({})).await;
            t.zenvia().bots(&hash, "transfer", json!({ "department_id": department })).await;
            assert_eq!(t.interaction(&hash).await["owner"], json!({ "type": "agent", "id": ann.id }));
            closed(&t, &hash).await;
        }
    }

    /// The other department's bot is told of the interaction, then of what is posted from then on.
    async fn a_transfer_to_another_bot(t: Tenant) {
        let (first, second) = (Hook::start().await, Hook::start().await);
        let (sales, support) =
            (t.department("Sales", Some(&first), &[]).await, t.department("Support", Some(&second), &[]).await);
        let hash = t.zenvia().start(sales.number, json!({})).await;
        t.zenvia().say(&hash, "for the first").await;
        first.until(|told| told["content"] == "for the first").await;
        t.zenvia().bots(&hash, "transfer", json!({ "department_id": support.number })).await;
        t.zenvia().say(&hash, "for the second").await;
        second.until(|told| told["content"] == "for the second").await;
        let told = second.bodies();
        assert_eq!(texts(&told, "type"), ["new_interaction", "new_message"]);
        assert_eq!((&told[0]["interaction_hash"], &told[0]["department_id"]), (&json!(hash), &json!(support.number)));
        t.zenvia().bots(&hash, "message", json!({ "content": "the second speaks" })).await;
        let chat = t.chat_of(&hash).await;
        assert_eq!(t.decided(&chat).await, Vec::<Value>::new(), "no bot hears itself");
        assert_eq!(first.bodies().len(), 2);
        let said = t.messages(&chat).await;
        assert_eq!(said[2]["author"]["id"], json!(support.bot));
        // The account has one token: a call reaches whichever bot serves.
        t.zenvia().bots(&hash, "transfer", json!({})).await;
        assert_eq!(t.interaction(&hash).await["department_id"], sales.number);
    }

    async fn unknown_and_inactive_departments_are_refused(t: Tenant) {
        let hook = Hook::start().await;
        let (sales, closed) = (t.department("Sales", Some(&hook), &[]).await, t.department("Closed", None, &[]).await);
        let path = format!("/departments/{}", closed.id);
        t.operator("PATCH", &path).json(&json!({ "active": false })).send().await.expect(200);
        let elsewhere = t.another().await.department("Elsewhere", None, &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        for department in [json!(closed.number), json!(elsewhere.number), json!(0), json!(-1), json!(i64::MAX)] {
            let body = json!({ "department_id": department });
            refused(t.zenvia().bot(&hash, "transfer", &body).send().await, 422);
            refused(t.zenvia().call("POST", "/core/api/v1/interactions", &body).send().await, 422);
        }
        assert_eq!(t.interaction(&hash).await["state"], "bot");
        t.zenvia().bots(&hash, "message", json!({ "content": "still here" })).await;
    }

    /// An agent who takes part and writes takes over.
    async fn an_agent_who_answers_takes_over(t: Tenant) {
        let hook = Hook::start().await;
        let ann = t.user("Ann", "agent").await;
        let sales = t.department("Sales", Some(&hook), &[&ann]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        let chat = t.chat_of(&hash).await;
        let body = json!({ "participant_id": ann.id });
        t.voipbin().post(&format!("/v1.0/chats/{chat}/participant_ids"), &body).send().await.expect(200);
        t.voipbin_as(&ann).await.say(&chat, &ann.id, "let me").await;
        eventually("Ann has it", || async {
            (t.interaction(&hash).await["owner"] == json!({ "type": "agent", "id": ann.id })).then_some(())
        })
        .await;
        closed(&t, &hash).await;
        t.zenvia().say(&hash, "thank you").await;
        assert_eq!(t.decided(&chat).await, Vec::<Value>::new());
        assert_eq!(texts(&hook.bodies(), "type"), ["new_interaction"]);
    }

    /// Who is without a bot waits for an agent.
    async fn a_bot_that_is_removed_leaves_the_queue(t: Tenant) {
        let hook = Hook::start().await;
        let sales = t.department("Sales", Some(&hook), &[]).await;
        let hash = t.zenvia().start(sales.number, json!({})).await;
        t.operator("PATCH", &format!("/departments/{}", sales.id)).json(&json!({ "bot": null })).send().await.expect(200);
        let waiting = t.interaction(&hash).await;
        assert_eq!((&waiting["state"], &waiting["position"]), (&json!("queued"), &json!(1)));
        closed(&t, &hash).await;
        let ann = t.user("Ann", "agent").await;
        let body = json!({ "agent_ids": [ann.id] });
        t.operator("PATCH", &format!("/departments/{}", sales.id)).json(&body).send().await.expect(200);
        assert_eq!(t.interaction(&hash).await["owner"], json!({ "type": "agent", "id": ann.id }));
    }

    /// Least busy first; of equals the one with the lowest number.
    async fn agents_get_interactions_in_turn(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let sales = t.department("Sales", None, &[&ben, &ann]).await;
        let mut owners = Vec::new();
        for _ in 0..4 {
            let hash = t.zenvia().start(sales.number, json!({})).await;
            owners.push(t.interaction(&hash).await["owner"]["id"].as_str().unwrap().to_owned());
        }
        assert_eq!(owners, [&*ann.id, &*ben.id, &*ann.id, &*ben.id]);
    }
}
