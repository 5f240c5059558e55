//! Limits and errors that need settings of their own: an instance for each test.

use std::time::Duration;

use serde_json::json;

use crate::harness::*;

/// An all-in-one with these settings, for this test alone; the deployment lives as long as the run.
pub fn instance(name: &str, settings: &[(&'static str, &str)]) -> &'static Deployment {
    let env = settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let options = Options { args: Vec::new(), env };
    Box::leak(Box::new(Deployment::all_in_one(&home().join(unique(name)), &options).unwrap()))
}

/// Runs `body` as a new tenant there.
pub fn on<F: Future<Output = ()>>(deployment: &'static Deployment, body: impl FnOnce(Tenant) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { body(Tenant::new(deployment).await).await });
}

#[test]
fn a_token_that_asks_too_often_is_told_to_wait() {
    let settings = [("PARLANCE__LIMITS__REQUESTS_PER_S", "1"), ("PARLANCE__LIMITS__BURST", "20")];
    on(instance("rate", &settings), |t| async move {
        let (admin, imbee) = (t.voipbin(), t.imbee());
        let ping = futures_util::future::join_all((0..40).map(|_| admin.get("/v1.0/chats").send())).await;
        let limited: Vec<&Reply> = ping.iter().filter(|reply| reply.status == 429).collect();
        assert!((19..=39).contains(&limited.len()), "a burst of twenty: {} of 40 refused", limited.len());
        for reply in limited {
            reply.expect_empty(429);
            assert!(reply.header("retry-after").expect("Retry-After").parse::<u32>().expect("seconds") >= 1);
        }
        // Another token is not concerned; each surface refuses in its own shape.
        let asked = json!({ "uniqueIdSha": "x" });
        let replies = (0..40).map(|_| imbee.corporate("/third_parties/user/new", &asked).send());
        let replies = futures_util::future::join_all(replies).await;
        assert_eq!(replies.iter().find(|reply| reply.status == 200).expect("some pass").json()["code"], 0);
        let limited = replies.iter().find(|reply| reply.status == 429).expect("some do not");
        assert!(limited.header("retry-after").is_some());
        assert_eq!((&limited.json()["code"], &limited.json()["body"]), (&json!(1), &json!({})));

        let odoo = t.odoo_as(&t.admin).await;
        let none = json!({});
        let replies = (0..40).map(|_| odoo.call("/im_chat/api/get_sessions", &none).send());
        let replies = futures_util::future::join_all(replies).await;
        let limited = replies.into_iter().find(|reply| reply.header("retry-after").is_some()).expect("some do not");
        error(limited, 200);
        let connectnow = t.connectnow();
        let replies = futures_util::future::join_all((0..40).map(|_| connectnow.get("/api/chats").send())).await;
        let limited = replies.iter().find(|reply| reply.status == 429).expect("some do not");
        assert_eq!(limited.json(), json!({ "message": "Too Many Attempts." }));
        for name in ["retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
            assert!(limited.header(name).expect(name).parse::<u64>().is_ok(), "{name}");
        }
        assert_eq!(
            (limited.header("x-ratelimit-limit"), limited.header("x-ratelimit-remaining")),
            (Some("20"), Some("0"))
        );

        let replies = futures_util::future::join_all((0..40).map(|_| t.operator("GET", "/users").send())).await;
        let limited = replies.iter().find(|reply| reply.status == 429).expect("some do not");
        assert!(limited.header("retry-after").is_some());
        assert_eq!(limited.json()["error"]["code"], "limited");
    });
}

#[test]
fn an_address_that_fails_too_often_is_told_to_wait() {
    let settings = [("PARLANCE__AUTH__FAILURES_PER_ADDRESS", "5"), ("PARLANCE__GATEWAY__TRUSTED_PROXIES", "127.0.0.1")];
    on(instance("address", &settings), |t| async move {
        let ann = t.user("Ann", "agent").await;
        let log_in = async |address: &str, login: &str, password: &str| {
            let ask = t.http.post("/auth/login").header("x-forwarded-for", address);
            ask.json(&json!({ "username": login, "password": password })).send().await
        };
        for _ in 0..5 {
            log_in("198.51.100.7", &unique("nobody"), "wrong").await.expect_empty(400);
        }
        let reply = log_in("198.51.100.7", &ann.login, &ann.password).await;
        reply.expect_empty(429);
        assert!(reply.header("retry-after").is_some());
        log_in("198.51.100.8", &ann.login, &ann.password).await.expect(200);
    });
}

#[test]
fn the_body_limit_is_a_setting() {
    on(instance("body", &[("PARLANCE__LIMITS__BODY_BYTES", "1000")]), |t| async move {
        let name = |length: usize| json!({ "uniqueIdSha": "x".repeat(length) });
        body(t.imbee().corporate("/third_parties/user/new", &name(900)).send().await);
        t.imbee().corporate("/third_parties/user/new", &name(1000)).send().await.expect(413);
        t.operator("POST", "/users").json(&name(1000)).send().await.expect(413);
        t.voipbin().post("/v1.0/chats", &name(1000)).send().await.expect_empty(400);
        t.http.post("/im_chat/post").json(&name(1000)).send().await.expect(400);
    });
}

/// `surfaces.voipbin.exact_2022` hides what came later.
#[test]
fn the_2022_shape_can_be_had_exactly() {
    on(instance("exact", &[("PARLANCE__SURFACES__VOIPBIN__EXACT_2022", "true")]), |t| async move {
        let admin = t.voipbin();
        let chat = admin.chat("group", &[&t.admin.id]).await;
        let seed = [
            "customer_id",
            "detail",
            "id",
            "name",
            "owner_id",
            "participant_ids",
            "tm_create",
            "tm_delete",
            "tm_update",
            "type",
        ];
        assert_eq!(keys(&chat), seed);
        let room = &admin.list("/v1.0/chatrooms").await[0];
        let mut with_chat = seed.to_vec();
        with_chat.insert(0, "chat_id");
        assert_eq!(keys(room), with_chat);
    });
}

#[test]
fn unknown_settings_are_refused_by_name() {
    for (variable, value) in
        [("PARLANCE__NONSENSE__KEY", "1"), ("PARLANCE__LIMITS__NONSENSE", "1"), ("PARLANCE__LIMITS__BURST", "many")]
    {
        let dir = home().join(unique("settings"));
        let options = Options { args: Vec::new(), env: vec![(variable, value.to_owned())] };
        let mut process = Parlance::launch(&dir, &options).unwrap();
        let status = process.wait(Duration::from_mins(1)).expect("it ends at once");
        assert!(!status.success());
        let word = variable.rsplit("__").find(|word| *word != "KEY").unwrap().to_lowercase();
        let errors = process.errors().to_lowercase();
        assert!(errors.contains(&word), "{variable} is not named:\n{errors}");
    }
}
