//! `token/new`, its page, and the mail and SMS it sends.

use std::time::SystemTime;

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::{Value, json};

use super::refused;
use crate::harness::*;

fn today() -> NaiveDate {
    DateTime::<Utc>::from(SystemTime::now()).date_naive()
}

/// The smallest request that is complete, for somebody new.
fn request(t: &Tenant) -> Value {
    json!({ "virtual_user": unique("visitor"), "bot_idsha": t.credential("/imbee/bot_idsha"), "mail": "visitor@example.org" })
}

fn with(mut request: Value, changes: &[(&str, Value)]) -> Value {
    for (key, value) in changes {
        request[*key] = value.clone();
    }
    request
}

/// `request` without `key`.
fn without(mut request: Value, key: &str) -> Value {
    request.as_object_mut().unwrap().remove(key);
    request
}

async fn token(t: &Tenant, request: &Value) -> Value {
    body(t.imbee().corporate("/token/new", request).send().await)
}

on_each_stack! {
    async fn what_is_not_given_has_a_limit_all_the_same(t: Tenant) {
        let before = today();
        let made = token(&t, &request(&t)).await;
        let after = today();
        assert_eq!(made["max_retries"], 10);
        let limit: NaiveDate = made["date_limit"].as_str().unwrap().parse().unwrap();
        assert!([before, after].map(|day| day + Days::new(30)).contains(&limit), "today and thirty days: {limit}");
        for none in [json!(0), Value::Null, json!("0")] {
            assert_eq!(token(&t, &with(request(&t), &[("max_retries", none)])).await["max_retries"], 10);
        }
        assert_eq!(token(&t, &with(request(&t), &[("max_retries", json!("7"))])).await["max_retries"], 7);
    }

    async fn both_spellings_of_the_user_and_three_of_the_phone(t: Tenant) {
        let bot = t.credential("/imbee/bot_idsha");
        let name = unique("visitor");
        let curl = token(&t, &json!({ "virtual_user": name, "bot_idsha": bot, "mail": "a@example.org" })).await;
        let listed = token(&t, &json!({ "virutal_user": name, "bot_idsha": bot, "mail": "a@example.org" })).await;
        assert_eq!(listed["user_idsha"], curl["user_idsha"]);
        let both = json!({ "virtual_user": name, "virutal_user": "other", "bot_idsha": bot, "mail": "a@example.org" });
        assert_eq!(token(&t, &both).await["user_idsha"], curl["user_idsha"], "virtual_user wins");
        for spelling in ["celullar", "cellular", "celular"] {
            token(&t, &json!({ "virtual_user": name, "bot_idsha": bot, spelling: "+4912345" })).await;
        }
    }

    async fn a_repeat_answers_the_same_token(t: Tenant) {
        let asked = with(request(&t), &[("date_limit", json!("2018-12-31")), ("max_retries", json!(3))]);
        let first = token(&t, &asked).await;
        assert_eq!(first["previously_created"], false);
        let again = token(&t, &with(asked.clone(), &[("max_retries", json!(9))])).await;
        assert_eq!(again["previously_created"], true, "also when it has ended");
        for key in ["url", "user_idsha", "date_limit", "max_retries"] {
            assert_eq!(again[key], first[key], "{key} as stored");
        }
        let later = token(&t, &with(asked, &[("date_limit", json!("2199-12-31"))])).await;
        assert_eq!((&later["previously_created"], &later["date_limit"]), (&json!(false), &json!("2199-12-31")));
        assert_ne!(later["url"], first["url"], "a later day makes a new one");
    }

    async fn twenty_at_once_get_one_token(t: Tenant) {
        let imbee = t.imbee();
        let asked = request(&t);
        let replies = (0..20).map(|_| imbee.corporate("/token/new", &asked).send());
        let tokens: Vec<Value> = futures_util::future::join_all(replies).await.into_iter().map(body).collect();
        let new = tokens.iter().filter(|token| token["previously_created"] == false).count();
        assert_eq!(new, 1);
        assert!(
            tokens
                .iter()
                .all(|token| token["url"] == tokens[0]["url"] && token["user_idsha"] == tokens[0]["user_idsha"])
        );
    }

    async fn refusals(t: Tenant) {
        let imbee = t.imbee();
        let good = request(&t);
        let foreign = t.another().await;
        for wrong in [
            without(good.clone(), "mail"),
            with(good.clone(), &[("mail", json!(""))]),
            with(good.clone(), &[("mail", Value::Null)]),
            with(good.clone(), &[("mail", json!(5))]),
            without(good.clone(), "virtual_user"),
            with(good.clone(), &[("virtual_user", json!(""))]),
            with(good.clone(), &[("virtual_user", Value::Null)]),
            with(good.clone(), &[("virtual_user", json!(["x"]))]),
            without(good.clone(), "bot_idsha"),
            with(good.clone(), &[("bot_idsha", json!("0".repeat(40)))]),
            with(good.clone(), &[("bot_idsha", json!("nobody"))]),
            with(good.clone(), &[("bot_idsha", json!(foreign.credential("/imbee/bot_idsha")))]),
            with(good.clone(), &[("date_limit", json!("31.12.2030"))]),
            with(good.clone(), &[("date_limit", json!("2030-02-30"))]),
            with(good.clone(), &[("date_limit", json!(20_301_231))]),
            with(good.clone(), &[("max_retries", json!("many"))]),
            with(good.clone(), &[("max_retries", json!(-1))]),
            with(good.clone(), &[("max_retries", json!(1.5))]),
            json!([]),
            json!("x"),
        ] {
            let reply = imbee.corporate("/token/new", &wrong).send().await;
            assert_eq!(reply.status, 200, "{wrong}");
            refused(reply, 200);
        }
        assert_eq!(token(&t, &good).await["previously_created"], false, "nothing was made");
    }

    /// Whoever cannot be reached gets a token all the same.
    async fn any_address_will_do(t: Tenant) {
        token(&t, &with(request(&t), &[("mail", json!("no address at all"))])).await;
        token(&t, &with(without(request(&t), "mail"), &[("celullar", json!("no number"))])).await;
    }

    async fn mail_and_sms_carry_the_url(t: Tenant) {
        let mail = format!("{}@example.org", unique("visitor"));
        let phone = format!("+49{}", rand::random::<u32>());
        let asked = with(request(&t), &[("mail", json!(mail)), ("celullar", json!(phone))]);
        let made = token(&t, &asked).await;
        let Some(dir) = &t.stack.dir else { return eprintln!("a remote instance's mail cannot be read") };
        // Encoded mail breaks lines with "=".
        let url = made["url"].as_str().unwrap();
        let code = url.rsplit('/').next().unwrap();
        for (folder, to) in [("mail", &mail), ("sms", &phone)] {
            eventually(&format!("{folder} to {to}"), || async {
                let sent = std::fs::read_dir(dir.join(folder)).into_iter().flatten().flatten();
                let texts = sent.filter_map(|file| std::fs::read_to_string(file.path()).ok());
                texts
                    .map(|text| text.replace("=\r\n", ""))
                    .find(|text| text.contains(to.as_str()) && text.contains(code))
            })
            .await;
        }
    }

    async fn the_page_says_whom_one_talks_to(t: Tenant) {
        let path = |made: &Value| made["url"].as_str().unwrap().strip_prefix(&t.stack.base_url).unwrap().to_owned();
        let open = path(&token(&t, &request(&t)).await);
        let page = t.http.get(&open).send().await.expect(200);
        assert!(page.header("content-type").unwrap().starts_with("text/html"));
        assert!(page.body.contains("Assistant"), "the bot's name: {}", page.body);
        t.http.ask(reqwest::Method::HEAD, &open).send().await.expect(200);

        let ended = path(&token(&t, &with(request(&t), &[("date_limit", json!("2000-01-01"))])).await);
        let page = t.http.get(&ended).send().await;
        assert!(page.body.contains("ended"), "{}: {}", page.status, page.body);
        assert_eq!(t.http.get("/t/nothing").send().await.status, 404);
    }

    /// The page exchanges the token for a chat with the bot; `max_retries` and `date_limit` bound that.
    async fn a_token_is_exchanged_for_a_chat(t: Tenant) {
        let made = token(&t, &with(request(&t), &[("max_retries", json!(3))])).await;
        let path = made["url"].as_str().unwrap().strip_prefix(&t.stack.base_url).unwrap();
        // Looking uses nothing up.
        for _ in 0..5 {
            t.http.get(path).send().await.expect(200);
        }
        let exchanges = futures_util::future::join_all((0..10).map(|_| t.http.post(path).send())).await;
        let (won, lost): (Vec<Reply>, Vec<Reply>) = exchanges.into_iter().partition(|reply| reply.json()["code"] == 0);
        assert_eq!((won.len(), lost.len()), (3, 7), "three retries");
        for reply in lost {
            refused(reply, 200);
        }
        let visits: Vec<Value> = won.into_iter().map(body).collect();
        let conversation = visits[0]["conversationId"].as_str().unwrap();
        assert!(visits.iter().all(|visit| visit["conversationId"] == conversation), "one chat");
        let contacts = json!([{ "idsha": made["user_idsha"], "isadmin": 1 }, { "idsha": t.credential("/imbee/bot_idsha"), "isadmin": 0 }]);
        assert_eq!(visits[0]["contacts"], contacts);

        // A visit speaks in that chat, and opens nothing else.
        let visit = visits[0]["visit"].as_str().unwrap();
        let message = json!({ "conversationId": conversation, "text": "hello, bot" });
        let say = |secret: &str| t.http.post(&format!("{path}/message")).header("x-visit", secret).json(&message);
        body(say(visit).send().await);
        refused(say("wrong").send().await, 401);
        let history =
            t.http.get(&format!("{path}/history")).header("x-visit", visit).query("conversationId", conversation);
        assert_eq!(texts(body(history.send().await)["history"].as_array().unwrap(), "text"), ["hello, bot"]);
        refused(t.imbee().call("/chat/list", visit, &json!({})).send().await, 401);
        t.http.get("/v1.0/chats").query("token", visit).send().await.expect_empty(401);

        let ended = token(&t, &with(request(&t), &[("date_limit", json!("2000-01-01"))])).await;
        let path = ended["url"].as_str().unwrap().strip_prefix(&t.stack.base_url).unwrap();
        refused(t.http.post(path).send().await, 200);
        refused(t.http.post("/t/nothing").send().await, 404);
    }
}
