//! Log in, and every place a credential may stand.

use serde_json::{Value, json};

use super::NOBODY;
use crate::harness::*;

fn log_in(t: &Tenant, body: &Value) -> Ask {
    t.http.post("/auth/login").raw("", body.to_string())
}

on_each_stack! {
    async fn log_in_answers_a_token_and_sets_a_cookie(t: Tenant) {
        let reply = log_in(&t, &json!({ "username": t.admin.login, "password": t.admin.password })).send().await;
        let cookie = reply.header("set-cookie").expect("a cookie").to_owned();
        let session = reply.ok();
        assert_eq!(keys(&session), ["token", "username"]);
        assert_eq!(session["username"], t.admin.login.as_str());
        let token = session["token"].as_str().unwrap();
        assert_eq!(token.split('.').count(), 3, "a JWT");

        let mut parts = cookie.split("; ");
        assert_eq!(parts.next(), Some(format!("token={token}").as_str()));
        let attributes: Vec<&str> = parts.collect();
        assert!(attributes.contains(&"HttpOnly") && attributes.contains(&"Path=/"), "{cookie}");
        assert!(attributes.contains(&"Max-Age=604800"), "seven days: {cookie}");
    }

    async fn a_log_in_that_fails_is_400_and_says_nothing(t: Tenant) {
        let User { login, password, .. } = t.user("Ann", "agent").await;
        for body in [
            json!({ "username": login, "password": "wrong" }),
            json!({ "username": unique("nobody"), "password": password }),
            json!({ "username": login }),
            json!({ "password": password }),
            json!({ "username": "", "password": "" }),
            json!({ "username": 7, "password": password }),
            json!([]),
        ] {
            log_in(&t, &body).send().await.expect_empty(400);
        }
        t.http.post("/auth/login").raw("application/json", "{").send().await.expect_empty(400);
        t.http.post("/auth/login").send().await.expect_empty(400);
        log_in(&t, &json!({ "username": login, "password": password })).send().await.expect(200);
    }

    async fn a_credential_may_be_cookie_query_or_bearer(t: Tenant) {
        let token = t.voipbin_as(&t.admin).await.secret;
        let key = t.credential("/voipbin/access_key");
        let get = || t.http.get("/v1.0/chats");
        let accepted = [
            get().header("cookie", format!("token={token}")),
            get().query("token", &token),
            get().bearer(&token),
            get().header("cookie", format!("accesskey={key}")),
            get().query("accesskey", key),
            get().bearer(key),
            // An empty cookie is no cookie.
            get().header("cookie", "token=").query("token", &token),
            get().header("cookie", "other=1; token=").bearer(&token),
            get().query("token", "").query("accesskey", key),
        ];
        for ask in accepted {
            ask.send().await.expect(200);
        }
        let refused = [
            get(),
            get().query("token", ""),
            get().query("token", "wrong"),
            get().query("token", format!("{token}x")),
            get().query("accesskey", "wrong"),
            get().bearer("wrong"),
            get().header("authorization", "Basic YTpi"),
            get().header("cookie", "token=wrong"),
            // The cookie is looked at first, and a wrong one is not made good by what follows.
            get().header("cookie", "token=wrong").query("token", &token),
            // An access key counts only without a token.
            get().query("token", "wrong").query("accesskey", key),
        ];
        for ask in refused {
            ask.send().await.expect_empty(401);
        }
    }

    async fn every_call_wants_a_credential(t: Tenant) {
        for (method, path) in [
            ("GET", "/v1.0/chats"),
            ("POST", "/v1.0/chats"),
            ("GET", "/v1.0/chatrooms"),
            ("POST", "/v1.0/chatmessages"),
            ("GET", "/v1.0/chatroommessages"),
            ("GET", "/v1.0/me"),
            ("GET", "/v1.0/agents"),
            ("GET", "/v1.0/accesskeys"),
            ("GET", "/v1.0/service_agents/chatrooms"),
        ] {
            let ask = t.http.ask(method.parse().unwrap(), path);
            ask.clone().send().await.expect_empty(401);
            ask.query("token", "wrong").raw("text/plain", "{ no json").send().await.expect_empty(401);
        }
    }

    async fn ping_is_open_to_everybody(t: Tenant) {
        assert_eq!(t.http.get("/ping").send().await.ok(), json!({ "message": "pong" }));
        let head = t.http.ask(reqwest::Method::HEAD, "/ping").send().await;
        head.expect_empty(200);
    }

    /// Other methods and unknown paths are the same to the vendor's router.
    async fn unknown_paths_and_methods_are_the_routers_404(t: Tenant) {
        let admin = t.voipbin();
        for (method, path) in [
            ("GET", "/v1.0/nothing"),
            ("GET", "/v1.0"),
            ("GET", "/v1.0/chats/1/2/3"),
            ("PATCH", "/v1.0/chats"),
            ("DELETE", "/v1.0/chats"),
            ("PUT", "/v1.0/chatmessages"),
            ("GET", "/auth/login"),
            ("GET", "/auth/nothing"),
            ("POST", "/ping"),
        ] {
            let reply = admin.ask(method, path).send().await.expect(404);
            assert_eq!(reply.body, "404 page not found", "{method} {path}");
            assert!(reply.header("content-type").unwrap().starts_with("text/plain"), "{method} {path}");
            // The router comes before the credential.
            t.http.ask(method.parse().unwrap(), path).send().await.expect(404);
        }
    }

    async fn me_and_agents(t: Tenant) {
        let (ann, customer) = (t.user("Ann", "agent").await, t.user("Cleo", "customer").await);
        let me = t.voipbin_as(&ann).await.get("/v1.0/me").send().await.ok();
        assert_eq!((me["id"].as_str(), me["customer_id"].as_str()), (Some(ann.id.as_str()), Some(t.id.as_str())));

        let admin = t.voipbin();
        let ids = texts(&admin.walk("/v1.0/agents", 2).await, "id");
        assert!(ids.contains(&ann.id) && ids.contains(&t.admin.id), "{ids:?}");
        assert!(!ids.contains(&customer.id), "customers are no agents");
        assert_eq!(ids.len(), 2, "bots neither");

        let one = admin.get(&format!("/v1.0/agents/{}", ann.id)).send().await.ok();
        assert_eq!((one["id"].as_str(), one["name"].as_str()), (Some(ann.id.as_str()), Some("Ann")));
        admin.get(&format!("/v1.0/agents/{NOBODY}")).send().await.expect_empty(400);
    }

    /// Deleting a person ends their sessions and keeps their words.
    async fn a_deleted_user_is_refused_and_remembered(t: Tenant) {
        let (ann, ben) = (t.user("Ann", "agent").await, t.user("Ben", "agent").await);
        let session = t.voipbin_as(&ann).await;
        let chat = t.voipbin().chat("normal", &[&ann.id, &ben.id]).await;
        let chat = chat["id"].as_str().unwrap();
        session.say(chat, &ann.id, "remember me").await;

        t.operator("DELETE", &format!("/users/{}", ann.id)).send().await.expect(200);
        eventually("the session is refused", || async {
            (session.get("/v1.0/chats").send().await.status == 401).then_some(())
        })
        .await;
        log_in(&t, &json!({ "username": ann.login, "password": ann.password })).send().await.expect_empty(400);
        let said = t.voipbin().list(&format!("/v1.0/chatmessages?chat_id={chat}")).await;
        assert_eq!(
            (said[0]["text"].as_str(), said[0]["source"]["target"].as_str()),
            (Some("remember me"), Some(ann.id.as_str()))
        );
        let seen = t.messages(chat).await;
        assert_eq!(seen[0]["author"]["name"], "Ann");
    }
}
