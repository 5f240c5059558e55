//! Limits and errors that need settings of their own: an instance for each test.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::harness::*;

/// An all-in-one with these settings, for this test alone; the deployment lives as long as the run.
pub fn instance(name: &str, settings: &[(&'static str, &str)]) -> &'static Deployment {
    let env = settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    let options = Options { env, ..Options::default() };
    Box::leak(Box::new(Deployment::all_in_one(&home().join(unique(name)), &options).unwrap()))
}

/// Runs `body` as a new tenant there.
pub fn on<F: Future<Output = ()>>(deployment: &'static Deployment, body: impl FnOnce(Tenant) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { body(Tenant::new(deployment).await).await });
}

/// Asks so often at once that not all of it may pass, however slow the machine is: what one that is refused is answered.
async fn refused(times: usize, ask: impl Fn() -> Ask) -> Reply {
    let replies = join_all((0..times).map(|_| ask().send())).await;
    let limited = replies.into_iter().find(|reply| reply.header("retry-after").is_some()).expect("some do not pass");
    assert!(limited.header("retry-after").unwrap().parse::<u32>().expect("whole seconds") >= 1);
    limited
}

#[test]
fn a_token_that_asks_too_often_is_told_to_wait() {
    let settings = [("PARLANCE__LIMITS__REQUESTS_PER_S", "1"), ("PARLANCE__LIMITS__BURST", "20")];
    on(instance("rate", &settings), |t| async move {
        let (admin, imbee) = (t.voipbin(), t.imbee());
        let ping = join_all((0..40).map(|_| admin.get("/v1.0/chats").send())).await;
        let limited: Vec<&Reply> = ping.iter().filter(|reply| reply.status == 429).collect();
        assert!((19..=39).contains(&limited.len()), "a burst of twenty: {} of 40 refused", limited.len());
        for reply in limited {
            reply.expect_empty(429);
            assert!(reply.header("retry-after").expect("Retry-After").parse::<u32>().expect("seconds") >= 1);
        }
        // Another token is not concerned; each surface refuses in its own shape.
        let asked = json!({ "uniqueIdSha": "x" });
        let replies = (0..40).map(|_| imbee.corporate("/third_parties/user/new", &asked).send());
        let replies = join_all(replies).await;
        assert_eq!(replies.iter().find(|reply| reply.status == 200).expect("some pass").json()["code"], 0);
        let limited = replies.iter().find(|reply| reply.status == 429).expect("some do not");
        assert!(limited.header("retry-after").is_some());
        assert_eq!((&limited.json()["code"], &limited.json()["body"]), (&json!(1), &json!({})));

        let odoo = t.odoo_as(&t.admin).await;
        let none = json!({});
        error(refused(40, || odoo.call("/im_chat/api/get_sessions", &none)).await, 200);
        let connectnow = t.connectnow();
        let limited = refused(40, || connectnow.get("/api/chats")).await.expect(429);
        assert_eq!(limited.json(), json!({ "message": "Too Many Attempts." }));
        for name in ["retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
            assert!(limited.header(name).expect(name).parse::<u64>().is_ok(), "{name}");
        }
        assert_eq!(
            (limited.header("x-ratelimit-limit"), limited.header("x-ratelimit-remaining")),
            (Some("20"), Some("0"))
        );

        let limited = refused(40, || t.operator("GET", "/users")).await.expect(429);
        assert_eq!(limited.json()["error"]["code"], "limited");
    });
}

#[test]
fn a_tenants_tokens_together_have_a_limit_of_their_own() {
    let settings = [("PARLANCE__LIMITS__TENANT__REQUESTS_PER_S", "1"), ("PARLANCE__LIMITS__TENANT__BURST", "60")];
    on(instance("tenants", &settings), |t| async move {
        let other = Tenant::new(t.stack).await;
        let (admin, connectnow) = (t.voipbin(), t.connectnow());
        // What was asked to make the tenant counts too, so that fewer than sixty are left.
        refused(60, || admin.get("/v1.0/chats")).await.expect_empty(429);
        // Another token of the tenant waits with it; another tenant does not.
        let reply = refused(20, || connectnow.get("/api/chats")).await.expect(429);
        assert_eq!(reply.json(), json!({ "message": "Too Many Attempts." }));
        assert_eq!((reply.header("x-ratelimit-limit"), reply.header("x-ratelimit-remaining")), (Some("60"), Some("0")));
        other.voipbin().get("/v1.0/chats").send().await.expect(200);
    });
}

#[test]
fn an_address_that_shows_unknown_credentials_is_told_to_wait() {
    let settings = [
        ("PARLANCE__LIMITS__ADDRESS__REQUESTS_PER_S", "1"),
        ("PARLANCE__LIMITS__ADDRESS__BURST", "3"),
        ("PARLANCE__GATEWAY__TRUSTED_PROXIES", "127.0.0.1"),
    ];
    on(instance("strangers", &settings), |t| async move {
        let from = |address: &str, token: &str| {
            t.http.get("/v1.0/chats").header("x-forwarded-for", address).query("accesskey", token)
        };
        let known = t.credential("/voipbin/access_key").to_owned();
        for n in 0..3 {
            from("198.51.100.7", &format!("wrong {n}")).send().await.expect_empty(401);
        }
        refused(20, || from("198.51.100.7", "wrong")).await.expect_empty(429);
        // On every surface, in its own shape.
        let strange = |path| t.http.get(path).bearer("wrong").header("x-forwarded-for", "198.51.100.7");
        let reply = refused(20, || strange("/api/chats")).await.expect(429);
        assert_eq!(reply.json(), json!({ "message": "Too Many Attempts." }));
        let reply = refused(20, || strange("/operator/v1/users")).await.expect(429);
        assert_eq!(reply.json()["error"]["code"], "limited");
        // Whoever is known, and whoever comes from elsewhere, is not concerned.
        from("198.51.100.7", &known).send().await.expect(200);
        from("198.51.100.8", "wrong").send().await.expect_empty(401);
    });
}

#[test]
fn a_token_has_so_many_streams_and_gets_them_back() {
    let settings = [
        ("PARLANCE__SURFACES__STREAMS__PER_TOKEN", "2"),
        ("PARLANCE__SURFACES__STREAMS__PER_TENANT", "3"),
        // By which it is seen that a client has gone.
        ("PARLANCE__SURFACES__STREAMS__HEARTBEAT_S", "1"),
    ];
    on(instance("streams", &settings), |t| async move {
        let (ann, bob) = (t.user("Ann", "agent").await, t.user("Bob", "agent").await);
        let (ann, bob) = (t.voipbin_as(&ann).await.secret, t.voipbin_as(&bob).await.secret);
        let stream = |token: &str| t.http.get("/parlance/v1/events").bearer(token);
        let (first, _) = Events::open(stream(&ann)).await;
        let (_second, _) = Events::open(stream(&ann)).await;
        let refused = stream(&ann).send().await.expect(429);
        assert!(refused.header("retry-after").is_some());
        let (_third, _) = Events::open(stream(&bob)).await;
        stream(&bob).send().await.expect(429);
        // A tenant beside it has its own.
        let other = Tenant::new(t.stack).await;
        drop(Events::open(t.http.get("/parlance/v1/events").bearer(other.credential("/operator/token"))).await);
        drop(first);
        eventually("there is room again", || async { Events::try_begin(stream(&ann)).await.map(drop) }).await;
    });
}

#[test]
fn a_body_that_does_not_arrive_is_not_waited_for() {
    on(instance("slow", &[("PARLANCE__LIMITS__BODY_TIMEOUT_S", "1")]), |t| async move {
        let authority = t.stack.base_url.strip_prefix("http://").unwrap().to_owned();
        let key = t.credential("/voipbin/access_key").to_owned();
        let mut socket = TcpStream::connect(&authority).await.unwrap();
        let head =
            format!("POST /v1.0/chats?accesskey={key} HTTP/1.1\r\nhost: {authority}\r\ncontent-length: 10\r\n\r\n{{");
        socket.write_all(head.as_bytes()).await.unwrap();
        let mut answer = [0; 12];
        timeout(Duration::from_secs(10), socket.read_exact(&mut answer)).await.expect("in time").unwrap();
        assert_eq!(&answer, b"HTTP/1.1 400");
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
        let options = Options { env: vec![(variable, value.to_owned())], ..Options::default() };
        let mut process = Parlance::launch(&dir, &options).unwrap();
        let status = process.wait(Duration::from_mins(1)).expect("it ends at once");
        assert!(!status.success());
        let word = variable.rsplit("__").find(|word| *word != "KEY").unwrap().to_lowercase();
        let errors = process.errors().to_lowercase();
        assert!(errors.contains(&word), "{variable} is not named:\n{errors}");
    }
}
